import { formsOf } from './secretForms';

const REDACTED = '***';

/**
 * A value of an Authorization header, whoever wrote it. What follows the scheme is told from an
 * ordinary word by a digit, an equals sign, or a capital within.
 */
const AUTHORIZATION =
	/\b([Bb]earer|[Bb]asic|BEARER|BASIC)\s+(?=[\w.~+/=-]*(?:[\d=]|[a-z][A-Z]))[\w.~+/=-]{8,}/g;

/**
 * A token in the form that EnableNow's probably have, whosesoever it is. It is looked for where a word
 * begins only: a long text of beginnings would otherwise take very long.
 */
const JWT = /(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g;

/** How many characters a person is shown. */
const LONGEST_TEXT = 2000;

/** Shorter values are too common in ordinary words to be taken out of them. */
const SHORTEST_SECRET = 6;

/**
 * Takes secrets, tokens and Authorization values out of a text that somebody else wrote, and cuts it
 * off when it is long.
 *
 * @param text - such as EnableNow's words on a refusal
 * @param secrets - what must not be repeated, in whatever form; those of fewer than 6 characters are
 *   left
 */
export function redact(text: string, secrets: string[]): string {
	const redacted = secrets
		.filter((secret) => secret.length >= SHORTEST_SECRET)
		.flatMap(formsOf)
		.filter((form) => form.length >= SHORTEST_SECRET)
		.sort((one, other) => other.length - one.length)
		.reduce((rest, secret) => rest.replaceAll(secret, REDACTED), text)
		.replace(AUTHORIZATION, `$1 ${REDACTED}`)
		.replace(JWT, REDACTED);
	// Not before: the start of a secret would no longer be recognised.
	return redacted.length > LONGEST_TEXT
		? `${redacted.slice(0, LONGEST_TEXT).replace(/\p{Cs}$/u, '')}…`
		: redacted;
}
