import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { DateTime } from 'luxon';

import { formatDate, parseDate } from '../../nodes/shared/input/dates';
import { refusalOf } from '../unit/support';
import { damaged, timeTexts, values } from './support/arbitraries';
import { property } from './support/cases';
import { acceptedOrRefused } from './support/outcome';

const FIELD = 'Expiration Date (UTC)';

/** What is sent to EnableNow, to the letter. */
const SENT_FORM = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Moments that can be written with four digits of the year, in any zone. */
const moments = fc.integer({
	min: Date.parse('0000-01-02T00:00:00Z'),
	max: Date.parse('9999-12-30T23:59:59.999Z'),
});

const twoDigits = (number: number) => String(Math.abs(number)).padStart(2, '0');

/** A zone as it is written, and how far its clock is ahead of UTC, in minutes. */
const zones = fc
	.tuple(fc.integer({ min: -14 * 60, max: 14 * 60 }), fc.nat({ max: 2 }))
	.map(([minutes, form]) => {
		const sign = minutes < 0 ? '-' : '+';
		const hours = twoDigits(Math.trunc(minutes / 60));
		const rest = twoDigits(minutes % 60);
		if (form === 2 && rest === '00') return { minutes, text: `${sign}${hours}` };
		return { minutes, text: `${sign}${hours}${form === 0 ? ':' : ''}${rest}` };
	});
const utc = fc.constantFrom('', 'Z', 'z').map((text) => ({ minutes: 0, text }));

/** A moment, and one of the texts by which it can be given. */
const writtenMoments = fc
	.record({
		moment: moments,
		zone: fc.oneof(zones, utc),
		divider: fc.constantFrom('T', ' ', 't'),
		gap: fc.constantFrom('', ' '),
		fraction: fc.constantFrom('', '.0', '.9', ',999', '.9999999'),
		blank: fc.constantFrom('', ' ', '\n'),
	})
	.map(({ moment, zone, divider, gap, fraction, blank }) => {
		const seconds = Math.floor(moment / 1000) * 1000;
		const clock = new Date(seconds + zone.minutes * MINUTE).toISOString().slice(0, 19);
		const zoneText = zone.text === '' ? '' : gap + zone.text;
		return {
			seconds,
			text: blank + clock.replace('T', divider) + fraction + zoneText + blank,
		};
	});

property('a text is read as the moment that it means', writtenMoments, ({ seconds, text }) => {
	expect(parseDate(text, FIELD).getTime()).toBe(seconds);
});

property(
	'what pasting adds to a text changes nothing',
	fc.tuple(
		writtenMoments,
		fc.constantFrom('\u200b', '\u00ad', '\ufeff', '\u202c', '\u2060'),
		fc.constantFrom(...'‐‑−'),
		fc.nat(),
	),
	([{ seconds, text }, hidden, hyphen, position]) => {
		const at = position % (text.length + 1);
		const pasted = (text.slice(0, at) + hidden + text.slice(at)).replaceAll('-', hyphen);
		expect(parseDate(pasted, FIELD).getTime()).toBe(seconds);
	},
);

property(
	'a number is refused, and the date that is advised is the one that the expression gives',
	fc.tuple(
		fc.oneof(
			fc.double({ noNaN: true, noDefaultInfinity: true }),
			fc.double({ min: 36_000, max: 110_000, noNaN: true }),
			fc.integer({ min: 900_000_000, max: 8_000_000_000 }),
			fc.integer({ min: 900_000_000_000, max: 8_000_000_000_000 }),
		),
		fc.boolean(),
	),
	([number, isText]) => {
		const { message, advice, description } = refusalOf(() =>
			parseDate(isText ? String(number) : number, FIELD),
		);
		expect(message).toMatch(
			/ could mean seconds \(.+\), milliseconds \(.+\) or a spreadsheet's day number \(.+\)$/,
		);
		const [, expression] = /\{\{ (DateTime\..*) \}\}/.exec(description) ?? [];
		if (expression === undefined) return;
		const date = formatDate(parseDate(runInNewContext(expression, { DateTime }), FIELD));
		expect(advice).toContain(`give ${date} instead`);
	},
);

property('a Date and a DateTime of any zone are the moment that they are', moments, (moment) => {
	const seconds = Math.floor(moment / 1000) * 1000;
	expect(parseDate(new Date(moment), FIELD).getTime()).toBe(seconds);
	for (const zone of ['utc', 'Europe/Amsterdam', 'Pacific/Apia']) {
		expect(parseDate(DateTime.fromMillis(moment, { zone }), FIELD).getTime()).toBe(seconds);
	}
});

property('a date alone is its midnight in UTC', moments, (moment) => {
	const midnight = Math.floor(moment / DAY) * DAY;
	const text = new Date(moment).toISOString().slice(0, 10);
	expect(parseDate(text, FIELD).getTime()).toBe(midnight);
});

property(
	'a text that is taken means the same to Luxon',
	fc.oneof(timeTexts, damaged(timeTexts), damaged(writtenMoments.map(({ text }) => text))),
	(text) => {
		const moment = acceptedOrRefused(() => parseDate(text, FIELD), FIELD);
		if (moment === undefined) return;
		// Luxon knows neither small letters, nor the space for the T, nor a blank before the offset.
		const iso = text
			.replace(/[\p{Cf}\p{DI}]/gu, '')
			.replace(/[\p{Pd}\u2212]/gu, '-')
			.trim()
			.toUpperCase()
			.replace(/^([\d-]+)\s/, '$1T')
			.replace(/\s/, '');
		const expected = DateTime.fromISO(iso, { zone: 'utc' });
		expect(expected.isValid).toBe(true);
		expect(moment.getTime()).toBe(Math.floor(expected.toMillis() / 1000) * 1000);
	},
);

property('any value is a moment that can be sent, or refused', values, (value) => {
	const moment = acceptedOrRefused(() => parseDate(value, FIELD), FIELD);
	if (moment === undefined) return;
	const sent = formatDate(moment);
	expect(sent).toMatch(SENT_FORM);
	expect(Date.parse(sent)).toBe(moment.getTime());
	expect(['string', 'object']).toContain(typeof value);
});
