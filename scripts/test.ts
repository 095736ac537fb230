import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { text } from 'node:stream/consumers';

/*
 * What `npm test` runs after the build: Jest, whose tests wait a good deal, and meanwhile types and lint,
 * of which it says no more than what they find. Arguments are for Jest.
 */

const FOLDER = path.resolve(__dirname, '..');
const JEST = createRequire(__filename).resolve('jest/bin/jest');

/** @returns the code that Jest ends with */
async function runJest(): Promise<number> {
	const parameters = [JEST, ...process.argv.slice(2)];
	const child = spawn(process.execPath, parameters, { cwd: FOLDER, stdio: 'inherit' });
	return await new Promise((resolve, reject) => {
		child.once('error', reject);
		child.once('exit', (code) => resolve(code ?? 1));
	});
}

/** @returns what the steps wrote, if one of them failed; the others were not run then */
async function check(): Promise<string | undefined> {
	const command = '(npm run --silent types && npm run --silent lint) 2>&1';
	const child = spawn(command, { cwd: FOLDER, shell: true, stdio: ['ignore', 'pipe', 'inherit'] });
	const exited = new Promise((resolve) => child.once('exit', resolve));
	const output = await text(child.stdout);
	return (await exited) === 0 ? undefined : output;
}

async function main(): Promise<void> {
	const [exitCode, problems] = await Promise.all([runJest(), check()]);
	if (problems !== undefined) console.error(`\nTypes or lint:\n${problems}`);
	process.exitCode = problems === undefined ? exitCode : 1;
}

void main();
