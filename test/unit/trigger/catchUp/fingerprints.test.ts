import {
	appendPacked,
	appendPackedPairs,
	FingerprintMap,
	fingerprintOf,
	Fingerprints,
	pairOf,
} from '../../../../nodes/EnableNowShareTrigger/catchUp/fingerprints';

const MANY = 100_000;

/** The texts with the numbers from one to another. */
function texts(from: number, to: number): string[] {
	return Array.from({ length: to - from + 1 }, (_text, index) => `text ${from + index}`);
}

function packedOf(values: string[]): string {
	return values.map(fingerprintOf).join('');
}

describe('a fingerprint', () => {
	test('has eight characters, which need no escape in JSON', () => {
		for (const text of ['', ...texts(1, 1_000), 'ë'.repeat(10_000)]) {
			expect(fingerprintOf(text)).toMatch(/^[\w-]{8}$/);
		}
	});

	test('tells texts apart, also those that differ by case alone', () => {
		expect(fingerprintOf('text')).toBe(fingerprintOf('text'));
		expect(fingerprintOf('text')).not.toBe(fingerprintOf('Text'));
	});

	test('is that of another text as seldom as 48 bits allow', () => {
		const pairs = (MANY * (MANY - 1)) / 2;
		expect((pairs / 2 ** 48).toFixed(5)).toBe('0.00002');
		expect(new Set(texts(1, 10_000).map(fingerprintOf)).size).toBe(10_000);
	});
});

describe('a set of fingerprints', () => {
	test('has what was added, and nothing else', () => {
		const set = new Fingerprints(10);
		expect(set.has('text 1')).toBe(false);
		set.add('text 1');
		set.add('text 1');
		expect(set.has('text 1')).toBe(true);
		expect(set.has('text 2')).toBe(false);
		expect(set.size).toBe(1);
		set.clear();
		expect(set.has('text 1')).toBe(false);
		expect(set.size).toBe(0);
	});

	test.each([0, 1, 2, 3, 7])('of three keeps the last that were added, of %i', (count) => {
		const set = new Fingerprints(3);
		for (const text of texts(1, count)) set.add(text);
		const kept = texts(1, count).slice(-3);
		expect(texts(1, count).filter((text) => set.has(text))).toEqual(kept);
		expect(set.packed).toBe(packedOf(kept));
		expect(new Fingerprints(3, packedOf(texts(1, count))).packed).toBe(packedOf(kept));
	});

	test('is the same when it was packed and unpacked', () => {
		const set = new Fingerprints(MANY);
		for (const text of texts(1, 1_000)) set.add(text);
		const unpacked = new Fingerprints(MANY, set.packed);
		expect(unpacked.packed).toBe(set.packed);
		expect(unpacked.size).toBe(1_000);
		expect(texts(1, 1_000).every((text) => unpacked.has(text))).toBe(true);
		expect(unpacked.has('text 1001')).toBe(false);
	});

	test('without a bound keeps all', () => {
		const packed = packedOf(texts(1, 1_000));
		expect(new Fingerprints(Number.POSITIVE_INFINITY, packed).packed).toBe(packed);
	});

	test.each(['', 'x', 'seven..'])('ignores what is left over: %j', (leftover) => {
		const packed = packedOf(texts(1, 3));
		expect(new Fingerprints(10, packed + leftover).packed).toBe(packed);
	});
});

describe('a map of fingerprints', () => {
	test('knows what each text is paired with', () => {
		const map = new FingerprintMap(10);
		expect(map.has('key')).toBe(false);
		expect(map.matches('key', 'value')).toBe(false);
		map.set('key', 'value');
		expect(map.has('key')).toBe(true);
		expect(map.matches('key', 'value')).toBe(true);
		expect(map.matches('key', 'other')).toBe(false);
		expect(map.has('value')).toBe(false);
	});

	test('has one pair for each text: the last', () => {
		const map = new FingerprintMap(10);
		map.set('key', 'one');
		map.set('key', 'other');
		expect(map.matches('key', 'one')).toBe(false);
		expect(map.matches('key', 'other')).toBe(true);
		expect(map.packed).toBe(pairOf('key', 'other'));
	});

	test('beyond its bound forgets what was paired first, and counts a text that is paired anew as new', () => {
		const map = new FingerprintMap(2);
		map.set('a', '1');
		map.set('b', '1');
		map.set('a', '2');
		map.set('c', '1');
		expect(['a', 'b', 'c'].filter((key) => map.has(key))).toEqual(['a', 'c']);
		expect(map.packed).toBe(pairOf('a', '2') + pairOf('c', '1'));
	});

	test('is the same when it was packed and unpacked', () => {
		const map = new FingerprintMap(MANY);
		for (const text of texts(1, 1_000)) map.set(text, `end of ${text}`);
		const unpacked = new FingerprintMap(MANY, map.packed);
		expect(unpacked.packed).toBe(map.packed);
		expect(texts(1, 1_000).every((text) => unpacked.matches(text, `end of ${text}`))).toBe(true);
	});

	test.each(['', 'x', 'fifteen........'])('ignores what is left over: %j', (leftover) => {
		expect(new FingerprintMap(10, pairOf('key', 'value') + leftover).packed).toBe(
			pairOf('key', 'value'),
		);
	});
});

describe('packed fingerprints, to which others are added', () => {
	test('leave out what is among the last thousand, and not what is before them', () => {
		const packed = packedOf(texts(1, 1_001));
		expect(appendPacked(packed, packedOf(['text 2', 'new', 'text 1001']), MANY)).toBe(
			packed + packedOf(['new']),
		);
		expect(appendPacked(packed, packedOf(['text 1']), MANY)).toBe(packed + packedOf(['text 1']));
	});

	test('keep the last, up to a number', () => {
		expect(appendPacked(packedOf(texts(1, 4)), packedOf(texts(5, 7)), 5)).toBe(
			packedOf(texts(3, 7)),
		);
		expect(appendPacked('', packedOf(texts(1, 7)), 5)).toBe(packedOf(texts(3, 7)));
		expect(appendPacked(packedOf(texts(1, 7)), '', 5)).toBe(packedOf(texts(3, 7)));
	});

	test('hold the same as a set to which the same was added', () => {
		const set = new Fingerprints(MANY);
		let packed = '';
		for (let round = 1; round <= 50; round++) {
			const added = packedOf(texts(round * 7, round * 7 + 20));
			set.addPacked(added);
			packed = appendPacked(packed, added, MANY);
		}
		expect(new Fingerprints(MANY, packed).packed).toBe(set.packed);
		expect(packed).toBe(set.packed);
	});
});

describe('packed pairs, to which others are added', () => {
	test('leave out what is among the last thousand, and not what is before them', () => {
		const packed = texts(1, 1_001)
			.map((text) => pairOf(text, 'end'))
			.join('');
		const added = pairOf('text 2', 'end') + pairOf('new', 'end') + pairOf('text 1', 'end');
		expect(appendPackedPairs(packed, added, MANY)).toBe(
			packed + pairOf('new', 'end') + pairOf('text 1', 'end'),
		);
	});

	test('take in a pair that has changed, also back to what it was', () => {
		const one = pairOf('key', 'one');
		const other = pairOf('key', 'other');
		expect(appendPackedPairs(one, other, MANY)).toBe(one + other);
		expect(appendPackedPairs(one + other, one, MANY)).toBe(one + other + one);
		expect(appendPackedPairs(one + other, other, MANY)).toBe(one + other);
	});

	test('keep the last, up to a number', () => {
		const pairs = texts(1, 7).map((text) => pairOf(text, 'end'));
		expect(appendPackedPairs(pairs.slice(0, 4).join(''), pairs.slice(4).join(''), 5)).toBe(
			pairs.slice(2).join(''),
		);
	});

	/** Executions at the same time tell the same changes, several of one share among them. */
	test('hold the same as a map to which the same was added', () => {
		const ends = ['one', 'other', 'third'];
		const histories = ends.flatMap((first) =>
			ends.flatMap((second) => ends.map((third) => [first, second, third])),
		);
		for (const before of histories) {
			for (const added of histories) {
				const map = new FingerprintMap(MANY);
				let packed = '';
				for (const history of [before, added, added]) {
					const pairs = history.map((end) => pairOf('key', end)).join('');
					map.addPacked(pairs);
					packed = appendPackedPairs(packed, pairs, MANY);
				}
				expect(new FingerprintMap(MANY, packed).packed).toBe(map.packed);
			}
		}
	});
});
