import type { INodeProperties } from 'n8n-workflow';

import { loadBuiltPackage, optionsOf } from './support';

/**
 * Saved workflows and credentials hold these names and values, so they are the package's public
 * interface: a change here breaks what people have made. Texts are not part of it.
 */
const { credential, share, trigger } = loadBuiltPackage();

/** What is public of a field: type and default, and its choices, fields or modes. */
function interfaceOf(field: INodeProperties): object {
	const { type, default: byDefault, required, displayOptions, modes, typeOptions } = field;
	const { values, fields } = optionsOf(field);
	return {
		type,
		default: byDefault,
		...(required && { required }),
		...(displayOptions?.show && { show: displayOptions.show }),
		...(typeOptions?.['password'] === true && { password: true }),
		...(values.length > 0 && { values }),
		...(fields.length > 0 && { fields: interfacesOf(fields) }),
		...(modes && { modes: modes.map(({ name, type: kind }) => `${name}: ${kind}`) }),
	};
}

/** Fields by name; two fields of one name, for different operations, make a list. */
function interfacesOf(fields: INodeProperties[]): Record<string, object> {
	const names = [...new Set(fields.map(({ name }) => name))];
	return Object.fromEntries(
		names.map((name) => {
			const found = fields.filter((field) => field.name === name).map(interfaceOf);
			return [name, found.length === 1 ? (found[0] ?? {}) : found];
		}),
	);
}

const labelOf = (fields: INodeProperties[], name: string) =>
	fields.find((field) => field.name === name)?.displayName;

describe('the credential', () => {
	it('has its names', () => {
		expect(credential.constructor.name).toBe('EnableNowOAuth2Api');
		expect(credential).toMatchObject({
			name: 'enableNowOAuth2Api',
			displayName: 'EnableNow OAuth2 API',
			extends: ['oAuth2Api'],
		});
		// What only certain nodes support is not offered in n8n's HTTP Request node.
		expect(credential).not.toHaveProperty('supportedNodes');
		expect(credential).not.toHaveProperty('httpRequestNode');
	});

	it('has its fields', () => {
		const hidden = (value: unknown) => ({ type: 'hidden', default: value });
		const fields = interfacesOf(credential.properties);
		expect(fields).toEqual({
			environment: {
				type: 'options',
				default: 'production',
				values: ['production', 'staging', 'custom'],
			},
			baseUrl: {
				type: 'string',
				default: '',
				required: true,
				show: { environment: ['custom'] },
			},
			clientId: { type: 'string', default: '', required: true },
			clientSecret: { type: 'string', default: '', required: true, password: true },
			webhookSecret: { type: 'string', default: '', password: true },
			grantType: hidden('clientCredentials'),
			accessTokenUrl: hidden(expect.stringMatching(/^=\{\{ .* "\/cfa\/connect\/token" \}\}$/)),
			authUrl: hidden(''),
			scope: hidden('customer-api'),
			authQueryParameters: hidden(''),
			authentication: hidden('body'),
			sendAdditionalBodyProperties: hidden(false),
			additionalBodyProperties: hidden(''),
			ignoreSSLIssues: hidden(false),
			allowedHttpRequestDomains: hidden('domains'),
			allowedDomains: hidden(expect.stringMatching(/^=\{\{ .* \}\}$/)),
			jweEnabled: hidden(false),
		});
	});

	it('is tested by asking for one share', () => {
		expect(credential.test?.request).toMatchObject({
			url: '/shares',
			qs: { page: 1, pageSize: 1 },
		});
	});
});

describe('the Share node', () => {
	const { description } = share;

	it('has its names', () => {
		expect(share.constructor.name).toBe('EnableNowShare');
		expect(description).toMatchObject({
			name: 'enableNowShare',
			displayName: 'EnableNow Share',
			version: 1,
			defaults: { name: 'EnableNow Share' },
			usableAsTool: true,
			inputs: ['main'],
			outputs: ['main'],
			credentials: [{ name: 'enableNowOAuth2Api', required: true }],
		});
	});

	it('has its parameters', () => {
		const locator = { type: 'resourceLocator', default: { mode: 'list', value: '' } };
		const modes = ['list: list', 'id: string'];
		const shareId = (operation: string) => ({
			...locator,
			required: true,
			show: { operation: [operation] },
			modes,
		});
		const expiration = (operation: string) => ({
			type: 'dateTime',
			default: '',
			required: true,
			show: { operation: [operation] },
		});
		const create = { show: { operation: ['create'] } };
		const getAll = { show: { operation: ['getAll'] } };
		const operations = ['create', 'get', 'getAll', 'update'];
		expect(interfacesOf(description.properties)).toEqual({
			operation: { type: 'options', default: 'create', values: operations },
			toolDescription: operations.map((operation) => ({
				type: 'string',
				default: expect.stringMatching(/\bbank data\b.*\.$/) as string,
				required: true,
				show: { '@tool': [true], operation: [operation] },
			})),
			clientId: { type: 'string', default: '', required: true, ...create },
			expirationDateUtc: [expiration('create'), expiration('update')],
			consentIds: { ...locator, ...create, modes },
			accountIds: { ...locator, ...create, modes },
			analysisIds: { ...locator, ...create, modes },
			additionalFields: {
				type: 'collection',
				default: {},
				...create,
				fields: { reference: { type: 'string', default: '' } },
			},
			shareId: [shareId('get'), shareId('update')],
			returnAll: { type: 'boolean', default: false, ...getAll },
			limit: {
				type: 'number',
				default: 50,
				show: { operation: ['getAll'], returnAll: [false] },
			},
			filters: {
				type: 'collection',
				default: {},
				...getAll,
				fields: {
					expired: { type: 'options', default: 'any', values: ['any', 'active', 'expired'] },
					clientId: { type: 'string', default: '' },
					reference: { type: 'string', default: '' },
				},
			},
			options: {
				type: 'collection',
				default: {},
				fields: {
					maxConcurrentRequests: { type: 'number', default: 100 },
					maxRetries: { type: 'number', default: 5 },
					maxRetryWait: { type: 'number', default: 60 },
					timeout: { type: 'number', default: 30 },
					onDuplicate: {
						type: 'options',
						default: 'return',
						show: { '/operation': ['create'] },
						values: ['fail', 'return', 'update'],
					},
					preventDuplicates: {
						type: 'boolean',
						default: false,
						show: { '/operation': ['create'] },
					},
				},
			},
		});
	});

	it('has the labels that messages and documentation name', () => {
		expect(labelOf(description.properties, 'clientId')).toBe('Share With (Client ID)');
		expect(labelOf(description.properties, 'expirationDateUtc')).toMatch(/\(UTC\)$/);
	});
});

describe('the Trigger node', () => {
	const { description } = trigger;

	it('has its names', () => {
		expect(trigger.constructor.name).toBe('EnableNowShareTrigger');
		expect(description).toMatchObject({
			name: 'enableNowShareTrigger',
			displayName: 'EnableNow Trigger',
			version: 1,
			defaults: { name: 'EnableNow Trigger' },
			group: ['trigger'],
			inputs: [],
			outputs: ['main'],
			credentials: [{ name: 'enableNowOAuth2Api', required: true }],
		});
		expect(description).not.toHaveProperty('usableAsTool');
	});

	it('has its webhook', () => {
		expect(description.webhooks).toEqual([
			{
				name: 'default',
				httpMethod: 'POST',
				path: 'webhook',
				responseMode: 'onReceived',
				responseData: 'noData',
			},
		]);
	});

	it('has its parameters', () => {
		const { properties } = description;
		const named = properties.filter(({ type }) => type !== 'notice');
		const whileCatchUpIsOn = { show: { '/catchUp': [true] } };
		expect(interfacesOf(named)).toEqual({
			events: {
				type: 'multiOptions',
				default: ['databridge.share.created'],
				required: true,
				values: [
					'*',
					'categorizationjob.completed',
					'consent.accounts.updated',
					'consent.status.updated',
					'databridge.share.created',
					'databridge.share.updated',
					'transactions.fetched',
				],
			},
			lookUpShare: { type: 'boolean', default: true },
			catchUp: { type: 'boolean', default: false },
			options: {
				type: 'collection',
				default: {},
				fields: {
					onLookupUnavailable: {
						type: 'options',
						default: 'emit',
						values: ['emit', 'reject'],
						show: { '/lookUpShare': [true] },
					},
					catchUpInterval: { type: 'number', default: 5, ...whileCatchUpIsOn },
					catchUpExisting: { type: 'boolean', default: false, ...whileCatchUpIsOn },
					catchUpExpired: { type: 'boolean', default: false, ...whileCatchUpIsOn },
					catchUpClientId: { type: 'string', default: '', ...whileCatchUpIsOn },
				},
			},
		});
		expect(labelOf(properties, 'events')).toBe('Trigger On');
	});
});
