import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
	freePort,
	LOOPBACK,
	startProcess,
	waitFor,
	type RunningProcess,
} from '../../../scripts/n8n';
import { program, type Service } from './service';

/** A Redis that keeps what it is given over a restart, as one has to be set up for n8n's queue. */
export class Redis implements Service {
	private constructor(
		readonly port: number,
		private readonly folder: string,
		private running: RunningProcess,
	) {}

	/** @throws UserFacingError when Redis is not installed */
	static async start(): Promise<Redis> {
		const folder = await mkdtemp(path.join(tmpdir(), 'e2e-redis-'));
		const port = await freePort();
		return new Redis(port, folder, await run(port, folder));
	}

	/**
	 * Ends Redis and starts it again on the same data.
	 *
	 * @param whileDown is called in between, and not waited for
	 */
	async restart(whileDown: () => void): Promise<void> {
		await this.running.stop();
		whileDown();
		this.running = await run(this.port, this.folder);
	}

	async stop(): Promise<void> {
		await this.running.kill();
		await rm(this.folder, { recursive: true, force: true });
	}
}

async function run(port: number, folder: string): Promise<RunningProcess> {
	const started = startProcess(
		program('redis-server', 'redis-server'),
		[
			...['--port', String(port), '--bind', LOOPBACK, '--dir', folder],
			...['--appendonly', 'yes', '--appendfsync', 'always', '--save', ''],
		],
		{ cwd: folder, env: { PATH: process.env['PATH'] } },
	);
	await waitFor('Redis to answer', async () => await answersPing(port));
	return started;
}

/** While it loads its data, it answers otherwise. */
async function answersPing(port: number): Promise<boolean> {
	return await new Promise((resolve, reject) => {
		const socket = connect(port, LOOPBACK, () => socket.write('PING\r\n'));
		socket.once('error', reject);
		socket.once('data', (answer) => {
			socket.destroy();
			resolve(answer.toString().startsWith('+PONG'));
		});
	});
}
