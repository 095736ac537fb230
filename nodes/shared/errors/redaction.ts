import { toSingleLine } from './text';

const REDACTED = '***';

/**
 * The value of an Authorization header. A digit, an equals sign or a capital inside distinguishes a
 * credential from an ordinary word.
 */
const AUTHORIZATION =
	/\b([Bb]earer|[Bb]asic|BEARER|BASIC)\s+(?=[\w.~+/=-]*(?:[\d=]|[a-z][A-Z]))[\w.~+/=-]{8,}/g;

/**
 * A JWT, which EnableNow's tokens probably are. It must begin a word: otherwise a long text of
 * beginnings takes quadratic time.
 */
const JWT = /(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g;

const MAX_LENGTH = 500;

/** Shorter values are too common within ordinary words. */
const MIN_SECRET_LENGTH = 6;

/**
 * Removes secrets, tokens and Authorization values from a text that came from outside, and puts its
 * first 500 characters on one line.
 *
 * @param secrets - those shorter than 6 characters are ignored
 */
export function redact(text: string, secrets: string[]): string {
	const redacted = secrets
		.flatMap(formatSecret)
		.filter((form) => form.length >= MIN_SECRET_LENGTH)
		.sort((one, other) => other.length - one.length)
		.reduce((rest, form) => rest.replaceAll(form, REDACTED), text)
		.replace(AUTHORIZATION, `$1 ${REDACTED}`)
		.replace(JWT, REDACTED);
	// Not earlier: a secret that is cut in two would not be recognised.
	const line = toSingleLine(redacted, MAX_LENGTH);
	return redacted.length > MAX_LENGTH ? `${line.trimEnd()}…` : line;
}

/** The forms in which a response may repeat a secret: raw, URL-encoded, in JSON. */
function formatSecret(secret: string): string[] {
	if (secret.length < MIN_SECRET_LENGTH) return [];
	const form = new URLSearchParams({ x: secret }).toString().slice('x='.length);
	const url = form.replaceAll('+', '%20');
	// As by encodeURIComponent, which itself throws on half a character.
	const lenient = url.replace(/%(?:2[1789A]|7E)/g, decodeURIComponent);
	const json = JSON.stringify(secret).slice(1, -1);
	// EnableNow runs on .NET, whose JSON escapes all that is not ASCII, with capital digits.
	const ascii = json.replace(
		/[^\x20-\x7e]/g,
		(unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
	);
	return [
		secret,
		toSingleLine(secret, secret.length),
		...[form, url, lenient].flatMap((text) => [
			text,
			text.replace(/%../g, (code) => code.toLowerCase()),
		]),
		json,
		ascii,
		ascii.replace(/(?<=\\u)[\da-f]{4}/g, (digits) => digits.toUpperCase()),
	];
}
