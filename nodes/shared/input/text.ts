import { formatExcerpt, InputError } from '../errors/inputError';

/** From the first visible character to the last; `+$` would take quadratic time. */
const TRIMMED = /[^\s\p{Cf}\p{DI}](?:.*[^\s\p{Cf}\p{DI}])?/su;

/** Characters that nobody sees within a text; a space is seen. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{DI}]|(?! )\p{Z}/gu;

/** Removes white space and invisible characters, such as a byte order mark, at both ends. */
export function trimText(text: string): string {
	return TRIMMED.exec(text)?.[0] ?? '';
}

const NOT_ASCII = /[^\t-~]/;

/** Removes invisible characters anywhere, and white space at both ends. */
export function removeInvisible(text: string): string {
	// Most text is ASCII, which is faster to see than to search for what is not in it.
	return (NOT_ASCII.test(text) ? text.replace(/[\p{Cf}\p{DI}]/gu, '') : text).trim();
}

/**
 * Parses a text parameter. Numbers are accepted, since the result of an expression often is an order
 * or customer number.
 *
 * @param fieldName - the field's display name, for the message
 * @returns the text without white space and invisible characters at its ends, empty if there is none
 * @throws InputError when the value is neither text nor a number
 */
export function parseText(value: unknown, fieldName: string): string {
	if (value === null || value === undefined) return '';
	if (typeof value === 'string') return trimText(value);
	if (typeof value === 'number' && Number.isFinite(value)) return String(value);
	throw new InputError(
		`'${fieldName}' must be text, but it is ${formatExcerpt(value)}`,
		`Enter text in '${fieldName}', not a list or an object.`,
	);
}

/**
 * Parses a text parameter that must not be empty.
 *
 * @param hint - how to fix an empty one
 * @param parse - {@link parseText} or {@link parseClientId}
 * @throws InputError when the value is empty, or `parse` refuses it
 */
export function parseRequiredText(
	value: unknown,
	fieldName: string,
	hint: string,
	parse = parseText,
): string {
	const text = parse(value, fieldName);
	if (text === '') throw new InputError(`'${fieldName}' is empty`, hint);
	return text;
}

/**
 * Parses the client ID of an app of EnableNow.
 *
 * @returns the client ID as {@link parseText} trims it, empty if there is none
 * @throws InputError when it contains invisible characters, or is neither text nor a number
 */
export function parseClientId(value: unknown, fieldName: string): string {
	const clientId = parseText(value, fieldName);
	const visible = clientId.replace(INVISIBLE, '');
	if (visible === clientId) return clientId;
	throw new InputError(
		`'${fieldName}' is ${formatExcerpt(clientId)}, which contains invisible characters`,
		`Give it without them: ${formatExcerpt(visible)}. They often come with pasted text.`,
	);
}

/** Parses JSON; `undefined` if the text is not JSON. */
export function tryParseJson(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return undefined;
	}
}
