import { sleep } from 'n8n-workflow';

/** How many requests are under way at first, before it is known what EnableNow can take. */
const FIRST_CONCURRENCY = 10;

/** A request this many times as slow as the fastest one shows that more at once would not help. */
const SLOW = 3;

/** Differences below this say nothing of EnableNow, in milliseconds. */
const NOISE = 50;

/** What an answer adds to the requests under way, once EnableNow has refused one for its limit. */
const CAREFUL_STEP = 0.25;

/** The time over which EnableNow's limit is measured, in milliseconds. */
const WINDOW = 1000;

/** What the window is stretched by, since requests do not reach EnableNow as evenly as they are sent. */
const MARGIN = 1.03;

/** The window is never stretched by more than this. */
const MOST_MARGIN = 1.3;

/** How long a limit is kept before a higher one is tried, in milliseconds; doubled by each refusal. */
const FIRST_HOLD = 20_000;

/** By how much the limit is raised, once a window. */
const RAISE = 1.1;

/** Fewer requests than these tell nothing of a limit: another caller may have used it up. */
const LEAST_COUNT = 5;

/** Two refusals tell of the same limit where what was let through before them differs by less. */
const LIKENESS = 0.8;

/** How a request ended, as far as the pace is concerned. */
export type Ending =
	/** It was not sent after all. */
	| 'unsent'
	/** EnableNow did its work, whatever it answered. */
	| 'answered'
	/** EnableNow is over its limit. */
	| 'rateLimited'
	/** No answer, or EnableNow cannot do its work. */
	| 'troubled';

/** A request that was given its turn. */
export interface Turn {
	/** When, in milliseconds since 1970. */
	readonly at: number;
	/** When EnableNow got the request, as far as its answer tells. */
	arrivedAt: number;
	/** Whether EnableNow refused it, being over its limit. */
	isRefused: boolean;
}

/**
 * When the requests of a batch are sent: as many at once as EnableNow answers without getting
 * slower, and as many a second as it lets through. Neither is documented, so both are learnt.
 */
export class RateLimiter {
	private concurrency: number;
	private underWay = 0;
	private fastest = Number.POSITIVE_INFINITY;
	/** When the concurrency was last reduced. */
	private reducedAt = 0;
	private readonly waiting: Array<(turn: Turn) => void> = [];
	private isTimerSet = false;
	private isReleased = false;

	/** No request is sent before this moment. */
	private pausedUntil = 0;
	/** How many requests may be sent within the window. */
	private limit = Number.POSITIVE_INFINITY;
	private window = WINDOW * MARGIN;
	/** The requests of the last window, oldest first. */
	private readonly recent: Turn[] = [];
	/** The first request that EnableNow refused, until those before it tell the limit. */
	private refused: Turn | undefined;
	/** How many requests EnableNow let through before it last refused one. */
	private lastCount: number | undefined;
	/** When the limit was last set or lifted. */
	private limitedAt = 0;
	private hold = FIRST_HOLD;

	/**
	 * @param maxConcurrency - how many requests may be under way at most
	 * @param isFirstAlone - whether the first request goes ahead alone, to fetch a token
	 */
	constructor(
		private readonly maxConcurrency: number,
		isFirstAlone: boolean,
	) {
		this.concurrency = isFirstAlone ? 1 : Math.min(FIRST_CONCURRENCY, maxConcurrency);
	}

	/**
	 * Waits for the moment to send a request.
	 *
	 * @param isRepeated - a request that was sent before goes first
	 * @returns the turn, to be handed to {@link end}
	 */
	async begin(isRepeated: boolean): Promise<Turn> {
		return await new Promise((resolve) => {
			if (isRepeated) this.waiting.unshift(resolve);
			else this.waiting.push(resolve);
			this.giveTurns();
		});
	}

	/** Takes note of how the request of a turn ended. */
	end(turn: Turn, ending: Ending): void {
		this.underWay--;
		if (ending === 'unsent') this.forget(turn);
		if (ending === 'answered') this.learnFromAnswer(turn);
		if (ending === 'troubled') this.reduceConcurrency(turn);
		if (ending === 'rateLimited') this.learnFromRefusal(turn);
		this.giveTurns();
	}

	/** Gives no turn for a while, whatever waits. */
	pause(milliseconds: number): void {
		this.pausedUntil = Math.max(this.pausedUntil, Date.now() + milliseconds);
	}

	/** Gives everybody who waits a turn at once, and everybody who comes. */
	release(): void {
		this.isReleased = true;
		this.giveTurns();
	}

	/** What was not sent uses up no limit. */
	private forget(turn: Turn): void {
		const index = this.recent.lastIndexOf(turn);
		if (index >= 0) this.recent.splice(index, 1);
	}

	private learnFromAnswer(turn: Turn): void {
		const now = Date.now();
		const duration = now - turn.at;
		this.fastest = Math.min(this.fastest, duration);
		this.noteArrival(turn, now);
		const isSlow = duration > this.fastest * SLOW + NOISE;
		if (!isSlow) this.raiseConcurrency();
		if (now - this.limitedAt > this.hold) {
			this.limit = Math.ceil(this.limit * RAISE);
			// A raise is kept for a while too, so that one can be told from the next.
			this.limitedAt = now - this.hold + WINDOW;
		}
	}

	/** It doubles with the answers to all that was under way; more slowly once there was a refusal. */
	private raiseConcurrency(): void {
		const step = this.lastCount === undefined ? 1 : CAREFUL_STEP;
		this.concurrency = Math.min(this.maxConcurrency, this.concurrency + step);
	}

	/** Halves the concurrency, once for all requests that suffered together. */
	private reduceConcurrency({ at }: Turn): void {
		if (at <= this.reducedAt) return;
		this.reducedAt = Date.now();
		this.concurrency = Math.max(1, this.concurrency / 2);
	}

	private learnFromRefusal(turn: Turn): void {
		turn.isRefused = true;
		this.noteArrival(turn, Date.now());
		this.reduceConcurrency(turn);
		// What was sent before the limit was set says nothing of it.
		if (turn.at > this.limitedAt) this.refused ??= turn;
	}

	/** Where an answer took longer than it can, n8n was late to send the request. */
	private noteArrival(turn: Turn, now: number): void {
		turn.arrivedAt = Math.max(turn.at, now - this.fastest);
	}

	/**
	 * What EnableNow let through in the window before it refused a request is taken for its limit when
	 * it was the same the time before. Otherwise something else is at work, such as another caller, and
	 * it is enough to wait as long as EnableNow asks.
	 */
	private setLimit({ arrivedAt: end }: Turn, now: number): void {
		const isLetThrough = ({ arrivedAt, isRefused }: Turn) =>
			!isRefused && arrivedAt > end - WINDOW && arrivedAt <= end;
		const count = this.recent.filter(isLetThrough).length;
		if (count < LEAST_COUNT || !isAlike(count, this.lastCount)) {
			this.limit = Number.POSITIVE_INFINITY;
			this.hold = FIRST_HOLD;
		} else {
			if (Number.isFinite(this.limit)) {
				this.hold *= 2;
				this.window = Math.min(this.window * MARGIN, WINDOW * MOST_MARGIN);
			}
			this.limit = Math.min(count, this.lastCount ?? count);
			// It is the limit that holds the requests back from now on.
			this.concurrency = Math.max(this.concurrency, Math.min(this.maxConcurrency, count));
		}
		this.lastCount = count;
		this.limitedAt = now;
		this.refused = undefined;
	}

	private giveTurns(): void {
		while (this.waiting.length > 0 && (this.isReleased || this.hasRoom())) {
			const now = Date.now();
			const moment = this.isReleased ? now : this.nextMoment(now);
			if (moment > now) {
				void this.giveTurnsAfter(moment - now);
				return;
			}
			const turn: Turn = { at: now, arrivedAt: now, isRefused: false };
			this.underWay++;
			this.recent.push(turn);
			this.waiting.shift()?.(turn);
		}
	}

	private hasRoom(): boolean {
		return this.underWay < Math.floor(this.concurrency);
	}

	/** The first moment at which a request may be sent. */
	private nextMoment(now: number): number {
		if (this.pausedUntil > now) return this.pausedUntil;
		if (this.refused !== undefined) this.setLimit(this.refused, now);
		const begin = now - this.window;
		const isOver = (turn: Turn | undefined) => turn !== undefined && turn.arrivedAt <= begin;
		while (isOver(this.recent[0])) this.recent.shift();
		if (this.recent.length < this.limit) return now;
		const arrivals = this.recent
			.map(({ arrivedAt }) => arrivedAt)
			.sort((one, other) => other - one);
		return Math.max(now, Math.ceil((arrivals[this.limit - 1] ?? 0) + this.window));
	}

	private async giveTurnsAfter(milliseconds: number): Promise<void> {
		if (this.isTimerSet) return;
		this.isTimerSet = true;
		await sleep(milliseconds);
		this.isTimerSet = false;
		this.giveTurns();
	}
}

function isAlike(count: number, other: number | undefined): boolean {
	return other !== undefined && Math.min(count, other) >= Math.max(count, other) * LIKENESS;
}
