/**
 * Does pieces of work side by side, a given number at a time, in the order given.
 *
 * @returns the result of each piece, in the order given; one that fails does not hold up the others
 */
export function sideBySide<Piece, Result>(
	pieces: readonly Piece[],
	atOnce: number,
	work: (piece: Piece) => Promise<Result>,
): Array<Promise<Result>> {
	const begin: Array<() => void> = [];
	const results = pieces.map(async (piece) => {
		await new Promise<void>((resolve) => begin.push(resolve));
		try {
			return await work(piece);
		} finally {
			begin.shift()?.();
		}
	});
	// Whoever waits for a result learns of a failure; until then it is not unhandled.
	for (const result of results) result.catch(() => undefined);
	for (const beginFirst of begin.splice(0, atOnce)) beginFirst();
	return results;
}
