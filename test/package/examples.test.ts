import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import {
	type INode,
	type INodeParameters,
	type INodeTypeDescription,
	type IWorkflowBase,
	NodeHelpers,
} from 'n8n-workflow';

import { loadBuiltPackage, ROOT } from './support';

const FOLDER = path.join(ROOT, 'examples');
const STICKY_NOTE = 'n8n-nodes-base.stickyNote';
const { credential, share, trigger } = loadBuiltPackage();

/** The nodes of this package, by the type that a workflow names. */
const OWN_NODES = {
	'n8n-nodes-enablenow.enableNowShare': share,
	'n8n-nodes-enablenow.enableNowShareTool': share,
	'n8n-nodes-enablenow.enableNowShareTrigger': trigger,
};

type Example = Pick<IWorkflowBase, 'connections' | 'name' | 'nodes'>;

const EXAMPLES = readdirSync(FOLDER).map((file): [string, Example] => [
	file,
	JSON.parse(readFileSync(path.join(FOLDER, file), 'utf8')) as Example,
]);

describe.each(EXAMPLES)('%s', (_file, { name, nodes, connections }) => {
	const byType = (type: string) => nodes.filter((node) => node.type === type);

	it('is found by its name', () => expect(name).toMatch(/^EnableNow: [a-z]/));

	it('has a note that says what it does and what to fill in', () => {
		const [note, ...others] = byType(STICKY_NOTE);
		expect(others).toEqual([]);
		expect(note?.parameters['content']).toMatch(/^## \S.*\n\S/);
		// Nodes that the note names are there, in bold.
		const named = [...(note?.parameters['content'] as string).matchAll(/\*\*(.+?)\*\*/g)];
		const names = nodes.map((node) => node.name);
		const unknown = named
			.map(([, text = '']) => text)
			.filter((text) => !names.some((known) => known.startsWith(text)));
		expect(unknown).toEqual([]);
	});

	it('has a note that fits its box', () => {
		const { content, width, height } = byType(STICKY_NOTE)[0]?.parameters ?? {};
		expect(height).toBeGreaterThanOrEqual(estimateHeight(content as string, width as number));
	});

	it('connects every node, by names that exist', () => {
		const targets = Object.values(connections)
			.flatMap((outputsByType) => Object.values(outputsByType).flat())
			.flatMap((output) => (output ?? []).map(({ node }) => node));
		const connected = new Set([...Object.keys(connections), ...targets]);
		const names = nodes.filter(({ type }) => type !== STICKY_NOTE).map((node) => node.name);
		expect([...connected].sort()).toEqual(names.sort());
	});

	it('names the credential as npm start calls it, and holds no ID of another n8n', () => {
		for (const { credentials = {} } of nodes) {
			for (const [type, reference] of Object.entries(credentials)) {
				expect(type).toBe(credential.name);
				expect(reference.id).toBe('');
				expect(reference.name).toMatch(/^EnableNow (broker \(shares\)|lender \(receives\))$/);
			}
		}
	});

	it("holds of its EnableNow nodes what n8n's editor would save", () => {
		for (const [type, { description }] of Object.entries(OWN_NODES)) {
			for (const node of byType(type)) {
				expect(node.parameters).toEqual(savedParameters(node, description));
				// Which share to revoke is for a person to choose.
				const issues = NodeHelpers.getNodeParametersIssues(
					description.properties,
					node,
					description,
				);
				expect(Object.keys(issues?.parameters ?? {}).filter((name) => name !== 'shareId')).toEqual(
					[],
				);
				expect(node.credentials).toBeDefined();
			}
		}
	});
});

it('no two nodes of them have the same ID', () => {
	const ids = EXAMPLES.flatMap(([, { nodes }]) => nodes.map(({ id }) => id));
	expect(new Set(ids).size).toBe(ids.length);
});

it('no two of them have the same name', () => {
	expect(new Set(EXAMPLES.map(([, { name }]) => name)).size).toBe(EXAMPLES.length);
});

/** As n8n 2.41 shows a note, within a line or two; pixels. */
function estimateHeight(content: string, width: number): number {
	const text = content.replace(/[*`]/g, '');
	const rows = text.split('\n').map((line) => Math.ceil((line.length * 6.8) / (width - 46)));
	const paragraphs = text.split('\n\n').length;
	return 20 + 10 * paragraphs + 20 * rows.reduce((sum, count) => sum + count, 0);
}

/** The parameters that the node has and that are not what they are by default. */
function savedParameters(node: INode, description: INodeTypeDescription): INodeParameters | null {
	const { properties } = description;
	const all = NodeHelpers.getNodeParameters(
		properties,
		node.parameters,
		true,
		false,
		node,
		description,
	);
	return NodeHelpers.getNodeParameters(properties, all, false, false, node, description);
}
