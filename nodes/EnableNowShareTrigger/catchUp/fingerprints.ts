import { createHash } from 'crypto';

/** How many characters a fingerprint has: 48 bits in base64url. */
const LENGTH = 8;

/** How far {@link appendPacked} looks back for what is there already. */
const RECENT = 1_000;

/**
 * A short stand-in for a text, so that many of them fit into little. Two of a hundred thousand texts
 * have the same one with a probability of 0.00002.
 */
export function fingerprintOf(text: string): string {
	return createHash('sha256').update(text).digest('base64url').slice(0, LENGTH);
}

/** A set of texts of which only fingerprints are kept, up to a number; beyond it the oldest go. */
export class Fingerprints {
	private readonly values: Set<string>;

	/**
	 * @param most - how many are kept
	 * @param packed - what {@link packed} gave
	 */
	constructor(
		private readonly most: number,
		packed = '',
	) {
		this.values = new Set(piecesOf(packed, LENGTH).slice(-most));
	}

	get size(): number {
		return this.values.size;
	}

	/** All of them as one text, the oldest first; eight characters each. */
	get packed(): string {
		return [...this.values].join('');
	}

	/** Those that were added last, as one text. */
	packedLast(count: number): string {
		return this.packed.slice(-count * LENGTH);
	}

	has(text: string): boolean {
		return this.values.has(fingerprintOf(text));
	}

	add(text: string): void {
		this.addPacked(fingerprintOf(text));
	}

	/** Adds fingerprints that were packed. */
	addPacked(packed: string): void {
		for (const value of piecesOf(packed, LENGTH)) {
			this.values.add(value);
			const [oldest] = this.values;
			if (this.values.size > this.most && oldest !== undefined) this.values.delete(oldest);
		}
	}

	clear(): void {
		this.values.clear();
	}
}

/** What each of many texts is paired with, all of it as fingerprints; beyond a number the oldest go. */
export class FingerprintMap {
	private readonly values = new Map<string, string>();

	constructor(
		private readonly most: number,
		packed = '',
	) {
		this.addPacked(packed);
	}

	/** All pairs as one text, the oldest first; sixteen characters each. */
	get packed(): string {
		return [...this.values].map(([key, value]) => key + value).join('');
	}

	/** The pairs that were set last, as one text. */
	packedLast(count: number): string {
		return this.packed.slice(-count * 2 * LENGTH);
	}

	/** Whether a text is paired with another. */
	matches(key: string, value: string): boolean {
		return this.values.get(fingerprintOf(key)) === fingerprintOf(value);
	}

	has(key: string): boolean {
		return this.values.has(fingerprintOf(key));
	}

	set(key: string, value: string): void {
		this.addPacked(pairOf(key, value));
	}

	/** Adds pairs that were packed; a later one for the same text replaces the earlier. */
	addPacked(packed: string): void {
		for (const pair of piecesOf(packed, 2 * LENGTH)) {
			const key = keyOf(pair);
			this.values.delete(key);
			this.values.set(key, pair.slice(LENGTH));
			const [oldest] = this.values.keys();
			if (this.values.size > this.most && oldest !== undefined) this.values.delete(oldest);
		}
	}
}

/** A pair as {@link FingerprintMap} packs it. */
export function pairOf(key: string, value: string): string {
	return fingerprintOf(key) + fingerprintOf(value);
}

/**
 * Adds packed fingerprints to others. Executions at the same time tell the same ones several times:
 * most of what is there already is left out.
 *
 * @param most - how many are kept; beyond it the oldest go
 */
export function appendPacked(packed: string, added: string, most: number): string {
	const recent = new Set(piecesOf(packed.slice(-RECENT * LENGTH), LENGTH));
	const fresh = piecesOf(added, LENGTH).filter((piece) => !recent.has(piece));
	return (packed + fresh.join('')).slice(-most * LENGTH);
}

/** Adds packed pairs to others, as {@link appendPacked} does. */
export function appendPackedPairs(packed: string, added: string, most: number): string {
	const pairLength = 2 * LENGTH;
	const recent = new Map(
		piecesOf(packed.slice(-RECENT * pairLength), pairLength).map((pair) => [keyOf(pair), pair]),
	);
	const fresh = piecesOf(added, pairLength).filter((pair) => {
		const isFresh = recent.get(keyOf(pair)) !== pair;
		// Of several pairs for the same text, the last has to stay the last.
		recent.set(keyOf(pair), pair);
		return isFresh;
	});
	return (packed + fresh.join('')).slice(-most * pairLength);
}

function keyOf(pair: string): string {
	return pair.slice(0, LENGTH);
}

/** The pieces of a text, each of the same length; what is left over is no piece. */
function piecesOf(text: string, length: number): string[] {
	const count = Math.floor(text.length / length);
	return Array.from({ length: count }, (_piece, index) =>
		text.slice(index * length, (index + 1) * length),
	);
}
