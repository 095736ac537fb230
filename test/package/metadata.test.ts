import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { loadBuiltPackage, readJson, REPOSITORY, ROOT } from './support';

interface PackageJson {
	[key: string]: unknown;
	n8n: { credentials: string[]; nodes: string[] };
}

interface Codex {
	node: string;
	nodeVersion: string;
	codexVersion: string;
	categories: string[];
	alias: string[];
	resources: Record<string, Array<{ url: string }>>;
}

/** The categories of n8n's own nodes, by their codex files (n8n-nodes-base of n8n 2.41). */
const CATEGORIES = [
	'AI',
	'Analytics',
	'Communication',
	'Core Nodes',
	'Data & Storage',
	'Development',
	'Finance & Accounting',
	'HITL',
	'Marketing',
	'Miscellaneous',
	'Productivity',
	'Sales',
	'Utility',
];

const AUTHOR = {
	name: 'n8n-nodes-enablenow contributors',
	email: 'contributors@n8n-nodes-enablenow.example',
};

let packageJson: PackageJson;
beforeAll(async () => {
	packageJson = await readJson<PackageJson>('package.json');
});

describe('package.json', () => {
	it('says what the package is', () => {
		expect(packageJson).toMatchObject({
			name: 'n8n-nodes-enablenow',
			version: expect.stringMatching(/^\d+\.\d+\.\d+$/) as string,
			license: 'MIT',
			author: AUTHOR,
			homepage: REPOSITORY,
			repository: { type: 'git', url: `git+${REPOSITORY}.git` },
			main: 'index.js',
			files: ['dist/credentials', 'dist/icons', 'dist/nodes', 'index.js'],
			keywords: expect.arrayContaining(['n8n-community-node-package']) as unknown,
		});
	});

	it('has no dependencies, and no overrides', () => {
		for (const name of [
			'dependencies',
			'optionalDependencies',
			'bundleDependencies',
			'overrides',
		]) {
			expect(packageJson).not.toHaveProperty(name);
		}
		expect(packageJson).toMatchObject({
			peerDependencies: { 'n8n-workflow': '*' },
			peerDependenciesMeta: { 'n8n-workflow': { optional: true } },
		});
	});

	it('pins each development dependency to one version', () => {
		const versions = Object.values(packageJson['devDependencies'] as Record<string, string>);
		expect(versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
	});

	it('tells n8n the built files, and they exist', () => {
		expect(packageJson.n8n).toEqual({
			n8nNodesApiVersion: 1,
			strict: true,
			credentials: ['dist/credentials/EnableNowOAuth2Api.credentials.js'],
			nodes: [
				'dist/nodes/EnableNowShare/EnableNowShare.node.js',
				'dist/nodes/EnableNowShareTrigger/EnableNowShareTrigger.node.js',
			],
		});
		const files = [...packageJson.n8n.credentials, ...packageJson.n8n.nodes];
		expect(files.filter((file) => !existsSync(path.join(ROOT, file)))).toEqual([]);
	});

	it('agrees with the licence file', async () => {
		expect(await readFile(path.join(ROOT, 'LICENSE.md'), 'utf8')).toMatch(/MIT License/i);
	});
});

it('.npmrc runs no install scripts, and keeps registries out of the lock file', async () => {
	const lines = (await readFile(path.join(ROOT, '.npmrc'), 'utf8')).split('\n');
	expect(lines.filter((line) => line !== '' && !line.startsWith('#')).sort()).toEqual([
		'ignore-scripts=true',
		'omit-lockfile-registry-resolved=true',
	]);
});

describe.each(['EnableNowShare', 'EnableNowShareTrigger'])('the codex file of %s', (className) => {
	const { share, trigger } = loadBuiltPackage();
	const { description } = className === 'EnableNowShare' ? share : trigger;
	let codex: Codex;
	beforeAll(async () => {
		codex = await readJson<Codex>('nodes', className, `${className}.node.json`);
	});

	it('is for its node', () => {
		expect(codex).toMatchObject({
			node: `n8n-nodes-enablenow.${description.name}`,
			nodeVersion: '1.0',
			codexVersion: '1.0',
		});
	});

	it('names categories that n8n has', () => {
		expect(codex.categories).toContain('Finance & Accounting');
		expect(codex.categories.filter((category) => !CATEGORIES.includes(category))).toEqual([]);
		expect(new Set(codex.alias).size).toBe(codex.alias.length);
	});

	it('has the words that people search for', () => {
		expect(codex.alias).toEqual(
			expect.arrayContaining(['open banking', 'PSD2', 'databridge', 'consent', 'bank account']),
		);
	});

	it('links to the repository', () => {
		const urls = Object.values(codex.resources).flatMap((resources) =>
			resources.map(({ url }) => url),
		);
		expect(Object.keys(codex.resources).sort()).toEqual([
			'credentialDocumentation',
			'primaryDocumentation',
		]);
		expect(urls.filter((url) => !url.startsWith(`${REPOSITORY}/blob/main/`))).toEqual([]);
	});

	it('is copied to dist unchanged', async () => {
		const built = await readJson('dist', 'nodes', className, `${className}.node.json`);
		expect(built).toEqual(codex);
	});

	it('has its icons beside it', () => {
		const { light, dark } = description.icon as { light: string; dark: string };
		const folder = path.join(ROOT, 'dist/nodes', className);
		for (const icon of [light, dark]) {
			expect(icon).toMatch(/^file:.*\.svg$/);
			expect(existsSync(path.join(folder, icon.replace('file:', '')))).toBe(true);
		}
		expect(light).not.toBe(dark);
	});
});

it('every heading of the README that the package links to exists', async () => {
	const readme = await readFile(path.join(ROOT, 'README.md'), 'utf8');
	const anchors = [...readme.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
		heading
			.toLowerCase()
			.replace(/[^\w\- ]/g, '')
			.replaceAll(' ', '-'),
	);
	const { credential } = loadBuiltPackage();
	const codices = await Promise.all(
		['EnableNowShare', 'EnableNowShareTrigger'].map(
			async (name) => await readFile(path.join(ROOT, 'nodes', name, `${name}.node.json`), 'utf8'),
		),
	);
	const links = [...codices, credential.documentationUrl ?? ''].flatMap((text) => [
		...text.matchAll(/README\.md#([\w-]+)/g),
	]);
	expect(links.length).toBeGreaterThan(0);
	expect(
		links.map(([, anchor]) => anchor).filter((anchor) => !anchors.includes(anchor ?? '')),
	).toEqual([]);
});
