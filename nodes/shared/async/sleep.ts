import { sleep } from 'n8n-workflow';

/**
 * Sleeps until the time is over or the signal fires. Earlier versions of n8n's `sleep` know no signal: there
 * the timer is left behind.
 */
export async function sleepUnlessAborted(
	milliseconds: number,
	signal: AbortSignal | undefined,
): Promise<void> {
	if (signal?.aborted) return;
	let onAbort: () => void = () => undefined;
	const aborted = new Promise<void>((resolve) => (onAbort = resolve));
	signal?.addEventListener('abort', onAbort);
	await Promise.race([sleep(milliseconds, signal), aborted]);
	signal?.removeEventListener('abort', onAbort);
}
