/** Permission to send a request. Times are in milliseconds by `performance.now()`. */
export interface Permit {
	readonly sentAt: number;
	/** When EnableNow received the request, estimated from its response. */
	receivedAt: number;
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
export class LearnedLimit {
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
