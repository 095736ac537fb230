import { SANDBOX_CUSTOMERS, SANDBOX_EXAMPLES, type SandboxCustomer } from '../../sandbox';
import { DataTable, type Credential, type Workflow } from '../n8n';
import { readExamples, tableColumns, withCredentials, withTable } from './examples';
import { writeMemory } from './memory';
import type { OwnedPlayground } from './playground';

/** The one that shares comes first, as most first workflows share. */
const BROKER_CREDENTIAL = 'EnableNow broker (shares)';
const LENDER_CREDENTIAL = 'EnableNow lender (receives)';

/** What the data tables of the examples hold from the start, by file name. */
const TABLE_ROWS: Record<string, Array<Record<string, string>>> = {
	'share-a-table.json': SANDBOX_EXAMPLES.accountIds.map((accounts, position) => ({
		clientId: SANDBOX_CUSTOMERS.receiver.clientId,
		reference: `table-${position + 1}`,
		accounts,
	})),
};

/** What is in n8n. */
export interface Setup {
	credentials: Credential[];
	/** The example workflows, by file name. */
	workflows: Map<string, Workflow>;
}

/**
 * Puts credentials of both apps, the example workflows and their data tables into n8n, unless they
 * are there from an earlier start, under whatever name. The credentials are made to be the
 * sandbox's again; in workflows only what they refer to is, where it is another one now.
 *
 * @throws Error where a credential does not work
 */
export async function setUp(playground: OwnedPlayground): Promise<Setup> {
	const { client, memory, n8n, sandbox } = playground;
	const { sharer, receiver } = SANDBOX_CUSTOMERS;
	/** What workflows may refer to, and what is in its place now. */
	const moves = new Map([[memory.sandboxUrl, sandbox.url]]);

	/** What was put there earlier; else what has the name; else what is created. */
	async function put<Item extends { id: string; name: string }>(
		key: string,
		name: string,
		existing: Item[],
		create: () => Promise<Item>,
	): Promise<Item> {
		const earlierId = memory.ids[key] ?? '';
		const item =
			existing.find(({ id }) => id === earlierId) ??
			existing.find((other) => other.name === name) ??
			(await create());
		memory.ids[key] = item.id;
		moves.set(earlierId, item.id);
		return item;
	}

	const savedCredentials = await client.credentials.list();
	async function putCredential(
		name: string,
		customer: SandboxCustomer,
		fields: { webhookSecret?: string } = {},
	): Promise<Credential> {
		const data = { environment: 'custom', baseUrl: sandbox.url, ...customer, ...fields };
		const saved = { name, type: 'enableNowOAuth2Api', data };
		const credential = await put(name, name, savedCredentials, () =>
			client.credentials.create(saved),
		);
		await client.credentials.update(credential.id, { ...saved, name: credential.name });
		const { status, message } = await client.credentials.test(credential.id);
		if (status !== 'OK') throw new Error(`The credential "${name}" does not work: ${message}`);
		return credential;
	}
	// The broker's last: n8n's editor sorts by name here, and by the latest change there.
	const { webhookSecret } = memory;
	const lender = await putCredential(LENDER_CREDENTIAL, receiver, { webhookSecret });
	const broker = await putCredential(BROKER_CREDENTIAL, sharer);

	const savedTables = await DataTable.list(client.session);
	const savedWorkflows = (await client.workflows.list()).filter(({ isArchived }) => !isArchived);
	const workflows = new Map<string, Workflow>();
	for (const [file, example] of await readExamples()) {
		const { name } = example;
		const columns = tableColumns(example);
		const table =
			columns.length > 0 &&
			(await put(`${file}: table`, name, savedTables, async () => {
				const created = await DataTable.create(client.session, name, columns);
				await created.insert(TABLE_ROWS[file] ?? []);
				return created;
			}));
		const { id } = await put(file, name, savedWorkflows, async () => {
			const workflow = withCredentials(example, [broker, lender]);
			return await client.workflows.create(table ? withTable(workflow, table) : workflow);
		});
		const workflow = await client.workflows.get(id);
		workflows.set(file, await follow(playground, workflow, moves));
	}
	memory.sandboxUrl = sandbox.url;
	await writeMemory(n8n.userFolder, memory);
	return { credentials: [broker, lender], workflows };
}

/** Has a workflow refer to what is in the place of what it refers to. */
async function follow(
	{ client }: OwnedPlayground,
	workflow: Workflow,
	moves: ReadonlyMap<string, string>,
): Promise<Workflow> {
	const before = JSON.stringify(workflow.nodes);
	const after = [...moves].reduce(
		(nodes, [from, to]) => (from === '' ? nodes : nodes.replaceAll(from, to)),
		before,
	);
	if (after === before) return workflow;
	const nodes = JSON.parse(after) as Workflow['nodes'];
	const updated = await client.workflows.update({ ...workflow, nodes });
	if (workflow.active) await client.workflows.activate(workflow.id);
	return updated;
}
