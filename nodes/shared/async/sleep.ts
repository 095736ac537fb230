import { sleep } from 'n8n-workflow';

/**
 * Waits, but not beyond the moment at which the workflow is stopped.
 *
 * @param stopSignal - fires when the workflow is stopped
 */
export async function sleepUnlessAborted(
	milliseconds: number,
	stopSignal: AbortSignal | undefined,
): Promise<void> {
	if (stopSignal?.aborted) return;
	let onStop: () => void = () => undefined;
	const stopped = new Promise<void>((resolve) => (onStop = resolve));
	stopSignal?.addEventListener('abort', onStop);
	await Promise.race([sleep(milliseconds), stopped]);
	stopSignal?.removeEventListener('abort', onStop);
}
