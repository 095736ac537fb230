export class TimeoutError extends Error {
	constructor(readonly milliseconds: number) {
		super(`not done within ${milliseconds} ms`);
		this.name = 'TimeoutError';
	}
}

/**
 * Limits how long work takes. The `timeout` of n8n's request helper is not enough: it only limits how
 * long a socket is idle, so a response may arrive slowly forever.
 *
 * @param work - gets a signal that fires when the time is over
 * @throws TimeoutError when the time is over
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
