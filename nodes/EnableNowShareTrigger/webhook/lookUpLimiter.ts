import { sleep } from 'n8n-workflow';

import { RequestError } from '../../shared/errors/requestError';

const MAX_CONCURRENT_REQUESTS = 10;

/** However long EnableNow asks to wait, later events can still be looked up in time. */
const MAX_RATE_LIMIT_PAUSE_MS = 2_000;

/**
 * Maximum number of requests a minute for events that present no webhook secret: 10 a second, far more
 * than events arrive in practice, and far fewer than strangers can send.
 */
const MAX_UNPROVEN_REQUESTS = 600;
const MINUTE_MS = 60_000;

/** Pauses before the retry if EnableNow does not say how long; the long one after 404 and 429. */
const DEFAULT_PAUSE_MS = 250;
const LONG_PAUSE_MS = 1_000;

/** What a look-up is allowed. */
export interface LookUpAllowance {
	/** By `performance.now()`; a request that starts later would hardly be answered in time. */
	latestStart: number;
	isSecretPresented: boolean;
}

/**
 * Limits the look-ups of one credential. A burst of events, by a stranger or not, must neither use up
 * the rate limit that workflows need, nor keep n8n so busy that no look-up is answered in time.
 */
export class LookUpLimiter {
	private running = 0;
	/** The requests for which there is no room yet, first come, first served. */
	private readonly waiting: Array<() => void> = [];
	/** After a 429, the end of the pause by `performance.now()`. */
	private pause: { until: number; error: unknown } = { until: 0, error: undefined };
	/** The requests without a secret, until the end of a minute by `performance.now()`. */
	private unproven = { count: 0, until: 0 };

	/**
	 * Sends a request when there is room for it and EnableNow is not over its rate limit.
	 *
	 * @throws an error if it would be sent too late or be one too many; the last 429 during its pause
	 */
	async send<Result>(allowance: LookUpAllowance, request: () => Promise<Result>): Promise<Result> {
		if (this.running < MAX_CONCURRENT_REQUESTS) this.running++;
		else await new Promise<void>((resolve) => this.waiting.push(resolve));
		try {
			return await this.sendNow(allowance, request);
		} finally {
			const next = this.waiting.shift();
			// The next one takes over the room of this one.
			if (next === undefined) this.running--;
			else next();
		}
	}

	private async sendNow<Result>(
		{ latestStart, isSecretPresented }: LookUpAllowance,
		request: () => Promise<Result>,
	): Promise<Result> {
		const now = performance.now();
		const { until, error } = this.pause;
		if (until > Math.max(now, latestStart)) throw error;
		if (now > latestStart) throw new Error('EnableNow could not be asked in time');
		if (!isSecretPresented) this.countUnproven(now);
		if (until > now) await sleep(until - now);
		return await request().catch((failure: unknown) => {
			if (failure instanceof RequestError && failure.status === 429) {
				this.extendPause(getPause(failure), failure);
			}
			throw failure;
		});
	}

	private countUnproven(now: number): void {
		if (now >= this.unproven.until) this.unproven = { count: 0, until: now + MINUTE_MS };
		if (++this.unproven.count <= MAX_UNPROVEN_REQUESTS) return;
		throw new Error(
			`EnableNow is asked at most ${MAX_UNPROVEN_REQUESTS} times a minute about events without a webhook secret`,
		);
	}

	private extendPause(milliseconds: number, error: RequestError): void {
		const until = performance.now() + Math.min(milliseconds, MAX_RATE_LIMIT_PAUSE_MS);
		if (until > this.pause.until) this.pause = { until, error };
	}
}

/**
 * How long to wait after a failure, in milliseconds; after a 404, which is retried more than once, never
 * shorter than the long pause.
 */
export function getPause({ status, retryAfter }: RequestError): number {
	if (status === 404) return Math.max(retryAfter ?? 0, LONG_PAUSE_MS);
	return retryAfter ?? (status === 429 ? LONG_PAUSE_MS : DEFAULT_PAUSE_MS);
}
