import { runInNewContext } from 'node:vm';

import { redact } from '../../../../nodes/shared/errors/redaction';
import { responseError } from '../../../../nodes/shared/errors/requestError';
import { SECRET_WRITERS } from '../../../secret-writers';
import { jwtOf } from '../../support';

test.each<[string, string, string[], string]>([
	['a secret', 'The secret s3cr3t-value is wrong', ['s3cr3t-value'], 'The secret *** is wrong'],
	['every place of it', 'abcdef, abcdef', ['abcdef'], '***, ***'],
	['several secrets', 'abcdef and ghijkl', ['abcdef', 'ghijkl'], '*** and ***'],
	['a secret that begins with another', 'abcdefghi', ['abcdef', 'abcdefghi'], '***'],
	['characters of regular expressions', 'is a.c+(d)$& ok', ['a.c+(d)$&'], 'is *** ok'],
	['no secret at all', 'nothing to hide', [], 'nothing to hide'],
	['an empty secret', 'nothing to hide', [''], 'nothing to hide'],
	['a secret of 6 characters', 'x123456x', ['123456'], 'x***x'],
	['a Bearer header', 'got "Bearer eyJhbGciOi.J9.c2ln-_~+/="', [], 'got "Bearer ***"'],
	['a Basic header', 'Authorization: Basic dXNlcjpwYXNz', [], 'Authorization: Basic ***'],
	['a header in lower case', 'authorization: bearer 0123456789', [], 'authorization: bearer ***'],
	[
		'a token that is unknown',
		`the token ${jwtOf({ client_id: 'x' })} is old`,
		[],
		'the token *** is old',
	],
	['a secret in a form', 'secret=a%2Fb%3Dc%2Bd', ['a/b=c+d'], 'secret=***'],
	['a header with more blanks', 'Bearer   0123456789', [], 'Bearer ***'],
])('takes out %s', (_case, text, secrets, expected) => {
	expect(redact(text, secrets)).toBe(expected);
});

describe.each(['sëcrét-ключ-🔑', 'a/b=c+d&e<f>g"h\'i!j(k)*l~m\\n'])('the secret %s', (secret) => {
	test.each(SECRET_WRITERS)('is taken out %s', (_name, write) => {
		const redacted = redact(`before ${write(secret)} after`, [secret]);
		expect(redacted).toMatch(/^before .*\*\*\*.* after$/);
		expect(redacted.length).toBeLessThan(40);
	});
});

test('a secret whose characters are not printed is known by what is left of it', () => {
	expect(redact('the key- -of- mine', ['key-\u200d-of-\u2028mine'])).toBe('the ***');
});

test('half a character is no obstacle', () => {
	expect(redact('a half-\ud800-character', ['half-\ud800-character'])).toBe('a ***');
});

test('leaves the list of secrets as it is', () => {
	const secrets = ['abcdef', 'abcdefghi'];
	redact('abcdefghi', secrets);
	expect(secrets).toEqual(['abcdef', 'abcdefghi']);
});

test.each([
	['a token that is longer than a sentence may be', jwtOf({ scope: 'x'.repeat(600) }), ''],
	[
		'a token at the end of a long sentence',
		jwtOf({ client_id: 'en-app-ref-001' }),
		'x'.repeat(350),
	],
])('nothing is left of %s, which EnableNow repeats', (_case, token, before) => {
	const { message } = responseError(401, { detail: `${before} The token ${token} is not valid` });
	expect(redact(message, [token])).not.toContain(token.slice(0, 20));
});

test('a long text is cut off and says so', () => {
	const text = redact('x'.repeat(10_000), []);
	expect(text.length).toBeLessThan(2_100);
	expect(text).toMatch(/xxx…$/);
});

test('a JWT is taken out wherever a word begins, whosesoever it is', () => {
	const token = 'eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJ4In0.c2lnbmF0dXJl';
	expect(redact(`token=${token}, "${token}"`, [])).toBe('token=***, "***"');
});

test('a long text of what tokens begin with is no work', () => {
	const work = () => redact('-eyJ'.repeat(150_000), []);
	// It takes milliseconds, or minutes where a token may begin anywhere. Jest cannot end such work.
	const text: unknown = runInNewContext('work()', { work }, { timeout: 20_000 });
	expect(text).toMatch(/^-eyJ.*…$/);
});

test('a secret that stands where a text is cut off leaves no part of itself', () => {
	const secret = 'only-part-of-this-would-be-left';
	expect(redact('x'.repeat(1_990) + secret, [secret])).not.toContain('only');
});

test('no character is cut in two where a long text is cut off', () => {
	expect(redact(` ${'👍'.repeat(2_000)}`, [])).toBe(` ${'👍'.repeat(249)}…`);
});

test('what a secret of blanks turns into takes out nothing', () => {
	expect(redact('three words here', ['\u2028'.repeat(6)])).toBe('three words here');
});

test('several lines become one', () => {
	expect(redact('One\r\n\ttwo\u202ethree', [])).toBe('One two three');
});
