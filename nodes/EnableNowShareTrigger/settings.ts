import type {
	IExecuteFunctions,
	INodeProperties,
	ITriggerFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';

import { formatExcerpt } from '../shared/errors/inputError';
import { errorMessage } from '../shared/errors/message';
import { isEmpty, parseNumber, parseBoolean } from '../shared/input/scalars';
import { parseText } from '../shared/input/text';
import { ANY_EVENT, isSelected, SHARE_CREATED, SHARE_UPDATED } from './webhook/events';

/** What a person set on the node. */
export interface TriggerSettings {
	/** The names of the chosen events. */
	selection: string[];
	/** Whether EnableNow is asked for the share of an event. */
	isLookUpOn: boolean;
	/** What becomes of an event whose share could not be looked up. */
	onLookupUnavailable: 'emit' | 'reject';
	catchUp: CatchUpSettings;
}

/** What a person set about the catch-up. */
export interface CatchUpSettings {
	isOn: boolean;
	/** How long to wait between two of them, in milliseconds. */
	interval: number;
	/** Whether the first one emits the shares that are there already. */
	existing: boolean;
	/** Whether shares that have ended are emitted too. */
	expired: boolean;
	/** The app whose shares are caught up; empty for the app of the credential. */
	clientId: string;
}

/** The shortest and the longest interval of the catch-up, in minutes. */
const INTERVALS = { least: 1, most: 1440, usual: 5 };

const MILLISECONDS_PER_MINUTE = 60_000;

/** The fields of the node. */
export const settingFields: INodeProperties[] = [
	notice(
		'urlNotice',
		'Step 1: open "Webhook URLs" above, choose Production URL and copy it. If the credential has a webhook secret, add it at the end of the URL, as ?secret=YOUR_SECRET',
	),
	notice(
		'portalNotice',
		'Step 2: in the EnableNow Customer Portal, open the "Webhooks" tab of your app, paste the URL and choose the events that you select below. EnableNow must reach the URL from the internet: with localhost or a private address nothing arrives.',
	),
	notice(
		'publishNotice',
		'Step 3: publish (activate) this workflow. Only then does the Production URL answer. The Test URL is for trying things out: it answers only while you test this node.',
	),
	{
		displayName: 'Trigger On',
		name: 'events',
		type: 'multiOptions',
		required: true,
		options: [
			{
				name: 'Any Event',
				value: ANY_EVENT,
				description: 'Every event that EnableNow sends to this URL, also those not about shares',
			},
			{
				name: 'Share Created',
				value: SHARE_CREATED,
				description: 'Another customer shares bank data with your app',
			},
			{
				name: 'Share Updated',
				value: SHARE_UPDATED,
				description: 'Another customer changes when a share with your app ends',
			},
		],
		default: [SHARE_CREATED],
		description:
			'The events that start the workflow; others are answered and dropped. Choose the same events on the "Webhooks" tab of the EnableNow Customer Portal.',
	},
	{
		displayName: 'Look Up Share',
		name: 'lookUpShare',
		type: 'boolean',
		default: true,
		description:
			'Whether to ask EnableNow for the share before the workflow starts. Anybody who knows the URL can post to it. The look-up proves that the share exists and that your app may see it, and adds the share to the output.',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [
			{
				displayName: 'Catch Up',
				name: 'catchUp',
				type: 'boolean',
				default: false,
				description:
					'Whether to ask EnableNow for shares whose event was not received, when the workflow is published, when n8n starts, and again and again. EnableNow sends an event once, so what arrives while n8n is down is lost otherwise. With it, the same share does not start the workflow twice.',
			},
			{
				displayName: 'Catch Up: Existing Shares',
				name: 'catchUpExisting',
				type: 'boolean',
				default: false,
				description:
					'Whether the first catch-up starts the workflow for the shares that are there already. If off, they are taken as known.',
			},
			{
				displayName: 'Catch Up: Expired Shares',
				name: 'catchUpExpired',
				type: 'boolean',
				default: false,
				description: 'Whether to catch up on shares that have ended by then, too',
			},
			{
				displayName: 'Catch Up: Interval',
				name: 'catchUpInterval',
				type: 'number',
				typeOptions: { minValue: INTERVALS.least, maxValue: INTERVALS.most },
				default: 5,
				description:
					'How often to catch up, in minutes. If nothing is new this costs one request; with Share Updated or Any Event, one for every 50 shares.',
			},
			{
				displayName: 'Catch Up: Receiving App (Client ID)',
				name: 'catchUpClientId',
				type: 'string',
				default: '',
				placeholder: 'e.g. en-app-ref-002',
				description:
					'Client ID of the app whose shares are caught up. Leave empty for the app of the credential.',
			},
			{
				displayName: 'If Look-Up Is Unavailable',
				name: 'onLookupUnavailable',
				type: 'options',
				options: [
					{
						name: 'Start the Workflow',
						value: 'emit',
						description:
							"The output has 'verified' false, and the reason. EnableNow does not send an event again.",
					},
					{
						name: 'Reject the Event',
						value: 'reject',
						description:
							'EnableNow is answered with 503 and does not send the event again. It is lost, unless Catch Up finds the share.',
					},
				],
				default: 'emit',
				description: 'What to do with an event while EnableNow cannot be asked for its share',
			},
		],
	},
];

/** A step of the set-up. n8n shows a notice as one plain paragraph, so each step is one of its own. */
function notice(name: string, displayName: string): INodeProperties {
	return { displayName, name, type: 'notice', default: '' };
}

/**
 * Reads the fields of the node. It does not throw, since n8n would not activate the trigger: an option
 * that is not understood counts as not set.
 *
 * @param tell - is told of each such option, in words for n8n's log
 */
export function readSettings(
	context: ITriggerFunctions | IWebhookFunctions,
	tell: (problem: string) => void = () => undefined,
): TriggerSettings {
	const selection: unknown = context.getNodeParameter('events', []);
	const options = context.getNodeParameter('options', {}) as Record<string, unknown>;
	const read = <Value>(parse: Parser<Value>, name: string, fieldName: string) =>
		parsedOrUsual(parse, options[name], fieldName, tell);
	return {
		selection: (Array.isArray(selection) ? selection : [selection]).map(String),
		isLookUpOn: context.getNodeParameter('lookUpShare', true) !== false,
		onLookupUnavailable: read(
			parseOnUnavailable,
			'onLookupUnavailable',
			'If Look-Up Is Unavailable',
		),
		catchUp: {
			isOn: read(parseBoolean, 'catchUp', 'Catch Up'),
			interval:
				read(parseMinutes, 'catchUpInterval', 'Catch Up: Interval') * MILLISECONDS_PER_MINUTE,
			existing: read(parseBoolean, 'catchUpExisting', 'Catch Up: Existing Shares'),
			expired: read(parseBoolean, 'catchUpExpired', 'Catch Up: Expired Shares'),
			clientId: read(parseText, 'catchUpClientId', 'Catch Up: Receiving App (Client ID)'),
		},
	};
}

/** Whether the catch-up is on, as an execution of the trigger sees it. */
export function isCatchUpOn(context: IExecuteFunctions): boolean {
	const { catchUp } = context.getNodeParameter('options', 0, {}) as Record<string, unknown>;
	return parsedOrUsual(parseBoolean, catchUp, 'Catch Up');
}

/** Whether an event was chosen, as an execution of the trigger sees it. */
export function isSelectedIn(context: IExecuteFunctions, name: string): boolean {
	return isSelected({ name }, context.getNodeParameter('events', 0, []) as string[]);
}

/** Reads a value; throws where it does not understand it. */
type Parser<Value> = (value: unknown, fieldName: string) => Value;

/** A value, or what stands for none where it is not understood. */
function parsedOrUsual<Value>(
	parse: Parser<Value>,
	value: unknown,
	fieldName: string,
	tell: (problem: string) => void = () => undefined,
): Value {
	try {
		return parse(value, fieldName);
	} catch (error) {
		tell(errorMessage(error));
		return parse(undefined, fieldName);
	}
}

function parseMinutes(value: unknown, fieldName: string): number {
	const minutes = isEmpty(value) ? INTERVALS.usual : parseNumber(value);
	if (Number.isNaN(minutes)) throw notUnderstood(value, fieldName);
	return Math.min(Math.max(minutes, INTERVALS.least), INTERVALS.most);
}

function parseOnUnavailable(value: unknown, fieldName: string): 'emit' | 'reject' {
	if (value === 'emit' || isEmpty(value)) return 'emit';
	if (value === 'reject') return 'reject';
	throw notUnderstood(value, fieldName);
}

function notUnderstood(value: unknown, fieldName: string): Error {
	return new Error(`'${fieldName}' must not be ${formatExcerpt(value)}`);
}
