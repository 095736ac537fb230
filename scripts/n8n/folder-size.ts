import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The pause after a look, milliseconds, and at least so many times as long as the look took. */
const MIN_PAUSE = 2_000;
const PAUSE_FACTOR = 5;

/**
 * Looks now and then how large a folder is.
 *
 * @param onSize gets all its files' bytes, together
 * @returns a function that ends it
 */
export function watchFolderSize(folder: string, onSize: (bytes: number) => void): () => void {
	const end = new AbortController();
	void (async () => {
		while (!end.signal.aborted) {
			const start = Date.now();
			const bytes = await folderSize(folder);
			if (!end.signal.aborted) onSize(bytes);
			const pause = Math.max(MIN_PAUSE, PAUSE_FACTOR * (Date.now() - start));
			await sleep(pause, undefined, { signal: end.signal }).catch(() => {});
		}
	})();
	return () => end.abort();
}

/** What has just been moved or removed counts for nothing. */
async function folderSize(folder: string): Promise<number> {
	const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
	const sizes = entries.map(async (entry) => {
		const file = path.join(folder, entry.name);
		if (entry.isDirectory()) return await folderSize(file);
		return await lstat(file).then(
			({ size }) => size,
			() => 0,
		);
	});
	return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
