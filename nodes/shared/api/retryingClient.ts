import { sleepUnlessAborted } from '../async/abort';
import { cancelledError, droppedError, RequestError } from '../errors/requestError';
import { joinSentences } from '../errors/text';
import type { ApiRequest, EnableNowClient } from './client';
import { type Permit, RateLimiter, type RequestResult } from './rateLimiter';
import { canRetry } from './retryPolicy';

export interface RetryOptions {
	/** Maximum number of requests in flight. */
	maxConcurrentRequests: number;
	/** Maximum number of retries of one request. */
	maxRetries: number;
	/** Maximum wait before a retry, in seconds. */
	maxRetryWait: number;
}

/** The first wait if EnableNow does not name one; doubled for each retry. */
const INITIAL_BACKOFF_MS = 250;

/** EnableNow counts as unresponsive after so many failures in a row over so long a time. */
const UNRESPONSIVE = { requests: 10, milliseconds: 60_000 };

/**
 * A client that keeps to EnableNow's rate limit and retries what may be retried. A circuit breaker
 * stops sending when it is useless: EnableNow gives no token, asks for a longer wait than allowed, or
 * every request has been failing for a while.
 */
export class RetryingClient implements EnableNowClient {
	private readonly limiter: RateLimiter;
	private stopped: 'nothing' | 'changes' | 'everything' = 'nothing';
	/** Nothing is sent before this time, by `performance.now()`. */
	private circuit: { openUntil: number; error: RequestError } | undefined;
	/** The failures since EnableNow last answered. */
	private unanswered: { count: number; since: number } | undefined;

	/**
	 * @param client - sends each request once
	 * @param stopSignal - fires when the workflow is stopped; nothing more is sent then
	 */
	constructor(
		private readonly client: EnableNowClient,
		private readonly options: RetryOptions,
		private readonly stopSignal: AbortSignal | undefined,
	) {
		this.limiter = new RateLimiter(options.maxConcurrentRequests);
		stopSignal?.addEventListener('abort', this.openLimiter, { once: true });
	}

	get credential(): EnableNowClient['credential'] {
		return this.client.credential;
	}

	async send(request: ApiRequest): Promise<unknown> {
		let lastError: RequestError | undefined;
		for (let attempt = 1; ; attempt++) {
			const permit = await this.limiter.acquire(attempt > 1);
			const obstacle = this.findObstacle(request, lastError);
			if (obstacle !== undefined) {
				this.limiter.release(permit, 'notSent');
				throw obstacle;
			}
			try {
				const response = await this.client.send(request);
				this.finish(permit, 'answered');
				return response;
			} catch (error) {
				const result = toResult(request, error);
				const wait = this.getWait(error, attempt);
				const isPaused = result === 'rateLimited' && this.isAllowed(wait);
				if (isPaused) this.limiter.pause(wait);
				this.finish(permit, result);
				lastError = this.assertRetry(request, error, attempt, wait);
				if (!isPaused) await sleepUnlessAborted(wait, this.stopSignal);
			}
		}
	}

	/** Sends no more changes, or nothing more at all. Requests in flight are completed. */
	stop(what: 'changes' | 'everything'): void {
		this.stopped = what;
	}

	close(): void {
		this.stop('everything');
		// A trigger's signal outlives this client.
		this.stopSignal?.removeEventListener('abort', this.openLimiter);
	}

	private readonly openLimiter = (): void => this.limiter.open();

	/** The reason not to send a request now. */
	private findObstacle(
		request: ApiRequest,
		lastError: RequestError | undefined,
	): RequestError | undefined {
		const hadNoEffect = lastError === undefined || lastError.outcome !== 'unknown';
		if (this.stopSignal?.aborted) return cancelledError(!hadNoEffect);
		const isStopped =
			this.stopped === 'everything' || (this.stopped === 'changes' && request.method !== 'GET');
		if (isStopped) {
			const reason = 'another item has failed';
			return hadNoEffect ? droppedError(reason) : giveUp(request, lastError, reason);
		}
		if (this.circuit === undefined || performance.now() >= this.circuit.openUntil) return undefined;
		return lastError === undefined
			? this.circuit.error
			: giveUp(request, lastError, 'the node has stopped sending requests');
	}

	/**
	 * How long to wait before a retry, in milliseconds: as EnableNow asks, or exponentially longer, with
	 * jitter: requests that failed together should not be retried together.
	 */
	private getWait(error: unknown, attempt: number): number {
		const { retryAfter: asked = 0 } = error instanceof RequestError ? error : {};
		// A shorter wait may have been rounded down, or computed from a date by another clock.
		if (asked >= 1000) return asked;
		const backoff = INITIAL_BACKOFF_MS * 2 ** (attempt - 1);
		const bound = Math.min(backoff, this.options.maxRetryWait * 1000);
		return Math.max(asked, bound * (0.5 + Math.random() / 2));
	}

	private isAllowed(wait: number): boolean {
		return wait <= this.options.maxRetryWait * 1000;
	}

	/**
	 * @returns the error, if the request should be retried
	 * @throws the error, if not
	 */
	private assertRetry(
		request: ApiRequest,
		error: unknown,
		attempt: number,
		wait: number,
	): RequestError {
		if (!(error instanceof RequestError)) throw error;
		if (!canRetry(request.method, error)) {
			// No other request would get a token, and asking repeatedly could lock the app out.
			if (['tokenRefused', 'noToken'].includes(error.kind))
				this.open(Number.POSITIVE_INFINITY, error);
			throw error;
		}
		const { maxRetries } = this.options;
		if (!this.isAllowed(wait)) {
			const seconds = Math.ceil(wait / 1000);
			const reason = `EnableNow asks to wait ${seconds} seconds`;
			// For requests that are not sent because of it.
			this.open(performance.now() + wait, giveUp(request, error.asNotSent(), reason, LIMITS_HINT));
			throw giveUp(request, error, reason, LIMITS_HINT);
		}
		if (maxRetries === 0) throw error;
		if (attempt > maxRetries) {
			throw giveUp(request, error, `it was sent ${attempt} times`, LIMITS_HINT);
		}
		return error;
	}

	private open(openUntil: number, error: RequestError): void {
		if (openUntil > (this.circuit?.openUntil ?? 0)) this.circuit = { openUntil, error };
	}

	private finish(permit: Permit, result: RequestResult): void {
		if (result === 'failed') {
			this.unanswered ??= { count: 0, since: permit.sentAt };
			const count = ++this.unanswered.count;
			const duration = performance.now() - this.unanswered.since;
			if (count >= UNRESPONSIVE.requests && duration >= UNRESPONSIVE.milliseconds) {
				const reason = `none of the last ${count} requests to EnableNow succeeded, in ${Math.round(duration / 1000)} seconds`;
				this.open(Number.POSITIVE_INFINITY, droppedError(reason));
			}
		} else if (result !== 'notSent') {
			this.unanswered = undefined;
		}
		this.limiter.release(permit, result);
	}
}

function toResult({ method }: ApiRequest, error: unknown): RequestResult {
	if (!(error instanceof RequestError) || error.kind === 'cancelled') return 'notSent';
	if (error.status === 429) return 'rateLimited';
	return error.isTemporary || (method === 'POST' && error.outcome === 'unknown')
		? 'failed'
		: 'answered';
}

const LIMITS_HINT =
	"To keep trying for longer, raise 'Max Retries' and 'Max Retry Wait' in the options of EnableNow Share.";

/** The error of a request that is not retried any more. */
function giveUp(
	{ method }: ApiRequest,
	error: RequestError,
	reason: string,
	hint = '',
): RequestError {
	const hadNoEffect = method === 'GET' || error.outcome !== 'unknown';
	const effect = hadNoEffect
		? 'Nothing was done for this item, so it can be run again later.'
		: 'EnableNow may have carried it out anyway; running this item again does no harm.';
	return error.with({
		message: joinSentences(error.message, `Gave up: ${reason}`),
		description: [error.description, hint, effect].filter(Boolean).join(' '),
	});
}
