/**
 * Whether a part of EnableNow's list of shares has the oldest first. The list is sorted by creation, in an
 * undocumented direction, and a share has no creation date; but EnableNow's identifiers hold one (those in
 * its documentation do): they are SQL Server's sequential GUIDs as .NET makes them, and end with the time.
 *
 * @returns false also if the identifiers do not tell
 */
export function isOldestFirst(ids: string[]): boolean {
	const pairs = ids.map(getTime).map((time, index, times) => [times[index - 1] ?? time, time]);
	const ascending = pairs.filter(([one = '', other = '']) => one < other).length;
	const descending = pairs.filter(([one = '', other = '']) => one > other).length;
	// Shares that are created at the same moment may be listed in any order.
	return ascending > 3 * descending;
}

/** Ticks in hexadecimal: the last twelve digits, then the four before them. */
function getTime(id: string): string {
	const [, , , low = '', high = ''] = id.toLowerCase().split('-');
	return high + low;
}
