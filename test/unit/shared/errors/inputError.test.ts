import { formatExcerpt, InputError } from '../../../../nodes/shared/errors/inputError';

test('it carries what was wrong and how to mend it', () => {
	const error = new InputError("'Reference' is empty", 'Enter a reference.');
	expect(error).toBeInstanceOf(Error);
	expect(error).toMatchObject({
		name: 'InputError',
		message: "'Reference' is empty",
		description: 'Enter a reference.',
	});
});

test('what only a person in the editor can do is in the description alone', () => {
	const error = new InputError("'Share' is empty", 'Give one.', 'Or choose it from the list.');
	expect(error.description).toBe('Give one. Or choose it from the list.');
	expect(error.advice).toBe('Give one.');
});

const cycle: unknown[] = [];
cycle.push(cycle);

const hostile = {
	toJSON() {
		throw new Error('no');
	},
};

test.each<[string, unknown, string]>([
	['text, in quotes', 'oops', '"oops"'],
	['an empty text', '', '""'],
	['a number', 42, '42'],
	['null', null, 'null'],
	['undefined', undefined, 'undefined'],
	['an array', [1, 'two'], '[1,"two"]'],
	['an object', { id: 1 }, '{"id":1}'],
	['an array that holds itself', cycle, 'a value of type object'],
	['a big integer', 1n, 'a value of type bigint'],
	['a symbol', Symbol('secret'), 'Symbol(secret)'],
	['an object that refuses to be written', hostile, 'a value of type object'],
	['an object without a prototype', Object.create(null), '{}'],
	['a text of several lines', 'one\r\n two', '"one two"'],
	['characters that nobody sees', 'a\u0000b\u202ec\u00a0d', '"a[U+0000]b[U+202E]c[U+00A0]d"'],
	['letters that look like others', 'раy２', '"р[U+0440]а[U+0430]y２[U+FF12]"'],
	['hyphens that look like others', 'a‑b', '"a‑[U+2011]b"'],
	['letters with accents, which look like no others', 'één', '"één"'],
	['half a character', 'a\ud800b', '"a[U+D800]b"'],
	['hidden characters in an object', { id: '\u200b' }, '{"id":"[U+200B]"}'],
])('the excerpt of %s', (_case, value, expected) => {
	expect(formatExcerpt(value)).toBe(expected);
});

test.each<[string, unknown]>([
	['a long text', 'x'.repeat(1_000_000)],
	['a long array', Array.from({ length: 10_000 }, (_entry, index) => index)],
])('the excerpt of %s is cut off and says so', (_case, value) => {
	const excerpt = formatExcerpt(value);
	expect(excerpt.length).toBeLessThanOrEqual(81);
	expect(excerpt).toMatch(/…$/);
});

test('no character is cut in two', () => {
	expect(formatExcerpt('x'.repeat(76) + '👍👍')).toBe(`"${'x'.repeat(76)}👍[…`);
	expect(formatExcerpt('👍'.repeat(100))).not.toMatch(/\p{Cs}/u);
	expect(formatExcerpt(`x${'👍'.repeat(100)}`)).not.toMatch(/\p{Cs}/u);
});
