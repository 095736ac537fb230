import type { INodeProperties } from 'n8n-workflow';

/** What the canvas shows under the node, such as "Get many shares". */
export const subtitle =
	'={{ $parameter["operation"] === "getAll" ? "Get many " + $parameter["resource"].replace("analysis", "analyse") + "s" : $parameter["operation"].replace("upsert", "create or update").replace(/^./, (letter) => letter.toUpperCase()) + " share" }}';

/** The documented ones, and the choice of any. */
export const CONSENT_STATUSES = [
	{ name: 'Any', value: 'any' },
	{ name: 'Authenticated', value: 'AUTHENTICATED' },
	{ name: 'Authenticating', value: 'AUTHENTICATING' },
	{ name: 'Error', value: 'ERROR' },
	{ name: 'Failing', value: 'FAILING' },
	{ name: 'Initialized', value: 'INITIALIZED' },
	{ name: 'Invalidated', value: 'INVALIDATED' },
	{ name: 'Timed Out', value: 'TIMEDOUT' },
	{ name: 'Updated', value: 'UPDATED' },
	{ name: 'Updating', value: 'UPDATING' },
];

/**
 * What a model is told about an operation where the node is a tool of an AI agent. Without this field
 * n8n shows it the node's description, which is the same for all operations.
 */
function toolDescriptionField(resource: string, operation: string, text: string): INodeProperties {
	return {
		displayName: 'Tool Description',
		name: 'toolDescription',
		type: 'string',
		typeOptions: { rows: 4 },
		default: text,
		required: true,
		displayOptions: {
			show: { '@tool': [true], resource: [resource], operation: [operation] },
		},
		description: 'What the model is told about this tool',
	};
}

const consentIdFilter: INodeProperties = {
	displayName: 'Consent ID',
	name: 'consentId',
	type: 'string',
	default: '',
	placeholder: 'e.g. af86536d-34e3-4ebc-6c64-08db56ccef25',
	description: 'Only what belongs to the consent with this ID',
};

const externalUserIdFilter: INodeProperties = {
	displayName: 'External User ID',
	name: 'externalUserId',
	type: 'string',
	default: '',
	placeholder: 'e.g. customer-4711',
	description: 'Only what belongs to the user to whom you gave this ID',
};

const userIdFilter: INodeProperties = {
	displayName: 'User ID',
	name: 'userId',
	type: 'string',
	default: '',
	placeholder: 'e.g. af86536d-34e3-4ebc-6c64-08db56ccef25',
	description: 'Only what belongs to the user with this EnableNow ID',
};

const referenceFilter: INodeProperties = {
	displayName: 'Reference',
	name: 'reference',
	type: 'string',
	default: '',
	placeholder: 'e.g. my-internal-reference-001',
	description: 'Only results with exactly this reference',
};

/** Every field of the node, in the editor's order. */
export const properties: INodeProperties[] = [
	{
		displayName: 'Resource',
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Account', value: 'account' },
			{ name: 'Analysis', value: 'analysis' },
			{ name: 'Consent', value: 'consent' },
			{ name: 'Share', value: 'share' },
		],
		default: 'share',
	},
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['share'] } },
		options: [
			{
				name: 'Create',
				value: 'create',
				description: 'Share bank data with another EnableNow customer',
				action: 'Create a share',
			},
			{
				name: 'Create or Update',
				value: 'upsert',
				description: 'Create a new share, or update the current one if it already exists (upsert)',
				action: 'Create or update a share',
			},
			{
				name: 'Get',
				value: 'get',
				description: 'Get one share',
				action: 'Get a share',
			},
			{
				name: 'Get Many',
				value: 'getAll',
				description: 'List the shares that your app made or received',
				action: 'Get many shares',
			},
			{
				name: 'Revoke',
				value: 'revoke',
				description: 'End a share now',
				action: 'Revoke a share',
			},
			{
				name: 'Update',
				value: 'update',
				description: 'Change when a share ends',
				action: 'Update a share',
			},
		],
		default: 'create',
	},
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['consent'] } },
		options: [
			{
				name: 'Get Many',
				value: 'getAll',
				description: 'List the consents that your app can share',
				action: 'Get many consents',
			},
		],
		default: 'getAll',
	},
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['account'] } },
		options: [
			{
				name: 'Get Many',
				value: 'getAll',
				description: 'List the accounts that your app can share',
				action: 'Get many accounts',
			},
		],
		default: 'getAll',
	},
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['analysis'] } },
		options: [
			{
				name: 'Get Many',
				value: 'getAll',
				description: 'List the analyses that your app can share',
				action: 'Get many analyses',
			},
		],
		default: 'getAll',
	},
	toolDescriptionField(
		'share',
		'create',
		'Shares bank data (consents, accounts, analyses) with another EnableNow customer until a time. IDs are UUIDs: one, several separated by commas, or a JSON array. Times are ISO 8601 in UTC.',
	),
	toolDescriptionField(
		'share',
		'upsert',
		'Shares bank data (consents, accounts, analyses) with another EnableNow customer until a time. If there is an active share with the same reference for that customer, it only changes when that share ends. IDs are UUIDs: one, several separated by commas, or a JSON array. Times are ISO 8601 in UTC.',
	),
	toolDescriptionField('share', 'get', 'Gets one share of bank data by its ID, a UUID.'),
	toolDescriptionField('share', 'getAll', 'Lists shares of bank data.'),
	toolDescriptionField(
		'share',
		'revoke',
		'Ends a share of bank data now, by its ID, a UUID. This cannot be undone.',
	),
	toolDescriptionField(
		'share',
		'update',
		'Changes when a share of bank data ends. Its ID is a UUID, the time ISO 8601 in UTC; a past time ends the share.',
	),
	toolDescriptionField(
		'consent',
		'getAll',
		'Lists consents of bank customers, newest first: bank, status and dates.',
	),
	toolDescriptionField('account', 'getAll', 'Lists bank accounts with IBAN and holder.'),
	toolDescriptionField('analysis', 'getAll', 'Lists analyses of bank data.'),
	{
		displayName: 'Share',
		name: 'shareId',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		required: true,
		displayOptions: { show: { resource: ['share'], operation: ['get'] } },
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: 'Choose a share...',
				typeOptions: { searchListMethod: 'searchShares', searchable: true },
			},
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: 'e.g. 53520156-8459-425b-3370-08de95423420',
				hint: 'For several shares, use one input item for each',
			},
		],
	},
	{
		displayName: 'Share',
		name: 'shareId',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		required: true,
		displayOptions: { show: { resource: ['share'], operation: ['revoke', 'update'] } },
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: 'Choose a share...',
				typeOptions: { searchListMethod: 'searchOwnShares', searchable: true },
			},
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: 'e.g. 53520156-8459-425b-3370-08de95423420',
				hint: 'For several shares, use one input item for each',
			},
		],
	},
	{
		displayName: 'Share With (Client ID)',
		name: 'clientId',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. en-app-ref-002',
		displayOptions: { show: { resource: ['share'], operation: ['create', 'upsert'] } },
		description:
			'Client ID of the app that receives the share, not of your own. The other customer finds it in its Customer Portal.',
	},
	{
		displayName: 'Reference',
		name: 'reference',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. my-internal-reference-001',
		displayOptions: { show: { resource: ['share'], operation: ['upsert'] } },
		description:
			'Your own reference, by which the share is found again. Both customers see it, so do not put personal data in it.',
	},
	{
		displayName: 'Expiration',
		name: 'expirationMode',
		type: 'options',
		options: [
			{ name: 'At a Date', value: 'date', description: 'The same date and time in each run' },
			{ name: 'After a Time', value: 'duration', description: 'Counted from each run' },
		],
		default: 'date',
		displayOptions: { show: { resource: ['share'], operation: ['create', 'upsert', 'update'] } },
		description: 'When the share ends',
	},
	{
		displayName: 'Expiration Date (UTC)',
		name: 'expirationDateUtc',
		type: 'dateTime',
		default: '',
		required: true,
		placeholder: 'e.g. 2030-12-31T12:00:00',
		displayOptions: {
			show: {
				resource: ['share'],
				operation: ['create', 'upsert', 'update'],
				expirationMode: ['date'],
			},
		},
		description:
			'When the share ends. A time with a zone or offset is converted to UTC. With Update, a past time ends the share.',
		hint: 'In UTC, not local time; a date alone means 00:00 UTC',
	},
	{
		displayName: 'Expires After',
		name: 'expirationAmount',
		type: 'number',
		typeOptions: { minValue: 1, numberPrecision: 0 },
		default: 30,
		required: true,
		displayOptions: {
			show: {
				resource: ['share'],
				operation: ['create', 'upsert', 'update'],
				expirationMode: ['duration'],
			},
		},
		description: 'How long the share lasts, counted from when the item is sent',
	},
	{
		displayName: 'Unit',
		name: 'expirationUnit',
		type: 'options',
		options: [
			{ name: 'Hours', value: 'hours' },
			{ name: 'Days', value: 'days' },
			{ name: 'Weeks', value: 'weeks' },
			{ name: 'Months', value: 'months' },
		],
		default: 'days',
		displayOptions: {
			show: {
				resource: ['share'],
				operation: ['create', 'upsert', 'update'],
				expirationMode: ['duration'],
			},
		},
	},
	{
		displayName: 'Consents',
		name: 'consentIds',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		displayOptions: { show: { resource: ['share'], operation: ['create', 'upsert'] } },
		description:
			'What to share. Consents, accounts and analyses can be combined; at least one is needed.',
		hint: 'To share several, switch to By ID and separate the IDs with commas, or drag an array here',
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: 'Choose one consent...',
				typeOptions: { searchListMethod: 'searchConsents', searchable: true },
			},
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: 'e.g. af86536d-34e3-4ebc-6c64-08db56ccef25',
			},
		],
	},
	{
		displayName: 'Accounts',
		name: 'accountIds',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		displayOptions: { show: { resource: ['share'], operation: ['create', 'upsert'] } },
		description:
			'What to share. Consents, accounts and analyses can be combined; at least one is needed.',
		hint: 'To share several, switch to By ID and separate the IDs with commas, or drag an array here',
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: 'Choose one account...',
				typeOptions: { searchListMethod: 'searchAccounts', searchable: true },
			},
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: 'e.g. af86536d-34e3-4ebc-6c64-08db56ccef25',
			},
		],
	},
	{
		displayName: 'Analyses',
		name: 'analysisIds',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		displayOptions: { show: { resource: ['share'], operation: ['create', 'upsert'] } },
		description:
			'What to share. Consents, accounts and analyses can be combined; at least one is needed.',
		hint: 'To share several, switch to By ID and separate the IDs with commas, or drag an array here',
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: 'Choose one analysis...',
				typeOptions: { searchListMethod: 'searchAnalyses', searchable: true },
			},
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: 'e.g. af86536d-34e3-4ebc-6c64-08db56ccef25',
			},
		],
	},
	{
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		displayOptions: { show: { resource: ['share'], operation: ['create'] } },
		options: [
			{
				displayName: 'Reference',
				name: 'reference',
				type: 'string',
				default: '',
				placeholder: 'e.g. my-internal-reference-001',
				description:
					'Your own reference for this share. Both customers see it, so do not put personal data in it.',
			},
		],
	},
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		displayOptions: { show: { operation: ['getAll'] } },
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 50,
		displayOptions: { show: { operation: ['getAll'], returnAll: [false] } },
		description: 'Max number of results to return',
	},
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add Filter',
		default: {},
		displayOptions: { show: { resource: ['share'], operation: ['getAll'] } },
		options: [
			{
				displayName: 'Direction',
				name: 'direction',
				type: 'options',
				options: [
					{ name: 'Any', value: 'any' },
					{ name: 'Made', value: 'made' },
					{ name: 'Received', value: 'received' },
				],
				default: 'any',
				description: 'Whether your app made or received the shares',
			},
			{
				displayName: 'Receiving App (Client ID)',
				name: 'clientId',
				type: 'string',
				default: '',
				placeholder: 'e.g. en-app-ref-002',
				description: 'Only shares that the app with this client ID receives',
			},
			referenceFilter,
			{
				displayName: 'Status',
				name: 'status',
				type: 'options',
				options: [
					{ name: 'Active', value: 'active' },
					{ name: 'Any', value: 'any' },
					{ name: 'Expired', value: 'expired' },
				],
				default: 'any',
				description: 'Whether the shares have ended',
			},
		],
	},
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add Filter',
		default: {},
		displayOptions: { show: { resource: ['consent'], operation: ['getAll'] } },
		options: [
			consentIdFilter,
			externalUserIdFilter,
			{
				displayName: 'From Date (UTC)',
				name: 'fromDate',
				type: 'dateTime',
				default: '',
				placeholder: 'e.g. 2026-01-31T12:00:00',
				description: 'Only consents that were requested at this time or later, in UTC',
			},
			{
				displayName: 'Status',
				name: 'status',
				type: 'options',
				options: CONSENT_STATUSES,
				default: 'any',
				description: 'Only consents in this status',
			},
			userIdFilter,
		],
	},
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add Filter',
		default: {},
		displayOptions: { show: { resource: ['account'], operation: ['getAll'] } },
		options: [consentIdFilter, externalUserIdFilter, userIdFilter],
	},
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add Filter',
		default: {},
		displayOptions: { show: { resource: ['analysis'], operation: ['getAll'] } },
		options: [
			referenceFilter,
			{
				displayName: 'Status',
				name: 'status',
				type: 'string',
				default: '',
				placeholder: 'e.g. COMPLETED',
				description: 'Only analyses in this status, such as PENDING or COMPLETED',
			},
		],
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [
			{
				displayName: 'Max Concurrent Requests',
				name: 'maxConcurrentRequests',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 500 },
				default: 100,
				description:
					'Maximum number of requests at the same time. The node sends fewer when EnableNow cannot keep up.',
			},
			{
				displayName: 'Max Retries',
				name: 'maxRetries',
				type: 'number',
				typeOptions: { minValue: 0, maxValue: 100 },
				default: 5,
				description:
					"Maximum number of retries after a rate limit (429) or another temporary failure. A create whose response was lost is retried only with 'Prevent Duplicates' or the operation 'Create or Update'.",
			},
			{
				displayName: 'Max Retry Wait',
				name: 'maxRetryWait',
				type: 'number',
				typeOptions: { minValue: 0, maxValue: 3600 },
				default: 60,
				description:
					'Maximum wait before a retry, in seconds. If EnableNow asks for a longer wait, the item fails.',
			},
			{
				displayName: 'Prevent Duplicates',
				name: 'preventDuplicates',
				type: 'boolean',
				displayOptions: { show: { '/resource': ['share'], '/operation': ['create'] } },
				// Off unless it is added; on once it is.
				default: true,
				description:
					'Whether to return the active share with the same reference and receiving app, if there is one, instead of creating another. Each item needs a reference.',
			},
			{
				displayName: 'Timeout',
				name: 'timeout',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 600 },
				default: 30,
				description: 'How long to wait for EnableNow to answer one request, in seconds',
			},
		],
	},
];
