import type { INodeProperties, INodeTypeDescription } from 'n8n-workflow';

/** The events that EnableNow sends about shares (EnableNow docs: "Events"). */
export const SHARE_CREATED = 'databridge.share.created';
export const SHARE_UPDATED = 'databridge.share.updated';

/** The choice that stands for every event, including those that this version does not know. */
export const ANY_EVENT = '*';

/** Minutes between two catch-ups. */
export const CATCH_UP_INTERVAL = { min: 1, max: 1440, default: 5 };

const whileCatchUpIsOn: INodeProperties['displayOptions'] = { show: { '/catchUp': [true] } };

/** The fields of the node. */
export const properties: INodeProperties[] = [
	{
		// Of HTML, n8n shows in a notice only links and bulleted lists; a list without items is a paragraph.
		displayName: [
			'<ul>1. Enter a webhook secret in the credential: a long random string. Without one, anybody who knows the URL can send events.</ul>',
			'<ul>2. Open "Webhook URLs" above, copy the Production URL and add the secret to its end: ?secret=YOUR_SECRET</ul>',
			'<ul>3. In the EnableNow Customer Portal, open your app\'s "Webhooks" tab, paste the URL and choose the events that you select below. EnableNow must be able to reach the URL.</ul>',
			"<ul>4. Publish this workflow: only then does the Production URL work. If an event is refused, n8n's log says why.</ul>",
		].join(''),
		name: 'setUpNotice',
		type: 'notice',
		default: '',
	},
	{
		displayName: 'Trigger On',
		name: 'events',
		type: 'multiOptions',
		required: true,
		options: [
			{
				name: 'Any Event',
				value: ANY_EVENT,
				description: 'Every event that EnableNow sends, including those that are not listed here',
			},
			{
				name: 'Categorization Job Completed',
				value: 'categorizationjob.completed',
				description: 'EnableNow has categorized the transactions of a consent',
			},
			{
				name: 'Consent Accounts Updated',
				value: 'consent.accounts.updated',
				description: 'The accounts of a consent have changed',
			},
			{
				name: 'Consent Status Updated',
				value: 'consent.status.updated',
				description: 'The status of a consent has changed',
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
			{
				name: 'Transactions Fetched',
				value: 'transactions.fetched',
				description: 'EnableNow has fetched transactions of a consent',
			},
		],
		default: [SHARE_CREATED],
	},
	{
		displayName: 'Look Up Share',
		name: 'lookUpShare',
		type: 'boolean',
		default: true,
		description:
			'Whether to ask EnableNow for the share before the workflow starts. This proves that the share exists and that your app may see it, and adds the share to the output.',
	},
	{
		displayName: 'Catch Up',
		name: 'catchUp',
		type: 'boolean',
		default: false,
		description:
			'Whether to ask EnableNow for shares whose event was missed, such as while n8n was down, and start the workflow with them',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [
			{
				displayName: 'Catch Up: Existing Shares',
				name: 'catchUpExisting',
				type: 'boolean',
				displayOptions: whileCatchUpIsOn,
				default: false,
				description:
					'Whether the first catch-up starts the workflow for existing shares. If off, they count as known.',
			},
			{
				displayName: 'Catch Up: Expired Shares',
				name: 'catchUpExpired',
				type: 'boolean',
				displayOptions: whileCatchUpIsOn,
				default: false,
				description: 'Whether to catch up on shares that have already expired, too',
			},
			{
				displayName: 'Catch Up: Interval',
				name: 'catchUpInterval',
				type: 'number',
				displayOptions: whileCatchUpIsOn,
				typeOptions: { minValue: CATCH_UP_INTERVAL.min, maxValue: CATCH_UP_INTERVAL.max },
				default: 5,
				description:
					'How often to catch up, in minutes. If nothing is new this costs one request; with Share Updated or Any Event, one for every 50 shares.',
			},
			{
				displayName: 'Catch Up: Receiving App (Client ID)',
				name: 'catchUpClientId',
				type: 'string',
				displayOptions: whileCatchUpIsOn,
				default: '',
				placeholder: 'e.g. en-app-ref-002',
				description:
					'Client ID of the app that receives the shares. Leave empty for the app of the credential.',
			},
			{
				displayName: 'If Look-Up Is Unavailable',
				name: 'onLookupUnavailable',
				type: 'options',
				displayOptions: { show: { '/lookUpShare': [true] } },
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
	executionsHelp:
		'<b>While you build the workflow</b>, use the button above and post an event to the <b>Test URL</b>, with curl for example. An event that the Production URL would refuse is shown too, with the reason.<br><br><b>When it is ready</b>, follow the steps on the right. Events at the <b>Production URL</b> are only shown in the executions of the workflow.',
	activationHint: 'Follow the steps on the right, then publish the workflow.',
};
