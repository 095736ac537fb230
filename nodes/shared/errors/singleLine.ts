/** What breaks a line, is not seen, turns the direction of the text, or is half a character. */
const NOT_PRINTED = /[\p{Cc}\p{Cf}\p{Cs}\s]+/gu;

/**
 * Writes a text that somebody else chose so that a person can be shown it: in one line, a blank in
 * the place of what is not printed.
 *
 * @param text - anything
 * @param longest - how much of it is looked at, in characters
 */
export function toSingleLine(text: string, longest: number): string {
	// Cut off first: what is left of a character that was cut in two goes too.
	return text.slice(0, longest).replace(NOT_PRINTED, ' ');
}
