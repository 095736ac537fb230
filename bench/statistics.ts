/** The middle of some measurements, and how far they lie apart. */
export interface Summary {
	median: number;
	least: number;
	most: number;
}

/**
 * @param values at least one
 * @throws Error when there is none
 */
export function summarize(values: readonly number[]): Summary {
	const sorted = [...values].sort((a, b) => a - b);
	const [least] = sorted;
	const most = sorted.at(-1);
	if (least === undefined || most === undefined) throw new Error('There is nothing to summarize');
	return { median: middleOf(sorted), least, most };
}

/**
 * Compares measurements that were taken in pairs, each pair at nearly the same time, so that what
 * slows the machine down for a while weighs on both.
 *
 * @param measured of the pairs, the first; undefined where it failed
 * @param reference of the pairs, the second; undefined where it failed
 * @returns how many times the reference the measured value is, pair by pair; undefined when no pair
 * is whole
 */
export function ratios(
	measured: ReadonlyArray<number | undefined>,
	reference: ReadonlyArray<number | undefined>,
): Summary | undefined {
	const quotients = measured.flatMap((value, position) => {
		const base = reference[position];
		return value === undefined || base === undefined ? [] : [value / base];
	});
	return quotients.length === 0 ? undefined : summarize(quotients);
}

/**
 * The order of the measurements of one round: forwards in even rounds, backwards in odd ones (ABBA),
 * so that none is always the one that comes first, or later.
 */
export function orderOfRound<Item>(items: readonly Item[], round: number): Item[] {
	return round % 2 === 0 ? [...items] : [...items].reverse();
}

function middleOf(sorted: readonly number[]): number {
	const half = sorted.length / 2;
	const upper = sorted[Math.floor(half)] ?? NaN;
	return Number.isInteger(half) ? ((sorted[half - 1] ?? NaN) + upper) / 2 : upper;
}
