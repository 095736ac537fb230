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
		.filter((secret) => secret.length >= MIN_SECRET_LENGTH)
		.sort((one, other) => other.length - one.length)
		.reduce((rest, secret) => rest.replace(toPattern(secret), REDACTED), text)
		.replace(AUTHORIZATION, `$1 ${REDACTED}`)
		.replace(JWT, REDACTED);
	// Not earlier: a secret that is cut in two would not be recognized.
	const line = toSingleLine(redacted, MAX_LENGTH);
	return redacted.length > MAX_LENGTH ? `${line.trimEnd()}…` : line;
}

/** Matches a secret however a response repeats its characters: raw, URL-encoded, or as in JSON. */
function toPattern(secret: string): RegExp {
	const source = secret.replace(/\W/gu, (character) => {
		const forms = [
			character,
			toSingleLine(character, 1),
			/\s/.test(character) ? '+' : '',
			Buffer.from(character).toString('hex').replace(/../g, '%$&'),
			JSON.stringify(character).slice(1, -1),
			// .NET escapes all that is not ASCII.
			character.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
		];
		const alternatives = forms.filter(Boolean).map((form) => form.replace(/\W/g, '\\$&'));
		return `(?:${alternatives.join('|')})`;
	});
	return new RegExp(source, 'gi');
}
