import fc from 'fast-check';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import {
	parseBaseUrl,
	parseCredential,
	parseWebhookSecrets,
} from '../../nodes/shared/api/credential';
import { isForeignToken, rememberToken } from '../../nodes/shared/api/token';
import { jsonValues, texts, values } from './support/arbitraries';
import { property } from './support/cases';
import { acceptedOrRefused } from './support/outcome';

const addresses = fc.oneof(
	fc.webUrl({ withQueryParameters: true, withFragments: true }),
	fc.tuple(fc.webUrl(), texts).map((parts) => parts.join('')),
	fc
		.tuple(fc.constantFrom('http://', 'https:', 'HTTPS://', 'ftp://', '//'), texts)
		.map((parts) => parts.join('')),
	texts,
);

const fields: fc.Arbitrary<Record<string, unknown>> = fc.record(
	{
		environment: fc.oneof(fc.constantFrom('custom', 'production', 'staging', 'toString'), values),
		baseUrl: fc.oneof(addresses, values),
		clientId: fc.oneof(fc.constant('en-app-ref-001'), texts, values),
		clientSecret: fc.oneof(fc.constant('client-secret'), texts, values),
		webhookSecret: fc.oneof(texts, values),
		oauthTokenData: fc.oneof(fc.record({ access_token: fc.oneof(texts, values) }), values),
	},
	{ requiredKeys: [] },
);

property('a base URL is an address that a path can follow, or refused', addresses, (baseUrl) => {
	const credential = { environment: 'custom', baseUrl };
	const accepted = acceptedOrRefused(() => parseBaseUrl(credential), "'Base URL'");
	if (accepted === undefined) return;
	const url = new URL(`${accepted}/shares`);
	expect(url.href).toBe(`${accepted}/shares`);
	expect(url.protocol).toMatch(/^https?:$/);
	expect(url.pathname).toMatch(/\/shares$/);
	expect([url.username, url.password, url.search, url.hash]).toEqual(['', '', '', '']);
	expect(url.host).toBe(new URL(baseUrl.trim()).host);
});

property('a credential of any fields is read, or one of them refused', fields, async (data) => {
	const read = async () => await Promise.resolve(data as ICredentialDataDecryptedObject);
	const credential = await read()
		.then(parseCredential)
		.catch((error: Error) => {
			const [field = ''] =
				/'(?:Base URL|Client ID|Client Secret|Environment)'/.exec(error.message) ?? [];
			acceptedOrRefused(() => {
				throw error;
			}, field || 'one of the fields');
		});
	if (!credential) return;
	const { secrets } = credential;
	expect(secrets.every((secret) => typeof secret === 'string' && secret !== '')).toBe(true);
	const { environment } = data as ICredentialDataDecryptedObject;
	expect(['production', 'staging', 'custom']).toContain(environment);
	// n8n sends it as it is.
	expect(credential.clientId).toBe(String(data['clientId']));
	if (environment !== 'custom') expect(credential.baseUrl).toMatch(/^https:.*\.enablenow\.nl$/);
});

property('webhook secrets are words of the field, or it is refused', fields, (data) => {
	const webhookSecrets = acceptedOrRefused(
		() => parseWebhookSecrets(data as ICredentialDataDecryptedObject),
		"'Webhook Secret'",
	);
	if (webhookSecrets === undefined) return;
	expect(webhookSecrets.filter((secret) => /[\s,]|^$/.test(secret))).toEqual([]);
	const { secrets } = parseCredential({
		...data,
		environment: 'production',
		clientId: 'en-app-ref-001',
		clientSecret: 'client-secret',
	});
	expect(secrets).toEqual(expect.arrayContaining(webhookSecrets));
});

const base64 = (value: unknown) => Buffer.from(JSON.stringify(value) ?? '').toString('base64url');

/** Tokens that are JWTs of any payload, and others. */
const tokens = fc.oneof(
	texts,
	fc
		.oneof(jsonValues, fc.record({ client_id: fc.oneof(texts, jsonValues) }))
		.map((payload) => `${base64({})}.${base64(payload)}.c2ln`),
);

property('a token of any form belongs to who was seen with it', tokens, (accessToken) => {
	const credential = {
		baseUrl: 'https://api.enablenow.nl',
		clientId: 'one',
		accessToken,
	};
	expect(typeof isForeignToken(credential)).toBe('boolean');
	rememberToken(credential);
	expect(isForeignToken(credential)).toBe(false);
	expect(isForeignToken({ ...credential, clientId: 'another' })).toBe(true);
});
