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

/** Those that EnableNow documents. */
const CONSENT_STATUSES = [
	'AUTHENTICATED',
	'AUTHENTICATING',
	'ERROR',
	'FAILING',
	'INITIALIZED',
	'INVALIDATED',
	'TIMEDOUT',
	'UPDATED',
	'UPDATING',
];

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
		const shown = (...operation: string[]) => ({ show: { resource: ['share'], operation } });
		const list = (resource: string) => ({ show: { resource: [resource], operation: ['getAll'] } });
		const making = shown('create', 'upsert');
		const text = { type: 'string', default: '' };
		const locator = {
			type: 'resourceLocator',
			default: { mode: 'list', value: '' },
			modes: ['list: list', 'id: string'],
		};
		const anyOf = (...values: string[]) => ({ type: 'options', default: 'any', values });
		const userFilters = { consentId: text, externalUserId: text, userId: text };
		const filters = { type: 'collection', default: {} };
		const operations = {
			share: ['create', 'upsert', 'get', 'getAll', 'revoke', 'update'],
			consent: ['getAll'],
			account: ['getAll'],
			analysis: ['getAll'],
		};
		const expiring = shown('create', 'upsert', 'update');
		const inMode = (mode: string) => ({ show: { ...expiring.show, expirationMode: [mode] } });

		expect(interfacesOf(description.properties)).toEqual({
			resource: {
				type: 'options',
				default: 'share',
				values: ['account', 'analysis', 'consent', 'share'],
			},
			operation: Object.entries(operations).map(([resource, values]) => ({
				type: 'options',
				default: values[0],
				show: { resource: [resource] },
				values,
			})),
			toolDescription: Object.entries(operations).flatMap(([resource, values]) =>
				values.map((operation) => ({
					type: 'string',
					default: expect.stringMatching(/\bbank\b.*\.$/) as string,
					required: true,
					show: { '@tool': [true], resource: [resource], operation: [operation] },
				})),
			),
			clientId: { ...text, required: true, ...making },
			reference: { ...text, required: true, ...shown('upsert') },
			expirationMode: {
				type: 'options',
				default: 'date',
				...expiring,
				values: ['date', 'duration'],
			},
			expirationDateUtc: { type: 'dateTime', default: '', required: true, ...inMode('date') },
			expirationAmount: { type: 'number', default: 30, required: true, ...inMode('duration') },
			expirationUnit: {
				type: 'options',
				default: 'days',
				...inMode('duration'),
				values: ['hours', 'days', 'weeks', 'months'],
			},
			consentIds: { ...locator, ...making },
			accountIds: { ...locator, ...making },
			analysisIds: { ...locator, ...making },
			additionalFields: { ...filters, ...shown('create'), fields: { reference: text } },
			shareId: [shown('get'), shown('revoke', 'update')].map((when) => ({
				...locator,
				required: true,
				...when,
			})),
			returnAll: { type: 'boolean', default: false, show: { operation: ['getAll'] } },
			limit: { type: 'number', default: 50, show: { operation: ['getAll'], returnAll: [false] } },
			filters: [
				{
					...filters,
					...list('share'),
					fields: {
						direction: anyOf('any', 'made', 'received'),
						clientId: text,
						reference: text,
						status: anyOf('active', 'any', 'expired'),
					},
				},
				{
					...filters,
					...list('consent'),
					fields: {
						...userFilters,
						fromDate: { type: 'dateTime', default: '' },
						status: anyOf('any', ...CONSENT_STATUSES),
					},
				},
				{ ...filters, ...list('account'), fields: userFilters },
				{ ...filters, ...list('analysis'), fields: { reference: text, status: text } },
			],
			options: {
				type: 'collection',
				default: {},
				fields: {
					maxConcurrentRequests: { type: 'number', default: 100 },
					maxRetries: { type: 'number', default: 5 },
					maxRetryWait: { type: 'number', default: 60 },
					timeout: { type: 'number', default: 30 },
					// Off where it has not been added.
					preventDuplicates: {
						type: 'boolean',
						default: true,
						show: { '/resource': ['share'], '/operation': ['create'] },
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
