import { formatExcerpt, InputError } from '../errors/inputError';
import { parseNumber } from './options';

const MILLISECONDS = { hours: 3_600_000, days: 86_400_000, weeks: 604_800_000 };

export const DURATION_UNITS = ['hours', 'days', 'weeks', 'months'] as const;

export type DurationUnit = (typeof DURATION_UNITS)[number];

/**
 * Parses the number of a duration.
 *
 * @param fieldName - the field's display name, for the message
 * @throws InputError when it is not a whole number above 0
 */
export function parseAmount(value: unknown, fieldName: string): number {
	const amount = parseNumber(value);
	if (Number.isSafeInteger(amount) && amount > 0) return amount;
	throw new InputError(
		`'${fieldName}' is ${formatExcerpt(value)}, which is not a whole number above 0`,
		'Enter a whole number, such as 30.',
	);
}

/**
 * Adds a duration to a moment, in UTC. Months are calendar months: a month after 31 January is the last day
 * of February.
 *
 * @returns an invalid Date if it is too far in the future for one
 */
export function addDuration(start: Date, amount: number, unit: DurationUnit): Date {
	if (unit !== 'months') return new Date(start.getTime() + amount * MILLISECONDS[unit]);
	const end = new Date(start);
	end.setUTCMonth(end.getUTCMonth() + amount);
	// Where the month is too short, Date goes on into the next one.
	if (end.getUTCDate() !== start.getUTCDate()) end.setUTCDate(0);
	return end;
}
