import { InputError } from '../errors/inputError';
import { formatDate } from './isoTime';
import { removeInvisible } from './text';

/** A number as text, also as a Dutch spreadsheet writes it: with a comma. */
const NUMBER = /^[-+]?\d+(?:[.,]\d+)?(?:e[-+]?\d+)?$/i;

/** What a number could mean. Only one of the three lies in the years of {@link isLikely}. */
const READINGS = [
	{
		unit: 'seconds',
		toMilliseconds: (number: number) => number * 1000,
		formatExpression: (operand: string) => `DateTime.fromSeconds(${operand})`,
	},
	{
		unit: 'milliseconds',
		toMilliseconds: (number: number) => number,
		formatExpression: (operand: string) => `DateTime.fromMillis(${operand})`,
	},
	{
		// Of Excel and Google Sheets; 25569 is 1 January 1970. Its fractions are not exact.
		unit: "a spreadsheet's day number",
		toMilliseconds: (number: number) => Math.round((number - 25_569) * 86_400) * 1000,
		formatExpression: (operand: string) =>
			`DateTime.fromSeconds(Math.round((${operand} - 25569) * 86400))`,
	},
];

/** A number or its text, else NaN. */
export function toNumber(value: unknown): number {
	if (typeof value === 'number') return value;
	const text = typeof value === 'string' ? removeInvisible(value).replace('\u2212', '-') : '';
	return NUMBER.test(text) ? Number(text.replace(',', '.')) : Number.NaN;
}

/**
 * The refusal of a number in place of a date: it names what the number could mean, and how to convert it
 * if one of these is likely.
 *
 * @param value - a finite number, or its text
 * @param generalAdvice - for a number that is likely to mean none of these
 */
export function numberError(
	value: unknown,
	fieldName: string,
	generalAdvice: [advice: string, editorAdvice: string],
): InputError {
	const number = toNumber(value);
	const readings = READINGS.map((reading) => ({
		...reading,
		moment: new Date(reading.toMilliseconds(number)),
	}));
	const [seconds, milliseconds, dayNumber] = readings.map(
		({ unit, moment }) => `${unit} (${formatMoment(moment)})`,
	);
	const message = `'${fieldName}' is the number ${number}, which could mean ${seconds}, ${milliseconds} or ${dayNumber}`;
	const likely = readings.find(({ moment }) => isLikely(moment));
	if (likely === undefined) return new InputError(message, ...generalAdvice);
	// Luxon refuses a number that is text.
	const operand = typeof value === 'string' ? `Number(${number})` : String(number);
	return new InputError(
		message,
		`If it means ${likely.unit}, give ${formatMoment(likely.moment)} instead.`,
		`The expression {{ ${likely.formatExpression(operand)} }} converts it, with your own field in place of the number.`,
	);
}

function formatMoment(moment: Date): string {
	const year = moment.getUTCFullYear();
	return year >= 0 && year <= 9999 ? formatDate(moment) : 'out of range';
}

function isLikely(moment: Date): boolean {
	const year = moment.getUTCFullYear();
	return year >= 2000 && year < 2200;
}
