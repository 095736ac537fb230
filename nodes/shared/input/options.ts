import { formatExcerpt, InputError } from '../errors/inputError';
import { trimText } from './text';

/** Parses a number or its text; NaN for anything else, such as `[]`, which Number() takes for 0. */
export function parseNumber(value: unknown): number {
	if (typeof value === 'number') return value;
	return typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
}

/**
 * Parses a whole number above 0, or its text.
 *
 * @param fieldName - the field's display name, for the message
 * @throws InputError for anything else
 */
export function parseWholeNumber(value: unknown, fieldName: string): number {
	const number = parseNumber(value);
	if (Number.isSafeInteger(number) && number > 0) return number;
	throw new InputError(
		`'${fieldName}' is ${formatExcerpt(value)}, which is not a whole number above 0`,
		'Enter a whole number, such as 30.',
	);
}

/** Whether a parameter has no value: an expression without a result, or a field that looks empty. */
export function isEmpty(value: unknown): boolean {
	return value === null || value === undefined || (typeof value === 'string' && !trimText(value));
}

/**
 * Parses one of several choices.
 *
 * @param defaultChoice - for an empty value
 * @param fieldName - the field's display name, for the message
 * @throws InputError when the value is not one of them
 */
export function parseChoice<Choice extends string>(
	value: unknown,
	choices: readonly Choice[],
	defaultChoice: Choice,
	fieldName: string,
): Choice {
	if (isEmpty(value)) return defaultChoice;
	const known = choices.find((choice) => choice === value);
	if (known !== undefined) return known;
	throw new InputError(
		`'${fieldName}' is not a valid choice`,
		`Enter one of ${choices.join(', ')}.`,
	);
}

/**
 * Parses a boolean or its text; an empty value is false.
 *
 * @param fieldName - the field's display name, for the message
 * @throws InputError for anything else
 */
export function parseBoolean(value: unknown, fieldName: string): boolean {
	if (typeof value === 'boolean') return value;
	const text = typeof value === 'string' ? value.trim().toLowerCase() : undefined;
	if (text === 'true') return true;
	if (text === 'false' || isEmpty(value)) return false;
	throw new InputError(
		`'${fieldName}' must be true or false, but it is ${formatExcerpt(value)}`,
		'Enter true or false.',
	);
}
