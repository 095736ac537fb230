import { formatExcerpt, InputError, toExcerpt } from '../errors/inputError';
import { isEmpty, parseNumber } from './options';
import { removeInvisible } from './text';

/**
 * A date, optionally with a time of day, optionally with Z or an offset from UTC. Any dash may be in
 * the date, but before the offset only a hyphen or minus: `12:00–13:00` is a range.
 */
const ISO_TIME =
	/^(\d{4})[\p{Pd}\u2212](\d{2})[\p{Pd}\u2212](\d{2})(?:[T\s](\d{2}:\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s?(Z|[-+\u2010\u2011\u2212]\d{2}(?::?\d{2})?)?)?$/iu;

const MILLISECONDS_PER_MINUTE = 60_000;
const MILLISECONDS_PER_DAY = 86_400_000;

/** Luxon repeats the text that it could not read in its explanation. */
const MAX_REASON_LENGTH = 160;

/**
 * Formats a date and time for EnableNow: `YYYY-MM-DDTHH:mm:ssZ`. The documentation's examples have no
 * zone, but EnableNow's responses have an offset: without the Z, it might read local time.
 */
export function formatDate(moment: Date): string {
	return moment.toISOString().replace(/\.\d+Z$/, 'Z');
}

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
	const milliseconds = toMilliseconds(value);
	const moment = new Date(Math.floor(milliseconds / 1000) * 1000);
	if (hasFourDigitYear(moment)) return moment;
	if (Number.isFinite(toNumber(value))) throw numberError(value, fieldName);
	throw new InputError(`'${fieldName}' ${describeProblem(value)}`, ...formatAdvice());
}

function hasFourDigitYear(moment: Date): boolean {
	const year = moment.getUTCFullYear();
	return year >= 0 && year <= 9999;
}

/** Milliseconds since 1970 of a value that {@link parseDate} accepts, or NaN. */
export function toMilliseconds(value: unknown): number {
	if (typeof value === 'string') return parseIsoTime(removeInvisible(value));
	if (isLuxonDateTime(value)) return value.toMillis();
	return isDate(value) ? value.getTime() : Number.NaN;
}

/** Whether a date and time is in the past; false if the value is not one. */
export function isPast(value: unknown): boolean {
	return toMilliseconds(value) <= Date.now();
}

interface LuxonDateTime {
	toMillis(): number;
	invalidReason?: unknown;
	invalidExplanation?: unknown;
}

function isLuxonDateTime(value: unknown): value is LuxonDateTime {
	const { isLuxonDateTime, toMillis } = Object(value) as Record<string, unknown>;
	return isLuxonDateTime === true && typeof toMillis === 'function';
}

/** Not instanceof: a Date from an expression belongs to another realm. */
function isDate(value: unknown): value is Date {
	return Object.prototype.toString.call(value) === '[object Date]';
}

/**
 * Parses ISO 8601 text; a space may replace the T, and a date alone means midnight.
 *
 * @returns milliseconds since 1970, without fractions of a second; NaN if it is something else, or
 *   outside the years 0 to 9999
 */
function parseIsoTime(text: string): number {
	const match = ISO_TIME.exec(text);
	if (!match) return Number.NaN;
	const [, year, month, day, time = '00:00', second = '00', zone] = match;
	const utc = `${year}-${month}-${day}T${time}:${second}Z`;
	const local = new Date(utc);
	// Date turns 31 April into 1 May and 24:00 into the next day: refuse what it changed.
	if (!hasFourDigitYear(local) || formatDate(local) !== utc) return Number.NaN;
	const moment = new Date(local.getTime() - parseOffsetMinutes(zone) * MILLISECONDS_PER_MINUTE);
	return hasFourDigitYear(moment) ? moment.getTime() : Number.NaN;
}

/** How far a zone is ahead of UTC; 0 for Z and for no zone. */
function parseOffsetMinutes(zone: string | undefined): number {
	if (zone === undefined || zone.toUpperCase() === 'Z') return 0;
	const hours = Number(zone.slice(1, 3));
	const minutes = Number(zone.slice(3).replace(':', ''));
	if (hours > 23 || minutes > 59) return Number.NaN;
	return (zone.startsWith('+') ? 1 : -1) * (hours * 60 + minutes);
}

/** @returns a predicate, such as `is empty` */
function describeProblem(value: unknown): string {
	if (isEmpty(value)) return 'is empty';
	if (isLuxonDateTime(value) && Number.isNaN(value.toMillis())) {
		const { invalidReason, invalidExplanation } = value;
		const reasons = [invalidReason, invalidExplanation].filter((text) => typeof text === 'string');
		return `is an invalid DateTime (${toExcerpt(reasons.join(': '), MAX_REASON_LENGTH)})`;
	}
	if (isDate(value) && Number.isNaN(value.getTime())) {
		return 'is an invalid Date, made from something that is not a date and time';
	}
	return `is ${formatExcerpt(value)}, which is not a date and time`;
}

function formatAdvice(): [advice: string, editorAdvice: string] {
	const example = formatDate(new Date(Date.now() + 30 * MILLISECONDS_PER_DAY));
	return [
		`Enter a date and time such as ${example}, which is 30 days from now. Without Z or an offset it is read as UTC.`,
		'You can also enter an offset, as in 2030-04-30T14:00:00+02:00, or an expression such as {{ $now.plus({ days: 30 }) }}.',
	];
}

/** A number or its text, also as a Dutch spreadsheet writes it, with a comma; else NaN. */
function toNumber(value: unknown): number {
	if (typeof value !== 'string') return parseNumber(value);
	return parseNumber(removeInvisible(value).replace(',', '.').replace('\u2212', '-'));
}

/**
 * The refusal of a number in place of a date: it names what the number could mean, and how to convert it
 * if one of these is likely.
 */
function numberError(value: unknown, fieldName: string): InputError {
	const number = toNumber(value);
	// Luxon refuses a number that is text.
	const operand = typeof value === 'string' ? `Number(${number})` : String(number);
	const readings = [
		{
			unit: 'seconds',
			moment: new Date(number * 1000),
			expression: `DateTime.fromSeconds(${operand})`,
		},
		{
			unit: 'milliseconds',
			moment: new Date(number),
			expression: `DateTime.fromMillis(${operand})`,
		},
		{
			// Of Excel and Google Sheets; 25569 is 1 January 1970. Its fractions are not exact.
			unit: "a spreadsheet's day number",
			moment: new Date(Math.round((number - 25_569) * 86_400) * 1000),
			expression: `DateTime.fromSeconds(Math.round((${operand} - 25569) * 86400))`,
		},
	];
	const [seconds, milliseconds, dayNumber] = readings.map(
		({ unit, moment }) => `${unit} (${formatMoment(moment)})`,
	);
	const message = `'${fieldName}' is the number ${number}, which could mean ${seconds}, ${milliseconds} or ${dayNumber}`;
	// The years of isLikely() hold only one of the three.
	const likely = readings.find(({ moment }) => isLikely(moment));
	if (likely === undefined) return new InputError(message, ...formatAdvice());
	return new InputError(
		message,
		`If it means ${likely.unit}, give ${formatMoment(likely.moment)} instead.`,
		`The expression {{ ${likely.expression} }} converts it, with your own field in place of the number.`,
	);
}

function formatMoment(moment: Date): string {
	return hasFourDigitYear(moment) ? formatDate(moment) : 'out of range';
}

function isLikely(moment: Date): boolean {
	const year = moment.getUTCFullYear();
	return year >= 2000 && year < 2200;
}

const MILLISECONDS_PER_UNIT = { hours: 3_600_000, days: MILLISECONDS_PER_DAY, weeks: 604_800_000 };

export const DURATION_UNITS = ['hours', 'days', 'weeks', 'months'] as const;

export type DurationUnit = (typeof DURATION_UNITS)[number];

/**
 * Adds a duration to a moment, in UTC. Months are calendar months: a month after 31 January is the last day
 * of February.
 *
 * @returns an invalid Date if it is too far in the future for one
 */
export function addDuration(start: Date, amount: number, unit: DurationUnit): Date {
	if (unit !== 'months') return new Date(start.getTime() + amount * MILLISECONDS_PER_UNIT[unit]);
	const end = new Date(start);
	end.setUTCMonth(end.getUTCMonth() + amount);
	// Where the month is too short, Date goes on into the next one.
	if (end.getUTCDate() !== start.getUTCDate()) end.setUTCDate(0);
	return end;
}
