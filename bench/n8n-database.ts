import { querySqlite } from '../scripts/n8n';

/** An execution as n8n stores it. */
export interface StoredExecution {
	id: number;
	/** When it was over, in milliseconds since 1970. */
	stoppedAt: number;
	/** All that its nodes put out, in flatted form. */
	data: string;
}

/** What an n8n has stored, read beside it: nothing is asked of its process. */
export class N8nDatabase {
	/** @param userFolder the folder that holds n8n's `.n8n` folder */
	constructor(private readonly userFolder: string) {}

	/** The id of the newest execution of all; 0 where there is none. */
	async newestExecution(): Promise<number> {
		const [row] = await this.query<{ id: number | null }>(
			'SELECT max(id) AS id FROM execution_entity',
		);
		return row?.id ?? 0;
	}

	/** How many executions of any workflow have begun and are not over. */
	async runningExecutions(): Promise<number> {
		const [row] = await this.query<{ count: number }>(
			"SELECT count(*) AS count FROM execution_entity WHERE status IN ('new', 'running')",
		);
		return row?.count ?? 0;
	}

	/**
	 * The successful executions of a workflow.
	 *
	 * @param after only those that began after the one with this id
	 */
	async executions(workflowId: string, after: number): Promise<StoredExecution[]> {
		const rows = await this.query<{ id: number; stoppedAt: string; data: string }>(
			`SELECT id, stoppedAt, data FROM execution_entity
			 JOIN execution_data ON executionId = id
			 WHERE execution_entity.workflowId = ? AND id > ? AND status = 'success' ORDER BY id`,
			[workflowId, after],
		);
		return rows.map((row) => ({
			...row,
			// SQLite's form, in UTC: "2026-04-30 12:00:00.123".
			stoppedAt: Date.parse(`${row.stoppedAt.replace(' ', 'T')}Z`),
		}));
	}

	/** What the nodes of a workflow have recorded as processed, as JSON; empty where that is nothing. */
	async processedData(workflowId: string): Promise<string> {
		const rows = await this.query<{ value: string }>(
			'SELECT value FROM processed_data WHERE workflowId = ?',
			[workflowId],
		);
		return rows.map(({ value }) => value).join();
	}

	private async query<Row>(
		sql: string,
		values: ReadonlyArray<number | string> = [],
	): Promise<Row[]> {
		return await querySqlite(this.userFolder, sql, values);
	}
}
