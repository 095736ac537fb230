import {
	isEmpty,
	parseNumber,
	parseChoice,
	parseBoolean,
	parseWholeNumber,
} from '../../../../nodes/shared/input/options';
import { refusalOf } from '../../support';

test.each<[unknown, number]>([
	[0, 0],
	[-1.5, -1.5],
	['7', 7],
	[' 1e2\n', 100],
	['', Number.NaN],
	[' ', Number.NaN],
	['many', Number.NaN],
	[true, Number.NaN],
	[null, Number.NaN],
	[undefined, Number.NaN],
	[[], Number.NaN],
	[[5], Number.NaN],
	[{ valueOf: () => 5 }, Number.NaN],
	[new Date(5), Number.NaN],
	[1n, Number.NaN],
])('%p is the number %p', (value, expected) => {
	expect(parseNumber(value)).toBe(expected);
});

test.each<[unknown, boolean]>([
	[null, true],
	[undefined, true],
	['', true],
	[' \n', true],
	['\ufeff\u200b', true],
	[0, false],
	[false, false],
	['0', false],
	[[], false],
])('%p is nothing: %p', (value, expected) => {
	expect(isEmpty(value)).toBe(expected);
});

test.each<[unknown, boolean]>([
	[true, true],
	['true', true],
	[' TRUE ', true],
	[false, false],
	['false', false],
	['False', false],
	['', false],
	[null, false],
	[undefined, false],
])('the switch %p is on: %p', (value, expected) => {
	expect(parseBoolean(value, 'Return All')).toBe(expected);
});

test.each<[unknown, string]>([
	['yes', '"yes"'],
	[1, '1'],
	[0, '0'],
	[[true], '[true]'],
	[{}, '{}'],
])('%p is refused, and not taken for off', (value, excerpt) => {
	const { message, advice } = refusalOf(() => parseBoolean(value, 'Return All'));
	expect(advice).toBe('Enter true or false.');
	expect(message).toBe(`'Return All' must be true or false, but it is ${excerpt}`);
});

describe('a choice', () => {
	const parse = (value: unknown) => parseChoice(value, ['one', 'other'], 'other', 'Field');

	test.each([
		['one', 'one'],
		['other', 'other'],
		['', 'other'],
		[null, 'other'],
		[undefined, 'other'],
	])('%j is the choice %j', (value, expected) => {
		expect(parse(value)).toBe(expected);
	});

	test.each([['One'], [' one'], ['third'], [0], [['one']], ['toString']])(
		'%j is refused, naming the field and the choices',
		(value) => {
			const { message, description } = refusalOf(() => parse(value));
			expect(message).toBe("'Field' is not a valid choice");
			expect(description).toBe('Enter one of one, other.');
		},
	);
});

describe('a whole number above 0', () => {
	test.each([
		[30, 30],
		['30', 30],
		[' 7 ', 7],
	])('%j is %i', (value, amount) => expect(parseWholeNumber(value, 'Expires After')).toBe(amount));

	test.each([0, -1, 1.5, '', null, undefined, [], 'soon', Infinity, NaN])('is not %p', (value) => {
		const { message, description } = refusalOf(() => parseWholeNumber(value, 'Expires After'));
		expect(message).toMatch(/^'Expires After' is .*, which is not a whole number above 0$/);
		expect(description).toBe('Enter a whole number, such as 30.');
	});
});
