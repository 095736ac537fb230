import type { INodeProperties } from 'n8n-workflow';

/** The display names of fields, for the editor and for messages about them. */
export const FIELD_NAMES = {
	clientId: 'Share With (Client ID)',
	expirationMode: 'Expiration',
	expirationDateUtc: 'Expiration Date (UTC)',
	expirationAmount: 'Expires After',
	expirationUnit: 'Unit',
	consentIds: 'Consents',
	accountIds: 'Accounts',
	analysisIds: 'Analyses',
	reference: 'Reference',
	shareId: 'Share',
	filterClientId: 'Receiving App (Client ID)',
	userId: 'User ID',
	externalUserId: 'External User ID',
	consentId: 'Consent ID',
	fromDate: 'From Date (UTC)',
	direction: 'Direction',
	status: 'Status',
} as const;

/** The options that are numbers. */
export const NUMBER_OPTIONS = {
	maxConcurrentRequests: {
		displayName: 'Max Concurrent Requests',
		default: 100,
		min: 1,
		max: 500,
		unit: '',
		description:
			'Maximum number of requests at the same time. The node sends fewer when EnableNow cannot keep up.',
	},
	maxRetries: {
		displayName: 'Max Retries',
		default: 5,
		min: 0,
		max: 100,
		unit: '',
		description:
			"Maximum number of retries after a rate limit (429) or another temporary failure. A create whose response was lost is retried only with 'Prevent Duplicates' or the operation 'Create or Update'.",
	},
	maxRetryWait: {
		displayName: 'Max Retry Wait',
		default: 60,
		min: 0,
		max: 3600,
		unit: ' seconds',
		description:
			'Maximum wait before a retry, in seconds. If EnableNow asks for a longer wait, the item fails.',
	},
	timeout: {
		displayName: 'Timeout',
		default: 30,
		min: 1,
		max: 600,
		unit: ' seconds',
		description: 'How long to wait for EnableNow to answer one request, in seconds',
	},
} as const;

const ID_PLACEHOLDER = 'e.g. af86536d-34e3-4ebc-6c64-08db56ccef25';
const CLIENT_ID_PLACEHOLDER = 'e.g. en-app-ref-002';
const REFERENCE_PLACEHOLDER = 'e.g. my-internal-reference-001';

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

/** What can be shared is listed only. */
function listOperationField(resource: string, plural: string): INodeProperties {
	return {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [resource] } },
		options: [
			{
				name: 'Get Many',
				value: 'getAll',
				description: `List the ${plural} that your app can share`,
				action: `Get many ${plural}`,
			},
		],
		default: 'getAll',
	};
}

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

function shareField(operations: string[], searchListMethod: string): INodeProperties {
	return {
		displayName: FIELD_NAMES.shareId,
		name: 'shareId',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		required: true,
		displayOptions: { show: { resource: ['share'], operation: operations } },
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: 'Choose a share…',
				typeOptions: { searchListMethod, searchable: true },
			},
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: 'e.g. 53520156-8459-425b-3370-08de95423420',
				hint: 'For several shares, use one input item for each',
			},
		],
	};
}

/** Identifiers of one kind: one chosen from a list, or any number of them by ID. */
function identifiersField(
	name: 'consentIds' | 'accountIds' | 'analysisIds',
	noun: string,
	searchListMethod: string,
): INodeProperties {
	return {
		displayName: FIELD_NAMES[name],
		name,
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
				placeholder: `Choose one ${noun}…`,
				typeOptions: { searchListMethod, searchable: true },
			},
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: ID_PLACEHOLDER,
			},
		],
	};
}

function filtersField(resource: string, options: INodeProperties[]): INodeProperties {
	return {
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add Filter',
		default: {},
		displayOptions: { show: { resource: [resource], operation: ['getAll'] } },
		options,
	};
}

const consentIdFilter: INodeProperties = {
	displayName: FIELD_NAMES.consentId,
	name: 'consentId',
	type: 'string',
	default: '',
	placeholder: ID_PLACEHOLDER,
	description: 'Only what belongs to the consent with this ID',
};

const externalUserIdFilter: INodeProperties = {
	displayName: FIELD_NAMES.externalUserId,
	name: 'externalUserId',
	type: 'string',
	default: '',
	placeholder: 'e.g. customer-4711',
	description: 'Only what belongs to the user to whom you gave this ID',
};

const userIdFilter: INodeProperties = {
	displayName: FIELD_NAMES.userId,
	name: 'userId',
	type: 'string',
	default: '',
	placeholder: ID_PLACEHOLDER,
	description: 'Only what belongs to the user with this EnableNow ID',
};

const referenceFilter: INodeProperties = {
	displayName: FIELD_NAMES.reference,
	name: 'reference',
	type: 'string',
	default: '',
	placeholder: REFERENCE_PLACEHOLDER,
	description: 'Only results with exactly this reference',
};

function numberOption(name: keyof typeof NUMBER_OPTIONS): INodeProperties {
	const { displayName, default: defaultValue, min, max, description } = NUMBER_OPTIONS[name];
	const typeOptions = { minValue: min, maxValue: max };
	return { displayName, name, type: 'number', typeOptions, default: defaultValue, description };
}

/** The operations that set when a share ends. */
const setsExpiration = { resource: ['share'], operation: ['create', 'upsert', 'update'] };

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
	listOperationField('consent', 'consents'),
	listOperationField('account', 'accounts'),
	listOperationField('analysis', 'analyses'),
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
	shareField(['get'], 'searchShares'),
	shareField(['revoke', 'update'], 'searchOwnShares'),
	{
		displayName: FIELD_NAMES.clientId,
		name: 'clientId',
		type: 'string',
		default: '',
		required: true,
		placeholder: CLIENT_ID_PLACEHOLDER,
		displayOptions: { show: { resource: ['share'], operation: ['create', 'upsert'] } },
		description:
			'Client ID of the app that receives the share, not of your own. The other customer finds it in its Customer Portal.',
	},
	{
		displayName: FIELD_NAMES.reference,
		name: 'reference',
		type: 'string',
		default: '',
		required: true,
		placeholder: REFERENCE_PLACEHOLDER,
		displayOptions: { show: { resource: ['share'], operation: ['upsert'] } },
		description:
			'Your own reference, by which the share is found again. Both customers see it, so do not put personal data in it.',
	},
	{
		displayName: FIELD_NAMES.expirationMode,
		name: 'expirationMode',
		type: 'options',
		options: [
			{ name: 'At a Date', value: 'date', description: 'The same date and time in each run' },
			{ name: 'After a Time', value: 'duration', description: 'Counted from each run' },
		],
		default: 'date',
		displayOptions: { show: setsExpiration },
		description: 'When the share ends',
	},
	{
		displayName: FIELD_NAMES.expirationDateUtc,
		name: 'expirationDateUtc',
		type: 'dateTime',
		default: '',
		required: true,
		placeholder: 'e.g. 2030-12-31T12:00:00',
		displayOptions: { show: { ...setsExpiration, expirationMode: ['date'] } },
		description:
			'When the share ends. A time with a zone or offset is converted to UTC. With Update, a past time ends the share.',
		hint: 'In UTC, not local time; a date alone means 00:00 UTC',
	},
	{
		displayName: FIELD_NAMES.expirationAmount,
		name: 'expirationAmount',
		type: 'number',
		typeOptions: { minValue: 1, numberPrecision: 0 },
		default: 30,
		required: true,
		displayOptions: { show: { ...setsExpiration, expirationMode: ['duration'] } },
		description: 'How long the share lasts, counted from when the item is sent',
	},
	{
		displayName: FIELD_NAMES.expirationUnit,
		name: 'expirationUnit',
		type: 'options',
		options: [
			{ name: 'Hours', value: 'hours' },
			{ name: 'Days', value: 'days' },
			{ name: 'Weeks', value: 'weeks' },
			{ name: 'Months', value: 'months' },
		],
		default: 'days',
		displayOptions: { show: { ...setsExpiration, expirationMode: ['duration'] } },
	},
	identifiersField('consentIds', 'consent', 'searchConsents'),
	identifiersField('accountIds', 'account', 'searchAccounts'),
	identifiersField('analysisIds', 'analysis', 'searchAnalyses'),
	{
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		displayOptions: { show: { resource: ['share'], operation: ['create'] } },
		options: [
			{
				displayName: FIELD_NAMES.reference,
				name: 'reference',
				type: 'string',
				default: '',
				placeholder: REFERENCE_PLACEHOLDER,
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
	filtersField('share', [
		{
			displayName: FIELD_NAMES.direction,
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
			displayName: FIELD_NAMES.filterClientId,
			name: 'clientId',
			type: 'string',
			default: '',
			placeholder: CLIENT_ID_PLACEHOLDER,
			description: 'Only shares that the app with this client ID receives',
		},
		referenceFilter,
		{
			displayName: FIELD_NAMES.status,
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
	]),
	filtersField('consent', [
		consentIdFilter,
		externalUserIdFilter,
		{
			displayName: FIELD_NAMES.fromDate,
			name: 'fromDate',
			type: 'dateTime',
			default: '',
			placeholder: 'e.g. 2026-01-31T12:00:00',
			description: 'Only consents that were requested at this time or later, in UTC',
		},
		{
			displayName: FIELD_NAMES.status,
			name: 'status',
			type: 'options',
			options: CONSENT_STATUSES,
			default: 'any',
			description: 'Only consents in this status',
		},
		userIdFilter,
	]),
	filtersField('account', [consentIdFilter, externalUserIdFilter, userIdFilter]),
	filtersField('analysis', [
		referenceFilter,
		{
			displayName: FIELD_NAMES.status,
			name: 'status',
			type: 'string',
			default: '',
			placeholder: 'e.g. COMPLETED',
			description: 'Only analyses in this status, such as PENDING or COMPLETED',
		},
	]),
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [
			numberOption('maxConcurrentRequests'),
			numberOption('maxRetries'),
			numberOption('maxRetryWait'),
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
			numberOption('timeout'),
		],
	},
];
