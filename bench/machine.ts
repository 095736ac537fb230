import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { cpus, release, totalmem, type } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { nodeRuntime } from '../scripts/n8n';

const run = promisify(execFile);

/** What the figures depend on. */
export interface Setting {
	/** The CPU's model, how many cores there are, and the memory. */
	machine: string;
	operatingSystem: string;
	n8nVersion: string;
	/** Of the Node that runs n8n. */
	nodeVersion: string;
	packageVersion: string;
	/** The commit that was checked out, with "+" where files had been changed; undefined outside git. */
	commit: string | undefined;
	/** The day, such as 2026-04-15, in UTC. */
	date: string;
	rounds: number;
	quick: boolean;
}

/** Finds out what the figures of this run depend on. */
export async function readSetting(
	projectFolder: string,
	options: { n8nVersion: string; rounds: number; quick: boolean },
): Promise<Setting> {
	const cores = cpus();
	const { executable } = await nodeRuntime();
	const { stdout: nodeVersion } = await run(executable, ['--version']);
	const packageJson = await readFile(path.join(projectFolder, 'package.json'), 'utf8');
	const memory = Math.round(totalmem() / 1024 ** 3);
	return {
		...options,
		machine: `${cores[0]?.model ?? 'unknown CPU'}, ${cores.length} cores, ${memory} GiB of memory`,
		operatingSystem: `${type()} ${release()}`,
		nodeVersion: nodeVersion.trim().replace(/^v/, ''),
		packageVersion: (JSON.parse(packageJson) as { version: string }).version,
		commit: await readCommit(projectFolder),
		date: new Date().toISOString().slice(0, 10),
	};
}

async function readCommit(folder: string): Promise<string | undefined> {
	try {
		const { stdout: commit } = await run('git', ['rev-parse', '--short', 'HEAD'], { cwd: folder });
		const { stdout: changes } = await run('git', ['status', '--porcelain', '-uno'], {
			cwd: folder,
		});
		return commit.trim() + (changes.trim() === '' ? '' : '+');
	} catch {
		return undefined;
	}
}
