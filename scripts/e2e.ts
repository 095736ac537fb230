import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { ProgressLine } from './cli/progress-line';
import { HELP, parseOptions } from './e2e/options';
import { runSuite } from './e2e/run-suite';
import type { SuiteResult, SuiteRun } from './e2e/suite';
import { compatibilityTable, total } from './e2e/summary';
import { n8nInstall, nodeRuntime, npm, packTarball, UserFacingError } from './n8n';

const PROJECT_FOLDER = path.resolve(__dirname, '..');

const progress = new ProgressLine(process.stdout);

async function runAll(runs: SuiteRun[]): Promise<SuiteResult[]> {
	const folder = await mkdtemp(path.join(tmpdir(), 'enablenow-tarball-'));
	try {
		progress.report('Building and packing the package');
		await npm(['run', 'build'], { folder: PROJECT_FOLDER });
		const tarball = await packTarball(PROJECT_FOLDER, folder);
		const results: SuiteResult[] = [];
		for (const run of runs) {
			await n8nInstall(run.version, progress.report);
			progress.report(`Running the ${run.suite} suite on n8n ${run.version}`);
			progress.finish();
			results.push(await runSuite(run, tarball));
		}
		return results;
	} finally {
		progress.finish();
		await rm(folder, { recursive: true, force: true });
	}
}

async function nodeVersion(): Promise<string> {
	const { executable } = await nodeRuntime();
	const { stdout } = await promisify(execFile)(executable, ['--version']);
	return stdout.trim();
}

async function main(): Promise<void> {
	const { help, runs } = parseOptions(process.argv.slice(2));
	if (help) {
		console.log(HELP);
		return;
	}
	const results = await runAll(runs);
	console.log(`\n${compatibilityTable(results, await nodeVersion())}\n\n${total(results)}`);
	process.exitCode = results.some(({ failed }) => failed > 0) ? 1 : 0;
}

main().catch((error: unknown) => {
	console.error(error instanceof UserFacingError ? `\n${error.message}` : error);
	process.exitCode = 1;
});
