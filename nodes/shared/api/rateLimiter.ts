import { sleep } from 'n8n-workflow';

import { LearnedLimit, type Permit } from './learnedLimit';

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
	private readonly waiting: Array<(permit: Permit) => void> = [];
	private readonly limit = new LearnedLimit();

	/** @param maxConcurrency - maximum number of requests in flight */
	constructor(private readonly maxConcurrency: number) {
		this.concurrency = Math.min(INITIAL_CONCURRENCY, maxConcurrency);
	}

	/**
	 * Waits until a request may be sent.
	 *
	 * @param isRetry - retries go first
	 * @returns a permit to {@link release}
	 */
	async acquire(isRetry: boolean): Promise<Permit> {
		return await new Promise((resolve) => {
			if (isRetry) this.waiting.unshift(resolve);
			else this.waiting.push(resolve);
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
			this.waiting.length > 0 &&
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
			this.waiting.shift()?.(permit);
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
