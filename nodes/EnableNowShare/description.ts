import type { INodeProperties, NodeHint } from 'n8n-workflow';

/** The display names of fields, for the editor and for messages about them. */
export const FIELD_NAMES = {
	clientId: 'Share With (Client ID)',
	expirationDateUtc: 'Expiration Date (UTC)',
	consentIds: 'Consents',
	accountIds: 'Accounts',
	analysisIds: 'Analyses',
	reference: 'Reference',
	shareId: 'Share',
	filterClientId: 'Receiving App (Client ID)',
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

const operationField: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Create',
			value: 'create',
			description: 'Share bank data with another EnableNow customer',
			action: 'Create a share',
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
			description: 'List the shares of your app',
			action: 'Get many shares',
		},
		{
			name: 'Update',
			value: 'update',
			description: 'Change when a share ends: extend it, or revoke it now',
			action: 'Update a share',
		},
	],
	default: 'create',
};

/**
 * What a model is told about each operation where the node is a tool of an AI agent. Without this
 * field n8n shows it the node's description, which is the same for all operations.
 */
const toolDescriptionFields = Object.entries({
	create:
		'Shares bank data (consents, accounts, analyses) with another EnableNow customer until a time. IDs are UUIDs: one, several separated by commas, or a JSON array. Times are ISO 8601 in UTC.',
	get: 'Gets one share of bank data by its ID, a UUID.',
	getAll: 'Lists shares of bank data. An empty response means that there are none.',
	update:
		'Changes when a share of bank data ends. Its ID is a UUID, the time ISO 8601 in UTC; a past time revokes the share.',
}).map(([operation, text]): INodeProperties => ({
	displayName: 'Tool Description',
	name: 'toolDescription',
	type: 'string',
	typeOptions: { rows: 4 },
	default: text,
	required: true,
	displayOptions: { show: { '@tool': [true], operation: [operation] } },
	description: 'What the model is told about this tool',
}));

function shareField(operation: string): INodeProperties {
	return {
		displayName: FIELD_NAMES.shareId,
		name: 'shareId',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		required: true,
		displayOptions: { show: { operation: [operation] } },
		description: 'The share: choose it from the list, or enter its ID',
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: 'Choose a share…',
				typeOptions: { searchListMethod: 'searchShares', searchable: true },
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

/** @param hint - an expression to use where a fixed time would be a mistake; shown under the field */
function expirationField(operation: string, description: string, hint: string): INodeProperties {
	return {
		displayName: FIELD_NAMES.expirationDateUtc,
		name: 'expirationDateUtc',
		type: 'dateTime',
		default: '',
		required: true,
		placeholder: 'e.g. 2026-04-30T12:00:00',
		displayOptions: { show: { operation: [operation] } },
		description,
		hint,
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
		displayOptions: { show: { operation: ['create'] } },
		description: `What to share: choose one ${noun} from the list, or enter any number by ID. ${FIELD_NAMES.consentIds}, ${FIELD_NAMES.accountIds} and ${FIELD_NAMES.analysisIds} can be combined; at least one is needed.`,
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
				hint: 'One ID, several separated by commas, a JSON array, or drag an array here from the input',
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
		placeholder: 'e.g. en-app-ref-002',
		displayOptions: { show: { operation: ['create'] } },
		description:
			'Client ID of the EnableNow app that receives the share. The other customer finds it in its Customer Portal; it is not the client ID of your own app.',
	},
	expirationField(
		'create',
		'When the share ends. A time with a zone or offset is converted to UTC; one without is UTC. It must be in the future.',
		'This is UTC, not local time, and it is the same in each run. For 30 days from each run, use the expression {{ $now.plus({ days: 30 }) }}',
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
		displayOptions: { show: { operation: ['create'] } },
		options: [
			{
				displayName: FIELD_NAMES.reference,
				name: 'reference',
				type: 'string',
				default: '',
				placeholder: 'e.g. my-internal-reference-001',
				description:
					'Your own reference for this share. Both customers see it, so do not put personal data in it.',
			},
		],
	},
];

const getAllFields: INodeProperties[] = [
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
		displayOptions: { show: { operation: ['getAll'] } },
		options: [
			{
				displayName: 'Expired',
				name: 'expired',
				type: 'options',
				options: [
					{ name: 'Any', value: 'any', description: 'Active and expired shares' },
					{ name: 'Active', value: 'active', description: 'Shares that have not ended' },
					{ name: 'Expired', value: 'expired', description: 'Shares that have ended' },
				],
				default: 'any',
				description: 'Whether the shares have ended',
			},
			{
				displayName: FIELD_NAMES.reference,
				name: 'reference',
				type: 'string',
				default: '',
				placeholder: 'e.g. my-internal-reference-001',
				description: 'Only shares with exactly this reference',
			},
			{
				displayName: FIELD_NAMES.filterClientId,
				name: 'clientId',
				type: 'string',
				default: '',
				placeholder: 'e.g. en-app-ref-002',
				description: 'Only shares with the app that has this client ID',
			},
		],
	},
];

const updateFields: INodeProperties[] = [
	shareField('update'),
	expirationField(
		'update',
		'When the share ends; nothing else about a share can be changed. A past time revokes the share, which is the only way to end one early. A time with a zone or offset is converted to UTC; one without is UTC.',
		'This is UTC, not local time, and it is the same in each run. To revoke the share as soon as this node runs, use the expression {{ $now }}',
	),
];

const optionsField: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [
		...Object.entries(NUMBER_OPTIONS).map(([name, option]) => ({
			displayName: option.displayName,
			name,
			type: 'number' as const,
			typeOptions: { minValue: option.min, maxValue: option.max },
			default: option.default,
			description: option.description,
		})),
		{
			displayName: 'On Duplicate',
			name: 'onDuplicate',
			type: 'options',
			displayOptions: { show: { '/operation': ['create'] } },
			options: [
				{
					name: 'Fail',
					value: 'fail',
					description: 'The item fails, and the error names the existing share',
				},
				{
					name: 'Return',
					value: 'return',
					description: 'The output is the existing share, unchanged',
				},
				{
					name: 'Update',
					value: 'update',
					description: 'The existing share gets the expiration date of the item',
				},
			],
			default: 'return',
			description:
				"What to do with an item whose share already exists. Used only with 'Prevent Duplicates'.",
		},
		{
			displayName: 'Prevent Duplicates',
			name: 'preventDuplicates',
			type: 'boolean',
			displayOptions: { show: { '/operation': ['create'] } },
			default: false,
			description:
				'Whether to create a share only if no active one has the same reference and receiving app. Each item needs a reference. If the response to a create is lost, the node looks for the share, and creates it again only if EnableNow does not have it.',
		},
	],
};

/** Shown where an option is an expression and there are several items. */
export const optionsHint: NodeHint = {
	type: 'info',
	message:
		"Expressions in 'Options' are evaluated for the <strong>first input item</strong> only; the result applies to all items.",
	displayCondition:
		'={{ Object.values($rawParameter["options"] ?? {}).some((value) => String(value).startsWith("=")) && $input.all().length > 1 }}',
	whenToDisplay: 'always',
	location: 'outputPane',
};

/** Every field of the node. */
export const properties: INodeProperties[] = [
	operationField,
	...toolDescriptionFields,
	...createFields,
	shareField('get'),
	...getAllFields,
	...updateFields,
	optionsField,
];
