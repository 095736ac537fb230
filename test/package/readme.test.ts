import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import type { IDataObject, INodeParameters, INodeProperties } from 'n8n-workflow';

import packageJson from '../../package.json';
import { SANDBOX_CUSTOMERS, SANDBOX_EXAMPLES, SHARE_EVENTS } from '../../sandbox';
import { loadPackage } from '../../scripts/engine/node-types';
import { WebhookHost } from '../../scripts/engine/webhook-host';
import { CREATE, exampleWorkflow } from '../integration/support/examples';
import { TestBed } from '../integration/support/test-bed';
import { jsonOf, locator, SHARE } from '../integration/support/workflows';

const ROOT = path.resolve(__dirname, '../..');

const README = read('README.md');

const SHARE_PAGE = read('docs/share-node.md');

const LISTS_PAGE = read('docs/lists.md');

const TRIGGER_PAGE = read('docs/trigger-node.md');

/** Everything that has samples of outputs. */
const SAMPLES = [README, SHARE_PAGE, TRIGGER_PAGE, read('docs/many-items.md'), LISTS_PAGE].join(
	'\n',
);

/** Every document that a person reads. */
const DOCUMENTS = [
	'README.md',
	'AGENTS.md',
	'CHANGELOG.md',
	'CONTRIBUTING.md',
	'SECURITY.md',
	'CODE_OF_CONDUCT.md',
	'.github/PULL_REQUEST_TEMPLATE.md',
	'sandbox/README.md',
	...filesIn('docs', '.md'),
];

function read(file: string): string {
	return readFileSync(path.join(ROOT, file), 'utf8');
}

/** Files of a folder and of those in it, relative to the root. */
function filesIn(folder: string, ending: string): string[] {
	return readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith(ending))
		.map((file) => path.posix.join(folder, file));
}

describe('sample outputs', () => {
	const WEBHOOK_SECRET = 'readme-webhook-secret';

	/** The identifiers that the documents give to the shares of their samples, in the order of creation. */
	const SAMPLE_IDS = [
		'53520156-8459-425b-3370-08de95423420',
		'53520156-8459-425b-3370-08de95423421',
	];

	const bed = TestBed.prepare();

	/** The samples that a test has compared. */
	const compared: string[] = [];
	let shareIds: string[];

	beforeEach(() => {
		bed.saveCredential('receiver', { webhookSecret: WEBHOOK_SECRET });
		shareIds = [];
	});

	test('share-create', async () => {
		expectSample('share-create', await createExample());
	});

	test('share-unique', async () => {
		expectSample('share-unique', await createExample({ preventDuplicates: true }));
	});

	test('share-get', async () => {
		await createExample();
		const [share] = await runShareNode({ operation: 'get', shareId: shareIds[0]! });
		expectSample('share-get', share);
	});

	test('share-get-many', async () => {
		await createExample();
		const [other] = await runShareNode({
			...CREATE,
			consentIds: locator(''),
			accountIds: locator(SANDBOX_EXAMPLES.accountIds[1]),
		});
		remember(other);
		expectSample(
			'share-get-many',
			await runShareNode({ operation: 'getAll', returnAll: true, filters: { status: 'active' } }),
		);
	});

	test('share-upsert', async () => {
		await createExample();
		const [share] = await runShareNode({
			...CREATE,
			operation: 'upsert',
			reference: 'my-internal-reference-001',
		});
		expectSample('share-upsert', share);
	});

	test.each(['update', 'revoke'])('share-%s', async (operation) => {
		await createExample();
		const [share] = await runShareNode({
			operation,
			shareId: shareIds[0]!,
			...(operation === 'update' && { expirationDateUtc: '={{ $now.plus({ days: 60 }) }}' }),
		});
		expectSample(`share-${operation}`, share);
	});

	test.each([
		['share-error', 'continueRegularOutput', 0, 2],
		['share-error-output', 'continueErrorOutput', 1, 0],
	] as const)('%s', async (name, onError, output, item) => {
		const workflow = exampleWorkflow('share-a-list', 'sharer');
		const nodes = workflow.nodes.map((node) => (node.onError ? { ...node, onError } : node));
		const run = await bed.engine.run({ ...workflow, nodes });
		expectSample(name, jsonOf(run, 'Share accounts', output)[item]);
	});

	test.each(['consent', 'account', 'analysis'])('%s-get-many', async (resource) => {
		const [entry] = await runShareNode({ resource, operation: 'getAll', limit: 1 });
		expectSample(`${resource}-get-many`, entry);
	});

	test('trigger', async () => {
		const host = await WebhookHost.start(
			bed.engine,
			exampleWorkflow('on-share-created', 'receiver'),
		);
		try {
			const url = `${host.productionUrl}?secret=${WEBHOOK_SECRET}`;
			const { clientId } = SANDBOX_CUSTOMERS.receiver;
			await bed.admin.registerWebhooks(clientId, [{ url, events: [...SHARE_EVENTS] }]);
			await createExample();
			await bed.admin.idle();
			expect(host.executions).toHaveLength(1);
			expectSample('trigger', host.executions[0]!.items[0]?.json);
		} finally {
			await host.close();
		}
	});

	test('there is none that no test compares', () => {
		const names = [...SAMPLES.matchAll(/<!-- sample: (\S+) -->/g)].map((match) => match[1]);
		expect(names.sort()).toEqual(compared.sort());
	});

	/** Makes the share of examples/create-share.json, which is that of the samples. */
	async function createExample(options: INodeParameters = {}): Promise<IDataObject | undefined> {
		const workflow = exampleWorkflow('create-share', 'sharer');
		for (const { name, parameters } of workflow.nodes) {
			if (name === 'Share consent') parameters['options'] = options;
		}
		return remember(jsonOf(await bed.engine.run(workflow), 'Share consent')[0]);
	}

	async function runShareNode(parameters: INodeParameters): Promise<IDataObject[]> {
		return jsonOf(await bed.runShare(parameters), SHARE);
	}

	function remember(share: IDataObject | undefined): IDataObject | undefined {
		shareIds.push(share?.['id'] as string);
		return share;
	}

	/** As text, since a reader sees the order of the keys too. */
	function expectSample(name: string, actual: unknown): void {
		compared.push(name);
		const withSampleIds = shareIds.reduce(
			(text, id, index) => text.replaceAll(id, SAMPLE_IDS[index]!),
			JSON.stringify(actual, undefined, 2),
		);
		expect(withoutTimes(sample(name))).toBe(withoutTimes(withSampleIds));
	}

	function sample(name: string): string {
		const block = new RegExp(`<!-- sample: ${name} -->\\s*\`\`\`json\\n([^]*?)\`\`\``).exec(
			SAMPLES,
		);
		if (block === null) throw new Error(`There is no sample ${name}`);
		return JSON.stringify(JSON.parse(block[1]!), undefined, 2);
	}

	/** Digits of times become zeros and an offset of either sign the same: the form is compared. */
	function withoutTimes(text: string): string {
		return text.replace(
			/"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"/g,
			(_time, fraction: string | undefined, zone: string) =>
				`"0000-00-00T00:00:00${fraction?.replace(/\d/g, '0') ?? ''}${zone === 'Z' ? 'Z' : '+00:00'}"`,
		);
	}
});

describe('names', () => {
	const { credentialType, nodeTypes } = loadPackage();
	const share = nodeTypes.getByNameAndVersion('n8n-nodes-enablenow.enableNowShare').description;
	const trigger = nodeTypes.getByNameAndVersion(
		'n8n-nodes-enablenow.enableNowShareTrigger',
	).description;

	test.each([
		[credentialType.displayName, credentialType.properties, chapter('## Credential')],
		[
			share.displayName,
			share.properties,
			chapter(`### ${share.displayName}`) + SHARE_PAGE + LISTS_PAGE,
		],
		[trigger.displayName, trigger.properties, chapter(`### ${trigger.displayName}`)],
	])('every field and choice of %s is documented', (_name, properties, text) => {
		const shown = properties.filter((property) => !isOfToolsOnly(property));
		expect(namesOf(shown).filter((name) => !text.includes(`**${name}**`))).toEqual([]);
	});

	test('the README has every operation and option of the Share node', () => {
		const text = chapter(`### ${share.displayName}`);
		const listed = ['resource', 'operation', 'options'];
		const names = namesOf(share.properties.filter(({ name }) => listed.includes(name)));
		expect(names).toEqual(expect.arrayContaining(['Consent', 'Create or Update', 'Timeout']));
		expect(names.filter((name) => !text.includes(`**${name}**`))).toEqual([]);
	});

	test('what an AI agent is given has every field of its own', () => {
		const document = read('docs/ai-agents.md');
		const fields = share.properties.filter(isOfToolsOnly);
		expect(fields).not.toEqual([]);
		expect(namesOf(fields).filter((name) => !document.includes(`**${name}**`))).toEqual([]);
	});

	function isOfToolsOnly({ displayOptions }: INodeProperties): boolean {
		return displayOptions?.show?.['@tool'] !== undefined;
	}

	test('the credential has its name', () => {
		expect(chapter('## Credential')).toContain(`**${credentialType.displayName}**`);
	});

	/** The text of the README from a heading to the next one. */
	function chapter(heading: string): string {
		const text = README.split(/\n(?=##+ )/).find((part) => part.startsWith(`${heading}\n`));
		if (text === undefined) throw new Error(`README has no "${heading}"`);
		return text;
	}

	/** All that a person sees in the form: fields, their choices, and ways to choose. */
	function namesOf(properties: INodeProperties[]): string[] {
		return properties.flatMap((property): string[] => {
			if (property.type === 'hidden' || property.type === 'notice') return [];
			const choices = (property.options ?? []).flatMap((option) => {
				if ('type' in option) return namesOf([option]);
				return 'displayName' in option ? [option.displayName] : [option.name];
			});
			const modes = (property.modes ?? []).map((mode) => mode.displayName);
			return [property.displayName, ...choices, ...modes];
		});
	}
});

describe('messages', () => {
	const sources = filesIn('nodes', '.ts').map(read).join('\n');

	test('each that is quoted is in the sources', () => {
		expect(quotedMessages().filter((message) => !isInSources(message))).toEqual([]);
	});

	test('some are quoted', () => expect(quotedMessages().length).toBeGreaterThan(20));

	/** Whether all of a message is there but the values, where the sources have something to fill in. */
	function isInSources(message: string): boolean {
		const parts = message.split(/…|\b\d+\b|: /).map((part) => part.replace(/:? $/, ''));
		return parts.every((part) => sources.includes(part));
	}

	/** The code of the column that quotes messages, in each table that is marked so. */
	function quotedMessages(): string[] {
		const documents = read('docs/troubleshooting.md') + read('docs/trigger-answers.md');
		const tables = [...documents.matchAll(/<!-- messages -->([^]*?)<!-- \/messages -->/g)];
		return tables.flatMap(([, table]) => {
			const rows = table!
				.trim()
				.split('\n')
				.map((row) => row.split('|').map((cell) => cell.trim()));
			const column = rows[0]!.includes('The sender is told') ? 2 : 1;
			return rows
				.slice(2)
				.flatMap((cells) => [...cells[column]!.matchAll(/`([^`]+)`/g)].map(([, code]) => code!));
		});
	}
});

describe('links', () => {
	test.each(DOCUMENTS)('%s has no broken one', (file) => {
		const targets = [...withoutCode(read(file)).matchAll(/\]\(([^)\s]+)\)/g)]
			.map(([, target]) => target!)
			.filter((target) => !/^[a-z]+:/.test(target));
		expect(targets.filter((target) => !isResolved(file, target))).toEqual([]);
	});

	test('those of the code to README are not broken', () => {
		const code = ['credentials', 'nodes'].flatMap((folder) => [
			...filesIn(folder, '.ts'),
			...filesIn(folder, '.json'),
		]);
		const anchors = code.flatMap((file) =>
			[...read(file).matchAll(/README\.md#([\w-]+)/g)].map(([, anchor]) => anchor!),
		);
		expect(anchors).not.toHaveLength(0);
		expect(anchorsOf('README.md')).toEqual(expect.arrayContaining(anchors));
	});

	function isResolved(file: string, target: string): boolean {
		const [linkedPath, anchor] = target.split('#') as [string, string | undefined];
		const linked = linkedPath === '' ? file : path.posix.join(path.posix.dirname(file), linkedPath);
		return (
			existsSync(path.join(ROOT, linked)) &&
			(anchor === undefined || anchorsOf(linked).includes(anchor))
		);
	}

	/** The anchors that GitHub gives to headings. */
	function anchorsOf(file: string): string[] {
		const seen = new Map<string, number>();
		return [...withoutCode(read(file)).matchAll(/^#+ +(.+)$/gm)].map(([, heading]) => {
			const anchor = heading!
				.trim()
				.toLowerCase()
				.replace(/[^\p{L}\p{N}\s_-]/gu, '')
				.replace(/\s/g, '-');
			const count = seen.get(anchor) ?? 0;
			seen.set(anchor, count + 1);
			return count === 0 ? anchor : `${anchor}-${count}`;
		});
	}

	/** Comments in a shell block look like headings. */
	function withoutCode(markdown: string): string {
		return markdown.replace(/^```[^]*?^```/gm, '');
	}
});

describe('commands', () => {
	const scripts = Object.keys(packageJson.scripts);

	test.each(DOCUMENTS)('%s names none that does not exist', (file) => {
		expect(scripts).toEqual(expect.arrayContaining(scriptsIn(file)));
	});

	function scriptsIn(file: string): string[] {
		return [...read(file).matchAll(/\bnpm (?:run ([\w:-]+)|(start|test)\b)/g)].map(
			([, script, short]) => script ?? short!,
		);
	}
});

test('CONTRIBUTING gives a reason for each dev dependency', () => {
	const [, chapter] = read('CONTRIBUTING.md').split('## Dev dependencies');
	const [list] = chapter!.split('\n## ');
	const listed = [...list!.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
	expect(listed.sort()).toEqual(Object.keys(packageJson.devDependencies).sort());
});

test('the recipes show each example', () => {
	const recipes = read('docs/recipes.md');
	const shown = [...recipes.matchAll(/\]\(\.\.\/(examples\/[^)]+)\)/g)].map(([, file]) => file);
	expect(shown.sort()).toEqual(filesIn('examples', '.json').sort());
});
