import type { RequestEntry } from '../../../sandbox';

/** The most requests that were under way at one moment, by EnableNow's clock. */
export function mostAtOnce(requests: RequestEntry[]): number {
	const moments = requests.flatMap(({ at, duration }) => [
		{ at: Date.parse(at), change: 1 },
		{ at: Date.parse(at) + (duration ?? 0), change: -1 },
	]);
	moments.sort((one, other) => one.at - other.at || one.change - other.change);
	let underWay = 0;
	return Math.max(...moments.map(({ change }) => (underWay += change)));
}
