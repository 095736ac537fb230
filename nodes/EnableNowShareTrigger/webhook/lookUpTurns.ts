import { sleep } from 'n8n-workflow';

import { RequestError, timeoutError } from '../../shared/errors/requestError';
import { parseRetryAfter } from '../../shared/api/retryAfter';
import { Semaphore } from '../../shared/async/semaphore';

/**
 * How many look-ups of one app are under way at once. The workflows need EnableNow too; and where n8n
 * is short of CPU time, each would otherwise take so long that none is answered in time.
 */
const MOST_AT_ONCE = 10;

/** How long look-ups rest where EnableNow is over its limit and does not say how long, in milliseconds. */
const USUAL_REST = 1_000;

/** The longest rest, whatever EnableNow says: so that what comes next can still be looked up in time. */
const LONGEST_REST = 2_000;

/**
 * Lets the look-ups of one app go ahead a few at a time, and rest while EnableNow is over its limit:
 * a burst of events, by a stranger or not, must not use up what the workflows need.
 */
export class LookUpTurns {
	private readonly turns = new Semaphore(MOST_AT_ONCE);

	/** Until when look-ups rest, by a clock that nobody sets. */
	private rest: { until: number; failure: RequestError } | undefined;

	/** @param patience - how long a look-up may take in all, in milliseconds */
	constructor(private readonly patience: number) {}

	/**
	 * Does a look-up when its turn comes.
	 *
	 * @param latest - the moment, in milliseconds since 1970, after which it need not begin any more
	 * @throws RequestError what EnableNow refused an earlier look-up with, where the rest after it
	 *   lasts longer than that; what the work throws
	 */
	async take<Result>(work: () => Promise<Result>, latest: number): Promise<Result> {
		return await this.turns.take(async () => {
			await this.waitForRest(latest);
			const result = work();
			result.catch((error: unknown) => this.restAfter(error));
			return await result;
		});
	}

	private async waitForRest(latest: number): Promise<void> {
		const now = Date.now();
		const left = (this.rest?.until ?? 0) - performance.now();
		if (this.rest !== undefined && left > 0 && now + left > latest) throw this.rest.failure;
		if (now > latest) throw timeoutError(this.patience);
		if (left > 0) await sleep(left);
	}

	private restAfter(error: unknown): void {
		if (!(error instanceof RequestError) || error.status !== 429) return;
		const asked = parseRetryAfter(error.retryAfter, Date.now()) ?? USUAL_REST;
		const until = performance.now() + Math.min(asked, LONGEST_REST);
		if (until > (this.rest?.until ?? 0)) this.rest = { until, failure: error };
	}
}
