import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import axios from 'axios';
import type { ITaskData } from 'n8n-workflow';
import { SANDBOX_CUSTOMERS, type SandboxCustomer } from '../sandbox';
import {
	executionError,
	freePort,
	installTarball,
	outputItems,
	signIn,
	startN8n,
	waitFor,
	waitForWebhook,
	type Credential,
	type Execution,
	type N8nClient,
	type RunningN8n,
} from '../scripts/n8n';
import { N8nDatabase } from './n8n-database';
import { findStartedProcess, ProcessUsage } from './process-usage';
import type { BenchSandbox } from './sandbox-process';
import { FOLLOWING_NODE, TIMED_NODE, type BenchWorkflow } from './workflows';

/** How long n8n may take to save an execution after it has answered, milliseconds. */
const SAVE_TIMEOUT = 120_000;

/** How often to look whether a webhook is served, milliseconds. */
const SERVED_INTERVAL = 20;

/** How long no share may be made before a run that failed counts as over, milliseconds. */
const QUIET_TIME = 1000;

/** What came of an execution. */
export interface Run {
	/** Why it does not count; undefined where all was done. */
	failure: string | undefined;
	/** Seconds that the timed node took, by n8n's own record. */
	seconds: number;
	/** When that node began, in milliseconds since 1970. */
	startedAt: number;
	/** Seconds of the node that follows it, 0 where none does. */
	followingSeconds: number;
	/** Items that the last of the two put out. */
	outputCount: number;
	/** Shares that the sandbox made meanwhile. */
	createdCount: number;
	/** Requests that the sandbox got meanwhile, by method and path. */
	requests: Record<string, number>;
	/** Seconds of computing of n8n for the whole execution. */
	cpuSeconds: number;
	/** Bytes of memory of n8n before the execution, and the most during it. */
	memoryBefore: number;
	memoryPeak: number;
}

/** A workflow that n8n holds, and that is active. */
export interface ActiveWorkflow {
	id: string;
	url: string;
}

/** A real n8n with the package, in which workflows are run and their nodes' times are read. */
export class BenchN8n {
	private readonly active = new Map<string, ActiveWorkflow>();

	/** The ids of all workflows, by path. */
	private readonly made = new Map<string, string>();

	private constructor(
		private readonly version: string,
		/** Holds n8n's `.n8n` folder. */
		readonly userFolder: string,
		private readonly port: number,
		private readonly sandbox: BenchSandbox,
		private started: StartedN8n,
		/** Of the sandbox's customer who shares. */
		readonly credential: Credential,
	) {}

	/**
	 * Starts an n8n on a fresh user folder.
	 *
	 * @param tarball the package, as packTarball() gives it
	 */
	static async setUp(
		version: string,
		userFolder: string,
		tarball: string,
		sandbox: BenchSandbox,
	): Promise<BenchN8n> {
		await installTarball(tarball, userFolder);
		const port = await freePort();
		const started = await start(version, userFolder, port);
		const credential = await createCredential(started, sandbox, SANDBOX_CUSTOMERS.sharer);
		return new BenchN8n(version, userFolder, port, sandbox, started, credential);
	}

	/** Who is signed in to it. */
	get client(): N8nClient {
		return this.started.client;
	}

	/** What it stores. */
	get database(): N8nDatabase {
		return new N8nDatabase(this.userFolder);
	}

	/** The process that runs n8n. */
	get usage(): ProcessUsage {
		return this.started.usage;
	}

	/** What n8n has printed. */
	get log(): RunningN8n['log'] {
		return this.started.n8n.log;
	}

	/**
	 * Ends n8n and starts it again on what it had.
	 *
	 * @param env further environment variables of the new one
	 */
	async restart(env: NodeJS.ProcessEnv = {}): Promise<void> {
		await this.started.n8n.stop();
		this.started = await start(this.version, this.userFolder, this.port, env);
		for (const { url } of this.active.values()) await waitForWebhook(url);
	}

	/** Makes a credential of another of the sandbox's customers. */
	async addCredential(customer: SandboxCustomer): Promise<Credential> {
		return await createCredential(this.started, this.sandbox, customer);
	}

	/** Makes the workflow and activates it, where that has not been done; waits until it is served. */
	async activate({ path, content }: BenchWorkflow): Promise<ActiveWorkflow> {
		const known = this.active.get(path);
		if (known) return known;
		const { client, n8n } = this.started;
		const id = this.made.get(path) ?? (await client.workflows.create(content)).id;
		this.made.set(path, id);
		await client.workflows.activate(id);
		const active = { id, url: `${n8n.url}/webhook/${path}` };
		await waitForWebhook(active.url, 'POST', { interval: SERVED_INTERVAL });
		this.active.set(path, active);
		return active;
	}

	/** Deactivates the workflow, where it is active. It can be activated again. */
	async deactivate({ path }: BenchWorkflow): Promise<void> {
		const active = this.active.get(path);
		this.active.delete(path);
		if (active) await this.started.client.workflows.deactivate(active.id);
	}

	/**
	 * Runs a workflow and waits until n8n has saved what came of it. Nothing is asked of n8n while
	 * the workflow runs.
	 *
	 * @param count how many items to make, for a workflow that makes items
	 */
	async run(workflow: BenchWorkflow, count: number): Promise<Run> {
		const { id, url } = await this.activate(workflow);
		const { usage, client } = this.started;
		const { admin } = this.sandbox;
		const [previous] = await client.executions.list(id, 1);
		const countersBefore = await admin.counters();
		const memoryBefore = await usage.memory();
		await usage.forgetPeak();
		const cpuBefore = await usage.cpuTime();
		await axios.post(
			url,
			{ count, prefix: randomUUID() },
			{ validateStatus: () => true, proxy: false },
		);
		const cpuSeconds = (await usage.cpuTime()) - cpuBefore;
		const executionId = await this.endedAfter(id, previous?.id);
		const memoryPeak = await usage.peakMemory();
		const execution = await client.executions.get(executionId);
		const failure = failureOf(execution);
		if (failure !== undefined) await this.quiet();
		const counters = await admin.counters();
		const timed = taskOf(execution, TIMED_NODE);
		const following = taskOf(execution, FOLLOWING_NODE);
		return {
			failure,
			seconds: (timed?.executionTime ?? NaN) / 1000,
			startedAt: timed?.startTime ?? NaN,
			followingSeconds: (following?.executionTime ?? 0) / 1000,
			outputCount: outputItems(execution, following ? FOLLOWING_NODE : TIMED_NODE).length,
			createdCount: counters.sharesCreated - countersBefore.sharesCreated,
			requests: difference(counters.requests, countersBefore.requests),
			cpuSeconds,
			memoryBefore,
			memoryPeak,
		};
	}

	/** Asks with the list only: an execution itself is sent with all its data. */
	private async endedAfter(workflowId: string, previousId: string | undefined): Promise<string> {
		return await waitFor(
			'the execution to be saved',
			async () => {
				const [newest] = await this.started.client.executions.list(workflowId, 1);
				const isUnderWay = newest && ['new', 'running', 'waiting'].includes(newest.status);
				return newest && !isUnderWay && newest.id !== previousId && newest.id;
			},
			{ timeout: SAVE_TIMEOUT },
		);
	}

	/** Requests that were under way when a node failed may still make shares. */
	private async quiet(): Promise<void> {
		const created = async (): Promise<number> => {
			const { sharesCreated } = await this.sandbox.admin.counters();
			return sharesCreated;
		};
		let [before, now] = [-1, await created()];
		while (before !== now) {
			await sleep(QUIET_TIME);
			[before, now] = [now, await created()];
		}
	}
}

/** An n8n that runs, with the one who is signed in to it. */
interface StartedN8n {
	n8n: RunningN8n;
	client: N8nClient;
	usage: ProcessUsage;
}

async function start(
	version: string,
	userFolder: string,
	port: number,
	env: NodeJS.ProcessEnv = {},
): Promise<StartedN8n> {
	const n8n = await startN8n({ version, userFolder, port, env });
	const processId = await findStartedProcess(`N8N_USER_FOLDER=${n8n.userFolder}`);
	return { n8n, client: await signIn(n8n), usage: new ProcessUsage(processId) };
}

async function createCredential(
	{ client }: StartedN8n,
	sandbox: BenchSandbox,
	{ clientId, clientSecret }: SandboxCustomer,
): Promise<Credential> {
	return await client.credentials.create({
		name: `EnableNow ${clientId}`,
		type: 'enableNowOAuth2Api',
		data: { environment: 'custom', baseUrl: sandbox.url, clientId, clientSecret },
	});
}

function taskOf(execution: Execution, nodeName: string): ITaskData | undefined {
	return execution.data.resultData.runData[nodeName]?.at(-1);
}

function failureOf(execution: Execution): string | undefined {
	if (execution.status === 'success') return undefined;
	return executionError(execution) ?? execution.status;
}

function difference(
	after: Record<string, number>,
	before: Record<string, number>,
): Record<string, number> {
	return Object.fromEntries(
		Object.entries(after).map(([name, count]) => [name, count - (before[name] ?? 0)]),
	);
}
