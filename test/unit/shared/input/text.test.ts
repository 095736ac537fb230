import {
	parseClientId,
	parseRequiredText,
	parseText,
	tryParseJson,
} from '../../../../nodes/shared/input/text';
import { refusalOf } from '../../support';

test.each<[string, unknown, string]>([
	['a text', 'my-internal-reference-001', 'my-internal-reference-001'],
	['blanks around it are dropped', ' \n en-app-ref-002\u00a0', 'en-app-ref-002'],
	['invisible characters around it are dropped', '\ufeff\u200b en-app\u00ad\u202c', 'en-app'],
	['invisible characters within it stay', 'order\u200b12', 'order\u200b12'],
	['nothing but invisible characters', '\u200b \u2060', ''],
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

describe('a client ID', () => {
	test.each<[string, unknown, string]>([
		['as it is', 'en-app-ref-002', 'en-app-ref-002'],
		['with a space within, which is seen', 'my app', 'my app'],
		['without what is not seen at its ends', '\ufeff\u200b en-app\u2060\u00a0', 'en-app'],
		['a number', 42, '42'],
		['nothing but invisible characters', '\u200b\u00ad', ''],
		['none', undefined, ''],
	])('%s', (_case, value, expected) => {
		expect(parseClientId(value, 'Share With')).toBe(expected);
	});

	test.each([
		['a zero-width space', '\u200b', 'U+200B'],
		['a soft hyphen', '\u00ad', 'U+00AD'],
		['a byte order mark', '\ufeff', 'U+FEFF'],
		['a direction mark', '\u202e', 'U+202E'],
		['a non-breaking space', '\u00a0', 'U+00A0'],
		['a variation selector', '\ufe0f', 'U+FE0F'],
		['an invisible letter of Korean', '\u3164', 'U+3164'],
		['a tag', '\u{e0041}', 'U+E0041'],
		['a null character', '\u0000', 'U+0000'],
		['half a character', '\ud800', 'U+D800'],
	])('with %s within is refused, naming it and what is left without it', (_case, hidden, name) => {
		const { message, description } = refusalOf(() =>
			parseClientId(`en-app${hidden}-ref-002`, 'Share With'),
		);
		expect(message).toBe(
			`'Share With' is "en-app[${name}]-ref-002", which contains invisible characters`,
		);
		expect(description).toContain('"en-app-ref-002"');
	});

	test('of a megabyte of blanks is read in no time', () => {
		const start = performance.now();
		expect(parseClientId(`a${' '.repeat(1_000_000)}b`, 'Share With')).toHaveLength(1_000_002);
		expect(parseClientId(' '.repeat(1_000_000), 'Share With')).toBe('');
		expect(performance.now() - start).toBeLessThan(1000);
	});
});

describe('parsing JSON', () => {
	test.each<[string, string, unknown]>([
		['an object', '{"data":"é"}', { data: 'é' }],
		['a list', '[1]', [1]],
		['null', 'null', null],
		['false', 'false', false],
		['a text', '"id"', 'id'],
	])('%s', (_case, text, expected) => {
		expect(tryParseJson(text)).toEqual(expected);
	});

	test.each(['', ' \r\n', '<html>', '{"data":', 'undefined', "{'data':1}", 'OK'])(
		'%j is not JSON',
		(text) => {
			expect(tryParseJson(text)).toBeUndefined();
		},
	);
});
