/** What breaks a line, is not seen, turns the direction of the text, or is half a character. */
const NOT_PRINTED = /[\p{Cc}\p{Cf}\p{Cs}\s]+/gu;

/**
 * Writes a text from outside in one line, a blank in the place of what is not printed.
 *
 * @param maxLength - how much of it is kept, in characters
 */
export function toSingleLine(text: string, maxLength: number): string {
	// Cut off first: what is left of a character that was cut in two goes too.
	return text.slice(0, maxLength).replace(NOT_PRINTED, ' ');
}

/** Joins sentences by blanks, adding a full stop where one has no punctuation at its end. */
export function joinSentences(...texts: string[]): string {
	const last = texts.length - 1;
	return texts
		.map((text, index) => (index === last || /[.!?…]$/.test(text) ? text : `${text}.`))
		.join(' ');
}

/**
 * The message of an error. Of anything else that was thrown, only a text is repeated: an object may
 * hold a request, and with it the token.
 */
export function errorMessage(error: unknown): string {
	const { message } = Object(error) as { message?: unknown };
	if (typeof message === 'string') return message;
	return typeof error === 'string' ? error : 'unknown error';
}
