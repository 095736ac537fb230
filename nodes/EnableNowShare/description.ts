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
			'Maximum number of requests at the same time. The node sends fewer when EnableNow cannot keep up. With 1, requests are sent one by one.',
	},
	maxRetries: {
		displayName: 'Max Retries',
		default: 5,
		min: 0,
		max: 100,
		unit: '',
		description:
			"Maximum number of retries after a rate limit (429) or a failure that certainly changed nothing. A create whose response was lost is retried only with 'Prevent Duplicates'.",
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

const resourceField: INodeProperties = {
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
};

const shareOperationField: INodeProperties = {
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
};

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
 * What a model is told about each operation where the node is a tool of an AI agent. Without this
 * field n8n shows it the node's description, which is the same for all operations.
 */
const toolDescriptionFields = [
	[
		'share',
		'create',
		'Shares bank data (consents, accounts, analyses) with another EnableNow customer until a time. IDs are UUIDs: one, several separated by commas, or a JSON array. Times are ISO 8601 in UTC.',
	],
	[
		'share',
		'upsert',
		'Shares bank data (consents, accounts, analyses) with another EnableNow customer until a time. If there is an active share with the same reference for that customer, it only changes when that share ends. IDs are UUIDs: one, several separated by commas, or a JSON array. Times are ISO 8601 in UTC.',
	],
	['share', 'get', 'Gets one share of bank data by its ID, a UUID.'],
	['share', 'getAll', 'Lists shares of bank data. An empty response means that there are none.'],
	['share', 'revoke', 'Ends a share of bank data now, by its ID, a UUID. This cannot be undone.'],
	[
		'share',
		'update',
		'Changes when a share of bank data ends. Its ID is a UUID, the time ISO 8601 in UTC; a past time ends the share.',
	],
	[
		'consent',
		'getAll',
		'Lists consents of bank customers, newest first: bank, status and dates. An empty response means that there are none.',
	],
	[
		'account',
		'getAll',
		'Lists bank accounts with IBAN and holder. An empty response means that there are none.',
	],
	[
		'analysis',
		'getAll',
		'Lists analyses of bank data. An empty response means that there are none.',
	],
].map(([resource = '', operation = '', text = '']): INodeProperties => ({
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
}));

function shareField(operation: string, searchListMethod: string): INodeProperties {
	return {
		displayName: FIELD_NAMES.shareId,
		name: 'shareId',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		required: true,
		displayOptions: { show: { resource: ['share'], operation: [operation] } },
		description: 'The share: choose it from the list, or enter its ID',
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
				hint: 'The ID of one share. For several shares, give this node one item for each',
			},
		],
	};
}

/** When a share ends: at a date, or some time after its item is sent. */
function expirationFields(operations: string[], dateDescription: string): INodeProperties[] {
	const show = { resource: ['share'], operation: operations };
	return [
		{
			displayName: FIELD_NAMES.expirationMode,
			name: 'expirationMode',
			type: 'options',
			options: [
				{ name: 'At a Date', value: 'date', description: 'The same date and time in each run' },
				{ name: 'After a Time', value: 'duration', description: 'Counted from each run' },
			],
			default: 'date',
			displayOptions: { show },
			description: 'When the share ends',
		},
		{
			displayName: FIELD_NAMES.expirationDateUtc,
			name: 'expirationDateUtc',
			type: 'dateTime',
			default: '',
			required: true,
			placeholder: 'e.g. 2030-12-31T12:00:00',
			displayOptions: { show: { ...show, expirationMode: ['date'] } },
			description: dateDescription,
			hint: 'In UTC, not local time. A date alone means its start, 00:00 UTC',
		},
		{
			displayName: FIELD_NAMES.expirationAmount,
			name: 'expirationAmount',
			type: 'number',
			typeOptions: { minValue: 1, numberPrecision: 0 },
			default: 30,
			required: true,
			displayOptions: { show: { ...show, expirationMode: ['duration'] } },
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
			displayOptions: { show: { ...show, expirationMode: ['duration'] } },
			description: 'The unit of the time after which the share ends',
		},
	];
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
		description: `What to share. ${FIELD_NAMES.consentIds}, ${FIELD_NAMES.accountIds} and ${FIELD_NAMES.analysisIds} can be combined; at least one is needed.`,
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

const createFields: INodeProperties[] = [
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
	...expirationFields(
		['create', 'upsert'],
		'When the share ends, in the future. A time with a zone or offset is converted to UTC; one without is UTC.',
	),
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
];

const limitFields: INodeProperties[] = [
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
];

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

function textFilter(
	name: 'clientId' | 'reference' | 'userId' | 'externalUserId' | 'consentId',
	placeholder: string,
	description: string,
): INodeProperties {
	const displayName = name === 'clientId' ? FIELD_NAMES.filterClientId : FIELD_NAMES[name];
	return { displayName, name, type: 'string', default: '', placeholder, description };
}

/** An option that gives every result unless another is chosen. */
function choiceFilter(
	displayName: string,
	name: string,
	options: Array<{ name: string; value: string }>,
	description: string,
): INodeProperties {
	return { displayName, name, type: 'options', options, default: 'any', description };
}

const consentIdFilter = textFilter(
	'consentId',
	ID_PLACEHOLDER,
	'Only what belongs to the consent with this ID',
);
const externalUserIdFilter = textFilter(
	'externalUserId',
	'e.g. customer-4711',
	'Only what belongs to the user to whom you gave this ID',
);
const userIdFilter = textFilter(
	'userId',
	ID_PLACEHOLDER,
	'Only what belongs to the user with this EnableNow ID',
);

/** The documented ones, and their names. */
export const CONSENT_STATUSES = {
	AUTHENTICATED: 'Authenticated',
	AUTHENTICATING: 'Authenticating',
	ERROR: 'Error',
	FAILING: 'Failing',
	INITIALIZED: 'Initialized',
	INVALIDATED: 'Invalidated',
	TIMEDOUT: 'Timed Out',
	UPDATED: 'Updated',
	UPDATING: 'Updating',
};

const filterFields: INodeProperties[] = [
	filtersField('share', [
		choiceFilter(
			'Direction',
			'direction',
			[
				{ name: 'Any', value: 'any' },
				{ name: 'Made', value: 'made' },
				{ name: 'Received', value: 'received' },
			],
			'Whether your app made or received the shares',
		),
		textFilter(
			'clientId',
			CLIENT_ID_PLACEHOLDER,
			'Only shares that the app with this client ID receives',
		),
		textFilter('reference', REFERENCE_PLACEHOLDER, 'Only shares with exactly this reference'),
		choiceFilter(
			'Status',
			'status',
			[
				{ name: 'Active', value: 'active' },
				{ name: 'Any', value: 'any' },
				{ name: 'Expired', value: 'expired' },
			],
			'Whether the shares have ended',
		),
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
		choiceFilter(
			'Status',
			'status',
			Object.entries({ any: 'Any', ...CONSENT_STATUSES }).map(([value, name]) => ({ name, value })),
			'Only consents in this status',
		),
		userIdFilter,
	]),
	filtersField('account', [consentIdFilter, externalUserIdFilter, userIdFilter]),
	filtersField('analysis', [
		textFilter('reference', REFERENCE_PLACEHOLDER, 'Only analyses with exactly this reference'),
		{
			displayName: 'Status',
			name: 'status',
			type: 'string',
			default: '',
			placeholder: 'e.g. COMPLETED',
			description: 'Only analyses in this status, such as PENDING or COMPLETED',
		},
	]),
];

function numberOption(name: keyof typeof NUMBER_OPTIONS): INodeProperties {
	const { displayName, default: defaultValue, min, max, description } = NUMBER_OPTIONS[name];
	const typeOptions = { minValue: min, maxValue: max };
	return { displayName, name, type: 'number', typeOptions, default: defaultValue, description };
}

const optionsField: INodeProperties = {
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
};

/** Every field of the node. */
export const properties: INodeProperties[] = [
	resourceField,
	shareOperationField,
	listOperationField('consent', 'consents'),
	listOperationField('account', 'accounts'),
	listOperationField('analysis', 'analyses'),
	...toolDescriptionFields,
	...createFields,
	shareField('get', 'searchShares'),
	shareField('revoke', 'searchOwnShares'),
	shareField('update', 'searchOwnShares'),
	...expirationFields(
		['update'],
		'When the share ends. A time with a zone or offset is converted to UTC; one without is UTC. A past time ends the share.',
	),
	...limitFields,
	...filterFields,
	optionsField,
];
