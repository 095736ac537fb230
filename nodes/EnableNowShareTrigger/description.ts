import type { INodeProperties, INodeTypeDescription } from 'n8n-workflow';

/** The events that EnableNow sends about shares (EnableNow docs: "Events"). */
export const SHARE_CREATED = 'databridge.share.created';
export const SHARE_UPDATED = 'databridge.share.updated';

/** The choice that stands for every event, including those that this version does not know. */
export const ANY_EVENT = '*';

/** Minutes between two catch-ups. */
export const CATCH_UP_INTERVAL = { min: 1, max: 1440, default: 5 };

/** The fields of the node. */
export const properties: INodeProperties[] = [
	notice(
		'urlNotice',
		'Step 1: open "Webhook URLs" above, choose Production URL and copy it. If the credential has a webhook secret, add it at the end of the URL, as ?secret=YOUR_SECRET',
	),
	notice(
		'portalNotice',
		'Step 2: in the EnableNow Customer Portal, open the "Webhooks" tab of your app, paste the URL and choose the events that you select below. EnableNow must be able to reach the URL from the internet: nothing arrives at localhost or a private address.',
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
				description:
					'Every event that EnableNow sends to this URL, including those not about shares',
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
			'The events that start the workflow; others are acknowledged and ignored. Choose the same events on the "Webhooks" tab of the EnableNow Customer Portal.',
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
					'Whether to ask EnableNow for shares whose event was not received: when the workflow is published, when n8n starts, and at each interval. EnableNow sends each event once, so events sent while n8n is down are lost otherwise. With Catch Up, the same share does not start the workflow twice.',
			},
			{
				displayName: 'Catch Up: Existing Shares',
				name: 'catchUpExisting',
				type: 'boolean',
				default: false,
				description:
					'Whether the first catch-up starts the workflow for existing shares. If off, they count as known.',
			},
			{
				displayName: 'Catch Up: Expired Shares',
				name: 'catchUpExpired',
				type: 'boolean',
				default: false,
				description: 'Whether to catch up on shares that have already expired, too',
			},
			{
				displayName: 'Catch Up: Interval',
				name: 'catchUpInterval',
				type: 'number',
				typeOptions: { minValue: CATCH_UP_INTERVAL.min, maxValue: CATCH_UP_INTERVAL.max },
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
					'Client ID of the app to catch up on shares for. Leave empty for the app of the credential.',
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
							"The output has 'verified' false and the reason. EnableNow does not send an event again.",
					},
					{
						name: 'Reject the Event',
						value: 'reject',
						description:
							'Responds with 503. EnableNow does not send the event again, so it is lost unless Catch Up finds the share.',
					},
				],
				default: 'emit',
				description: 'What to do with an event while its share cannot be looked up',
			},
		],
	},
];

export const triggerPanel: NonNullable<INodeTypeDescription['triggerPanel']> = {
	header: 'Receive an event from EnableNow',
	executionsHelp: {
		inactive:
			'<b>While you build the workflow</b>, test this node (with the button above) and post an event to the <b>Test URL</b> with a tool such as curl. An event that would be refused later is shown too, with the reason.<br><br><b>When it is ready</b>, follow the steps on the right. EnableNow sends each event once: what arrives while the workflow is not published is lost, unless Catch Up is on (under Options).',
		active:
			'<b>While you build the workflow</b>, test this node (with the button above) and post an event to the <b>Test URL</b> with a tool such as curl. An event that would be refused later is shown too, with the reason.<br><br><b>The workflow is published</b>: events that arrive at the <b>Production URL</b> start it. They are not shown here; see its executions.',
	},
	activationHint: 'Follow the steps on the right, then publish the workflow.',
};

/** A set-up step. n8n shows a notice as one plain paragraph, so each step has its own. */
function notice(name: string, displayName: string): INodeProperties {
	return { displayName, name, type: 'notice', default: '' };
}
