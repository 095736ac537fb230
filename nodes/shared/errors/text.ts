/** Line breaks, invisible characters, changes of direction, and half characters. */
const NOT_PRINTED = /[\p{Cc}\p{Cf}\p{Cs}\s]+/gu;

/** Characters that take no room of their own, or only room. */
const UNSEEN = /[\p{C}\p{M}\p{Z}\p{DI}]/u;

/**
 * Puts text from outside on one line, with a space for whatever is not printable.
 *
 * @param maxLength - in characters; the rest is cut off
 */
export function toSingleLine(text: string, maxLength: number): string {
	// Cut off first, so that half a character at the end is replaced too.
	return text.slice(0, maxLength).replace(NOT_PRINTED, ' ');
}

/**
 * Makes visible what a reader would not see or would take for something else: after or in place of
 * each character that is neither ASCII nor a Latin letter stands its code point, such as `[U+200B]`.
 */
export function revealCharacters(text: string): string {
	return text.replace(/[^\t-\r -~\u00c0-\u024f]/gu, (character) => {
		const codePoint = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
		return `${UNSEEN.test(character) ? '' : character}[U+${codePoint}]`;
	});
}

/** Joins sentences with spaces and adds missing full stops, except to the last. */
export function joinSentences(...texts: string[]): string {
	const last = texts.length - 1;
	return texts
		.map((text, index) => (index === last || /[.!?…]$/.test(text) ? text : `${text}.`))
		.join(' ');
}

/** Joins the first of some texts, and says how many more there are. */
export function joinFirst(texts: string[], maxCount: number, separator = ', '): string {
	const unnamed = texts.length - maxCount;
	const rest = unnamed > 0 ? ` and ${unnamed} more` : '';
	return `${texts.slice(0, maxCount).join(separator)}${rest}`;
}

/**
 * The message of whatever was thrown. An object without a message is not printed: it may contain a
 * request, and with it the token.
 */
export function errorMessage(error: unknown): string {
	const { message } = Object(error) as { message?: unknown };
	if (typeof message === 'string') return message;
	return typeof error === 'string' ? error : 'unknown error';
}

/** Whether a value is an object, and no list. */
export function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
