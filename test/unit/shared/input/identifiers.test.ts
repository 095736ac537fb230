import {
	isIdentifier,
	parseIdentifier,
	parseIdentifiers,
} from '../../../../nodes/shared/input/identifiers';
import { CONSENT_ID, refusalOf, SHARE_ID } from '../../support';

const FIELD = 'Consents';
const THIRD_ID = '00000000-0000-0000-0000-00000000000A';

describe('what an identifier is', () => {
	test.each([
		['a documented consent, whose variant is not of RFC 4122', CONSENT_ID],
		['a documented share, whose variant is not of RFC 4122', SHARE_ID],
		['upper case', CONSENT_ID.toUpperCase()],
		['nothing but zeros', '00000000-0000-0000-0000-000000000000'],
		['nothing but the highest digit', 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
	])('%s is one', (_case, value) => {
		expect(isIdentifier(value)).toBe(true);
	});

	test.each([
		['an empty text', ''],
		['a blank around it', ` ${CONSENT_ID}`],
		['a line end after it', `${CONSENT_ID}\n`],
		['braces', `{${CONSENT_ID}}`],
		['no hyphens', CONSENT_ID.replaceAll('-', '')],
		['a digit too many', `${CONSENT_ID}0`],
		['a digit too few', CONSENT_ID.slice(1)],
		['a letter that is no digit', CONSENT_ID.replace('f', 'g')],
		['full-width digits', CONSENT_ID.replace('8', '８')],
		['an array with it', [CONSENT_ID]],
		['an object with it', { id: CONSENT_ID }],
		['a number', 1],
		['null', null],
		['undefined', undefined],
	])('%s is none', (_case, value) => {
		expect(isIdentifier(value)).toBe(false);
	});
});

const two = [CONSENT_ID, SHARE_ID];

/** Every form of a list that design allows, with what it holds. */
const lists: Array<[string, unknown, string[]]> = [
	['one identifier', CONSENT_ID, [CONSENT_ID]],
	['one with blanks around it', `  ${CONSENT_ID}\t`, [CONSENT_ID]],
	['separated by commas', two.join(','), two],
	['separated by commas and blanks', two.join(' , '), two],
	['separated by semicolons', two.join(';'), two],
	['separated by spaces', two.join('   '), two],
	['separated by new lines', two.join('\n'), two],
	['separated by new lines of Windows', `${two.join('\r\n')}\r\n`, two],
	['separated by non-breaking spaces', two.join('\u00a0'), two],
	['separated by all of these', `${CONSENT_ID};, \n${SHARE_ID}`, two],
	['a JSON array as text', JSON.stringify(two), two],
	['a JSON array as text over several lines', ` ${JSON.stringify(two, null, 2)}\n`, two],
	['a JSON array of objects as text', JSON.stringify(two.map((id) => ({ id }))), two],
	['an empty JSON array as text', ' [ ] ', []],
	['an array', two, two],
	['an array with blanks around its entries', two.map((id) => ` ${id}\n`), two],
	['an array of objects', two.map((id) => ({ id, iban: 'NL02ABNA0123456789' })), two],
	['an array of objects with blanks around', [{ id: ` ${CONSENT_ID} ` }], [CONSENT_ID]],
	['an array of texts and objects', [CONSENT_ID, { id: SHARE_ID }], two],
	['an empty text', '', []],
	['blanks only', ' \n\t ', []],
	['separators only', ' ,;, ', []],
	['an empty array', [], []],
	['an array of empty entries', ['', '  ', null, undefined], []],
	['empty entries among others', `,${CONSENT_ID},,;${SHARE_ID},`, two],
	['empty entries of an array among others', ['', CONSENT_ID, null, SHARE_ID, undefined], two],
	['null', null, []],
	['undefined', undefined, []],
	['the same one twice', [CONSENT_ID, SHARE_ID, CONSENT_ID], two],
	[
		'the same one in another case: the first counts',
		[CONSENT_ID.toUpperCase(), SHARE_ID, CONSENT_ID],
		[CONSENT_ID.toUpperCase(), SHARE_ID],
	],
	[
		'the same one in another form and case',
		[{ id: CONSENT_ID }, CONSENT_ID.toUpperCase()],
		[CONSENT_ID],
	],
	[
		'an order that is not the alphabet’s',
		[SHARE_ID, THIRD_ID, CONSENT_ID],
		[SHARE_ID, THIRD_ID, CONSENT_ID],
	],
	[
		'mixed case, as given',
		'aF86536D-34e3-4ebc-6c64-08DB56ccef25',
		['aF86536D-34e3-4ebc-6c64-08DB56ccef25'],
	],
];

describe('lists', () => {
	test.each(lists)('%s', (_case, list, expected) => {
		expect(parseIdentifiers(list, FIELD)).toEqual(expected);
	});

	test.each(lists)('in a resource locator by ID: %s', (_case, value, expected) => {
		expect(parseIdentifiers({ __rl: true, mode: 'id', value }, FIELD)).toEqual(expected);
	});

	test('in a resource locator from the list, with its cached name', () => {
		const locator = {
			__rl: true,
			mode: 'list',
			value: CONSENT_ID,
			cachedResultName: `ING · ACTIVE · ${SHARE_ID}`,
			cachedResultUrl: 'https://example.com',
		};
		expect(parseIdentifiers(locator, FIELD)).toEqual([CONSENT_ID]);
	});

	test.each([
		['a value that the editor empties too', ''],
		['no value', undefined],
	])('none in a resource locator that shows nothing, with %s', (_case, value) => {
		const locator = { __rl: true, mode: 'list', value, cachedResultName: '' };
		expect(parseIdentifiers(locator, FIELD)).toEqual([]);
	});

	test('by ID, whatever name is left over from the list', () => {
		const locator = { __rl: true, mode: 'id', value: CONSENT_ID, cachedResultName: '' };
		expect(parseIdentifiers(locator, FIELD)).toEqual([CONSENT_ID]);
	});

	test('does not change the array that it reads', () => {
		const given = [' ', CONSENT_ID, CONSENT_ID];
		parseIdentifiers(given, FIELD);
		expect(given).toEqual([' ', CONSENT_ID, CONSENT_ID]);
	});
});

describe('refused, naming the value and the field', () => {
	test.each<[string, unknown, string]>([
		['another text', ' my consent ', '"my consent"'],
		['one bad entry among good ones', `${CONSENT_ID}, oops, ${SHARE_ID}`, '"oops"'],
		['the first of two bad entries', ['first', 'second'], '"first"'],
		['a digit too few', CONSENT_ID.slice(1), `"${CONSENT_ID.slice(1)}"`],
		['quotes around it', `"${CONSENT_ID}"`, CONSENT_ID],
		['two without a separator', CONSENT_ID + SHARE_ID, CONSENT_ID],
		['a number', 42, '42'],
		['a number in an array', [42], '42'],
		['true', true, 'true'],
		['an object that is no list', { id: CONSENT_ID }, CONSENT_ID],
		['an object without id', [{ consentId: CONSENT_ID }], `{"consentId":"${CONSENT_ID}"}`],
		['an object whose id is none', [{ id: 'oops' }], '{"id":"oops"}'],
		['an object whose id is a number', [{ id: 7 }], '{"id":7}'],
		['an array in an array', [[CONSENT_ID]], `["${CONSENT_ID}"]`],
		['several in one entry of an array', [`${CONSENT_ID},${SHARE_ID}`], CONSENT_ID],
		['text that a whole object became', '[object Object]', '[object Object]'],
		['JSON that is cut off', `["${CONSENT_ID}"`, `["${CONSENT_ID}"`],
		['a number in a JSON array', '[42]', '42'],
		['a locator that holds a number', { __rl: true, mode: 'id', value: 42 }, '42'],
		['a big integer', [10n], 'bigint'],
	])('%s', (_case, value, named) => {
		const { message, description } = refusalOf(() => parseIdentifiers(value, FIELD));
		expect(message).toContain(`'${FIELD}'`);
		expect(message).toContain(named);
		expect(description).not.toBe('');
	});

	test('a long value is cut off in the message', () => {
		const { message } = refusalOf(() => parseIdentifiers('x'.repeat(100_000), FIELD));
		expect(message.length).toBeLessThan(200);
		expect(message).toContain('xxx…');
	});

	test('what the editor no longer shows is not shared unseen', () => {
		const locator = { __rl: true, mode: 'list', value: CONSENT_ID, cachedResultName: '' };
		const { message, description } = refusalOf(() => parseIdentifiers(locator, FIELD));
		expect(message).toBe(
			`'${FIELD}' looks empty, but holds "${CONSENT_ID}", which was chosen with another credential`,
		);
		expect(description).toBe(
			`Choose again in '${FIELD}', or empty it: ⋮ beside the field → Reset Value.`,
		);
	});

	test('an object that contains itself does not break the message', () => {
		const cycle: Record<string, unknown> = {};
		cycle['self'] = cycle;
		const { message } = refusalOf(() => parseIdentifiers([cycle], FIELD));
		expect(message).toContain(`'${FIELD}' contains a value of type object`);
	});
});

describe('a field that takes one', () => {
	test.each<[string, unknown]>([
		['text', ` ${SHARE_ID} `],
		['a resource locator', { __rl: true, mode: 'list', value: SHARE_ID }],
		['an array of one', [SHARE_ID]],
		['the same one twice', [SHARE_ID, SHARE_ID.toUpperCase()]],
	])('takes %s', (_case, value) => {
		expect(parseIdentifier(value, 'Share')).toBe(SHARE_ID);
	});

	test.each<[string, unknown]>([
		['an empty text', ''],
		['an empty resource locator', { __rl: true, mode: 'list', value: '' }],
		['null', null],
		['an empty array', []],
	])('refuses %s as empty', (_case, value) => {
		expect(refusalOf(() => parseIdentifier(value, 'Share')).message).toBe("'Share' is empty");
	});

	test('refuses two, saying how many there are', () => {
		const { message } = refusalOf(() => parseIdentifier([CONSENT_ID, SHARE_ID], 'Share'));
		expect(message).toBe("'Share' holds 2 identifiers, but takes one");
	});

	test('refuses what is no identifier', () => {
		const { message } = refusalOf(() => parseIdentifier('../accounts', 'Share'));
		expect(message).toContain(`'Share' contains "../accounts"`);
	});
});
