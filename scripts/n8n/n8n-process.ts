import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import axios from 'axios';
import { n8nInstall } from './install';
import { freePort, LOOPBACK } from './ports';
import { startProcess } from './process';
import type { ProcessLog } from './process-log';
import type { ReportProgress } from './progress';
import { DEFAULT_N8N_VERSION } from './versions';
import { waitFor } from './wait';

const START_TIMEOUT = 120_000;

/** Which of n8n's processes: the main one (editor, API, webhooks), or one of queue mode's. */
export type N8nCommand = 'start' | 'worker' | 'webhook';

/** Which n8n to start, and how. */
export interface N8nOptions {
	/** A full version number; default: DEFAULT_N8N_VERSION. Installed first where it is missing. */
	version?: string;
	/**
	 * The folder that holds n8n's `.n8n` folder: database, encryption key, installed packages. An
	 * n8n started again on the same folder goes on where the last one was.
	 */
	userFolder: string;
	/** TCP port of editor, API and webhooks (of a worker: of its health checks). Default: a free one. */
	port?: number;
	/** Further environment variables, e.g. for queue mode; they win over those set here. */
	env?: NodeJS.ProcessEnv;
	/** Default: 'start'. */
	command?: N8nCommand;
	/** Further arguments of the command, e.g. ['--concurrency=5']. */
	commandArguments?: string[];
	/** Is told about an installation. */
	report?: ReportProgress;
}

/** An n8n that runs on this machine, reachable from nowhere else. */
export interface RunningN8n {
	readonly version: string;
	/** The address, without a slash at its end, e.g. "http://127.0.0.1:5678". */
	readonly url: string;
	readonly userFolder: string;
	readonly log: ProcessLog;
	/** Resolves with the exit code when n8n has ended, for whatever reason. */
	readonly exited: Promise<number>;
	/** Lets n8n finish what it does (at most 40 s) and end; what is left is killed. */
	stop(): Promise<void>;
	/** Ends n8n and its task runners at once, by SIGKILL. */
	kill(): Promise<void>;
}

/**
 * Starts a real n8n and waits until it answers. It ends with this process at the latest.
 *
 * Active workflows are activated a little later: see waitForWebhook().
 *
 * @throws UserFacingError when n8n has to be installed and cannot be; Error with the end of n8n's
 * log when it ends instead of answering, or does not answer within two minutes
 */
export async function startN8n(options: N8nOptions): Promise<RunningN8n> {
	const version = options.version ?? DEFAULT_N8N_VERSION;
	const install = await n8nInstall(version, options.report);
	const port = options.port ?? (await freePort());
	const url = `http://${LOOPBACK}:${port}`;
	await mkdir(options.userFolder, { recursive: true });

	const run = startProcess(
		install.node.executable,
		[install.script, options.command ?? 'start', ...(options.commandArguments ?? [])],
		{
			cwd: options.userFolder,
			env: {
				...inheritedEnvironment(),
				...install.node.env,
				...(await settings(options.userFolder, port)),
				...options.env,
			},
		},
	);
	try {
		await waitFor(
			'n8n to answer',
			async () => run.exitCode() !== undefined || (await isReady(url, options.command)),
			{ timeout: START_TIMEOUT },
		);
		if (run.exitCode() !== undefined) throw new Error(`n8n ended with ${run.exitCode()}`);
	} catch (error) {
		await run.kill();
		const reason = error instanceof Error ? error.message : String(error);
		throw new Error(`n8n ${version} did not start: ${reason}\n${run.log.tail()}`, {
			cause: error,
		});
	}
	return {
		version,
		url,
		userFolder: path.resolve(options.userFolder),
		log: run.log,
		exited: run.exited,
		stop: () => run.stop(),
		kill: () => run.kill(),
	};
}

/**
 * What the machine itself needs. Nothing else is inherited: settings of an n8n, a proxy or a Node
 * that happen to be in the environment must not change what is tried.
 */
function inheritedEnvironment(): NodeJS.ProcessEnv {
	const names = ['HOME', 'LANG', 'TMPDIR', 'TZ'];
	const onWindows = ['APPDATA', 'LOCALAPPDATA', 'SystemRoot', 'TEMP', 'USERPROFILE'];
	return Object.fromEntries([...names, ...onWindows].map((name) => [name, process.env[name]]));
}

async function settings(userFolder: string, port: number): Promise<NodeJS.ProcessEnv> {
	return {
		N8N_USER_FOLDER: path.resolve(userFolder),
		N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS: 'true',
		NO_COLOR: '1',

		// On this machine only, by http.
		N8N_HOST: LOOPBACK,
		N8N_LISTEN_ADDRESS: LOOPBACK,
		N8N_PORT: String(port),
		N8N_SECURE_COOKIE: 'false',
		N8N_RUNNERS_BROKER_LISTEN_ADDRESS: LOOPBACK,
		N8N_RUNNERS_BROKER_PORT: String(await freePort()),
		QUEUE_HEALTH_CHECK_ACTIVE: 'true',
		QUEUE_HEALTH_CHECK_PORT: String(port),
		N8N_WORKER_SERVER_ADDRESS: LOOPBACK,

		// Nothing is told to, or fetched from, n8n's own servers.
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
		N8N_DYNAMIC_BANNERS_ENABLED: 'false',
		N8N_VERIFIED_PACKAGES_ENABLED: 'false',

		// On a busy machine n8n would answer "Database is not ready!" after five seconds.
		DB_PING_TIMEOUT_MS: '60000',

		// Nothing between the sign-in and the editor.
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_HIRING_BANNER_ENABLED: 'false',
	};
}

/** While the database is migrated, and before the API is there, n8n answers otherwise or not. */
async function isReady(url: string, command: N8nCommand = 'start'): Promise<boolean> {
	const proof = command === 'start' ? '/rest/settings' : '/healthz/readiness';
	const { status, data } = await axios.get<unknown>(url + proof, {
		validateStatus: () => true,
		proxy: false,
	});
	return status === 200 && typeof data === 'object';
}
