import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { SuiteResult, SuiteRun } from './suite';

const PROJECT_FOLDER = path.resolve(__dirname, '../..');
const RESULTS_FOLDER = path.join(PROJECT_FOLDER, 'test-results', 'e2e');

/** The part of jest's report that is read here. */
interface JestReport {
	numPassedTests: number;
	numFailedTests: number;
	/** One for each file. */
	testResults: Array<{ status: 'failed' | 'passed'; assertionResults: unknown[] }>;
}

const NOTHING_RAN: JestReport = {
	numPassedTests: 0,
	numFailedTests: 0,
	testResults: [{ status: 'failed', assertionResults: [] }],
};

/** Files of which no test could be run. */
function brokenFiles({ testResults }: JestReport): number {
	return testResults.filter(
		({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
	).length;
}

/**
 * Runs a suite on a version of n8n, in a process of its own; what jest prints is passed on. n8n's
 * log stays in test-results/e2e where something failed.
 *
 * @param tarball the package, as packTarball() gives it
 */
export async function runSuite(
	{ suite, version }: SuiteRun,
	tarball: string,
): Promise<SuiteResult> {
	const logFolder = path.join(RESULTS_FOLDER, `${suite}-${version}`);
	await rm(logFolder, { recursive: true, force: true });
	await mkdir(logFolder, { recursive: true });
	const started = Date.now();
	const report = await runJest(suite, {
		E2E_N8N_VERSION: version,
		E2E_TARBALL: tarball,
		E2E_LOG_FOLDER: logFolder,
	});
	const failed = report.numFailedTests + brokenFiles(report);
	const passed = report.numPassedTests;
	if (failed === 0) await rm(logFolder, { recursive: true, force: true });
	return { suite, version, passed, failed, seconds: Math.round((Date.now() - started) / 1000) };
}

async function runJest(suite: string, env: NodeJS.ProcessEnv): Promise<JestReport> {
	const folder = await mkdtemp(path.join(tmpdir(), 'enablenow-e2e-'));
	const reportFile = path.join(folder, 'report.json');
	try {
		const exitCode = await run(
			[
				require.resolve('jest/bin/jest'),
				'--config=jest.e2e.config.js',
				`--selectProjects=${suite}`,
				'--runInBand',
				'--verbose',
				'--json',
				`--outputFile=${reportFile}`,
			],
			env,
		);
		if (existsSync(reportFile)) {
			const report = JSON.parse(await readFile(reportFile, 'utf8')) as JestReport;
			const isFailureCounted = report.numFailedTests + brokenFiles(report) > 0;
			if (exitCode === 0 || isFailureCounted) return report;
		}
		// What the suite needs could not be started, or ended badly; jest has said why.
		return NOTHING_RAN;
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/** Ends by the same Ctrl-C as this process, and takes what it started along. */
async function run(nodeArguments: string[], env: NodeJS.ProcessEnv): Promise<number> {
	const child = spawn(process.execPath, nodeArguments, {
		cwd: PROJECT_FOLDER,
		env: { ...process.env, ...env },
		// With --json jest writes the report to its output too; what is for people goes to stderr.
		stdio: ['ignore', 'ignore', 'inherit'],
	});
	return await new Promise((resolve, reject) => {
		child.once('error', reject);
		child.once('exit', (code) => resolve(code ?? 1));
	});
}
