import type { Collector } from './collector';

/** So many executions of a catch-up are under way at once at most. */
const MOST_AT_ONCE = 10;

/** How what was executed differs from what should have been. */
interface Difference {
	missing: string[];
	/** Once for each execution too many. */
	repeated: string[];
	unexpected: string[];
}

function differenceFrom(shareIds: string[], { shareIds: executed }: Collector): Difference {
	return {
		missing: shareIds.filter((shareId) => !executed.includes(shareId)),
		repeated: executed.filter((shareId, index) => executed.indexOf(shareId) < index),
		unexpected: executed.filter((shareId) => !shareIds.includes(shareId)),
	};
}

/** What was executed is these shares, each once, in whatever order. */
export function expectEachOnce(collector: Collector, shareIds: string[]): void {
	expect(differenceFrom(shareIds, collector)).toEqual({
		missing: [],
		repeated: [],
		unexpected: [],
	});
}

/**
 * What was executed is these shares, each at least once, and nothing else.
 *
 * @param mostRepeated how many executions too many there may be
 */
export function expectEachAtLeastOnce(
	collector: Collector,
	shareIds: string[],
	mostRepeated: number,
): void {
	const { missing, repeated, unexpected } = differenceFrom(shareIds, collector);
	expect({ missing, unexpected }).toEqual({ missing: [], unexpected: [] });
	expect(repeated.length).toBeLessThanOrEqual(mostRepeated);
}

/**
 * They were executed in this order, as far as those that are under way at the same time have one: no
 * share came before any that had to be over by then.
 */
export function expectInOrder(collector: Collector, shareIds: string[]): void {
	const arrivals = shareIds.map((shareId) => collector.shareIds.indexOf(shareId));
	const tooEarly = arrivals.filter((arrival, place) => arrival < place - (MOST_AT_ONCE - 1));
	expect(tooEarly).toEqual([]);
}
