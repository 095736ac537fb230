const REDACTED = '***';

/** A value of an Authorization header, whoever wrote it. */
const AUTHORIZATION = /\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi;

/** Shorter values are too common in ordinary words to be taken out of them. */
const SHORTEST_SECRET = 6;

/**
 * Takes secrets and Authorization values out of a text that somebody else wrote.
 *
 * @param text - such as EnableNow's words on a refusal
 * @param secrets - what must not be repeated; those of fewer than 6 characters are left
 */
export function redact(text: string, secrets: string[]): string {
	return secrets
		.filter((secret) => secret.length >= SHORTEST_SECRET)
		.sort((one, other) => other.length - one.length)
		.reduce((rest, secret) => rest.replaceAll(secret, REDACTED), text)
		.replace(AUTHORIZATION, `$1 ${REDACTED}`);
}
