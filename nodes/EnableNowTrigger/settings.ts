import type { INodeProperties, IWebhookFunctions } from 'n8n-workflow';

import { ANY_EVENT, SHARE_CREATED, SHARE_UPDATED } from './events';

/** What a person set on the node. */
export interface TriggerSettings {
	/** The names of the chosen events. */
	selection: string[];
	/** Whether EnableNow is asked for the share of an event. */
	isLookUpOn: boolean;
	/** What becomes of an event whose share could not be looked up. */
	onLookupUnavailable: 'emit' | 'reject';
}

/** The fields of the node. */
export const settingFields: INodeProperties[] = [
	notice(
		'urlNotice',
		'Step 1: open "Webhook URLs" above, choose Production URL and copy it. If the credential has a webhook secret, add ?secret=… with that secret to the URL.',
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
		description: 'The events that start the workflow; others are answered and dropped',
	},
	{
		displayName: 'Look Up Share',
		name: 'lookUpShare',
		type: 'boolean',
		default: true,
		description:
			'Whether to ask EnableNow for the share before the workflow starts. Anybody who knows the URL can post to it; the look-up proves that the share exists and that your app may see it, and adds the share to the output.',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [
			{
				displayName: 'If Look-Up Is Unavailable',
				name: 'onLookupUnavailable',
				type: 'options',
				options: [
					{
						name: 'Start the Workflow',
						value: 'emit',
						description: "With 'verified' false. EnableNow does not send an event again.",
					},
					{
						name: 'Reject the Event',
						value: 'reject',
						description: 'Answered with 503. The event is lost.',
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

/** Reads the fields of the node. */
export function readSettings(context: IWebhookFunctions): TriggerSettings {
	const selection: unknown = context.getNodeParameter('events', []);
	const options = context.getNodeParameter('options', {}) as Record<string, unknown>;
	return {
		selection: (Array.isArray(selection) ? selection : [selection]).map(String),
		isLookUpOn: context.getNodeParameter('lookUpShare', true) !== false,
		onLookupUnavailable: options['onLookupUnavailable'] === 'reject' ? 'reject' : 'emit',
	};
}
