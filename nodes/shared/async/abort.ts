import { sleep } from 'n8n-workflow';

/**
 * Limits how long work takes. The `timeout` of n8n's request helper is not enough: it only limits how
 * long a socket is idle, so a response may arrive slowly forever.
 *
 * @param work - gets a signal that fires when the time is over
 * @throws an error that {@link isTimeout} when the time is over
 */
export async function withTimeout<Result>(
	work: (signal: AbortSignal) => Promise<Result>,
	milliseconds: number,
): Promise<Result> {
	return await untilAborted(work, AbortSignal.timeout(Math.ceil(milliseconds)));
}

export function isTimeout(error: unknown): boolean {
	return (Object(error) as { name?: unknown }).name === 'TimeoutError';
}

/**
 * Sleeps until the time is over or the signal fires. Earlier versions of n8n's `sleep` know no signal: there
 * the timer is left behind.
 */
export async function sleepUnlessAborted(
	milliseconds: number,
	signal: AbortSignal = new AbortController().signal,
): Promise<void> {
	if (signal.aborted) return;
	await untilAborted(async () => await sleep(milliseconds, signal), signal).catch(() => undefined);
}

/** @throws the signal's reason if it fires before the work is done */
async function untilAborted<Result>(
	work: (signal: AbortSignal) => Promise<Result>,
	signal: AbortSignal,
): Promise<Result> {
	let onAbort: () => void = () => undefined;
	const aborted = new Promise<never>((_resolve, reject) => {
		onAbort = () => reject(signal.reason as Error);
	});
	signal.addEventListener('abort', onAbort);
	try {
		return await Promise.race([work(signal), aborted]);
	} finally {
		signal.removeEventListener('abort', onAbort);
	}
}
