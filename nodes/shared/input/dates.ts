import { formatExcerpt, InputError, toExcerpt } from '../errors/inputError';
import { numberError, toNumber } from './dateNumbers';
import { formatDate, parseIsoTime } from './isoTime';
import { isEmpty } from './options';
import { removeInvisible } from './text';

export { formatDate };

const MILLISECONDS_PER_DAY = 86_400_000;

/** Luxon repeats the text that it could not read in its explanation. */
const MAX_REASON_LENGTH = 160;

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
	const year = moment.getUTCFullYear();
	if (year >= 0 && year <= 9999) return moment;
	const advice = formatAdvice();
	if (Number.isFinite(toNumber(value))) throw numberError(value, fieldName, advice);
	throw new InputError(`'${fieldName}' ${describeProblem(value)}`, ...advice);
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
