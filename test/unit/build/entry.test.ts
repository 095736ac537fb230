import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { entryOf } from '../../../scripts/build/entry';

interface Node {
	description: object;
	methods: { listSearch: { search: (...values: unknown[]) => Promise<unknown> } };
	execute: (...values: unknown[]) => Promise<unknown>;
}

const CODE = `
	exports.Example = class {
		description = { displayName: "It's an \\u2028example", properties: [{ name: 'limit', default: 50 }] };
		methods = { listSearch: { async search(...values) { return [this, ...values]; } } };
		async execute(...values) { return [this, ...values]; }
		async fail() { throw new Error('as the code says'); }
	};
`;

let folder: string;
let load: NodeJS.Require;

beforeEach(async () => {
	folder = await mkdtemp(path.join(tmpdir(), 'enablenow-entry-'));
	await writeFile(path.join(folder, 'code.js'), CODE);
	load = createRequire(path.join(folder, 'main.js'));
	const { Example } = load('./code.js') as { Example: new () => Node };
	await writeFile(path.join(folder, 'entry.js'), entryOf('Example', new Example(), './code.js'));
});
afterEach(async () => await rm(folder, { recursive: true }));

function loadEntry(): Node & { fail: () => Promise<unknown> } {
	const { Example } = load('./entry.js') as { Example: new () => ReturnType<typeof loadEntry> };
	return new Example();
}

it('has the description of the node', () => {
	expect(loadEntry().description).toEqual({
		displayName: "It's an \u2028example",
		properties: [{ name: 'limit', default: 50 }],
	});
});

it('gives each node a description of its own, since n8n changes it', () => {
	expect(loadEntry().description).not.toBe(loadEntry().description);
});

it('hands on what it is called on and with', async () => {
	const context = { name: 'the context' };
	const node = loadEntry();
	expect(await node.execute.call(context, 1, 2)).toEqual([context, 1, 2]);
	expect(await node.methods.listSearch.search.call(context, 'filter')).toEqual([context, 'filter']);
});

it('fails as the code does', async () => {
	await expect(loadEntry().fail()).rejects.toThrow('as the code says');
});

it('refuses a description that cannot be written down', () => {
	const node = { description: { properties: [{ validate: () => true }] } };
	expect(() => entryOf('Example', node, './code.js')).toThrow('cannot hold a function');
});
