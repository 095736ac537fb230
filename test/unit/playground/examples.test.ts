import { readExamples, tableColumns, withTable } from '../../../scripts/playground/examples';
import type { DataTable, NewWorkflow } from '../../../scripts/n8n';

const nodesWithTable = ({ nodes }: NewWorkflow) =>
	nodes.filter(({ parameters }) => 'dataTableId' in parameters);

it('finds the columns of a table in the note of each example that needs one', async () => {
	const examples = [...(await readExamples()).values()];
	const needing = examples.filter((example) => nodesWithTable(example).length > 0);
	expect(needing.length).toBeGreaterThanOrEqual(2);
	for (const example of examples) {
		const columns = tableColumns(example);
		expect([example.name, columns.length > 0]).toEqual([example.name, needing.includes(example)]);
		for (const { parameters } of nodesWithTable(example)) {
			const { value = {} } = (parameters['columns'] ?? {}) as { value?: object };
			expect(columns).toEqual(expect.arrayContaining(Object.keys(value)));
		}
	}
});

it('chooses the table in every node that needs one', async () => {
	const example = (await readExamples()).get('share-a-table.json');
	if (!example) throw new Error('The example is missing');
	const { nodes } = withTable(example, { id: 'x1', name: 'A table' } as DataTable);
	const chosen = nodesWithTable({ ...example, nodes }).map(
		(node) => node.parameters['dataTableId'],
	);
	const choice = { __rl: true, mode: 'list', value: 'x1', cachedResultName: 'A table' };
	expect(chosen).toEqual([choice, choice, choice]);
});
