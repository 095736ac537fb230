import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { nodeRuntime } from './node-runtime';

const run = promisify(execFile);

/** Many executions with their data fit into it. */
const LARGEST_ANSWER = 256 * 1024 ** 2;

/** Only the Node that runs n8n is sure to have SQLite built in. */
const QUERY = `
	const { DatabaseSync } = require('node:sqlite');
	const [file, sql, values] = process.argv.slice(1);
	const database = new DatabaseSync(file, { readOnly: true });
	process.stdout.write(JSON.stringify(database.prepare(sql).all(...JSON.parse(values))));
`;

/**
 * Reads the SQLite database of an n8n beside it: nothing is asked of its process.
 *
 * @param userFolder the folder that holds n8n's `.n8n` folder
 * @param values of the question marks in the query
 */
export async function querySqlite<Row>(
	userFolder: string,
	sql: string,
	values: ReadonlyArray<number | string> = [],
): Promise<Row[]> {
	const { executable } = await nodeRuntime();
	const file = path.join(userFolder, '.n8n', 'database.sqlite');
	const { stdout } = await run(
		executable,
		['--no-warnings', '--eval', QUERY, file, sql, JSON.stringify(values)],
		{ maxBuffer: LARGEST_ANSWER },
	);
	return JSON.parse(stdout) as Row[];
}
