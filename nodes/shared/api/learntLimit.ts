/** Leave to send a request. Times are in milliseconds, by a clock that nobody sets. */
export interface Permit {
	readonly sentAt: number;
	/** When EnableNow received the request, as far as its response tells. */
	receivedAt: number;
	/** Whether EnableNow answered 429. */
	isRefused: boolean;
}

/** The time over which EnableNow's limit is measured, in milliseconds. */
const WINDOW_MS = 1000;

/** The window is a little longer: requests do not arrive as evenly as they are sent. */
const STRETCHED_WINDOW_MS = 1.03 * WINDOW_MS;

/** How long a limit holds before a higher one is tried, in milliseconds. */
const HOLD_MS = 20_000;

/** By how much the limit is raised, once a window. */
const RAISE = 1.1;

/** Fewer requests than this say nothing about a limit: another caller may have used it up. */
const MIN_COUNT = 5;

/** Two counts within this ratio are taken for the same limit. */
const SIMILARITY = 0.8;

/**
 * How many requests a second EnableNow lets through, learnt from its refusals (429). It is infinite
 * until two refusals in a row came after about the same number of requests: a single one may have
 * another cause, such as another caller, and then waiting for Retry-After is enough.
 */
export class LearntLimit {
	private limit = Number.POSITIVE_INFINITY;
	private changedAt = 0;
	private lastCount = 0;
	/** The first request that was refused since the limit was set. */
	private refused: Permit | undefined;
	/** The requests of the last window, oldest first. */
	private readonly recent: Permit[] = [];

	add(permit: Permit): void {
		this.recent.push(permit);
	}

	/** Removes a request that was not sent after all. */
	remove(permit: Permit): void {
		const index = this.recent.lastIndexOf(permit);
		if (index >= 0) this.recent.splice(index, 1);
	}

	/** Raises the limit once it has held for long enough. */
	noteResponse(now: number): void {
		if (now - this.changedAt <= HOLD_MS) return;
		this.limit = Math.ceil(this.limit * RAISE);
		this.changedAt = now - HOLD_MS + WINDOW_MS;
	}

	/** Requests sent before the limit was set say nothing about it. */
	noteRefusal(permit: Permit): void {
		permit.isRefused = true;
		if (permit.sentAt > this.changedAt) this.refused ??= permit;
	}

	/**
	 * Sets the limit after a refusal; to be called when the requests before it have been answered.
	 *
	 * @returns the limit that was learnt, or 0
	 */
	learn(now: number): number {
		if (this.refused === undefined) return 0;
		const end = this.refused.receivedAt;
		const count = this.recent.filter(
			({ receivedAt, isRefused }) =>
				!isRefused && receivedAt > end - WINDOW_MS && receivedAt <= end,
		).length;
		const lower = Math.min(count, this.lastCount);
		const isConfirmed = count >= MIN_COUNT && lower >= Math.max(count, this.lastCount) * SIMILARITY;
		this.limit = isConfirmed ? lower : Number.POSITIVE_INFINITY;
		this.lastCount = count;
		this.changedAt = now;
		this.refused = undefined;
		return isConfirmed ? lower : 0;
	}

	/** The earliest time at which the next request may be sent. */
	nextStart(now: number): number {
		const begin = now - STRETCHED_WINDOW_MS;
		while (this.recent[0] !== undefined && this.recent[0].receivedAt <= begin) this.recent.shift();
		if (this.recent.length < this.limit) return now;
		const received = this.recent.map(({ receivedAt }) => receivedAt).sort((a, b) => b - a);
		return (received[this.limit - 1] ?? 0) + STRETCHED_WINDOW_MS;
	}
}
