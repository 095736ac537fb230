import { formatExcerpt, InputError } from '../errors/inputError';
import { isEmpty } from './options';

/** Calendar date, then optionally a time of day, then optionally Z or an offset from UTC. */
const ISO_TIME =
	/^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s?(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i;

const MILLISECONDS_PER_MINUTE = 60_000;

const DATE_HINT =
	'Enter a date and time such as 2026-04-30T12:00:00 (read as UTC), 2026-04-30T14:00:00+02:00, or an expression such as {{ $now.plus({ days: 30 }) }}.';

/** Numbers below this are seconds since 1970, since as milliseconds they would lie before 1973. */
const MAX_SECONDS = 100_000_000_000;

/**
 * Parses a moment. A value with a zone or offset is converted to UTC; a value without one is UTC.
 *
 * @param value - ISO 8601 text (a space may stand for the T; a date alone is its midnight), a Luxon
 *   DateTime (of n8n's own copy of Luxon or any other), or a Date
 * @param fieldName - the field's display name, for the message
 * @returns the moment, cut off to the second
 * @throws InputError when the value is not such a moment, or lies outside the years 0 to 9999
 */
export function parseDate(value: unknown, fieldName: string): Date {
	if (Number.isFinite(value) || (typeof value === 'string' && /^\s*\d{9,}\s*$/.test(value))) {
		throw numberError(Number(value), fieldName);
	}
	const milliseconds = toMilliseconds(value);
	const moment = new Date(Math.floor(milliseconds / 1000) * 1000);
	const year = moment.getUTCFullYear();
	if (year >= 0 && year <= 9999) return moment;
	if (isEmpty(value)) {
		throw new InputError(`'${fieldName}' is empty`, DATE_HINT);
	}
	throw new InputError(
		`'${fieldName}' is ${formatExcerpt(value)}, which is not a date and time`,
		DATE_HINT,
	);
}

/**
 * Formats a moment for EnableNow: `YYYY-MM-DDTHH:mm:ssZ`. The Z is explicit because the
 * documentation's times carry no zone while EnableNow's answers carry an offset, so a server may
 * take a time without one for local.
 */
export function formatDate(moment: Date): string {
	return `${moment.toISOString().slice(0, 19)}Z`;
}

/** Milliseconds since 1970 of a value that {@link parseDate} takes, or NaN for any other. */
export function toMilliseconds(value: unknown): number {
	if (typeof value === 'string') return parseIsoTime(value.trim());
	if (isLuxonDateTime(value)) return value.toMillis();
	// Not instanceof: a Date that an expression made belongs to another realm.
	if (Object.prototype.toString.call(value) === '[object Date]') return (value as Date).getTime();
	return Number.NaN;
}

/** Whether a moment is over; false for what is none. */
export function isPast(value: unknown): boolean {
	return toMilliseconds(value) <= Date.now();
}

function parseIsoTime(text: string): number {
	const match = ISO_TIME.exec(text);
	if (!match) return Number.NaN;
	const [year, month, day, hour, minute, second] = match
		.slice(1, 7)
		.map((part: string | undefined) => Number(part ?? 0)) as [
		number,
		number,
		number,
		number,
		number,
		number,
	];
	const utc = new Date(0);
	// Date.UTC would take the years 0 to 99 for 1900 to 1999.
	utc.setUTCFullYear(year, month - 1, day);
	utc.setUTCHours(hour, minute, second);
	// Date rolls 31 April over to 1 May and 24:00 to the next day: refuse what it had to change.
	const sameDay = utc.getUTCMonth() === month - 1 && utc.getUTCDate() === day;
	if (!sameDay || hour > 23 || minute > 59 || second > 59) return Number.NaN;
	return utc.getTime() - parseOffsetMinutes(match[7]) * MILLISECONDS_PER_MINUTE;
}

/** Minutes that a zone's clock is ahead of UTC; none for Z and for no zone at all. */
function parseOffsetMinutes(zone: string | undefined): number {
	if (zone === undefined || zone.toUpperCase() === 'Z') return 0;
	const hours = Number(zone.slice(1, 3));
	const minutes = Number(zone.slice(3).replace(':', ''));
	if (hours > 23 || minutes > 59) return Number.NaN;
	return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

function isLuxonDateTime(value: unknown): value is { toMillis(): number } {
	return (
		typeof value === 'object' &&
		value !== null &&
		'isLuxonDateTime' in value &&
		value.isLuxonDateTime === true &&
		'toMillis' in value &&
		typeof value.toMillis === 'function'
	);
}

function numberError(value: number, fieldName: string): InputError {
	const conversion = value < MAX_SECONDS ? 'fromSeconds' : 'fromMillis';
	return new InputError(
		`'${fieldName}' is the number ${value}, which could mean seconds or milliseconds`,
		`Convert it with the expression {{ DateTime.${conversion}(${value}) }}, with your own field in place of the number.`,
	);
}
