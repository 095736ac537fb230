import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SANDBOX_CUSTOMERS } from '../sandbox';
import { startPlayground, type Playground } from './playground/playground';
import { watchSources } from './playground/watch';
import { playScenario, type Scenario } from './playground/scenario';
import { describeDelivery } from './playground/delivery';
import { HELP, parseOptions, type CommandLineOptions } from './playground/options';
import { ProgressLine } from './cli/progress-line';
import { stopWhenAsked } from './cli/stop-when-asked';
import { cacheFolder, freePort, isN8nInstalled, killAllProcesses, UserFacingError } from './n8n';

/** Outside the project, where n8n-node lint would read the editor's code that n8n keeps in them. */
const KEPT_USER_FOLDERS = path.join(cacheFolder(), 'playground');

/** As the credentials are named. */
const ROLES = { sharer: 'Broker  ', receiver: 'Lender  ' };

const progress = new ProgressLine(process.stdout);

/** Stops what runs, the latest first. */
const stops: Array<() => Promise<void>> = [];

let stopping: Promise<void> | undefined;

/** 0 as soon as all has worked. */
let exitCode = 1;

function stopAll(): Promise<void> {
	stopping ??= (async () => {
		for (const stop of stops.reverse()) await stop();
	})();
	return stopping;
}

/** Stops all and ends, as the user wishes; asked a second time, it does not wait. */
function stopAndExit(): void {
	// What still runs ends with this process.
	if (stopping) process.exit(exitCode);
	progress.finish();
	console.log('\nStopping');
	void stopAll().finally(() => process.exit(exitCode));
}

/**
 * A staying n8n keeps what its user made in it. The port is part of the name so that two of them
 * never work on the same database.
 */
async function userFolder(options: CommandLineOptions, port: number): Promise<string> {
	if (options.once) {
		const folder = await mkdtemp(path.join(tmpdir(), 'n8n-enablenow-'));
		stops.push(async () => {
			// An n8n that is still starting would write into it.
			await killAllProcesses();
			await rm(folder, { recursive: true, force: true });
		});
		return folder;
	}
	const folder = path.join(KEPT_USER_FOLDERS, `${options.version}-port-${port}`);
	if (options.reset) await rm(folder, { recursive: true, force: true });
	return folder;
}

function printFirstRunNotice(version: string): void {
	console.log(
		`First run: downloading n8n ${version} from npm, about 2.7 GB, which takes 3 to 10 minutes.\n` +
			`It is kept in ${cacheFolder()}, so later starts take seconds.\n`,
	);
}

function printSummary({ n8n, owner, logFile, sandbox }: Playground): void {
	console.log(`
n8n ${n8n.version} with this package:  ${n8n.url}
  E-mail    ${owner.email}
  Password  ${owner.password}
  Log       ${logFile}
EnableNow sandbox:  ${sandbox.url}
${customers()}
`);
}

function printScenario({ n8n }: Playground, scenario: Scenario): void {
	const { sharing, receiving, sharingWorkflow, receivingWorkflow } = scenario;
	console.log(`What happened:
  1. "${sharingWorkflow.name}" created the share ${scenario.shareId}
     ${n8n.url}/workflow/${sharingWorkflow.id}/executions/${sharing.id}
  2. The sandbox sent an event to ${scenario.webhook}
  3. The event started "${receivingWorkflow.name}"
     ${n8n.url}/workflow/${receivingWorkflow.id}/executions/${receiving.id}
`);
}

function printFailure({ message }: Error): void {
	console.log(`The examples did not run as they do in a new n8n, perhaps because you changed something:
  ${message}
n8n keeps running as it is. To start with a new one: npm start -- --reset
`);
}

function printOtherOwner(): void {
	console.log(`n8n's owner has a different e-mail or password from those above: sign in with your own.
Workflows and credentials are as you left them; the examples were neither set up again nor run.
To start with a new n8n: npm start -- --reset
`);
}

/** With what a credential of one's own can be made. */
function customers(): string {
	return Object.entries(SANDBOX_CUSTOMERS)
		.map(
			([role, { clientId, clientSecret }]) =>
				`  ${ROLES[role as keyof typeof SANDBOX_CUSTOMERS]}  ${clientId} / ${clientSecret}`,
		)
		.join('\n');
}

async function main(): Promise<void> {
	const options = parseOptions(process.argv.slice(2));
	if (options.help) {
		console.log(HELP);
		return;
	}
	stopWhenAsked(stopAndExit);
	if (!isN8nInstalled(options.version)) printFirstRunNotice(options.version);
	const port = options.port ?? (await freePort());
	const folder = await userFolder(options, port);
	const isKept = existsSync(folder) && !options.once;
	const playground = await startPlayground(
		{
			version: options.version,
			port,
			sandboxPort: options.sandboxPort ?? (await freePort()),
			userFolder: folder,
			watch: options.watch,
		},
		progress.report,
		(delivery) => progress.note(describeDelivery(delivery)),
		(stop) => stops.push(stop),
	);
	progress.report('Setting up credentials and workflows, and creating a share');
	const { client } = playground;
	const scenario =
		client &&
		(await playScenario({ ...playground, client }).catch((error: unknown) => {
			// In an n8n that was kept, its user may have changed what the scenario needs.
			if (isKept && !stopping && error instanceof Error) return error;
			throw error;
		}));
	progress.finish();
	printSummary(playground);
	if (!scenario) printOtherOwner();
	else if (scenario instanceof Error) printFailure(scenario);
	else printScenario(playground, scenario);
	exitCode = 0;
	if (options.once) {
		console.log('It works. Stopping.');
		await stopAll();
		return;
	}
	console.log('Press Ctrl-C to stop everything.');
	if (options.watch) {
		const compiler = watchSources(playground);
		stops.push(() => compiler.stop());
	}
	await playground.n8n.exited;
	if (!stopping) throw new Error(`n8n has stopped by itself:\n${playground.n8n.log.tail()}`);
}

main().catch(async (error: unknown) => {
	// What is being stopped fails as a matter of course.
	if (stopping) return;
	progress.finish();
	if (error instanceof UserFacingError) {
		console.error(`\n${error.message}`);
	} else {
		console.error(error);
		console.error(
			'\nIf this may come from an earlier run, start with a new n8n: npm start -- --reset',
		);
	}
	await stopAll();
	process.exit(1);
});
