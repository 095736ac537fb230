import { redact } from '../../../../nodes/shared/errors/redaction';
import { formsOf } from '../../../../nodes/shared/errors/secretForms';
import { SECRET_WRITERS } from '../../../secret-writers';

const SECRETS = ['sëcrét-ключ-🔑', 'a/b=c+d&e<f>g"h\'i!j(k)*l~m\\n'];

describe.each(SECRETS)('%s', (secret) => {
	it.each(SECRET_WRITERS)('is taken out %s', (_name, write) => {
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
