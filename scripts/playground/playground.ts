import path from 'node:path';
import {
	SANDBOX_CUSTOMERS,
	SHARE_EVENTS,
	startSandbox,
	type Delivery,
	type Sandbox,
} from '../../sandbox';
import {
	installTarball,
	isPortFree,
	LOCAL_OWNER,
	n8nInstall,
	npm,
	packTarball,
	RestError,
	signIn,
	startN8n,
	UserFacingError,
	type N8nClient,
	type Owner,
	type ReportProgress,
	type RunningN8n,
} from '../n8n';
import { readMemory, writeMemory, type Memory } from './memory';

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
	/** That n8n's owner; undefined where n8n's user has changed the owner's e-mail or password. */
	client: N8nClient | undefined;
	/** Of the owner, as the playground made it. */
	owner: Owner;
	memory: Memory;
	sandbox: Sandbox;
	/** The folder from which n8n loads the package. */
	packageFolder: string;
}

/** What can be set up: a playground whose n8n's owner is signed in. */
export interface OwnedPlayground {
	n8n: Pick<RunningN8n, 'url' | 'userFolder'>;
	client: N8nClient;
	memory: Memory;
	sandbox: Pick<Sandbox, 'url' | 'admin'>;
}

/**
 * Starts the playground.
 *
 * @param onDelivery is given each event that the sandbox has sent
 * @param onStarted is given a function that stops each part, as soon as the part runs
 * @throws UserFacingError where the user can mend what is wrong
 */
export async function startPlayground(
	options: PlaygroundOptions,
	report: ReportProgress,
	onDelivery: (delivery: Delivery) => void,
	onStarted: (stop: () => Promise<void>) => void,
): Promise<Playground> {
	await assertPortIsFree(options.port, '--port');
	await assertPortIsFree(options.sandboxPort, '--sandbox-port');

	await n8nInstall(options.version, report);
	report('Building the package and installing it into n8n');
	await npm(['run', 'build'], { folder: PROJECT_FOLDER });
	const tarball = await packTarball(PROJECT_FOLDER, options.userFolder);
	const packageFolder = await installTarball(tarball, options.userFolder);

	const memory = await readMemory(options.userFolder);
	await writeMemory(options.userFolder, memory);
	const sandbox = await startSandbox({ port: options.sandboxPort, onDelivery });
	// It has forgotten the address, and only who is signed in to n8n can find it.
	if (memory.webhook) await registerWebhook(sandbox, memory.webhook);
	onStarted(() => sandbox.close());

	report(`Starting n8n ${options.version}`);
	const logFile = path.resolve(options.userFolder, 'n8n.log');
	const env = {
		N8N_LOG_OUTPUT: 'console,file',
		N8N_LOG_FILE_LOCATION: logFile,
		N8N_DEV_RELOAD: String(options.watch),
		GENERIC_TIMEZONE: 'Europe/Amsterdam',
	};
	const n8n = await startN8n({ ...options, env });
	onStarted(() => n8n.stop());

	const owner = { ...LOCAL_OWNER, password: memory.password };
	const client = await signIn(n8n, owner).catch((error: unknown) => {
		if (error instanceof RestError && error.status === 401) return undefined;
		throw error;
	});
	return { n8n, client, owner, memory, logFile, sandbox, packageFolder };
}

/** Has the sandbox tell the app that receives of each share. */
export async function registerWebhook(
	{ admin }: Pick<Sandbox, 'admin'>,
	url: string,
): Promise<void> {
	const { clientId } = SANDBOX_CUSTOMERS.receiver;
	await admin.registerWebhooks(clientId, [{ url, events: [...SHARE_EVENTS] }]);
}

async function assertPortIsFree(port: number, option: string): Promise<void> {
	if (await isPortFree(port)) return;
	throw new UserFacingError(
		`Port ${port} is in use, perhaps by another n8n or an earlier start.\n` +
			`Stop that, or choose another port: npm start -- ${option} ${port + 1}`,
	);
}
