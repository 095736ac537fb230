import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

import { parse } from 'yaml';

import packageJson from '../../package.json';
import { REPOSITORY, ROOT } from './support';

interface Step {
	uses?: string;
	run?: string;
	with?: Record<string, unknown>;
}

interface Job {
	uses?: string;
	needs?: string;
	environment?: string;
	permissions?: Record<string, string>;
	'timeout-minutes'?: number;
	strategy?: { matrix: { node: number[] } };
	steps?: Step[];
}

interface Workflow {
	on: Record<string, unknown>;
	permissions: Record<string, string>;
	jobs: Record<string, Job>;
}

const GITHUB_FOLDER = path.join(ROOT, '.github');

function read(...names: string[]): string {
	return readFileSync(path.join(GITHUB_FOLDER, ...names), 'utf8');
}

const workflow = (name: string) => parse(read('workflows', name)) as Workflow;
const stepsOf = ({ jobs }: Workflow) => Object.values(jobs).flatMap(({ steps = [] }) => steps);
const commandsOf = (name: string) => stepsOf(workflow(name)).map(({ run = '' }) => run);

const WORKFLOWS = readdirSync(path.join(GITHUB_FOLDER, 'workflows'));

/** An action by its commit, with the version that the commit has as a comment. */
const PINNED = /^[\w-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;

/** What a file says after `uses:`, with its comment. */
function usedActions(name: string): string[] {
	return [...read('workflows', name).matchAll(/^\s*(?:- )?uses: (.+)$/gm)]
		.map(([, action = '']) => action)
		.filter((action) => !action.startsWith('./'));
}

it('the workflows are these', () => {
	expect(WORKFLOWS.sort()).toEqual(['ci.yml', 'newest.yml', 'publish.yml']);
});

describe.each(WORKFLOWS)('%s', (name) => {
	const { jobs, permissions } = workflow(name);

	it('may read the repository, and no more but to prove to npm who publishes', () => {
		expect(permissions).toEqual({ contents: 'read' });
		const further = Object.entries(jobs).filter(([, job]) => job.permissions !== undefined);
		const publish = { contents: 'read', 'id-token': 'write' };
		expect(further.map(([job, settings]) => [job, settings.permissions])).toEqual(
			name === 'publish.yml' ? [['publish', publish]] : [],
		);
	});

	it('uses actions by their commit', () => {
		expect(usedActions(name).filter((action) => !PINNED.test(action))).toEqual([]);
		expect(usedActions(name)).toHaveLength(
			stepsOf(workflow(name)).filter(({ uses }) => uses !== undefined).length,
		);
	});

	it('leaves no token behind in what it checks out', () => {
		const checkouts = stepsOf(workflow(name)).filter(({ uses }) =>
			uses?.startsWith('actions/checkout@'),
		);
		expect(checkouts.length).toBeGreaterThan(0);
		expect(checkouts.filter((step) => step.with?.['persist-credentials'] !== false)).toEqual([]);
	});

	it('needs no secret, and puts nothing into commands that a stranger could write', () => {
		expect(read('workflows', name)).not.toContain('secrets.');
		expect(commandsOf(name).filter((command) => command.includes('${{'))).toEqual([]);
	});

	it('ends', () => {
		const endless = Object.entries(jobs).filter(
			([, job]) => job.uses === undefined && !(Number(job['timeout-minutes']) <= 120),
		);
		expect(endless.map(([job]) => job)).toEqual([]);
	});

	it('runs what there is', () => {
		const text = commandsOf(name).join('\n');
		const scripts = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, script]) => script);
		expect(Object.keys(packageJson.scripts)).toEqual(expect.arrayContaining(scripts));
		const files = [...text.matchAll(/(?:test\/|\.ci\/)[\w./]+/g)].map(([file]) => file);
		expect(files.filter((file) => !statSync(path.join(ROOT, file)).isFile())).toEqual([]);
	});
});

it('an action has one commit and one version in all workflows', () => {
	const actions = [...new Set(WORKFLOWS.flatMap(usedActions))];
	const names = actions.map((action) => action.split('@')[0]);
	expect(new Set(names).size).toBe(actions.length);
});

it('CI runs all suites, and the tests on each Node.js that is supported', () => {
	const { jobs, on } = workflow('ci.yml');
	expect(Object.keys(on)).toEqual(['push', 'pull_request', 'workflow_call']);
	expect(jobs['tests']?.strategy?.matrix.node).toEqual([20, 22, 24]);
	expect(packageJson.engines.node).toMatch(/^>=20\./);
	expect(commandsOf('ci.yml')).toEqual(expect.arrayContaining(['npm test', '.ci/run']));
});

it('only a tag is published, after all suites, and with provenance', () => {
	const { jobs, on } = workflow('publish.yml');
	expect(on).toEqual({ push: { tags: ['v*.*.*'] } });
	expect(jobs['suites']).toMatchObject({ needs: 'agreement', uses: './.github/workflows/ci.yml' });
	expect(jobs['publish']).toMatchObject({ needs: 'suites', environment: 'npm' });
	expect(jobs['agreement']?.steps?.map(({ run }) => run)).toContain(
		'npm run release -- --check "$GITHUB_REF_NAME"',
	);
	expect(commandsOf('publish.yml').filter((command) => command.includes('publish'))).toEqual([
		'npm publish --provenance',
	]);
	// npm's default registry: by the action's own setting, npm would look for a token.
	expect(read('workflows', 'publish.yml')).not.toContain('registry-url');
});

it("n8n's newest scanner and version are tried each week", () => {
	expect(workflow('newest.yml').on).toHaveProperty('schedule');
	expect(commandsOf('newest.yml')).toEqual(
		expect.arrayContaining([
			'npm install --no-save @n8n/scan-community-package@latest',
			'npx jest test/package/scanner.test.ts',
			'npm run test:e2e -- --suite api --n8n "$(npm view n8n version)"',
		]),
	);
});

it('Dependabot looks after packages and actions', () => {
	const { updates } = parse(read('dependabot.yml')) as {
		updates: Array<Record<string, unknown>>;
	};
	expect(updates.map((update) => update['package-ecosystem'])).toEqual(['npm', 'github-actions']);
});

describe('the forms for issues', () => {
	const FOLDER = path.join(GITHUB_FOLDER, 'ISSUE_TEMPLATE');
	const FORMS = readdirSync(FOLDER).filter((name) => name !== 'config.yml');

	it('are these', () => {
		expect(FORMS.sort()).toEqual(['bug.yml', 'enablenow-facts.yml', 'feature.yml']);
	});

	it.each(FORMS)('%s has what GitHub asks for', (name) => {
		const form = parse(read('ISSUE_TEMPLATE', name)) as {
			body: Array<{ type: string; id?: string; attributes: Record<string, unknown> }>;
		};
		expect(form).toMatchObject({
			name: expect.any(String) as string,
			description: expect.any(String) as string,
		});
		const fields = form.body.filter(({ type }) => type !== 'markdown');
		expect(new Set(fields.map(({ id }) => id)).size).toBe(fields.length);
		for (const { type, id, attributes } of form.body) {
			expect(['markdown', 'textarea', 'input', 'dropdown']).toContain(type);
			if (type === 'markdown') expect(attributes).toHaveProperty('value');
			else expect([id, attributes['label']]).toEqual([expect.any(String), expect.any(String)]);
			if (type === 'dropdown') expect(attributes['options']).not.toHaveLength(0);
		}
	});

	it('lead a person who found a weakness away from public issues', () => {
		const { contact_links: links } = parse(read('ISSUE_TEMPLATE', 'config.yml')) as {
			contact_links: Array<{ url: string }>;
		};
		expect(links.map(({ url }) => url)).toContain(`${REPOSITORY}/security/policy`);
	});
});
