import type { IDataObject } from 'n8n-workflow';
import type { RestSession } from './rest-session';

/** A data table of n8n's, all of whose columns are texts. */
export class DataTable {
	private constructor(
		private readonly session: RestSession,
		private readonly path: string,
		readonly id: string,
		readonly name: string,
	) {}

	static async create(session: RestSession, name: string, columns: string[]): Promise<DataTable> {
		const tables = await tablesPath(session);
		const { id } = await session.call<{ id: string }>('POST', tables, {
			name,
			columns: columns.map((column) => ({ name: column, type: 'string' })),
		});
		return new DataTable(session, `${tables}/${id}`, id, name);
	}

	/** @returns the first 250 tables of the person who is signed in */
	static async list(session: RestSession): Promise<DataTable[]> {
		const tables = await tablesPath(session);
		const page = await session.call<{ data: Array<{ id: string; name: string }> }>(
			'GET',
			`${tables}?take=250`,
		);
		return page.data.map(({ id, name }) => new DataTable(session, `${tables}/${id}`, id, name));
	}

	async insert(rows: IDataObject[]): Promise<void> {
		await this.session.call('POST', `${this.path}/insert`, { data: rows, returnType: 'count' });
	}

	async remove(): Promise<void> {
		await this.session.call('DELETE', this.path);
	}

	/** The rows, oldest first. */
	async rows(): Promise<IDataObject[]> {
		const page = await this.session.call<{ data: IDataObject[] }>('GET', `${this.path}/rows`);
		return page.data.sort((one, other) => Number(one['id']) - Number(other['id']));
	}
}

async function tablesPath(session: RestSession): Promise<string> {
	const project = await session.call<{ id: string }>('GET', '/projects/personal');
	return `/projects/${project.id}/data-tables`;
}
