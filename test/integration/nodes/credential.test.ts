import { type ICredentialDataDecryptedObject, Workflow } from 'n8n-workflow';

import { parseBaseUrl } from '../../../nodes/shared/api/credential';
import { loadPackage } from '../../../scripts/engine/node-types';
import { CONSENT_ID, CREATE } from '../support/examples';
import { TestBed } from '../support/test-bed';
import { post, Triggers } from '../support/trigger';
import { errorOf, itemsNode, jsonOf, SHARE } from '../support/workflows';

const bed = TestBed.prepare();
const triggers = Triggers.prepare(bed);

/** Fields by name, whatever an expression may have given. */
type Fields = Record<string, unknown>;

function saveCredential(name: 'receiver' | 'sharer', fields: Fields): void {
	bed.saveCredential(name, fields as ICredentialDataDecryptedObject);
}

/** An address to which n8n can send nothing. */
const NOWHERE = 'check-environment-and-base-url:';

const NO_ENVIRONMENTS = [
	'={{ undefined }}',
	'={{ null }}',
	'={{ $vars.environment }}',
	"={{ '' }}",
	'',
	null,
	'prodution',
	'Production',
	'production ',
	7,
	['custom'],
];

const NO_BASE_URLS = [
	'',
	'={{ undefined }}',
	'api.enablenow.nl',
	'ftp://api.enablenow.nl',
	'https:api.enablenow.nl',
	'https://gateway.example/?key=1',
	'https://gateway.example/#part',
	'https://user:password@gateway.example',
	'https://gate\u200bway.example',
	'https://gateway.example/\u00a0path',
	'https://api.en\u0430blenow.nl',
	'\u200bhttps://gateway.example',
];

describe('the addresses that n8n computes from the credential are those of the nodes', () => {
	/** The values of the hidden fields and of the test request. */
	async function compute(changes: Fields): Promise<Record<string, unknown>> {
		saveCredential('sharer', changes);
		const { credentials, nodeTypes } = bed.engine;
		const { test } = loadPackage().credentialType;
		const fields = await credentials.getDecrypted(
			{} as never,
			{ id: 'sharer', name: '' },
			'',
			'internal',
		);
		const nodes = [itemsNode];
		const { expression } = new Workflow({ nodes, connections: {}, active: false, nodeTypes });
		const baseUrl = expression.getSimpleParameterValue(
			itemsNode,
			test?.request.baseURL ?? '',
			'internal',
			{ $credentials: fields },
		);
		const { accessTokenUrl, allowedDomains } = fields;
		return { accessTokenUrl, allowedDomains, baseUrl, fields };
	}

	test.each<Fields>([
		{ environment: 'production', baseUrl: 'https://elsewhere.example' },
		{ environment: "={{ 'staging' }}" },
		{ environment: 'custom', baseUrl: ' http://127.0.0.1:4010/// \n' },
		{ environment: 'custom', baseUrl: "={{ 'HTTPS://gateway.example/enablenow/' }}" },
		{ environment: 'custom', baseUrl: 'http://[::1]:4010' },
	])('%j', async (changes) => {
		const { fields, accessTokenUrl, allowedDomains, baseUrl } = await compute(changes);
		const expected = parseBaseUrl(fields as ICredentialDataDecryptedObject);
		expect(new URL(String(baseUrl)).href.replace(/\/$/, '')).toBe(expected);
		expect(accessTokenUrl).toBe(`${String(baseUrl)}/cfa/connect/token`);
		expect(String(allowedDomains).toLowerCase()).toBe(new URL(expected).hostname);
	});

	test.each<Fields>([
		...NO_ENVIRONMENTS.map((environment) => ({ environment })),
		...NO_BASE_URLS.map((baseUrl) => ({ environment: 'custom', baseUrl })),
	])('%j: nowhere', async (changes) => {
		const { fields, ...addresses } = await compute(changes);
		expect(() => parseBaseUrl(fields as ICredentialDataDecryptedObject)).toThrow(
			/^The credential's '(Base URL|Environment)' /,
		);
		expect(addresses).toEqual({
			accessTokenUrl: `${NOWHERE}/cfa/connect/token`,
			allowedDomains: 'none.invalid',
			baseUrl: NOWHERE,
		});
	});
});

/** What the credential's fields may be, and what is said of them. */
const UNUSABLE: Array<[Fields, string]> = [
	[
		{ environment: '={{ undefined }}' },
		"The credential's 'Environment' is undefined, which is not a valid choice",
	],
	[{ clientId: '={{ undefined }}' }, "The credential's 'Client ID' is empty"],
	[{ clientSecret: '={{ undefined }}' }, "The credential's 'Client Secret' is empty"],
	[{ clientSecret: '' }, "The credential's 'Client Secret' is empty"],
	[
		{ clientId: 'en-app-ref\u200b-001' },
		"The credential's 'Client ID' contains unusual characters, or spaces at its ends: \"en-app-ref[U+200B]-001\"",
	],
];

describe.each(UNUSABLE)('a credential with %j', (changes, message) => {
	it('fails each item with its number and advice, and nothing is sent', async () => {
		saveCredential('sharer', changes);
		const stopped = errorOf(await bed.runShare(CREATE, { items: [{}, {}] }));
		expect(stopped.message).toBe(`${message} [item 0]`);
		expect(stopped.description).toMatch(/^Open the credential and /);
		const node = { onError: 'continueRegularOutput' } as const;
		const continued = await bed.runShare(CREATE, { items: [{}, {}], node });
		expect(jsonOf(continued, SHARE)).toEqual([
			{ error: `${message} [item 0]` },
			{ error: `${message} [item 1]` },
		]);
		expect(await bed.admin.requests()).toEqual([]);
	});

	it('cannot be published with a trigger', async () => {
		saveCredential('receiver', changes);
		await expect(triggers.start({}, 'activate')).rejects.toThrow(message);
		expect(await bed.admin.requests()).toEqual([]);
	});
});

describe('a webhook secret of separators only', () => {
	it.each([',', ' ', ' , \n,', "={{ '' }},{{ undefined ?? '' }}"])(
		'%j cannot be published, and lets nobody in',
		async (webhookSecret) => {
			saveCredential('receiver', { webhookSecret });
			await expect(triggers.start({}, 'activate')).rejects.toThrow(
				"The credential's 'Webhook Secret' contains only separators",
			);
			const host = await triggers.start();
			const event = { event: 'databridge.share.created', data: { shareId: CONSENT_ID } };
			for (const query of ['', '?secret=', '?secret=,']) {
				expect(await post(host.productionUrl, event, { query })).toMatchObject({ status: 503 });
			}
			expect(await triggers.executions(host)).toEqual([]);
		},
	);
});
