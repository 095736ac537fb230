import { sleep } from 'n8n-workflow';

/** Permission to send a request. Times are in milliseconds by `performance.now()`. */
export interface Permit {
	readonly sentAt: number;
	/** When EnableNow received the request, estimated from its response. */
	receivedAt: number;
}

/** Requests in flight at first, before it is known what EnableNow can handle. */
const INITIAL_CONCURRENCY = 10;

/** EnableNow is busy if a response takes longer than the fastest one times this, plus the noise. */
const SLOW_FACTOR = 3;
const NOISE_MS = 50;

/** What the end of a request says about the rate. */
export type RequestResult =
	| 'notSent'
	/** EnableNow did its work, whatever the response. */
	| 'answered'
	/** EnableNow answered 429. */
	| 'rateLimited'
	/** No response, or EnableNow could not do its work. */
	| 'failed';

/**
 * Limits how many requests are in flight and how many are sent per second. EnableNow's limits are not
 * documented and may change, so both are learned: the concurrency grows with each response and is
 * halved by failures; the rate is what EnableNow accepted before it answered 429.
 */
export class RateLimiter {
	private concurrency: number;
	private inFlight = 0;
	private fastest = Number.POSITIVE_INFINITY;
	private halvedAt = Number.NEGATIVE_INFINITY;
	private pausedUntil = 0;
	private isWaking = false;
	private isOpen = false;
	private readonly retries: Array<(permit: Permit) => void> = [];
	private readonly waiting: Array<(permit: Permit) => void> = [];
	private readonly limit = new LearnedLimit();

	/** @param maxConcurrency - maximum number of requests in flight */
	constructor(private readonly maxConcurrency: number) {
		this.concurrency = Math.min(INITIAL_CONCURRENCY, maxConcurrency);
	}

	/**
	 * Waits until a request may be sent: retries first, and within each kind first in, first out.
	 *
	 * @param isRetry - whether it has been sent before
	 * @returns a permit to {@link release}
	 */
	async acquire(isRetry: boolean): Promise<Permit> {
		return await new Promise((resolve) => {
			(isRetry ? this.retries : this.waiting).push(resolve);
			this.admit();
		});
	}

	release(permit: Permit, result: RequestResult): void {
		const now = performance.now();
		this.inFlight--;
		// If a response took longer than the fastest one, n8n may have sent the request late.
		permit.receivedAt = Math.max(permit.sentAt, now - this.fastest);
		if (result === 'answered') this.grow(now - permit.sentAt);
		if (result === 'failed' || result === 'rateLimited') this.halve(permit, now);
		if (result === 'notSent') this.limit.remove(permit);
		if (result === 'rateLimited') this.limit.refuse(permit);
		this.admit();
	}

	/** Sends nothing for a while, in milliseconds. */
	pause(milliseconds: number): void {
		this.pausedUntil = Math.max(this.pausedUntil, performance.now() + milliseconds);
	}

	/** Stops limiting: all requests, waiting or future, get a permit at once. */
	open(): void {
		this.isOpen = true;
		this.admit();
	}

	private grow(duration: number): void {
		this.fastest = Math.min(this.fastest, duration);
		if (duration <= this.fastest * SLOW_FACTOR + NOISE_MS) {
			this.concurrency = Math.min(this.maxConcurrency, this.concurrency + 1);
		}
	}

	/** Only once for requests that failed together. */
	private halve({ sentAt }: Permit, now: number): void {
		if (sentAt <= this.halvedAt) return;
		this.halvedAt = now;
		this.concurrency = Math.max(1, this.concurrency / 2);
	}

	private admit(): void {
		while (
			this.retries.length + this.waiting.length > 0 &&
			(this.isOpen || this.inFlight < Math.floor(this.concurrency))
		) {
			const now = performance.now();
			const start = this.isOpen ? now : this.nextStart(now);
			if (start > now) {
				void this.wakeAfter(start - now);
				return;
			}
			const permit: Permit = { sentAt: now, receivedAt: now };
			this.inFlight++;
			this.limit.add(permit);
			(this.retries.shift() ?? this.waiting.shift())?.(permit);
		}
	}

	private nextStart(now: number): number {
		if (this.pausedUntil > now) return this.pausedUntil;
		// After the pause, since the requests sent before the refusal have been answered then.
		const learned = this.limit.learn(now);
		// From now on the limit holds requests back, not the concurrency.
		if (learned > this.concurrency) this.concurrency = Math.min(this.maxConcurrency, learned);
		return this.limit.nextStart(now);
	}

	private async wakeAfter(milliseconds: number): Promise<void> {
		if (this.isWaking) return;
		this.isWaking = true;
		await sleep(Math.ceil(milliseconds));
		this.isWaking = false;
		this.admit();
	}
}

/** EnableNow counts requests per second. */
const WINDOW_MS = 1000;

/** A little longer, since requests do not arrive as evenly as they are sent. */
const STRETCHED_WINDOW_MS = 1.03 * WINDOW_MS;

/** How long a limit is kept before a higher one is tried. */
const HOLD_MS = 20_000;

/** The factor by which the limit is raised, once per window. */
const RAISE = 1.1;

/** Fewer requests prove nothing: another caller may have used up the limit. */
const MIN_COUNT = 5;

/** Two counts within this ratio count as the same limit. */
const SIMILARITY = 0.8;

/**
 * How many requests per second EnableNow accepts, learned from its 429 responses. It is infinite at
 * first, and set when two of them in a row came after about the same number of requests: a single one
 * may have another cause, such as another caller, and then waiting for Retry-After is enough.
 */
class LearnedLimit {
	private limit = Number.POSITIVE_INFINITY;
	private changedAt = 0;
	private lastCount = 0;
	/** When the first request was refused since the limit was set. */
	private refusedAt: number | undefined;
	/** The requests of the last window that were not refused, oldest first. */
	private readonly recent: Permit[] = [];

	add(permit: Permit): void {
		this.recent.push(permit);
	}

	/** Removes a request that was not sent, or that EnableNow refused: it uses up nothing. */
	remove(permit: Permit): void {
		const index = this.recent.lastIndexOf(permit);
		if (index >= 0) this.recent.splice(index, 1);
	}

	/** Notes a 429. Requests sent before the limit was set say nothing about it. */
	refuse(permit: Permit): void {
		this.remove(permit);
		if (permit.sentAt > this.changedAt) this.refusedAt ??= permit.receivedAt;
	}

	/**
	 * Sets the limit after a refusal; call it when the requests sent before have been answered.
	 *
	 * @returns the limit, or 0 if none was learned
	 */
	learn(now: number): number {
		if (this.refusedAt === undefined) return 0;
		const begin = this.refusedAt - WINDOW_MS;
		const count = this.recent.filter(({ receivedAt }) => receivedAt > begin).length;
		const lower = Math.min(count, this.lastCount);
		const isConfirmed = count >= MIN_COUNT && lower >= Math.max(count, this.lastCount) * SIMILARITY;
		if (isConfirmed) this.limit = lower;
		this.lastCount = count;
		this.changedAt = now;
		this.refusedAt = undefined;
		return isConfirmed ? lower : 0;
	}

	/** The earliest time at which the next request may be sent; tries a higher limit now and then. */
	nextStart(now: number): number {
		if (now - this.changedAt > HOLD_MS) {
			this.limit = Math.ceil(this.limit * RAISE);
			this.changedAt = now - HOLD_MS + WINDOW_MS;
		}
		const begin = now - STRETCHED_WINDOW_MS;
		while (this.recent[0] !== undefined && this.recent[0].receivedAt <= begin) this.recent.shift();
		if (this.recent.length < this.limit) return now;
		const received = this.recent.map(({ receivedAt }) => receivedAt).sort((a, b) => b - a);
		return (received[this.limit - 1] ?? 0) + STRETCHED_WINDOW_MS;
	}
}
