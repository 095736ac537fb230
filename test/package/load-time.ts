import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const PROJECT_FOLDER = path.resolve(__dirname, '../..');

/** Loads what n8n would load of the package, in a process that has n8n-workflow already, as n8n has. */
const LOADER = `
	const [folder, ...files] = process.argv.slice(1);
	require(folder + '/node_modules/n8n-workflow');
	const started = performance.now();
	for (const file of files) require(folder + '/' + file);
	process.stdout.write(String(performance.now() - started));
`;

/**
 * Measures how long the built nodes and the credential take to be loaded, in a process of their own.
 *
 * @param node - the Node.js to load them with
 * @param files - the built files, relative to the project
 * @returns milliseconds
 */
export async function loadTime(node: string, files: string[]): Promise<number> {
	const parameters = ['-e', LOADER, PROJECT_FOLDER, ...files];
	const { stdout } = await promisify(execFile)(node, parameters);
	return Number(stdout);
}
