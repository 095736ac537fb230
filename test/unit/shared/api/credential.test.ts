import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import {
	parseBaseUrl,
	parseCredential,
	parseWebhookSecrets,
} from '../../../../nodes/shared/api/credential';
import { refusalOf } from '../../support';

describe('base URL', () => {
	test.each<[string, ICredentialDataDecryptedObject, string]>([
		['production', { environment: 'production' }, 'https://api.enablenow.nl'],
		['staging', { environment: 'staging' }, 'https://api.staging.enablenow.nl'],
		[
			'production takes no notice of a left-over base URL',
			{ environment: 'production', baseUrl: 'https://elsewhere.example' },
			'https://api.enablenow.nl',
		],
	])('%s', (_case, fields, expected) => {
		expect(parseBaseUrl(fields)).toBe(expected);
	});

	test.each([
		['as it is', 'https://gateway.example', 'https://gateway.example'],
		['a trailing slash is dropped', 'https://gateway.example/', 'https://gateway.example'],
		['several trailing slashes are', 'https://gateway.example///', 'https://gateway.example'],
		['http and a port', 'http://127.0.0.1:4010/', 'http://127.0.0.1:4010'],
		['an IPv6 address', 'http://[::1]:4010', 'http://[::1]:4010'],
		['a path', 'https://gateway.example/enablenow', 'https://gateway.example/enablenow'],
		[
			'a path and a slash',
			'https://gateway.example/enablenow/',
			'https://gateway.example/enablenow',
		],
		['blanks around it', ' https://gateway.example \n', 'https://gateway.example'],
		['upper case', 'HTTPS://Gateway.Example', 'https://gateway.example'],
	])('custom: %s', (_case, baseUrl, expected) => {
		expect(parseBaseUrl({ environment: 'custom', baseUrl })).toBe(expected);
	});

	test.each<[string, ICredentialDataDecryptedObject]>([
		['empty', { baseUrl: '' }],
		['blank', { baseUrl: '  ' }],
		['missing', {}],
		['no text', { baseUrl: true }],
	])('custom and %s is refused as empty', (_case, fields) => {
		const { message } = refusalOf(() => parseBaseUrl({ environment: 'custom', ...fields }));
		expect(message).toBe("The credential's 'Base URL' is empty");
	});

	test.each([
		'api.enablenow.nl',
		'ftp://api.enablenow.nl',
		'file:///etc/passwd',
		'javascript:alert(1)',
		'https://',
		'//api.enablenow.nl',
		'/shares',
		'https:/gateway.example',
		'https:gateway.example',
		'https://[gateway.example',
	])('custom: %s is refused, naming value and field', (baseUrl) => {
		const { message, description } = refusalOf(() =>
			parseBaseUrl({ environment: 'custom', baseUrl }),
		);
		expect(message).toContain(`'Base URL' is "${baseUrl}"`);
		expect(description).toMatch(/^Open the credential and enter an address such as https:/);
	});

	test.each([
		'https://gateway.example/?key=1',
		'https://gateway.example/#part',
		'https://gateway.example/?',
		'https://gateway.example/#',
		'https://user:password@gateway.example',
		'https://user@gateway.example',
		'https://:password@gateway.example',
		'https://user:pass word\u200b@gateway.example',
	])('custom: %s contains more than an address, and is not repeated', (baseUrl) => {
		const { message, description } = refusalOf(() =>
			parseBaseUrl({ environment: 'custom', baseUrl }),
		);
		expect(message).toContain("'Base URL' contains more than an address");
		expect(description).toMatch(/^Open the credential and leave user name, password/);
		expect(message).not.toContain('gateway');
	});

	test.each([
		undefined,
		null,
		'',
		'test',
		'Custom',
		'custom ',
		' staging',
		7,
		['custom'],
		true,
		{},
	])('%j is no environment, with a base URL and without', (environment) => {
		for (const fields of [{}, { baseUrl: 'https://gateway.example' }]) {
			const { message, description } = refusalOf(() =>
				parseBaseUrl({ environment, ...fields } as ICredentialDataDecryptedObject),
			);
			expect(message).toContain("The credential's 'Environment' is ");
			expect(description).toMatch(/^Open the credential and choose an environment\./);
		}
	});
});

test.each([
	['gate\u200bway', 'gate[U+200B]way'],
	['gatew\u0430y', 'gatew\u0430[U+0430]y'],
	['\u200egateway', '[U+200E]gateway'],
	['gateway\u00a0/path', 'gateway[U+00A0]/path'],
	['gateway/a path', 'gateway/a path'],
])('custom: unusual characters are refused and shown: %j', (host, shown) => {
	const baseUrl = `https://${host}.example`;
	const { message } = refusalOf(() => parseBaseUrl({ environment: 'custom', baseUrl }));
	expect(message).toBe(
		`The credential's 'Base URL' is "https://${shown}.example", which is not an http or https address`,
	);
});

const PRODUCTION = { environment: 'production', clientId: 'en-app', clientSecret: 'client-secret' };

describe.each([
	['clientId', 'Client ID'],
	['clientSecret', 'Client Secret'],
])('%s', (field, displayName) => {
	const parseWith = (value: unknown) => parseCredential({ ...PRODUCTION, [field]: value });

	test.each([undefined, null, '', ' \n'])('%j is empty', (value) => {
		const { message, description } = refusalOf(() => parseWith(value));
		expect(message).toBe(`The credential's '${displayName}' is empty`);
		expect(description).toBe(
			`Open the credential and enter '${displayName}' as the EnableNow Customer Portal shows it. An expression there must return text.`,
		);
	});

	test.each([true, ['en-app'], { id: 'en-app' }])('%j is not text', (value) => {
		const { message } = refusalOf(() => parseWith(value));
		expect(message).toBe(`The credential's '${displayName}' is not text`);
	});

	test.each([
		['en-app', 'en-app'],
		['two words', 'two words'],
		['~!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}', '~!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}'],
		[42, '42'],
	])('%j is taken as it is', (value, text) => {
		const { clientId, secrets } = parseWith(value);
		expect([clientId, ...secrets]).toContain(text);
	});
});

/** n8n would send it so, and be told that it is wrong. */
test.each([
	[' en-app', ' en-app'],
	['en-app\n', 'en-app '],
	['en\u200b-app', 'en[U+200B]-app'],
	['en\u2011app', 'en\u2011[U+2011]app'],
	['en-app\ufeff', 'en-app[U+FEFF]'],
	['en-\u0430pp', 'en-\u0430[U+0430]pp'],
])('a client ID is not cleaned but refused: %j', (clientId, shown) => {
	const { message } = refusalOf(() => parseCredential({ ...PRODUCTION, clientId }));
	expect(message).toBe(
		`The credential's 'Client ID' contains unusual characters, or spaces at its ends: "${shown}"`,
	);
});

test('a client secret of any characters is taken as it is', () => {
	const { secrets } = parseCredential({ ...PRODUCTION, clientSecret: 'sëcrét-ключ-🔑 ' });
	expect(secrets).toEqual(['sëcrét-ключ-🔑 ']);
});

describe('webhook secrets', () => {
	test.each([
		['none where the field is empty', '', []],
		['one', 'first-secret', ['first-secret']],
		['several, separated by commas', 'first,second', ['first', 'second']],
		['several, separated by white space', ' first\nsecond\tthird ', ['first', 'second', 'third']],
		['several, separated by both', 'first, \n second,', ['first', 'second']],
		['case and other characters as given', 'Géheim;1=2', ['Géheim;1=2']],
	])('%s', (_case, webhookSecret, expected) => {
		expect(parseWebhookSecrets({ webhookSecret })).toEqual(expected);
	});

	test('a number is the secret that it writes', () => {
		const fields = { webhookSecret: 12_345_678 };
		expect(parseWebhookSecrets(fields)).toEqual(['12345678']);
		expect(parseCredential({ ...PRODUCTION, ...fields }).secrets).toContain('12345678');
	});

	/** What an expression in the field can give. Taken for none, it would let everybody in. */
	test.each([[undefined], [null], [true], [['the-secret']], [{ secret: 'the-secret' }]])(
		'%j is refused, and not repeated',
		(webhookSecret) => {
			const fields = { ...PRODUCTION, webhookSecret } as ICredentialDataDecryptedObject;
			expect(refusalOf(() => parseWebhookSecrets(fields))).toMatchObject({
				message: "The credential's 'Webhook Secret' is not text",
				description:
					"Open the credential and enter a secret in 'Webhook Secret', or leave it empty. An expression there must return text.",
			});
			expect(parseCredential(fields).secrets).toEqual(['client-secret']);
		},
	);

	test.each([',', ' ', ' \n\t', ' , ,,'])('%j holds none and is refused', (webhookSecret) => {
		const { message } = refusalOf(() => parseWebhookSecrets({ webhookSecret }));
		expect(message).toBe("The credential's 'Webhook Secret' contains only separators");
	});

	test('none where the field does not exist', () => {
		expect(parseWebhookSecrets({})).toEqual([]);
	});
});

test.each<[string, ICredentialDataDecryptedObject, string | undefined]>([
	['fetched', { oauthTokenData: { access_token: 'token' } }, 'token'],
	['not fetched yet', {}, undefined],
	['empty', { oauthTokenData: { access_token: '' } }, undefined],
	['of another form', { oauthTokenData: 'token' }, undefined],
])('the token, %s', (_case, fields, expected) => {
	const { accessToken } = parseCredential({ ...PRODUCTION, ...fields });
	expect(accessToken).toBe(expected);
});

test('all that the credential keeps secret: client secret, each webhook secret and the token', () => {
	const fields = {
		...PRODUCTION,
		webhookSecret: 'first, second',
		oauthTokenData: { access_token: 'token' },
	};
	const { secrets } = parseCredential(fields);
	expect(secrets).toEqual(['client-secret', 'first', 'second', 'token']);
	expect(parseCredential({ ...PRODUCTION, webhookSecret: '' }).secrets).toEqual(['client-secret']);
});
