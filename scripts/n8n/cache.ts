import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ReportProgress } from './progress';

/** Overrides the place of the cache. */
const CACHE_VARIABLE = 'N8N_NODES_ENABLENOW_CACHE';

/** Written last into an entry: a folder without it is not a finished one. */
const COMPLETE_MARKER = '.complete';

/** Followed by the id of the process that makes it. */
const INCOMPLETE = '.incomplete-';

/** How often to look whether another process has finished, milliseconds. */
const LOCK_INTERVAL = 500;

/**
 * @returns the folder for what takes long to fetch and may be thrown away: the environment
 * variable N8N_NODES_ENABLENOW_CACHE, or the user's cache folder of the platform (XDG on Linux)
 */
export function cacheFolder(): string {
	const chosen = process.env[CACHE_VARIABLE];
	if (chosen) return path.resolve(chosen);
	return path.join(userCacheFolder(), 'n8n-nodes-enablenow');
}

function userCacheFolder(): string {
	if (process.platform === 'win32') {
		return process.env['LOCALAPPDATA'] ?? path.join(homedir(), 'AppData', 'Local');
	}
	if (process.platform === 'darwin') return path.join(homedir(), 'Library', 'Caches');
	return process.env['XDG_CACHE_HOME'] || path.join(homedir(), '.cache');
}

/** @returns the folder of an entry, whether it is there yet or not */
export function cacheEntryFolder(name: string): string {
	// Native parts differ by platform, and a home folder may be shared between machines.
	return path.join(cacheFolder(), `${name}-${process.platform}-${process.arch}`);
}

/** @returns whether the entry is there and complete */
export function isCached(name: string): boolean {
	return existsSync(path.join(cacheEntryFolder(name), COMPLETE_MARKER));
}

/**
 * Gives a folder of the cache, making it first where it is missing.
 *
 * The entry appears complete or not at all: it is made in a temporary folder beside its place and
 * renamed. Of two processes that want the same entry, one makes it while the other waits.
 *
 * @param name the entry's file name, e.g. "n8n-2.41.1"
 * @param make fills the empty folder it is given; if it throws, nothing is kept
 * @param report is told when another process is waited for
 * @returns the absolute path of the complete entry
 * @throws what `make` throws, and file system errors
 */
export async function cached(
	name: string,
	make: (folder: string) => Promise<void>,
	report?: ReportProgress,
): Promise<string> {
	const entry = cacheEntryFolder(name);
	if (isCached(name)) return entry;
	await mkdir(cacheFolder(), { recursive: true });
	const lock = `${entry}.lock`;
	while (!isCached(name)) {
		if (await takeLock(lock)) {
			await makeEntry(name, make).finally(() => rm(lock, { force: true }));
		} else {
			report?.(
				`Waiting for another process that installs ${name} (if there is none: remove ${lock})`,
			);
			await sleep(LOCK_INTERVAL);
		}
	}
	return entry;
}

async function makeEntry(name: string, make: (folder: string) => Promise<void>): Promise<void> {
	// It may have appeared between the last look and the lock.
	if (isCached(name)) return;
	const entry = cacheEntryFolder(name);
	await removeLeftovers(entry);
	const folder = await mkdtemp(`${entry}${INCOMPLETE}${process.pid}-`);
	try {
		await make(folder);
		await writeFile(path.join(folder, COMPLETE_MARKER), '');
		await rm(entry, { recursive: true, force: true });
		await rename(folder, entry);
	} catch (error) {
		await rm(folder, { recursive: true, force: true });
		throw error;
	}
}

/** Removes what processes left behind that ended before they could finish the entry. */
async function removeLeftovers(entry: string): Promise<void> {
	const prefix = path.basename(entry) + INCOMPLETE;
	for (const name of await readdir(path.dirname(entry))) {
		if (!name.startsWith(prefix)) continue;
		if (isAlive(Number.parseInt(name.slice(prefix.length), 10))) continue;
		await rm(path.join(path.dirname(entry), name), { recursive: true, force: true });
	}
}

/**
 * The lock spares a second download of the same thing; that no entry is ever half made is held by
 * the rename, so a lock left by a process that was killed may be broken.
 */
async function takeLock(lock: string): Promise<boolean> {
	try {
		await writeFile(lock, String(process.pid), { flag: 'wx' });
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
	}
	const owner = Number(await readFile(lock, 'utf8').catch(() => ''));
	if (owner > 0 && !isAlive(owner)) await rm(lock, { force: true });
	return false;
}

function isAlive(processId: number): boolean {
	try {
		process.kill(processId, 0);
		return true;
	} catch (error) {
		// EPERM: it is there, and somebody else's.
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}
