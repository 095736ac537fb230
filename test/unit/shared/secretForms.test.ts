import { redact } from '../../../nodes/shared/redaction';
import { formsOf } from '../../../nodes/shared/secretForms';

const SECRETS = ['sëcrét-ключ-🔑', 'a/b=c+d&e<f>g"h\'i!j(k)*l~m\\n'];

const asciiOnly = (text: string, toCase = (digits: string): string => digits): string =>
	text.replace(
		/[^\0-\x7f]/g,
		(unit) => `\\u${toCase(unit.charCodeAt(0).toString(16).padStart(4, '0'))}`,
	);

const lowerCase = (text: string): string => text.replace(/%../g, (escape) => escape.toLowerCase());

/** How somebody who repeats a request may write what is in it. */
const WRITERS: Array<[string, (secret: string) => string]> = [
	['as it is', (secret) => secret],
	['as the bytes of a header', (secret) => Buffer.from(secret).toString('latin1')],
	['in a form', (secret) => new URLSearchParams({ secret }).toString()],
	['in a URL', (secret) => encodeURIComponent(secret)],
	['in a URL, in lower case', (secret) => lowerCase(encodeURIComponent(secret))],
	['in a URL in a URL', (secret) => encodeURIComponent(encodeURIComponent(secret))],
	['in JSON', (secret) => JSON.stringify({ secret })],
	['in JSON that is ASCII', (secret) => asciiOnly(JSON.stringify({ secret }))],
	[
		'in JSON that is ASCII, as .NET writes it',
		(secret) => asciiOnly(JSON.stringify({ secret }), (digits) => digits.toUpperCase()),
	],
	[
		'in HTML',
		(secret) =>
			secret
				.replace(/&/g, '&amp;')
				.replace(/</g, '&lt;')
				.replace(/>/g, '&gt;')
				.replace(/"/g, '&quot;'),
	],
];

describe.each(SECRETS)('%s', (secret) => {
	it.each(WRITERS)('is taken out %s', (_name, write) => {
		const written = write(secret);
		const text = `before ${written} after`;
		expect(formsOf(secret).some((form) => text.includes(form))).toBe(true);
		expect(redact(text, [secret])).toMatch(/^before .*\*\*\*.* after$/);
	});

	it.each(['', ':', 'id:', 'app:'])('is taken out in Base64 after "%s"', (before) => {
		for (const encoding of ['base64', 'base64url'] as const) {
			const redacted = redact(Buffer.from(`${before}${secret}`).toString(encoding), [secret]);
			expect(redacted).toContain('***');
			// What is left holds less than a character of it at either end.
			expect(redacted.replace('***', '').length).toBeLessThanOrEqual(before.length * 2 + 4);
		}
	});
});

it('a secret whose characters are not printed is known by what is left of it', () => {
	expect(formsOf('key-\u200d-of-\u2028mine')).toContain('key- -of- mine');
});

it('a plain secret has few forms, each once', () => {
	const forms = formsOf('abcdefgh');
	expect(new Set(forms).size).toBe(forms.length);
	expect(forms.length).toBeLessThanOrEqual(4);
});

it('half a character is no obstacle', () => {
	expect(formsOf('half-\ud800-character')).toContain('half-\ud800-character');
});
