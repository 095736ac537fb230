import { formatExcerpt, InputError } from '../errors/inputError';

/**
 * The number that a value is, or that its text says.
 *
 * @returns NaN for anything else: JavaScript would take an empty list for 0, and `true` for 1
 */
export function parseNumber(value: unknown): number {
	if (typeof value === 'number') return value;
	return typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
}

/** Whether a value is none: an expression whose field is missing, or an emptied field. */
export function isEmpty(value: unknown): boolean {
	return (
		value === null || value === undefined || (typeof value === 'string' && value.trim() === '')
	);
}

/**
 * Reads one of several choices.
 *
 * @param usual - what stands for no value
 * @param fieldName - the field's display name, for the message
 * @throws InputError when the value is none of them
 */
export function parseChoice<Choice extends string>(
	value: unknown,
	choices: readonly Choice[],
	usual: Choice,
	fieldName: string,
): Choice {
	if (isEmpty(value)) return usual;
	const known = choices.find((choice) => choice === value);
	if (known !== undefined) return known;
	throw new InputError(
		`'${fieldName}' is not one of its choices`,
		`Give one of ${choices.join(', ')}.`,
	);
}

/**
 * Reads a switch.
 *
 * @param value - true or false, or a text that says so
 * @param fieldName - the field's display name, for the message
 * @returns whether it is on; one without a value is off
 * @throws InputError when the value is neither
 */
export function parseBoolean(value: unknown, fieldName: string): boolean {
	if (typeof value === 'boolean') return value;
	const text = typeof value === 'string' ? value.trim().toLowerCase() : undefined;
	if (text === 'true') return true;
	if (text === 'false' || isEmpty(value)) return false;
	throw new InputError(
		`'${fieldName}' must be true or false, but it is ${formatExcerpt(value)}`,
		`Switch '${fieldName}' on or off, or give an expression that gives true or false.`,
	);
}
