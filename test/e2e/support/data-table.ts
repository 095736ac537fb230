import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { RestSession } from '../../../scripts/n8n';

/** A data table of n8n's, all of whose columns are texts. */
export class DataTable {
	private constructor(
		private readonly session: RestSession,
		private readonly path: string,
		private readonly id: string,
	) {}

	static async create(session: RestSession, name: string, columns: string[]): Promise<DataTable> {
		const project = await session.call<{ id: string }>('GET', '/projects/personal');
		const tables = `/projects/${project.id}/data-tables`;
		const { id } = await session.call<{ id: string }>('POST', tables, {
			name,
			columns: columns.map((column) => ({ name: column, type: 'string' })),
		});
		return new DataTable(session, `${tables}/${id}`, id);
	}

	/** The parameter by which a node chooses the table. */
	get choice(): INodeParameters {
		return { dataTableId: { __rl: true, mode: 'id', value: this.id } };
	}

	async insert(rows: IDataObject[]): Promise<void> {
		await this.session.call('POST', `${this.path}/insert`, { data: rows, returnType: 'count' });
	}

	/** The rows, oldest first. */
	async rows(): Promise<IDataObject[]> {
		const page = await this.session.call<{ data: IDataObject[] }>('GET', `${this.path}/rows`);
		return page.data.sort((one, other) => Number(one['id']) - Number(other['id']));
	}
}
