import { formatExcerpt, InputError } from '../errors/inputError';

/**
 * Parses a text parameter. Numbers are accepted, since the result of an expression often is an order
 * or customer number.
 *
 * @param fieldName - the field's display name, for the message
 * @returns the trimmed text, empty if there is none
 * @throws InputError when the value is neither text nor a number
 */
export function parseText(value: unknown, fieldName: string): string {
	if (value === null || value === undefined) return '';
	if (typeof value === 'string') return value.trim();
	if (typeof value === 'number' && Number.isFinite(value)) return String(value);
	throw new InputError(
		`'${fieldName}' must be text, but it is ${formatExcerpt(value)}`,
		`Enter a text in '${fieldName}', or an expression that gives one.`,
	);
}

/**
 * Parses a text parameter that must not be empty.
 *
 * @param hint - how to fix an empty one
 * @throws InputError when the value is empty, or neither text nor a number
 */
export function parseRequiredText(value: unknown, fieldName: string, hint: string): string {
	const text = parseText(value, fieldName);
	if (text === '') throw new InputError(`'${fieldName}' is empty`, hint);
	return text;
}
