import { setTimeout as sleep } from 'node:timers/promises';

/** How long to wait for a condition, and how often to look. Times in milliseconds. */
export interface WaitOptions {
	/** When to give up. Default 60,000. */
	timeout?: number;
	/** The pause between two looks. Default 100. */
	interval?: number;
}

/**
 * Looks again and again until there is something to see.
 *
 * @param what names what is waited for; it ends up in the error message ("the editor to answer")
 * @param look gives the awaited value, or undefined (or false) while it is not there yet; what it
 * throws counts as "not yet" and is reported if time runs out
 * @returns the first value seen
 * @throws Error when the time is up, with the last error of `look` as its cause
 */
export async function waitFor<Value>(
	what: string,
	look: () => Promise<Value | undefined | false> | Value | undefined | false,
	options: WaitOptions = {},
): Promise<Value> {
	const { timeout = 60_000, interval = 100 } = options;
	const deadline = Date.now() + timeout;
	let lastError: unknown;
	for (;;) {
		try {
			const value = await look();
			if (value !== undefined && value !== false) return value;
			lastError = undefined;
		} catch (error) {
			lastError = error;
		}
		if (Date.now() + interval > deadline) {
			const reason = lastError instanceof Error ? ` (${lastError.message})` : '';
			throw new Error(`Gave up after ${timeout / 1000} s of waiting for ${what}${reason}`, {
				cause: lastError,
			});
		}
		await sleep(interval);
	}
}
