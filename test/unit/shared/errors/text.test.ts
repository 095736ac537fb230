import {
	errorMessage,
	joinFirst,
	joinSentences,
	toSingleLine,
} from '../../../../nodes/shared/errors/text';

describe('toSingleLine', () => {
	test.each([
		['a text as it is', 'Één jaar – 期限 👍', 'Één jaar – 期限 👍'],
		['line ends and blanks', ' one\r\n\ttwo ', ' one two '],
		['control characters', 'one\u0000\u001btwo', 'one two'],
		['characters that turn the direction', 'one\u202etwo\u2066', 'one two '],
		['halves of characters', 'one\udfff\ud800two', 'one two'],
	])('%s', (_case, text, expected) => {
		expect(toSingleLine(text, 100)).toBe(expected);
	});

	test('a long text is cut off, without half a character at its end', () => {
		expect(toSingleLine('abcdef', 3)).toBe('abc');
		expect(toSingleLine('ab👍', 3)).toBe('ab ');
	});
});

describe('joinSentences', () => {
	it.each([
		[['Not Found', 'There is none.', 'Check it.'], 'Not Found. There is none. Check it.'],
		[['Why?', 'Because!', 'Wait…', 'Done'], 'Why? Because! Wait… Done'],
		[['Only one'], 'Only one'],
		[[], ''],
	])('%j', (texts, text) => {
		expect(joinSentences(...texts)).toBe(text);
	});
});

describe('errorMessage', () => {
	test.each<[string, unknown, string]>([
		['an error', new TypeError('No.'), 'No.'],
		['what looks like an error, as one of another realm does', { message: 'No.' }, 'No.'],
		['a text', 'No.', 'No.'],
		[
			'an error whose message is no text',
			Object.assign(new Error(), { message: { a: 1 } }),
			'unknown error',
		],
		[
			'an object, which may hold a token',
			{ headers: { Authorization: 'Bearer 1' } },
			'unknown error',
		],
		['an object that cannot be written as text', Object.create(null), 'unknown error'],
		['a symbol', Symbol('secret'), 'unknown error'],
		['nothing', undefined, 'unknown error'],
		['null', null, 'unknown error'],
	])('%s', (_case, thrown, message) => {
		expect(errorMessage(thrown)).toBe(message);
	});
});

test.each([
	[['a', 'b'], 3, 'a, b'],
	[['a', 'b', 'c'], 3, 'a, b, c'],
	[['a', 'b', 'c', 'd'], 3, 'a, b, c and 1 more'],
	[[], 3, ''],
])('the first of %j, %i at most: %j', (texts, maxCount, expected) => {
	expect(joinFirst(texts, maxCount)).toBe(expected);
});
