import { formatExcerpt, InputError } from '../errors/inputError';
import { isEmpty } from './options';

/** A date, optionally with a time of day, optionally with Z or an offset from UTC. */
const ISO_TIME =
	/^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s?(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i;

const MILLISECONDS_PER_MINUTE = 60_000;

const DATE_HINT =
	'Enter a date and time such as 2026-04-30T12:00:00 (read as UTC), 2026-04-30T14:00:00+02:00, or an expression such as {{ $now.plus({ days: 30 }) }}.';

/** Smaller numbers are taken for seconds: as milliseconds they would lie before 1973. */
const MAX_SECONDS = 100_000_000_000;

/**
 * Parses a date and time. A value with a zone or offset is converted to UTC; without one it is UTC.
 *
 * @param value - ISO 8601 text (a space may replace the T; a date alone means midnight), a Luxon
 *   DateTime (of any copy of Luxon), or a Date
 * @param fieldName - the field's display name, for the message
 * @returns the moment, without fractions of a second
 * @throws InputError when the value is something else, or outside the years 0 to 9999
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
 * Formats a date and time for EnableNow: `YYYY-MM-DDTHH:mm:ssZ`. The documentation's examples have no
 * zone, but EnableNow's responses have an offset: without the Z, it might read local time.
 */
export function formatDate(moment: Date): string {
	return `${moment.toISOString().slice(0, 19)}Z`;
}

/** Milliseconds since 1970 of a value that {@link parseDate} accepts, or NaN. */
export function toMilliseconds(value: unknown): number {
	if (typeof value === 'string') return parseIsoTime(value.trim());
	if (isLuxonDateTime(value)) return value.toMillis();
	// Not instanceof: a Date from an expression belongs to another realm.
	if (Object.prototype.toString.call(value) === '[object Date]') return (value as Date).getTime();
	return Number.NaN;
}

/** Whether a date and time is in the past; false if the value is not one. */
export function isPast(value: unknown): boolean {
	return toMilliseconds(value) <= Date.now();
}

function parseIsoTime(text: string): number {
	const match = ISO_TIME.exec(text);
	if (!match) return Number.NaN;
	const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
		.slice(1, 7)
		.map((part: string | undefined) => Number(part ?? 0));
	const utc = new Date(0);
	// Date.UTC would read the years 0 to 99 as 1900 to 1999.
	utc.setUTCFullYear(year, month - 1, day);
	utc.setUTCHours(hour, minute, second);
	// Date turns 31 April into 1 May and 24:00 into the next day: refuse what it changed.
	const sameDay = utc.getUTCMonth() === month - 1 && utc.getUTCDate() === day;
	if (!sameDay || hour > 23 || minute > 59 || second > 59) return Number.NaN;
	return utc.getTime() - parseOffsetMinutes(match[7]) * MILLISECONDS_PER_MINUTE;
}

/** How far a zone is ahead of UTC; 0 for Z and for no zone. */
function parseOffsetMinutes(zone: string | undefined): number {
	if (zone === undefined || zone.toUpperCase() === 'Z') return 0;
	const hours = Number(zone.slice(1, 3));
	const minutes = Number(zone.slice(3).replace(':', ''));
	if (hours > 23 || minutes > 59) return Number.NaN;
	return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

function isLuxonDateTime(value: unknown): value is { toMillis(): number } {
	const { isLuxonDateTime, toMillis } = Object(value) as Record<string, unknown>;
	return isLuxonDateTime === true && typeof toMillis === 'function';
}

function numberError(value: number, fieldName: string): InputError {
	const conversion = value < MAX_SECONDS ? 'fromSeconds' : 'fromMillis';
	return new InputError(
		`'${fieldName}' is the number ${value}, which could mean seconds or milliseconds`,
		`Convert it with the expression {{ DateTime.${conversion}(${value}) }}, with your own field in place of the number.`,
	);
}
