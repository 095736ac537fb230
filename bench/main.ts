import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readSetting } from './machine';
import { BenchN8n } from './n8n-bench';
import { HELP, parseOptions, type BenchOptions } from './options';
import type { Section } from './part';
import { barChartSvg } from './plot';
import { reportText, sectionText } from './report';
import { startSandboxProcess } from './sandbox-process';
import {
	DEFAULT_N8N_VERSION,
	killAllProcesses,
	n8nInstall,
	npm,
	packTarball,
	UserFacingError,
} from '../scripts/n8n';
import { ProgressLine } from '../scripts/cli/progress-line';
import { stopWhenAsked } from '../scripts/cli/stop-when-asked';

const PROJECT_FOLDER = path.resolve(__dirname, '..');

/** From the report to its picture. */
const CHART_FILE = 'images/benchmark.svg';

const progress = new ProgressLine(process.stderr);

/** Holds the package and all that n8n keeps. */
let folder: string | undefined;

/** Whether the user has asked for the end. */
let isStopping = false;

async function cleanUp(): Promise<void> {
	// An n8n that runs would write into the folder.
	await killAllProcesses();
	if (folder !== undefined) await rm(folder, { recursive: true, force: true });
}

function stopAndExit(): void {
	if (isStopping) process.exit(130);
	isStopping = true;
	progress.finish();
	console.error('\nStopping');
	void cleanUp().finally(() => process.exit(130));
}

async function measure({ parts, rounds, quick }: BenchOptions): Promise<Section[]> {
	const workFolder = await mkdtemp(path.join(tmpdir(), 'enablenow-bench-'));
	folder = workFolder;
	const version = DEFAULT_N8N_VERSION;
	await n8nInstall(version, progress.report);
	progress.report('Building and packing the package');
	await npm(['run', 'build'], { folder: PROJECT_FOLDER });
	const tarball = await packTarball(PROJECT_FOLDER, workFolder);
	progress.report(`Starting n8n ${version} and the sandbox`);
	const sandbox = await startSandboxProcess();
	const userFolder = path.join(workFolder, 'n8n');
	const n8n = await BenchN8n.setUp(version, userFolder, tarball, sandbox);

	const sections: Section[] = [];
	for (const part of parts) {
		const section = await part.run({ n8n, sandbox, rounds, quick, report: progress.report });
		progress.finish();
		console.log(`\n${sectionText(section)}\n`);
		sections.push(section);
	}
	return sections;
}

async function writeReport(sections: Section[], options: BenchOptions): Promise<void> {
	if (options.output === undefined) return;
	const setting = await readSetting(PROJECT_FOLDER, {
		n8nVersion: DEFAULT_N8N_VERSION,
		rounds: options.rounds,
		quick: options.quick,
	});
	const report = path.join(options.output, 'benchmark.md');
	const image = path.join(options.output, CHART_FILE);
	await mkdir(path.dirname(image), { recursive: true });
	await writeFile(report, reportText(setting, sections, CHART_FILE));
	console.log(`Written: ${report}`);
	const chart = sections.find((section) => section.chart)?.chart;
	if (!chart) return;
	await writeFile(image, barChartSvg(chart));
	console.log(`Written: ${image}`);
}

async function main(): Promise<void> {
	const options = parseOptions(process.argv.slice(2));
	if (options.help) {
		console.log(HELP);
		return;
	}
	if (process.platform !== 'linux') {
		throw new UserFacingError(
			'The benchmark reads memory and CPU time from /proc: it needs Linux.',
		);
	}
	stopWhenAsked(stopAndExit);
	await writeReport(await measure(options), options);
}

main()
	.catch((error: unknown) => {
		// What is being stopped fails as a matter of course.
		if (isStopping) return;
		progress.finish();
		console.error(error instanceof UserFacingError ? `\n${error.message}` : error);
		process.exitCode = 1;
	})
	.finally(cleanUp);
