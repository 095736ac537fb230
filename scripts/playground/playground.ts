import path from 'node:path';
import { startSandbox, type Sandbox } from '../../sandbox';
import {
	installTarball,
	isPortFree,
	n8nInstall,
	npm,
	packTarball,
	signIn,
	startN8n,
	UserFacingError,
	type N8nClient,
	type ReportProgress,
	type RunningN8n,
} from '../n8n';

const PROJECT_FOLDER = path.resolve(__dirname, '../..');

/** What the playground runs, and where. */
export interface PlaygroundOptions {
	/** Version of n8n. */
	version: string;
	/** TCP port of n8n. */
	port: number;
	/** TCP port of the sandbox. */
	sandboxPort: number;
	/** The user folder of n8n; what it holds from an earlier run is used again. */
	userFolder: string;
	/** Whether n8n loads the nodes again as soon as their files change. */
	watch: boolean;
}

/** An n8n with the package, and an EnableNow sandbox beside it. */
export interface Playground {
	/** Where n8n writes its log. */
	logFile: string;
	n8n: RunningN8n;
	/** That n8n's owner. */
	client: N8nClient;
	sandbox: Sandbox;
	/** The folder from which n8n loads the package. */
	packageFolder: string;
}

/**
 * Starts the playground.
 *
 * @param onStarted is given a function that stops each part, as soon as the part runs
 * @throws UserFacingError where the user can mend what is wrong
 */
export async function startPlayground(
	options: PlaygroundOptions,
	report: ReportProgress,
	onStarted: (stop: () => Promise<void>) => void,
): Promise<Playground> {
	await assertPortIsFree(options.port, '--port');
	await assertPortIsFree(options.sandboxPort, '--sandbox-port');

	await n8nInstall(options.version, report);
	report('Building the package and installing it into n8n');
	await npm(['run', 'build'], { folder: PROJECT_FOLDER });
	const tarball = await packTarball(PROJECT_FOLDER, options.userFolder);
	const packageFolder = await installTarball(tarball, options.userFolder);

	const sandbox = await startSandbox({ port: options.sandboxPort });
	onStarted(() => sandbox.close());

	report(`Starting n8n ${options.version}`);
	const logFile = path.resolve(options.userFolder, 'n8n.log');
	const env = {
		N8N_LOG_OUTPUT: 'console,file',
		N8N_LOG_FILE_LOCATION: logFile,
		N8N_DEV_RELOAD: String(options.watch),
	};
	const n8n = await startN8n({ ...options, env });
	onStarted(() => n8n.stop());

	return { n8n, client: await signIn(n8n), logFile, sandbox, packageFolder };
}

async function assertPortIsFree(port: number, option: string): Promise<void> {
	if (await isPortFree(port)) return;
	throw new UserFacingError(
		`Port ${port} is occupied, perhaps by another n8n or an earlier start.\n` +
			`Stop that one, or choose another port: npm start -- ${option} ${port + 1}`,
	);
}
