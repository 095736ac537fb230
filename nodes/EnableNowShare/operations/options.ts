import type { IExecuteFunctions, INodeProperties, NodeHint } from 'n8n-workflow';

import { InputError } from '../../shared/errors/inputError';
import type { Patience } from '../../shared/api/retryingClient';
import { isEmpty, parseNumber, parseChoice, parseBoolean } from '../../shared/input/options';
import { DEFAULT_TIMEOUT } from '../../shared/api/client';
import { ON_DUPLICATE_VALUES, type OnDuplicate } from './uniqueShares';

interface NumberOptions extends Omit<Patience, 'isFixed'> {
	/** How long one request may take, in seconds. */
	timeout: number;
}

/** What a person can set for all items. */
export interface ShareOptions extends NumberOptions {
	/** Whether a share that is there already is not made again. */
	preventDuplicates: boolean;
	/** What to do instead. */
	onDuplicate: OnDuplicate;
}

/** The options that are numbers: what they are called, what they may be, and what they are for. */
const NUMBER_OPTIONS: Record<
	keyof NumberOptions,
	{
		displayName: string;
		default: number;
		least: number;
		most: number;
		unit?: string;
		description: string;
	}
> = {
	maxConcurrentRequests: {
		displayName: 'Max Concurrent Requests',
		default: 100,
		least: 1,
		most: 500,
		description:
			'How many requests are sent at the same time at most. The node sends fewer when EnableNow does not keep up. With 1, they go one after the other.',
	},
	maxRetries: {
		displayName: 'Max Retries',
		default: 5,
		least: 0,
		most: 100,
		description:
			"How many times a request is sent again at most, after a rate limit (429) or a failure that certainly changed nothing. A create whose answer was lost is sent again only with 'Prevent Duplicates'.",
	},
	maxRetryWait: {
		displayName: 'Max Retry Wait',
		default: 60,
		least: 0,
		most: 3600,
		unit: 'seconds',
		description:
			'The longest wait, in seconds, before a request is sent again. If EnableNow asks for a longer wait, the item fails.',
	},
	timeout: {
		displayName: 'Timeout',
		default: DEFAULT_TIMEOUT,
		least: 1,
		most: 600,
		unit: 'seconds',
		description: 'How long to wait for EnableNow to answer one request, in seconds',
	},
};

export const optionsField: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [
		...Object.entries(NUMBER_OPTIONS).map(
			([name, { displayName, default: value, least, most, description }]) => ({
				displayName,
				name,
				type: 'number' as const,
				typeOptions: { minValue: least, maxValue: most },
				default: value,
				description,
			}),
		),
		{
			displayName: 'On Duplicate',
			name: 'onDuplicate',
			type: 'options',
			displayOptions: { show: { '/operation': ['create'] } },
			options: [
				{
					name: 'Fail',
					value: 'fail',
					description: 'The item fails, and the error names the share that exists',
				},
				{
					name: 'Return',
					value: 'return',
					description: 'The output is the share that exists, unchanged',
				},
				{
					name: 'Update',
					value: 'update',
					description: 'The share that exists gets the expiration date of the item',
				},
			],
			default: 'return',
			description:
				"What to do with an item whose share exists already. It has an effect only with 'Prevent Duplicates'.",
		},
		{
			displayName: 'Prevent Duplicates',
			name: 'preventDuplicates',
			type: 'boolean',
			displayOptions: { show: { '/operation': ['create'] } },
			default: false,
			description:
				'Whether to make a share only if no active one has the same reference and receiving app. Each item needs a reference. If the answer to a create is lost, the node looks for the share, and makes it again only if EnableNow does not have it.',
		},
	],
};

/** n8n shows it where an option is an expression, and there are several items. */
export const optionsHint: NodeHint = {
	type: 'info',
	message:
		"Note on using an expression in 'Options': it is evaluated for the <strong>first input item</strong> only, and its value holds for all items.",
	displayCondition:
		'={{ Object.values($rawParameter["options"] ?? {}).some((value) => String(value).startsWith("=")) && $input.all().length > 1 }}',
	whenToDisplay: 'always',
	location: 'outputPane',
};

/**
 * Reads the options, which hold for all items.
 *
 * @throws InputError when one cannot be used
 */
export function readOptions(context: IExecuteFunctions): ShareOptions {
	const options = context.getNodeParameter('options', 0, {}) as Record<string, unknown>;
	const read = (name: keyof NumberOptions) => readNumber(name, options[name]);
	return {
		maxConcurrentRequests: Math.floor(read('maxConcurrentRequests')),
		maxRetries: Math.floor(read('maxRetries')),
		maxRetryWait: read('maxRetryWait'),
		timeout: read('timeout'),
		preventDuplicates: parseBoolean(options['preventDuplicates'], 'Prevent Duplicates'),
		onDuplicate: parseChoice(options['onDuplicate'], ON_DUPLICATE_VALUES, 'return', 'On Duplicate'),
	};
}

function readNumber(name: keyof NumberOptions, value: unknown): number {
	const { displayName, default: standard, least, most, unit } = NUMBER_OPTIONS[name];
	const number = isEmpty(value) ? standard : parseNumber(value);
	if (number >= least && number <= most) return number;
	throw new InputError(
		`'${displayName}' must be between ${least} and ${most}${unit === undefined ? '' : ` ${unit}`}`,
		`Correct '${displayName}' in the options of this node, or remove it.`,
	);
}
