/** Numbers that look random, and are the same for the same seed. */
export interface Random {
	/** A number from 0 up to, but not including, 1. */
	fraction(): number;
	/** A whole number from `minimum` up to and including `maximum`. */
	integer(minimum: number, maximum: number): number;
	/** One of the values. */
	pick<Value>(values: readonly Value[]): Value;
}

/**
 * Makes a generator of the kind Mulberry32 (Tommy Ettinger, public domain): 32 bits of state, which
 * is ample for data to test with and useless for secrets.
 *
 * @param seed - Any whole number
 */
export function createRandom(seed: number): Random {
	let state = seed >>> 0;

	function fraction(): number {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	}

	function integer(minimum: number, maximum: number): number {
		return minimum + Math.floor(fraction() * (maximum - minimum + 1));
	}

	function pick<Value>(values: readonly Value[]): Value {
		const value = values[integer(0, values.length - 1)];
		if (value === undefined) throw new Error('There is nothing to pick from');
		return value;
	}

	return { fraction, integer, pick };
}
