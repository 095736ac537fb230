import {
	isIdentifier,
	parseIdentifier,
	parseIdentifiers,
	parseShareId,
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

test('many quotes are refused in no time', () => {
	const start = performance.now();
	expect(refusalOf(() => parseIdentifiers([`${'"'.repeat(100_000)}x`], FIELD)).message).not.toBe(
		'',
	);
	expect(performance.now() - start).toBeLessThan(1000);
});

test('a refused part shows the invisible character that it has in the field', () => {
	const { message } = refusalOf(() => parseIdentifiers(`${CONSENT_ID} bad\u200bvalue`, 'Consents'));
	expect(message).toContain('"bad[U+200B]value"');
});

/** Every form of a list that design allows, with what it holds. */
const lists: Array<[string, unknown, string[]]> = [
	['one identifier', CONSENT_ID, [CONSENT_ID]],
	['one with blanks around it', `  ${CONSENT_ID}\t`, [CONSENT_ID]],
	['in braces with spaces', `{ ${CONSENT_ID} }`, [CONSENT_ID]],
	['in quotes with spaces', `“ ${two.join(', ')} ”`, two],
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
	['an object', { id: CONSENT_ID, status: 'ACTIVE' }, [CONSENT_ID]],
	['an object as text, as a model sends it', JSON.stringify({ id: CONSENT_ID }), [CONSENT_ID]],
	['an array of objects of which one has no id', [{ id: CONSENT_ID }, { id: null }], [CONSENT_ID]],
	['a JSON array with the quotes of a chat', `[“${CONSENT_ID}”, “${SHARE_ID}”]`, two],
	['an array as Python prints it', `['${CONSENT_ID}', '${SHARE_ID}']`, two],
	['a byte order mark before a JSON array', `\ufeff${JSON.stringify(two)}`, two],
	['quotes around all of it', `"${two.join(', ')}"`, two],
	['quotes around each', `'${CONSENT_ID}','${SHARE_ID}'`, two],
	['invisible characters only', '\u200b, \u00ad', []],
	['an empty text', '', []],
	['blanks only', ' \n\t ', []],
	['separators only', ' ,;, ', []],
	['an empty array', [], []],
	['an array of empty entries', ['', '  ', null, undefined], []],
	['an array of quotes with nothing in them', ['""', '“”'], []],
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

describe('what pasting adds is forgiven', () => {
	const [start, end] = [CONSENT_ID.slice(0, 12), CONSENT_ID.slice(12)];
	const hidden =
		'\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u061c\u202a\u202e\u2066\u2069\u034f\ufe0f\u180e';
	const hyphens = '‐‑‒–—―−⁃˗﹘﹣－';

	test.each<[string, string]>([
		...[...hidden].flatMap((character): Array<[string, string]> => {
			const name = `U+${character.charCodeAt(0).toString(16)}`;
			return [
				[`${name} before`, character + CONSENT_ID],
				[`${name} within`, start + character + end],
				[`${name} after`, CONSENT_ID + character],
			];
		}),
		...[...hyphens].map((hyphen): [string, string] => [
			`the hyphen ${hyphen}`,
			CONSENT_ID.replaceAll('-', hyphen),
		]),
		...['""', "''", '``', '“”', '„“', '‘’', '‚‘', '«»', '»«', '‹›', '´´', '{}'].map(
			([open, close]): [string, string] => [`${open}${close} around`, open + CONSENT_ID + close],
		),
		['a non-breaking space before', `\u00a0${CONSENT_ID}`],
		['a thin space after', `${CONSENT_ID}\u2009`],
		['urn:uuid: before', `urn:uuid:${CONSENT_ID}`],
		['URN:UUID: before', `URN:UUID:${CONSENT_ID}`],
		['quotes and braces around', `"{${CONSENT_ID}}"`],
		['braces and quotes around', `{“${CONSENT_ID}”}`],
		['several of these', `\ufeff«{urn:uuid:${CONSENT_ID.replaceAll('-', '‑')}}»\u200b`],
	])('%s', (_case, text) => {
		for (const list of [text, [text], { id: text }, [{ id: text }], `${text}, ${text}`]) {
			expect(parseIdentifiers(list, FIELD)).toEqual([CONSENT_ID]);
		}
		expect(parseIdentifier(text, FIELD)).toBe(CONSENT_ID);
	});

	test.each([
		['a letter of Cyrillic', `а${CONSENT_ID.slice(1)}`, `"а[U+0430]${CONSENT_ID.slice(1)}"`],
		[
			'a full-width digit',
			CONSENT_ID.replace('8', '８'),
			`"${CONSENT_ID.replace('8', '８[U+FF18]')}"`,
		],
		['a null character', `${start}\u0000${end}`, `"${start}[U+0000]${end}"`],
		['a non-breaking space within', `${start}\u00a0${end}`, `"${start}[U+00A0]${end}"`],
		[
			'a soft hyphen in place of a hyphen',
			CONSENT_ID.replace('-', '\u00ad'),
			`"${CONSENT_ID.replace('-', '[U+00AD]')}"`,
		],
		[
			'an invisible character in what is too short',
			`\u200b${CONSENT_ID.slice(1)}`,
			`"[U+200B]${CONSENT_ID.slice(1)}"`,
		],
		['parentheses', `(${CONSENT_ID})`, `"(${CONSENT_ID})"`],
		['another URN', `urn:oid:${CONSENT_ID}`, `"urn:oid:${CONSENT_ID}"`],
		['no hyphens', CONSENT_ID.replaceAll('-', ''), `"${CONSENT_ID.replaceAll('-', '')}"`],
		['a quote within', `${start}"${end}`, `"${start}"${end}"`],
	])('but not %s, which is made visible', (_case, text, excerpt) => {
		for (const list of [text, [text]]) {
			expect(refusalOf(() => parseIdentifiers(list, FIELD)).message).toBe(
				`'${FIELD}' contains ${excerpt}, which is not an EnableNow identifier`,
			);
		}
	});

	test('of several, the wrong one is named', () => {
		const wrong = `а${SHARE_ID.slice(1)}`;
		expect(refusalOf(() => parseIdentifiers(`${CONSENT_ID}, ${wrong}`, FIELD)).message).toContain(
			`'${FIELD}' contains "а[U+0430]${SHARE_ID.slice(1)}"`,
		);
	});
});

describe('a share', () => {
	const share = { id: SHARE_ID, clientId: 'en-app-ref-002', consentIds: [CONSENT_ID] };
	const item = { event: 'databridge.share.created', shareId: SHARE_ID, share, data: CONSENT_ID };

	test.each<[string, unknown]>([
		['its identifier', SHARE_ID],
		['its identifier as pasted', `{${SHARE_ID.replaceAll('-', '‑')}}\u200b`],
		['the share itself', share],
		['an output item of the trigger', item],
		['one that was not looked up', { ...item, share: null }],
		['an item with the share alone', { share }],
		['an item with the share as text', { share: SHARE_ID }],
		['an array of one item', [item]],
		['data with an ID of its own', { id: CONSENT_ID, shareId: SHARE_ID }],
		['an item as text', JSON.stringify(item)],
		['an item in a resource locator', { __rl: true, mode: 'id', value: item }],
		['the share in several forms', [item, share, SHARE_ID.toUpperCase()]],
	])('is taken as %s', (_case, value) => {
		expect(parseShareId(value, 'Share')).toBe(SHARE_ID);
	});

	test.each<[string, unknown]>([
		['an event without a share', { ...item, shareId: null, share: null }],
		['nothing', undefined],
	])('is empty for %s', (_case, value) => {
		expect(refusalOf(() => parseShareId(value, 'Share')).message).toBe("'Share' is empty");
	});

	test.each<[string, unknown, string]>([
		['an object with neither', { consentId: CONSENT_ID }, `{"consentId":"${CONSENT_ID}"}`],
		['an invalid one', { shareId: 'oops' }, '{"shareId":"oops"}'],
		['two items', [item, { ...item, shareId: CONSENT_ID }], 'holds 2 identifiers'],
	])('is refused for %s', (_case, value, named) => {
		expect(refusalOf(() => parseShareId(value, 'Share')).message).toContain(named);
	});
});

test('advice for a model is literal', () => {
	for (const value of ['', 'oops', [CONSENT_ID, SHARE_ID], '["oops"']) {
		const { advice } = refusalOf(() => parseIdentifier(value, FIELD));
		expect(advice).toMatch(/^(Give|Write|An identifier looks like) /);
		expect(advice).not.toMatch(/\{\{|choose|list in|node/i);
	}
});

describe('refused, naming the value and the field', () => {
	test.each<[string, unknown, string]>([
		['another text', ' my consent ', '"my consent"'],
		['one bad entry among good ones', `${CONSENT_ID}, oops, ${SHARE_ID}`, '"oops"'],
		['the first of two bad entries', ['first', 'second'], '"first"'],
		['a digit too few', CONSENT_ID.slice(1), `"${CONSENT_ID.slice(1)}"`],
		['two without a separator', CONSENT_ID + SHARE_ID, CONSENT_ID],
		['a number', 42, '42'],
		['a number in an array', [42], '42'],
		['true', true, 'true'],
		['an object without id that is no list', { consentId: CONSENT_ID }, CONSENT_ID],
		['an object without id as text', `{"consentId":"${CONSENT_ID}"}`, CONSENT_ID],
		['an output item of the trigger', { shareId: SHARE_ID, share: { id: SHARE_ID } }, SHARE_ID],
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
