import { randomUUID } from 'node:crypto';
import type { INode, INodeParameters } from 'n8n-workflow';
import { SANDBOX_CUSTOMERS } from '../../../sandbox';
import { DataTable, type Credential, type NewWorkflow, type Workflow } from '../../../scripts/n8n';
import {
	readExamples,
	tableColumns,
	withCredentials,
	withTable,
} from '../../../scripts/playground/examples';
import type { CredentialFields, N8nUnderTest } from './n8n-under-test';

/** The webhook secret of the credentials of the recipes. */
export const WEBHOOK_SECRET = 'the-webhook-secret-of-the-recipes';

/** Imports example workflows and sets them up as their notes tell a person to. */
export class Recipes {
	private constructor(
		private readonly n8n: N8nUnderTest,
		private readonly credentials: Credential[],
	) {}

	/** Saves the credentials that the examples name. */
	static async prepare(n8n: N8nUnderTest): Promise<Recipes> {
		const { sharer, receiver } = SANDBOX_CUSTOMERS;
		const save = async (name: string, fields: CredentialFields) =>
			await n8n.addCredential(name, { ...fields, webhookSecret: WEBHOOK_SECRET });
		return new Recipes(n8n, [
			await save('EnableNow broker (shares)', sharer),
			await save('EnableNow lender (receives)', receiver),
		]);
	}

	/**
	 * @param name of the file, without its ending
	 * @param changes parameters to be filled in, by the name of the node
	 */
	async import(name: string, changes: Record<string, INodeParameters> = {}): Promise<Workflow> {
		const example = await this.read(name);
		const nodes = example.nodes.map((node): INode => ({
			...node,
			parameters: { ...node.parameters, ...changes[node.name] },
		}));
		return await this.n8n.addWorkflow({ ...example, nodes }, example.name);
	}

	/** Imports an example whose note asks for a data table, with a new one of those columns. */
	async importWithTable(name: string): Promise<{ table: DataTable; workflow: Workflow }> {
		const example = await this.read(name);
		const table = await DataTable.create(
			this.n8n.session,
			`${name} ${randomUUID()}`,
			tableColumns(example),
		);
		const workflow = await this.n8n.addWorkflow(withTable(example, table), example.name);
		return { table, workflow };
	}

	private async read(name: string): Promise<NewWorkflow> {
		const example = (await readExamples()).get(`${name}.json`);
		if (!example) throw new Error(`There is no example ${name}`);
		return withCredentials(example, this.credentials);
	}
}
