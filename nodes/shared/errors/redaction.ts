import { toSingleLine } from './text';

const REDACTED = '***';

/**
 * A value of an Authorization header, whoever wrote it. What follows the scheme is told from an
 * ordinary word by a digit, an equals sign, or a capital within.
 */
const AUTHORIZATION =
	/\b([Bb]earer|[Bb]asic|BEARER|BASIC)\s+(?=[\w.~+/=-]*(?:[\d=]|[a-z][A-Z]))[\w.~+/=-]{8,}/g;

/**
 * A JWT, which EnableNow's tokens probably are. It is looked for where a word begins only: a long
 * text of beginnings would otherwise take very long.
 */
const JWT = /(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g;

/** How many characters of a text a person is shown. */
const MAX_LENGTH = 2000;

/** Shorter values are too common in ordinary words to be taken out of them. */
const MIN_SECRET_LENGTH = 6;

/**
 * Takes secrets, tokens and Authorization values out of a text that came from outside, and cuts it
 * off after 2,000 characters.
 *
 * @param text - such as EnableNow's words on a refusal, in one line
 * @param secrets - what must not be repeated; those of fewer than 6 characters are left
 */
export function redact(text: string, secrets: string[]): string {
	const redacted = secrets
		.flatMap(formatSecret)
		.filter((form) => form.length >= MIN_SECRET_LENGTH)
		.sort((one, other) => other.length - one.length)
		.reduce((rest, form) => rest.replaceAll(form, REDACTED), text)
		.replace(AUTHORIZATION, `$1 ${REDACTED}`)
		.replace(JWT, REDACTED);
	// Not before: the start of a secret would no longer be recognised.
	return redacted.length > MAX_LENGTH
		? `${redacted.slice(0, MAX_LENGTH).replace(/\p{Cs}$/u, '')}…`
		: redacted;
}

/** The forms in which an answer may repeat a secret of a request: raw, URL-encoded, in JSON. */
function formatSecret(secret: string): string[] {
	if (secret.length < MIN_SECRET_LENGTH) return [];
	const form = new URLSearchParams({ x: secret }).toString().slice('x='.length);
	const url = form.replaceAll('+', '%20');
	// As encodeURIComponent writes it, which refuses half a character.
	const lenient = url.replace(/%(?:2[1789A]|7E)/g, decodeURIComponent);
	const json = JSON.stringify(secret).slice(1, -1);
	// .NET, of which EnableNow is made, escapes all that is not ASCII, and writes capital digits.
	const ascii = json.replace(
		/[^\x20-\x7e]/g,
		(unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
	);
	return [
		secret,
		toSingleLine(secret, secret.length),
		...[form, url, lenient].flatMap((text) => [text, text.replace(/%../g, toLowerCase)]),
		json,
		ascii,
		ascii.replace(/(?<=\\u)[\da-f]{4}/g, (digits) => digits.toUpperCase()),
	];
}

function toLowerCase(text: string): string {
	return text.toLowerCase();
}
