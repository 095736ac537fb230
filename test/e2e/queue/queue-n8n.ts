import {
	freePort,
	LOOPBACK,
	type N8nCommand,
	type N8nOptions,
	type RunningN8n,
} from '../../../scripts/n8n';
import { N8nFolder } from '../support/n8n-folder';
import { DATABASE_USER, Postgres } from './postgres';
import { Redis } from './redis';

/** So few executions at a time go through a worker, so that neither can take them all. */
export const CONCURRENCY = 3;

/** One of the processes, with a user folder of its own as if it had a machine of its own. */
export class QueueProcess {
	n8n!: RunningN8n;
	private port: number | undefined;

	private constructor(
		readonly folder: N8nFolder,
		private readonly options: Omit<N8nOptions, 'userFolder' | 'version' | 'port'>,
	) {}

	static async start(
		name: string,
		options: Omit<N8nOptions, 'userFolder' | 'version' | 'port'>,
	): Promise<QueueProcess> {
		const started = new QueueProcess(await N8nFolder.create(name), options);
		await started.start();
		return started;
	}

	/** Starts it where it was before, once it has been killed. */
	async start(): Promise<void> {
		this.port ??= await freePort();
		this.n8n = await this.folder.start({ ...this.options, port: this.port });
	}

	/** Ends it by SIGKILL. */
	async kill(): Promise<void> {
		await this.folder.kill();
	}
}

/** n8n in queue mode: a main process, two workers and two webhook processors. */
export class QueueN8n {
	private readonly processes: QueueProcess[] = [];

	private constructor(
		readonly redis: Redis,
		private readonly postgres: Postgres,
		private readonly furtherEnvironment: NodeJS.ProcessEnv,
	) {}

	main!: QueueProcess;
	workers!: [QueueProcess, QueueProcess];
	webhookProcessors!: [QueueProcess, QueueProcess];

	/**
	 * @param furtherEnvironment - of all processes
	 * @throws UserFacingError when Redis or PostgreSQL is not installed
	 */
	static async start(furtherEnvironment: NodeJS.ProcessEnv = {}): Promise<QueueN8n> {
		const redis = await Redis.start();
		const postgres = await Postgres.start().catch(async (error: unknown) => {
			await redis.stop();
			throw error;
		});
		const queue = new QueueN8n(redis, postgres, furtherEnvironment);
		try {
			// The main process alone makes the tables.
			queue.main = await queue.startProcess('main', 'start');
			[queue.workers, queue.webhookProcessors] = await Promise.all([
				Promise.all([queue.startWorker('worker 1'), queue.startWorker('worker 2')]),
				Promise.all([
					queue.startProcess('webhook processor 1', 'webhook'),
					queue.startProcess('webhook processor 2', 'webhook'),
				]),
			]);
		} catch (error) {
			await queue.stop();
			throw error;
		}
		return queue;
	}

	async startWorker(name: string): Promise<QueueProcess> {
		return await this.startProcess(name, 'worker', [`--concurrency=${CONCURRENCY}`]);
	}

	/** Starts another main process beside the first. */
	async startSecondMain(): Promise<QueueProcess> {
		return await this.startProcess('second main', 'start', [], {
			N8N_MULTI_MAIN_SETUP_ENABLED: 'true',
		});
	}

	/** All processes that run, or have run. */
	all(): QueueProcess[] {
		return this.processes;
	}

	/** Ends all processes of n8n by SIGKILL; database and queue are left. */
	async kill(): Promise<void> {
		await Promise.all(this.processes.map(async (process) => await process.kill()));
	}

	/** Starts all of them where they were before. */
	async startAgain(): Promise<void> {
		await Promise.all(
			[this.main, ...this.workers, ...this.webhookProcessors].map(
				async (process) => await process.start(),
			),
		);
	}

	async stop(): Promise<void> {
		await Promise.all(this.processes.map(async ({ folder }) => await folder.remove()));
		await this.postgres.stop();
		await this.redis.stop();
	}

	private async startProcess(
		name: string,
		command: N8nCommand,
		commandArguments: string[] = [],
		furtherEnvironment: NodeJS.ProcessEnv = {},
	): Promise<QueueProcess> {
		const env = { ...this.environment(), ...furtherEnvironment };
		const options = { command, commandArguments, env };
		const started = await QueueProcess.start(name, options);
		this.processes.push(started);
		return started;
	}

	private environment(): NodeJS.ProcessEnv {
		return {
			EXECUTIONS_MODE: 'queue',
			OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true',
			N8N_DISABLE_PRODUCTION_MAIN_PROCESS: 'true',
			N8N_ENCRYPTION_KEY: 'the-same-for-all-processes-of-the-suite',
			QUEUE_BULL_REDIS_HOST: LOOPBACK,
			QUEUE_BULL_REDIS_PORT: String(this.redis.port),
			// A worker that is gone is noticed within seconds instead of a minute.
			QUEUE_WORKER_LOCK_DURATION: '5000',
			QUEUE_WORKER_LOCK_RENEW_TIME: '1000',
			QUEUE_WORKER_STALLED_INTERVAL: '2000',
			DB_TYPE: 'postgresdb',
			DB_POSTGRESDB_HOST: LOOPBACK,
			DB_POSTGRESDB_PORT: String(this.postgres.port),
			DB_POSTGRESDB_DATABASE: 'postgres',
			DB_POSTGRESDB_USER: DATABASE_USER,
			DB_POSTGRESDB_PASSWORD: 'none-is-needed',
			...this.furtherEnvironment,
		};
	}
}
