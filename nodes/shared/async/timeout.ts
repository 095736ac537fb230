/** Thrown by {@link withTimeout} when the time is over. */
export class TimeoutError extends Error {
	constructor(readonly milliseconds: number) {
		super(`not done within ${milliseconds} ms`);
		this.name = 'TimeoutError';
	}
}

/**
 * Waits for work no longer than a given time. n8n's request helper alone cannot promise that: its
 * `timeout` is about idle sockets, so that a slow drip passes it.
 *
 * @param work - is given a signal that fires when the time is over, to let go of what it holds
 * @throws TimeoutError when the time is over first
 */
export async function withTimeout<Result>(
	work: (signal: AbortSignal) => Promise<Result>,
	milliseconds: number,
): Promise<Result> {
	const signal = AbortSignal.timeout(Math.ceil(milliseconds));
	let onAbort: () => void = () => undefined;
	const expiry = new Promise<never>((_resolve, reject) => {
		onAbort = () => reject(new TimeoutError(milliseconds));
	});
	signal.addEventListener('abort', onAbort);
	try {
		return await Promise.race([work(signal), expiry]);
	} finally {
		signal.removeEventListener('abort', onAbort);
	}
}
