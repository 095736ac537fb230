import { parseRequiredText, parseText } from '../../../../nodes/shared/input/text';
import { refusalOf } from '../../support';

test.each<[string, unknown, string]>([
	['a text', 'my-internal-reference-001', 'my-internal-reference-001'],
	['blanks around it are dropped', ' \n en-app-ref-002\u00a0', 'en-app-ref-002'],
	['blanks within it stay', 'order  12', 'order  12'],
	['its case stays', 'En-App', 'En-App'],
	['an empty text', '', ''],
	['blanks only', ' \t\n', ''],
	['null', null, ''],
	['undefined', undefined, ''],
	['a number becomes its digits', 20_260_430, '20260430'],
	['zero is not empty', 0, '0'],
	['a negative fraction', -1.5, '-1.5'],
])('%s', (_case, value, expected) => {
	expect(parseText(value, 'Reference')).toBe(expected);
});

test.each<[string, unknown, string]>([
	['true', true, 'true'],
	['false', false, 'false'],
	['an array', ['a', 'b'], '["a","b"]'],
	['an object', { reference: 'a' }, '{"reference":"a"}'],
	['a number that is none', Number.NaN, 'NaN'],
	['a big integer', 1n, 'bigint'],
	['a function', () => 'a', "'a'"],
])('%s is refused, naming the value and the field', (_case, value, named) => {
	const { message } = refusalOf(() => parseText(value, 'Reference'));
	expect(message).toMatch(/^'Reference' must be text, but it is /);
	expect(message).toContain(named);
});

describe('a required text', () => {
	test('is trimmed', () => {
		expect(parseRequiredText(' en-app-ref-002 ', 'Share With', 'hint')).toBe('en-app-ref-002');
	});

	test.each<[string, unknown]>([
		['empty', ''],
		['blank', '  '],
		['null', null],
		['undefined', undefined],
	])('is refused when it is %s, with the hint', (_case, value) => {
		const { message, description } = refusalOf(() =>
			parseRequiredText(value, 'Share With', 'Enter the client ID.'),
		);
		expect(message).toBe("'Share With' is empty");
		expect(description).toBe('Enter the client ID.');
	});
});
