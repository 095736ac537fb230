import fc from 'fast-check';

/** Keys that mean something to JavaScript, to n8n, or to this package. */
const NOTABLE_KEYS = [
	'__proto__',
	'constructor',
	'prototype',
	'toString',
	'valueOf',
	'toJSON',
	'then',
	'length',
	'hasOwnProperty',
	'__rl',
	'mode',
	'value',
	'id',
	'data',
	'event',
	'shareId',
	'share',
	'clientId',
	'reference',
	'isLuxonDateTime',
	'toMillis',
];

/** Texts that something could trip over. */
const NOTABLE_TEXTS = [
	'',
	' ',
	'[',
	'{}',
	'[]',
	'null',
	'true',
	'0',
	'-0',
	'1e999',
	'NaN',
	'*',
	'../shares',
	'%00',
	'\u0000',
	'\ud800',
	'\udfff\ud800',
	'\u202e\ufeff\u2028',
	'={{ 1 }}',
	'__proto__',
	'constructor',
	'toString',
];

/** Numbers at the ends of what JavaScript knows. */
const NOTABLE_NUMBERS = [
	0,
	-0,
	1,
	-1,
	0.1,
	1e21,
	-1e21,
	5e-324,
	Number.MAX_VALUE,
	Number.MAX_SAFE_INTEGER,
	2 ** 53,
	1_777_550_400,
	1_777_550_400_000,
];

const hexadecimal = (length: number) =>
	fc.string({
		unit: fc.constantFrom(...'0123456789abcdefABCDEF'),
		minLength: length,
		maxLength: length,
	});

/** EnableNow's identifiers: any digits, any case. */
export const identifiers: fc.Arbitrary<string> = fc
	.tuple(...[8, 4, 4, 4, 12].map(hexadecimal))
	.map((parts) => parts.join('-'));

/** Text of any characters, halves of surrogate pairs among them. */
export const texts: fc.Arbitrary<string> = fc.oneof(
	{ weight: 3, arbitrary: fc.string() },
	{ weight: 2, arbitrary: fc.string({ unit: 'binary' }) },
	{
		weight: 2,
		arbitrary: fc
			.array(fc.nat({ max: 0xffff }), { maxLength: 8 })
			.map((units) => String.fromCharCode(...units)),
	},
	{ weight: 2, arbitrary: fc.constantFrom(...NOTABLE_TEXTS) },
);

/** A text, somewhere in which a character was left out, added or replaced. */
export function damaged(good: fc.Arbitrary<string>): fc.Arbitrary<string> {
	return fc
		.tuple(good, fc.nat(), fc.integer({ min: 0, max: 2 }), texts)
		.map(([text, position, left, added]) => {
			const at = position % (text.length + 1);
			return text.slice(0, at) + added.slice(0, 2) + text.slice(at + left);
		});
}

/** ISO texts of times, good ones and such as could be taken for good. */
export const timeTexts: fc.Arbitrary<string> = fc
	.tuple(
		fc.constantFrom('0000', '0099', '1969', '2024', '2026', '2099', '9999', '10000', '-001', '26'),
		fc.constantFrom('01', '02', '04', '12', '13', '00', '1'),
		fc.constantFrom('01', '28', '29', '30', '31', '32', '00', '1'),
		fc.constantFrom('', 'T', ' ', 't', 'T12', 'T12:00', 'T00:00:00', ' 23:59:59', 'T24:00:00'),
		fc.constantFrom('', ':60', '.5', ',123', '.9999999', '.', ':30'),
		fc.constantFrom('', 'Z', 'z', '+02:00', '-0330', '+14', ' +01:00', '+24:00', '-23:59', ' UTC'),
	)
	.map(([year, month, day, ...rest]) => `${year}-${month}-${day}${rest.join('')}`);

/** Texts that this package gives a meaning to, and such as are nearly so. */
const meaningfulTexts = fc.oneof(
	identifiers,
	damaged(identifiers),
	timeTexts,
	fc.array(identifiers, { maxLength: 3 }).map((list) => list.join(',')),
	fc.array(identifiers, { maxLength: 3 }).map((list) => JSON.stringify(list)),
);

const numbers = fc.oneof(
	fc.double({ noNaN: true, noDefaultInfinity: true }),
	fc.integer(),
	fc.constantFrom(...NOTABLE_NUMBERS),
);

/** Makes an object whose `__proto__` is a property as any other, as JSON.parse does. */
function objectsOf(
	keys: fc.Arbitrary<string>,
	values: fc.Arbitrary<unknown>,
): fc.Arbitrary<Record<string, unknown>> {
	return fc
		.array(fc.tuple(keys, values), { maxLength: 5 })
		.map((entries) => Object.fromEntries(entries));
}

const keys = fc.oneof(
	{ weight: 3, arbitrary: fc.constantFrom(...NOTABLE_KEYS) },
	{ weight: 1, arbitrary: texts },
);

/** Any value that JSON can hold, with a liking for those that this package looks at. */
export const jsonValues: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
	value: fc.oneof(
		{ maxDepth: 4, depthSize: 'small' },
		fc.constantFrom(null, true, false),
		numbers,
		texts,
		meaningfulTexts,
		fc.array(tie('value'), { maxLength: 5 }),
		objectsOf(keys, tie('value')),
	),
})).value;

/** Any value that an expression can give: JSON, and what only JavaScript knows. */
export const values: fc.Arbitrary<unknown> = fc.oneof(
	{ weight: 4, arbitrary: jsonValues },
	{
		weight: 1,
		arbitrary: fc.anything({
			withBigInt: true,
			withDate: true,
			withMap: true,
			withNullPrototype: true,
			withObjectString: true,
			withSet: true,
			withSparseArray: true,
			withTypedArray: true,
		}),
	},
	{ weight: 1, arbitrary: fc.constantFrom(undefined, Symbol('symbol'), () => 'function') },
);

/** A share as EnableNow lists it. */
export const shares: fc.Arbitrary<Record<string, unknown>> = fc.record({
	id: identifiers,
	clientId: texts,
	reference: fc.option(texts),
	expirationDateUtc: fc.oneof(timeTexts, texts),
	consentIds: fc.array(identifiers, { maxLength: 2 }),
	accountIds: fc.array(identifiers, { maxLength: 2 }),
	analysisIds: fc.array(identifiers, { maxLength: 2 }),
});

/** A share in which one thing is another. */
export const damagedShares: fc.Arbitrary<Record<string, unknown>> = fc
	.tuple(shares, fc.constantFrom('id', 'clientId', 'reference', 'consentIds', 'extra'), jsonValues)
	.map(([share, key, value]) => ({ ...share, [key]: value }));

/** What EnableNow could answer with: any JSON, more often such as looks right at first. */
export const answers: fc.Arbitrary<unknown> = fc.oneof(
	{ weight: 2, arbitrary: jsonValues },
	{
		weight: 3,
		arbitrary: fc
			.oneof(jsonValues, shares, damagedShares, identifiers, fc.array(fc.oneof(shares, jsonValues)))
			.map((data) => ({ data })),
	},
	{
		weight: 2,
		arbitrary: fc.record({
			data: fc.array(fc.oneof({ weight: 5, arbitrary: shares }, damagedShares), { maxLength: 3 }),
			_pagination: fc.oneof(
				jsonValues,
				fc.record({ totalCount: numbers, totalPages: numbers }),
				fc.record({ totalCount: fc.nat({ max: 200 }), totalPages: fc.nat({ max: 5 }) }),
			),
		}),
	},
	{ weight: 1, arbitrary: fc.oneof(shares, damagedShares) },
	{
		weight: 1,
		arbitrary: fc.record({
			title: fc.oneof(texts, jsonValues),
			status: jsonValues,
			detail: fc.oneof(texts, jsonValues),
			traceId: fc.oneof(texts, jsonValues),
			errors: fc.oneof(jsonValues, fc.dictionary(texts, fc.array(fc.oneof(texts, jsonValues)))),
		}),
	},
);
