import { runInNewContext } from 'node:vm';
import { DateTime } from 'luxon';
import { formatExcerpt } from '../../../../nodes/shared/errors/inputError';
import { formatDate, parseDate, toMilliseconds } from '../../../../nodes/shared/input/dates';
import { refusalOf } from '../../support';

const FIELD = 'Expiration Date (UTC)';

/** What would be sent for a value. */
function sent(value: unknown): string {
	return formatDate(parseDate(value, FIELD));
}

describe('text', () => {
	test.each([
		['without a zone it is UTC', '2026-04-30T12:00:00', '2026-04-30T12:00:00Z'],
		['with Z', '2026-04-30T12:00:00Z', '2026-04-30T12:00:00Z'],
		['with a small z and t', '2026-04-30t12:00:00z', '2026-04-30T12:00:00Z'],
		['with an offset', '2026-04-30T14:00:00+02:00', '2026-04-30T12:00:00Z'],
		['with an offset without colon', '2026-04-30T14:00:00+0200', '2026-04-30T12:00:00Z'],
		['with an offset in hours', '2026-04-30T14:00:00+02', '2026-04-30T12:00:00Z'],
		['with a negative offset', '2026-04-30T08:30:00-03:30', '2026-04-30T12:00:00Z'],
		['with an offset into the next day', '2026-04-30T23:00:00-05:00', '2026-05-01T04:00:00Z'],
		['with an offset into the year before', '2026-01-01T00:30:00+01:00', '2025-12-31T23:30:00Z'],
		['with a zero offset', '2026-04-30T12:00:00+00:00', '2026-04-30T12:00:00Z'],
		['with the offset of Kiribati', '2026-05-01T02:00:00+14:00', '2026-04-30T12:00:00Z'],
		['with a space for the T', '2026-04-30 12:00:00', '2026-04-30T12:00:00Z'],
		['with a space and an offset', '2026-04-30 14:00:00+02:00', '2026-04-30T12:00:00Z'],
		['with a space before the offset', '2026-04-30 14:00:00 +02:00', '2026-04-30T12:00:00Z'],
		['with blanks around it', '\n 2026-04-30T12:00:00 ', '2026-04-30T12:00:00Z'],
		['without seconds', '2026-04-30T12:00', '2026-04-30T12:00:00Z'],
		['without seconds, with an offset', '2026-04-30T14:00+02:00', '2026-04-30T12:00:00Z'],
		['a date alone is its midnight', '2026-04-30', '2026-04-30T00:00:00Z'],
		['fractions are cut off, not rounded', '2026-04-30T12:00:00.999', '2026-04-30T12:00:00Z'],
		['seven digits of .NET', '2026-04-30T14:00:59.9999999+02:00', '2026-04-30T12:00:59Z'],
		['a comma before fractions', '2026-04-30T12:00:00,5Z', '2026-04-30T12:00:00Z'],
		['fractions before 1970', '1969-12-31T23:59:58.500Z', '1969-12-31T23:59:58Z'],
		['the last second of a day', '2026-04-30T23:59:59', '2026-04-30T23:59:59Z'],
		['29 February of a leap year', '2028-02-29', '2028-02-29T00:00:00Z'],
		['29 February of a leap century', '2000-02-29T12:00:00', '2000-02-29T12:00:00Z'],
		['the hour that Amsterdam skips', '2026-03-29T02:30:00', '2026-03-29T02:30:00Z'],
		['an hour twice, the first', '2026-10-25T02:30:00+02:00', '2026-10-25T00:30:00Z'],
		['an hour twice, the second', '2026-10-25T02:30:00+01:00', '2026-10-25T01:30:00Z'],
		['year 0', '0000-01-01', '0000-01-01T00:00:00Z'],
		['29 February of year 0', '0000-02-29', '0000-02-29T00:00:00Z'],
		['year 26 is not 1926', '0026-04-30T12:00:00', '0026-04-30T12:00:00Z'],
		['the last second of year 9999', '9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59Z'],
	])('%s', (_case, text, expected) => {
		expect(sent(text)).toBe(expected);
	});

	test.each([
		'2026-04-31',
		'2026-04-31T12:00:00+02:00',
		'2026-02-29',
		'2100-02-29',
		'2026-02-30T00:00:00Z',
		'2026-00-10',
		'2026-13-10',
		'2026-04-00',
		'2026-04-30T24:00:00',
		'2026-04-30T25:00:00',
		'2026-04-30T12:60:00',
		'2026-04-30T12:00:60',
		'2016-12-31T23:59:60Z',
		'2026-04-30T12:00:00+24:00',
		'2026-04-30T12:00:00+02:60',
		'2026-04-30T12:00:00+2',
		'2026-04-30T12:00:00 CEST',
		'2026-04-30T12:00:00[Europe/Amsterdam]',
		'2026-04-30T12',
		'2026-04-30T1:00:00',
		'2026-04-30T',
		'2026-04-30Z',
		'2026-4-30',
		'26-04-30',
		'2026-W18-4',
		'2026-120',
		'20260430T120000Z',
		'30-04-2026',
		'30/04/2026',
		'04/30/2026',
		'30 april 2026',
		'Thu, 30 Apr 2026 12:00:00 GMT',
		'10000-01-01T00:00:00Z',
		'+010000-01-01T00:00:00Z',
		'-000001-01-01T00:00:00Z',
		'9999-12-31T23:00:00-02:00',
		'0000-01-01T00:00:00+01:00',
		'tomorrow',
		'in 3 days',
		'[Invalid DateTime]',
		'"2026-04-30"',
		'2026-04-30T12:00:00Z 2026-05-01T12:00:00Z',
		'2026-04-30T12:00–13:00',
		'2026-04-30T12:00 — 13:00',
		'2026-04-30–2026-05-01',
	])('%p is refused, naming the value and the field', (text) => {
		const { message } = refusalOf(() => parseDate(text, FIELD));
		expect(message).toBe(`'${FIELD}' is ${formatExcerpt(text)}, which is not a date and time`);
	});

	test.each([
		['a byte order mark before it', '\ufeff2026-04-30T12:00:00Z'],
		['a zero-width space after it', '2026-04-30T12:00:00Z\u200b'],
		['direction marks around it', '\u202a2026-04-30T12:00:00Z\u202c'],
		['a soft hyphen within', '2026-04-30T\u00ad12:00:00Z'],
		['a non-breaking space for the T', '2026-04-30\u00a012:00:00'],
		['a narrow space before the offset', '2026-04-30T14:00:00\u202f+02:00'],
		['non-breaking hyphens', '2026‑04‑30T12:00:00Z'],
		['en dashes in the date', '2026–04–30T12:00:00Z'],
		['minus signs', '2026−04−30T08:30:00−03:30'],
		['a non-breaking hyphen before the offset', '2026-04-30T08:30:00‑03:30'],
	])('what pasting adds is forgiven: %s', (_case, text) => {
		expect(sent(text)).toBe('2026-04-30T12:00:00Z');
	});

	test.each([
		['full-width digits', '２026-04-30', '"２[U+FF12]026-04-30"'],
		['a letter of Cyrillic', '2026-04-30Т12:00:00', '"2026-04-30Т[U+0422]12:00:00"'],
		['digits of Arabic', '202٦-04-30', '"202٦[U+0666]-04-30"'],
		['a colon of Armenian', '2026-04-30T12։00', '"2026-04-30T12։[U+0589]00"'],
	])('%s are refused and made visible', (_case, text, excerpt) => {
		const { message } = refusalOf(() => parseDate(text, FIELD));
		expect(message).toBe(`'${FIELD}' is ${excerpt}, which is not a date and time`);
	});

	test('the advice is a literal date to come, which a model can send', () => {
		for (const value of ['in 30 days', '={{ $now.plus({ days: 30 }) }}', '']) {
			const { advice, description } = refusalOf(() => parseDate(value, FIELD));
			expect(description).toContain('{{ $now.plus({ days: 30 }) }}');
			expect(advice).not.toContain('{{');
			const [date] = /\d{4}-\S+Z/.exec(advice) ?? [];
			const days = (parseDate(date, FIELD).getTime() - Date.now()) / 86_400_000;
			expect(days).toBeGreaterThan(29.99);
			expect(days).toBeLessThanOrEqual(30);
		}
	});
});

describe('Luxon DateTime', () => {
	const amsterdam = { zone: 'Europe/Amsterdam' };

	test.each([
		['in winter time', '2026-01-15T12:00:00', '2026-01-15T11:00:00Z'],
		['in summer time', '2026-07-15T12:00:00', '2026-07-15T10:00:00Z'],
		['before the clock goes forward', '2026-03-29T01:59:59', '2026-03-29T00:59:59Z'],
		['at an hour that does not exist', '2026-03-29T02:30:00', '2026-03-29T01:30:00Z'],
		['after the clock goes forward', '2026-03-29T03:00:00', '2026-03-29T01:00:00Z'],
		[
			'at an hour that exists twice, the first',
			'2026-10-25T02:30:00+02:00',
			'2026-10-25T00:30:00Z',
		],
		[
			'at an hour that exists twice, the second',
			'2026-10-25T02:30:00+01:00',
			'2026-10-25T01:30:00Z',
		],
		['after the clock goes back', '2026-10-25T03:00:00', '2026-10-25T02:00:00Z'],
		['with milliseconds, cut off', '2026-04-30T14:00:00.999', '2026-04-30T12:00:00Z'],
	])('in Amsterdam %s', (_case, local, expected) => {
		expect(sent(DateTime.fromISO(local, amsterdam))).toBe(expected);
	});

	test('an hour later is not another reading of the same hour', () => {
		const first = DateTime.fromISO('2026-10-25T02:30:00+02:00', amsterdam);
		expect(sent(first.plus({ hours: 1 }))).toBe('2026-10-25T01:30:00Z');
	});

	test('of another copy of Luxon', async () => {
		let copy = DateTime;
		await jest.isolateModulesAsync(async () => {
			copy = (await import('luxon')).DateTime;
		});
		const moment = copy.fromISO('2026-04-30T14:00:00', amsterdam);
		expect(moment).not.toBeInstanceOf(DateTime);
		expect(sent(moment)).toBe('2026-04-30T12:00:00Z');
	});

	test.each([
		[
			'of a text',
			DateTime.fromISO('oops'),
			'unparsable: the input "oops" can\'t be parsed as ISO 8601',
		],
		[
			'of a zone',
			DateTime.fromISO('2026-04-30', { zone: 'Europe/Nowhere' }),
			'unsupported zone: the zone "Europe/Nowhere" is not supported',
		],
		[
			'of a day',
			DateTime.utc(2026, 2, 30),
			'unit out of range: you specified 30 (of type number) as a day, which is invalid',
		],
		['of its own', DateTime.invalid('of my own'), 'of my own'],
	])('an invalid one is refused with its own reason: %s', (_case, moment, reason) => {
		const { message } = refusalOf(() => parseDate(moment, FIELD));
		expect(message).toBe(`'${FIELD}' is an invalid DateTime (${reason})`);
	});

	test('the reason of an invalid one is cut off and on one line', () => {
		const moment = DateTime.fromISO('oops\n\u200b'.repeat(100_000));
		const { message } = refusalOf(() => parseDate(moment, FIELD));
		expect(message).toContain('unparsable: the input "oops [U+200B]oops ');
		expect(message.length).toBeLessThan(300);
	});

	test.each([
		['one of the year 10000', DateTime.utc(10_000, 1, 1)],
		['one before the year 0', DateTime.utc(-1, 12, 31)],
	])('%s is refused, naming the field', (_case, moment) => {
		expect(refusalOf(() => parseDate(moment, FIELD)).message).toContain(`'${FIELD}' is `);
	});
});

describe('Date', () => {
	test.each([
		['without milliseconds', '2026-04-30T12:00:00.000Z', '2026-04-30T12:00:00Z'],
		['with milliseconds, cut off', '2026-04-30T12:00:00.999Z', '2026-04-30T12:00:00Z'],
		['before 1970 with milliseconds', '1969-12-31T23:59:58.001Z', '1969-12-31T23:59:58Z'],
		['the second before 1970', '1969-12-31T23:59:59.999Z', '1969-12-31T23:59:59Z'],
		['1970 itself', '1970-01-01T00:00:00.000Z', '1970-01-01T00:00:00Z'],
		['the last of year 9999', '9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59Z'],
	])('%s', (_case, text, expected) => {
		expect(sent(new Date(text))).toBe(expected);
	});

	test('of another realm, as an expression makes it', () => {
		const date: unknown = runInNewContext('new Date(Date.UTC(2026, 3, 30, 12, 0, 0, 500))');
		expect(date).not.toBeInstanceOf(Date);
		expect(sent(date)).toBe('2026-04-30T12:00:00Z');
	});

	test('is not changed', () => {
		const date = new Date('2026-04-30T12:00:00.999Z');
		parseDate(date, FIELD);
		expect(date.getMilliseconds()).toBe(999);
	});

	test.each([
		['of this realm', new Date('oops')],
		['of another realm', runInNewContext('new Date(NaN)') as Date],
	])('an invalid one %s is refused as one', (_case, date) => {
		expect(refusalOf(() => parseDate(date, FIELD)).message).toBe(
			`'${FIELD}' is an invalid Date, made from something that is not a date and time`,
		);
	});

	test.each([
		['one of the year 10000', new Date('+010000-01-01T00:00:00Z')],
		['one before the year 0', new Date('-000001-12-31T23:59:59Z')],
	])('%s is refused, naming the field', (_case, date) => {
		expect(refusalOf(() => parseDate(date, FIELD)).message).toContain(`'${FIELD}' is `);
	});
});

describe('numbers are refused', () => {
	/** What an expression gives in n8n, with a field of the item in place of the number. */
	function evaluate(expression: string, value: unknown): unknown {
		const withField = expression.replace(/\d{5,}(?:\.\d+)?/, '$json.date');
		const withNumber = runInNewContext(expression, { DateTime }) as unknown;
		expect(sent(runInNewContext(withField, { DateTime, $json: { date: value } }))).toBe(
			sent(withNumber),
		);
		return withNumber;
	}

	test.each<[string, unknown, string, string]>([
		['seconds', 1_777_550_400, 'seconds', '2026-04-30T12:00:00Z'],
		['seconds as text', '1777550400', 'seconds', '2026-04-30T12:00:00Z'],
		['seconds with a fraction', 1_777_550_400.5, 'seconds', '2026-04-30T12:00:00Z'],
		['milliseconds', 1_777_550_400_000, 'milliseconds', '2026-04-30T12:00:00Z'],
		['milliseconds as text', ' 1777550400000\n', 'milliseconds', '2026-04-30T12:00:00Z'],
		['a day number', 46_142, "a spreadsheet's day number", '2026-04-30T00:00:00Z'],
		['a day number as text', '46142', "a spreadsheet's day number", '2026-04-30T00:00:00Z'],
		['a day number at noon', 46_142.5, "a spreadsheet's day number", '2026-04-30T12:00:00Z'],
		['the same as text', '46142.5', "a spreadsheet's day number", '2026-04-30T12:00:00Z'],
		[
			'an inexact day number',
			46_142.7083333333,
			"a spreadsheet's day number",
			'2026-04-30T17:00:00Z',
		],
	])('%s: with the literal date and an expression for it', (_case, value, unit, date) => {
		const { advice, description } = refusalOf(() => parseDate(value, FIELD));
		expect(advice).toBe(`If it means ${unit}, give ${date} instead.`);
		expect(description).toContain(advice);
		const [, expression = ''] = /\{\{ (.*) \}\}/.exec(description) ?? [];
		expect(sent(evaluate(expression, value))).toBe(date);
	});

	test.each<[string, unknown, string]>([
		[
			'46142',
			46_142,
			'46142, which could mean seconds (1970-01-01T12:49:02Z), milliseconds (1970-01-01T00:00:46Z)' +
				" or a spreadsheet's day number (2026-04-30T00:00:00Z)",
		],
		[
			'seconds, which are no milliseconds and no days',
			1_777_550_400,
			'1777550400, which could mean seconds (2026-04-30T12:00:00Z),' +
				" milliseconds (1970-01-21T13:45:50Z) or a spreadsheet's day number (out of range)",
		],
		['the first day of Unix', 25_569, "a spreadsheet's day number (1970-01-01T00:00:00Z)"],
	])('%s: with all that it can mean', (_case, value, meanings) => {
		expect(refusalOf(() => parseDate(value, FIELD)).message).toContain(`'${FIELD}' is the number `);
		expect(refusalOf(() => parseDate(value, FIELD)).message).toContain(meanings);
	});

	test.each<[unknown, string]>([
		[0, '0'],
		[-46_142, '-46142'],
		['−46142', '-46142'],
		['-5.25', '-5.25'],
		[2026, '2026'],
		['20260430', '20260430'],
		[260_430, '260430'],
		['99999999999999999999', '100000000000000000000'],
		[1e300, '1e+300'],
	])('%p, which is likely to mean none of them, without a conversion', (value, number) => {
		const { message, advice, description } = refusalOf(() => parseDate(value, FIELD));
		expect(message).toMatch(`'${FIELD}' is the number ${number}, which could mean seconds (`);
		expect(description).not.toContain('DateTime');
		expect(advice).toMatch(/^Enter a date and time such as 2\d{3}-/);
	});

	test('also with the comma of a Dutch spreadsheet, and with an exponent', () => {
		expect(refusalOf(() => parseDate('46142,5', FIELD)).advice).toContain('2026-04-30T12:00:00Z');
		expect(refusalOf(() => parseDate('1,7775504E+09', FIELD)).advice).toContain('2026-04-30T12:00');
	});
});

test.each([
	['an empty text', ''],
	['a blank one', ' \n'],
	['an invisible one', '\ufeff\u200b'],
	['null', null],
	['undefined', undefined],
])('%s is refused as empty', (_case, value) => {
	expect(refusalOf(() => parseDate(value, FIELD)).message).toBe(`'${FIELD}' is empty`);
});

test.each<[string, unknown, string]>([
	['true', true, 'true'],
	['an array', ['2026-04-30'], '["2026-04-30"]'],
	['an object', { date: '2026-04-30' }, '{"date":"2026-04-30"}'],
	['an object that only claims to be of Luxon', { isLuxonDateTime: true }, '"isLuxonDateTime"'],
	['no number', Number.NaN, 'NaN'],
	['an endless number', Number.POSITIVE_INFINITY, 'Infinity'],
	['a big integer', 1_777_550_400n, 'bigint'],
])('%s is refused, naming the value and the field', (_case, value, named) => {
	const { message } = refusalOf(() => parseDate(value, FIELD));
	expect(message).toContain(`'${FIELD}' is `);
	expect(message).toContain(named);
	expect(message).toContain('which is not a date and time');
});

test.each<[string, unknown]>([
	['text that is no time', 'oops'],
	['a number', 1_777_550_400_000],
	['null', null],
	['undefined', undefined],
	['an object', {}],
])('%s has no milliseconds', (_case, value) => {
	expect(toMilliseconds(value)).toBeNaN();
});
