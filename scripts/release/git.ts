import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/**
 * Runs git in a folder.
 *
 * @returns what it printed, without the white space around it
 * @throws Error with git's own words where it fails
 */
export async function git(folder: string, ...parameters: string[]): Promise<string> {
	const { stdout } = await promisify(execFile)('git', parameters, { cwd: folder });
	return stdout.trim();
}
