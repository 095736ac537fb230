import { toSingleLine } from './singleLine';

/**
 * The forms in which somebody who repeats a request may write a secret of it: a token request is a
 * form, so that an answer which repeats it holds the client secret percent-encoded.
 *
 * @param secret - as it is in the credential
 */
export function formsOf(secret: string): string[] {
	const bytes = Buffer.from(secret);
	const forms = [
		secret,
		toSingleLine(secret, secret.length),
		// As the bytes of a header are read.
		bytes.toString('latin1'),
		...percentEncoded(secret),
		...jsonEscaped(secret),
		htmlEscaped(secret),
		...inBase64(bytes),
	];
	return [...new Set(forms)];
}

function percentEncoded(secret: string): string[] {
	// Half a character, which encodeURIComponent refuses, is replaced by a form.
	const form = new URLSearchParams({ x: secret }).toString().slice('x='.length);
	const url = form.replaceAll('+', '%20');
	const lenient = url.replace(/%(?:2[1789A]|7E)/g, decodeURIComponent);
	const once = [form, url, lenient];
	return [...once, ...once.map(encodeURIComponent)].flatMap((text) => [
		text,
		text.replace(/%[\dA-F]{2}/g, (escape) => escape.toLowerCase()),
	]);
}

function jsonEscaped(secret: string): string[] {
	const text = JSON.stringify(secret).slice(1, -1);
	// .NET, of which EnableNow is made, escapes all that is not ASCII, and writes capital digits.
	const ascii = text.replace(
		/[^\x20-\x7e]/g,
		(unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
	);
	return [
		text,
		ascii,
		ascii.replace(/\\u[\da-f]{4}/g, (escape) => `\\u${escape.slice(2).toUpperCase()}`),
	];
}

function htmlEscaped(secret: string): string {
	const entities: Record<string, string> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot' };
	return secret.replace(/[&<>"]/g, (character) => `&${entities[character]};`);
}

/** What of the Base64 of a longer text depends on the secret alone, wherever it begins in it. */
function inBase64(bytes: Buffer): string[] {
	return [0, 1, 2].flatMap((before) => {
		const all = Buffer.concat([Buffer.alloc(before), bytes]);
		const [first, end] = [Math.ceil((before * 8) / 6), Math.floor((all.length * 8) / 6)];
		return [all.toString('base64'), all.toString('base64url')].map((text) =>
			text.slice(first, end),
		);
	});
}
