import { toSingleLine } from '../../../../nodes/shared/errors/singleLine';

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
