import { execFile } from 'node:child_process';
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import {
	freePort,
	LOOPBACK,
	startProcess,
	waitFor,
	type RunningProcess,
} from '../../../scripts/n8n';
import { program, type Service } from './service';

/** The database's own user, who has no password: it is reached from this machine only. */
export const DATABASE_USER = 'n8n';

const DEBIAN_PACKAGE = 'postgresql';

/** Speed instead of safety: the data lives for a test. */
const SETTINGS = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

/** Whom PostgreSQL runs as where this process is root, which it refuses to be. */
interface SystemUser {
	uid: number;
	gid: number;
}

/** A PostgreSQL with an empty database. */
export class Postgres implements Service {
	private constructor(
		readonly port: number,
		private readonly folder: string,
		private readonly running: RunningProcess,
	) {}

	/** @throws UserFacingError when PostgreSQL is not installed */
	static async start(): Promise<Postgres> {
		const initdb = program('initdb', DEBIAN_PACKAGE);
		const postgres = program('postgres', DEBIAN_PACKAGE);
		const folder = await mkdtemp(path.join(tmpdir(), 'e2e-postgres-'));
		const user = process.getuid?.() === 0 ? await unprivilegedUser() : undefined;
		await chmod(folder, 0o700);
		if (user) await chown(folder, user.uid, user.gid);
		const port = await freePort();

		const preparation = runAs(user, folder, [
			...[initdb, '--pgdata', folder, '--username', DATABASE_USER],
			...['--auth', 'trust', '--encoding', 'UTF8', '--locale', 'C', '--no-sync'],
		]);
		if ((await preparation.exited) !== 0) throw new Error(preparation.log.tail());

		const running = runAs(user, folder, [
			...[postgres, '-D', folder, '-p', String(port), '-h', LOOPBACK, '-k', ''],
			...SETTINGS.flatMap((setting) => ['-c', setting]),
		]);
		await waitFor('PostgreSQL to be ready', () => {
			if (running.exitCode() !== undefined) throw new Error(running.log.tail());
			return running.log.text().includes('ready to accept connections');
		});
		return new Postgres(port, folder, running);
	}

	async stop(): Promise<void> {
		await this.running.stop();
		await rm(this.folder, { recursive: true, force: true });
	}
}

function runAs(user: SystemUser | undefined, folder: string, command: string[]): RunningProcess {
	const prefix = user
		? ['setpriv', `--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups']
		: [];
	const [first = '', ...further] = [...prefix, ...command];
	return startProcess(first, further, { cwd: folder, env: { PATH: process.env['PATH'] } });
}

/** Debian's package makes a user "postgres"; "nobody" is everywhere. */
async function unprivilegedUser(): Promise<SystemUser> {
	for (const name of ['postgres', 'nobody']) {
		try {
			return { uid: await idOf('-u', name), gid: await idOf('-g', name) };
		} catch {
			// There is no such user: try the next one.
		}
	}
	throw new Error('There is no user "postgres" or "nobody" to run PostgreSQL as');
}

async function idOf(option: '-g' | '-u', user: string): Promise<number> {
	const { stdout } = await promisify(execFile)('id', [option, user]);
	return Number(stdout);
}
