import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import {
	parseBaseUrl,
	parseCredential,
	type NodeContext,
	readCredential,
	parseWebhookSecrets,
} from '../../../../nodes/shared/api/credential';
import { refusalOf } from '../../support';

/** A node whose credential has these fields. */
function contextWith(fields: ICredentialDataDecryptedObject): NodeContext {
	return { getCredentials: () => Promise.resolve(fields) } as unknown as NodeContext;
}

describe('base URL', () => {
	test.each<[string, ICredentialDataDecryptedObject, string]>([
		['production', { environment: 'production' }, 'https://api.enablenow.nl'],
		['staging', { environment: 'staging' }, 'https://api.staging.enablenow.nl'],
		['no environment is production', {}, 'https://api.enablenow.nl'],
		['an empty environment is production', { environment: '' }, 'https://api.enablenow.nl'],
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
		['no text', { baseUrl: 7 }],
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
	])('custom: %s holds more than an address, and is not repeated', (baseUrl) => {
		const { message, description } = refusalOf(() =>
			parseBaseUrl({ environment: 'custom', baseUrl }),
		);
		expect(message).toContain("'Base URL' holds more than an address");
		expect(description).toMatch(/^Open the credential and leave user name, password/);
		expect(message).not.toContain('gateway');
	});

	/** The credential's expressions, by which n8n fetches the token, take each of these for production. */
	test.each(['test', 'Custom', 'custom ', ' staging', 7, ['custom']])(
		'%j is no environment, with a base URL and without',
		(environment) => {
			for (const fields of [{}, { baseUrl: 'https://gateway.example' }]) {
				const { message, description } = refusalOf(() =>
					parseBaseUrl({ environment, ...fields } as ICredentialDataDecryptedObject),
				);
				expect(message).toContain("The credential's 'Environment' is ");
				expect(description).toMatch(/^Open the credential and choose an environment\./);
			}
		},
	);
});

test('the client ID, without blanks around it', async () => {
	expect((await readCredential(contextWith({ clientId: ' en-app ' }))).clientId).toBe('en-app');
	expect((await readCredential(contextWith({}))).clientId).toBe('');
});

describe('webhook secrets', () => {
	test.each([
		['none where the field is empty', '', []],
		['none where it is blank', ' \n\t', []],
		['none where it holds commas only', ' , ,,', []],
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
		expect(parseCredential(fields).secrets).toEqual(['12345678']);
	});

	/** What an expression in the field can give. Taken for none, it would let everybody in. */
	test.each([[undefined], [null], [true], [['the-secret']], [{ secret: 'the-secret' }]])(
		'%j is refused, and not repeated',
		(webhookSecret) => {
			const fields = { webhookSecret, clientSecret: 'client' } as ICredentialDataDecryptedObject;
			expect(refusalOf(() => parseWebhookSecrets(fields))).toMatchObject({
				message: "The credential's 'Webhook Secret' is not text",
				description:
					"Open the credential and enter text in 'Webhook Secret'. An expression there must return text.",
			});
			expect(parseCredential(fields).secrets).toEqual(['client']);
		},
	);

	test('none where the field does not exist', () => {
		expect(parseWebhookSecrets({})).toEqual([]);
	});
});

test.each<[string, ICredentialDataDecryptedObject, string | undefined]>([
	['fetched', { oauthTokenData: { access_token: 'token' } }, 'token'],
	['not fetched yet', {}, undefined],
	['empty', { oauthTokenData: { access_token: '' } }, undefined],
	['of another form', { oauthTokenData: 'token' }, undefined],
])('the token, %s', async (_case, fields, expected) => {
	expect((await readCredential(contextWith(fields))).accessToken).toBe(expected);
});

describe('all that the credential keeps secret', () => {
	test('client secret, each webhook secret and the token', () => {
		const fields = {
			clientId: 'en-app-ref-001',
			clientSecret: ' client-secret ',
			webhookSecret: 'first, second',
			oauthTokenData: { access_token: 'token' },
		};
		const secrets = parseCredential(fields).secrets;
		expect(secrets).toEqual(['client-secret', 'first', 'second', 'token']);
	});

	test('no empty ones', () => {
		expect(parseCredential({ clientSecret: '', webhookSecret: '' }).secrets).toEqual([]);
	});
});
