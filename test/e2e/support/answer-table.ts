/**
 * The trigger's answer table, case by case, as data: what arrives, how it is answered, and what the
 * nodes after the trigger run with. The same cases are held to a real n8n and to WebhookHost, which
 * stands in for it in the integration tests.
 */
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { Fault, Share } from '../../../sandbox';
import { UNKNOWN_ID } from '../../integration/support/examples';
import { asPutOut } from '../../integration/support/put-out';

/** Both are valid at once. */
export const [FORMER_SECRET, PRESENT_SECRET] = ['the-former-secret', 'the-present-secret'] as const;

/** A trigger that is active, and the webhook secrets of its credential. */
export interface AnsweringTrigger {
	parameters: INodeParameters;
	webhookSecret: string;
	/** Whether the credential is deleted once the trigger is active. */
	isCredentialDeleted?: true;
}

const CREATED = 'databridge.share.created';
const UPDATED = 'databridge.share.updated';
const CONSENT_STATUS = 'consent.status.updated';

export const TRIGGERS = {
	plain: { parameters: {}, webhookSecret: '' },
	withSecret: { parameters: {}, webhookSecret: `${FORMER_SECRET}, ${PRESENT_SECRET}` },
	withSecretRejecting: {
		parameters: { options: { onLookupUnavailable: 'reject' } },
		webhookSecret: PRESENT_SECRET,
	},
	onConsentStatus: { parameters: { events: [CONSENT_STATUS] }, webhookSecret: '' },
	onAnyEvent: { parameters: { events: ['*'] }, webhookSecret: '' },
	onBothEvents: { parameters: { events: [CREATED, UPDATED] }, webhookSecret: '' },
	withoutLookUp: { parameters: { lookUpShare: false }, webhookSecret: '' },
	rejecting: { parameters: { options: { onLookupUnavailable: 'reject' } }, webhookSecret: '' },
	catchingUp: {
		parameters: { catchUp: true, options: { catchUpInterval: 1440 } },
		webhookSecret: '',
	},
	withoutCredential: { parameters: {}, webhookSecret: '', isCredentialDeleted: true },
} as const satisfies Record<string, AnsweringTrigger>;

export type TriggerName = keyof typeof TRIGGERS;

/** What is posted. */
export interface EventRequest {
	/** Text and bytes as they are, anything else as JSON. */
	body: unknown;
	/** `application/json` where it is left out; none where it is empty. */
	contentType?: string;
	query?: string;
	headers?: Record<string, string>;
}

/** An item of the trigger, without the time of its arrival. */
export interface ExpectedItem {
	event: string | null;
	shareId: string | null;
	verified: boolean;
	reason: RegExp | null;
	share: IDataObject | null;
	data: unknown;
	source: 'webhook';
}

/** What comes of a request. */
export interface Outcome {
	status: number;
	/** The items of the one execution that is started; with none, none is. */
	items: ExpectedItem[];
	/** The same while n8n listens for a test event, which is always answered with 200. */
	itemsInTest: ExpectedItem[];
}

/** A case of the table; the functions are given a share that targets the trigger's app. */
export interface AnswerCase {
	name: string;
	trigger: TriggerName;
	request: (share: Share) => EventRequest;
	/** What goes wrong while EnableNow is asked for the share. */
	fault?: Fault;
	/** Whether the same request was made before. */
	isRepeated?: true;
	/** Whether EnableNow is asked for the share. */
	isLookedUp?: true;
	outcome: (share: Share) => Outcome;
}

type PartOfItem = Partial<ExpectedItem>;

const item = (part: PartOfItem): ExpectedItem => ({
	event: CREATED,
	shareId: null,
	verified: false,
	reason: null,
	share: null,
	data: null,
	source: 'webhook',
	...part,
});
/** A request of which nothing is shown but why it is refused. */
const reasonOnly = (reason: RegExp): ExpectedItem => item({ event: null, reason });
const verified = (share: Share, data: unknown, part: PartOfItem = {}): ExpectedItem =>
	item({ shareId: share.id, verified: true, share: asPutOut(share), data, ...part });

const accepted = (...items: ExpectedItem[]): Outcome => ({
	status: 200,
	items,
	itemsInTest: items,
});
const refused = (status: number, ...itemsInTest: ExpectedItem[]): Outcome => ({
	status,
	items: [],
	itemsInTest,
});
const IGNORED: Outcome = { status: 200, items: [], itemsInTest: [] };

const created = (data: unknown) => ({ event: CREATED, data });

const ONE_EVENT = /^A request without a webhook secret may contain only one event\.$/;
const NO_SECRET = /^The request does not present the webhook secret of the credential\.$/;
const NOT_JSON = /^The Content-Type of the request is not JSON\.$/;
const NO_EVENT = /^The request contains something that is not an event\.$/;
const NO_IDENTIFIER = /^The event contains no usable share ID\.$/;
const NOT_ABOUT_SHARE = /^The event is not about a share\.$/;
const LOOK_UP_OFF = /^The look-up of the share is switched off\.$/;
const NOT_CONFIRMED = /^EnableNow does not confirm the share\. .* status \d{3}/;
const UNAVAILABLE = /^The share could not be looked up\. EnableNow/;

const UNKNOWN_SHARE = created({ shareId: UNKNOWN_ID });
const FORM = 'application/x-www-form-urlencoded';

const secretCases: AnswerCase[] = (
	[
		['no secret is presented', {}],
		['a wrong secret, by query', { query: '?secret=wrong' }],
		['a wrong secret, by header', { headers: { 'X-Webhook-Secret': 'wrong' } }],
		['an empty secret', { query: '?secret=' }],
		['the beginning of the secret', { query: `?secret=${PRESENT_SECRET.slice(0, -1)}` }],
		['the secret within an object', { query: `?secret[a]=${PRESENT_SECRET}` }],
	] as const
).map(([name, presented]) => ({
	name,
	trigger: 'withSecret',
	request: ({ id }) => ({ body: created(id), ...presented }),
	outcome: () => refused(401, reasonOnly(NO_SECRET)),
}));

const presentedSecretCases: AnswerCase[] = (
	[
		['the former secret, by query', { query: `?secret=${FORMER_SECRET}` }],
		['the secret and a blank, by query', { query: `?secret=${PRESENT_SECRET}%20` }],
		[
			'the secret and a blank, by header',
			{ headers: { 'X-Webhook-Secret': `${PRESENT_SECRET} ` } },
		],
		['the present secret, by header', { headers: { 'X-Webhook-Secret': PRESENT_SECRET } }],
		['a wrong and the right secret', { query: `?secret=wrong&secret=${PRESENT_SECRET}` }],
	] as const
).map(([name, presented]) => ({
	name,
	trigger: 'withSecret',
	request: ({ id }) => ({ body: created(id), ...presented }),
	isLookedUp: true,
	outcome: (share) => accepted(verified(share, share.id)),
}));

const shapeCases: AnswerCase[] = (
	[
		['text', { body: JSON.stringify(UNKNOWN_SHARE), contentType: 'text/plain' }, NOT_JSON],
		['a form', { body: `event=${CREATED}&data=${UNKNOWN_ID}`, contentType: FORM }, NOT_JSON],
		['XML', { body: '<event>x</event>', contentType: 'application/xml' }, NOT_JSON],
		['no content type', { body: JSON.stringify(UNKNOWN_SHARE), contentType: '' }, NOT_JSON],
		['no body', { body: '' }, NO_EVENT],
		['null', { body: 'null' }, NO_EVENT],
		['a text as JSON', { body: `"${CREATED}"` }, NO_EVENT],
		['no event name', { body: { data: UNKNOWN_ID } }, /^The event has no name\.$/],
		['a name that is no text', { body: { event: [CREATED], data: 1 } }, /has no name/],
		['no data', { body: { event: CREATED } }, /^The event has no data\.$/],
		['prototype keys', { body: '{"__proto__":{"event":"x","data":1}}' }, /has no name/],
		['an empty list', { body: [] }, /^The request contains an empty list of events\.$/],
	] as const
).map(([name, request, reason]) => ({
	name,
	trigger: 'plain',
	request: () => request,
	outcome: () => refused(400, reasonOnly(reason)),
}));

const selectionCases: AnswerCase[] = [
	...[UPDATED, 'consent.status.updated', 'Databridge.Share.Created'].map((event): AnswerCase => ({
		name: `not selected: ${event}`,
		trigger: 'plain',
		request: ({ id }) => ({ body: { event, data: { shareId: id } } }),
		outcome: () => IGNORED,
	})),
	...(
		[
			['onAnyEvent', CONSENT_STATUS],
			['onConsentStatus', CONSENT_STATUS],
			['onAnyEvent', 'databridge.share.analysis.completed'],
			['onAnyEvent', `${CREATED}.v2`],
			['onAnyEvent', 'Databridge.Share.Created'],
		] as const
	).map(([trigger, event]): AnswerCase => ({
		name: `not about a share: ${event}, ${trigger}`,
		trigger,
		request: ({ id }) => ({ body: { event, data: { shareId: id } } }),
		outcome: ({ id }) => accepted(item({ event, data: { shareId: id }, reason: NOT_ABOUT_SHARE })),
	})),
	{
		name: 'any event, about a share',
		trigger: 'onAnyEvent',
		request: ({ id }) => ({ body: { event: UPDATED, data: { id } } }),
		isLookedUp: true,
		outcome: (share) => accepted(verified(share, { id: share.id }, { event: UPDATED })),
	},
	{
		name: 'one of two selected events',
		trigger: 'onBothEvents',
		request: ({ id }) => ({ body: { event: UPDATED, data: id } }),
		isLookedUp: true,
		outcome: (share) => accepted(verified(share, share.id, { event: UPDATED })),
	},
];

const lookUpOffCases: AnswerCase[] = [
	{
		name: 'look-up off, with an identifier',
		trigger: 'withoutLookUp',
		request: ({ id }) => ({ body: created({ shareId: id }) }),
		outcome: ({ id }) =>
			accepted(item({ shareId: id, data: { shareId: id }, reason: LOOK_UP_OFF })),
	},
	{
		name: 'look-up off, without an identifier',
		trigger: 'withoutLookUp',
		request: () => ({ body: created({ a: 1 }) }),
		outcome: () => accepted(item({ data: { a: 1 }, reason: LOOK_UP_OFF })),
	},
];

const foundCases: AnswerCase[] = (
	[
		['shareId', ({ id }) => ({ shareId: id, note: 'kept' })],
		['id', ({ id }) => ({ id })],
		['text', ({ id }) => id],
		['text within share', ({ id }) => ({ share: id })],
		['id within share', ({ id }) => ({ share: { id } })],
		['whole share', (share) => share],
	] as Array<[string, (share: Share) => unknown]>
).map(([name, dataOf]) => ({
	name: `EnableNow finds the share: ${name}`,
	trigger: 'plain',
	request: (share) => ({
		body: created(dataOf(share)),
		contentType:
			name === 'whole share' ? 'application/cloudevents+json' : 'application/json; charset=utf-8',
	}),
	isLookedUp: true,
	outcome: (share) => accepted(verified(share, dataOf(share))),
}));

const unconfirmed = item({
	shareId: UNKNOWN_ID,
	data: { shareId: UNKNOWN_ID },
	reason: NOT_CONFIRMED,
});

const deniedCases: AnswerCase[] = [undefined, 400, 403, 410, 422].flatMap(
	(status): AnswerCase[] => {
		const denial = {
			isLookedUp: true as const,
			...(status !== undefined && { fault: onLookUp({ kind: 'status', status }) }),
		};
		const said = status === undefined ? 'that there is no such share' : `${status}`;
		return [
			{
				name: `EnableNow says ${said}`,
				trigger: 'plain',
				request: () => ({ body: UNKNOWN_SHARE }),
				...denial,
				outcome: () => refused(403, unconfirmed),
			},
			{
				name: `EnableNow says ${said}, a secret was presented`,
				trigger: 'withSecret',
				request: () => ({ body: UNKNOWN_SHARE, query: `?secret=${PRESENT_SECRET}` }),
				...denial,
				outcome: () => accepted(unconfirmed),
			},
		];
	},
);

const withoutIdentifier = item({ data: { shareId: '../x' }, reason: NO_IDENTIFIER });

const noIdentifierCases: AnswerCase[] = [
	{
		name: 'no usable identifier',
		trigger: 'plain',
		request: () => ({ body: created({ shareId: '../x' }) }),
		outcome: () => refused(400, withoutIdentifier),
	},
	{
		name: 'no usable identifier, a secret was presented',
		trigger: 'withSecret',
		request: () => ({
			body: created({ shareId: '../x' }),
			headers: { 'X-Webhook-Secret': FORMER_SECRET },
		}),
		outcome: () => accepted(withoutIdentifier),
	},
];

const unavailableCases: AnswerCase[] = (
	[
		['the connection is reset', { kind: 'connectionReset' }],
		['no answer', { kind: 'noAnswer' }],
		['401 even with a fresh token', { kind: 'status', status: 401 }],
		['429 beyond patience', { kind: 'status', status: 429, headers: { 'Retry-After': '3600' } }],
		['500', { kind: 'status', status: 500 }],
		['503', { kind: 'status', status: 503 }],
	] as Array<[string, Fault]>
).flatMap(([name, fault]): AnswerCase[] => {
	const unavailable = ({ id }: Share): ExpectedItem =>
		item({ shareId: id, data: { id }, reason: UNAVAILABLE });
	const common = {
		request: ({ id }: Share) => ({ body: created({ id }) }),
		fault: onLookUp(fault),
		isLookedUp: true as const,
	};
	return [
		{
			name: `EnableNow cannot be asked, emit: ${name}`,
			trigger: 'plain',
			...common,
			outcome: (share) => accepted(unavailable(share)),
		},
		{
			name: `EnableNow cannot be asked, reject: ${name}`,
			trigger: 'rejecting',
			...common,
			outcome: (share) => refused(503, unavailable(share)),
		},
	];
});

const healedCases: AnswerCase[] = [404, 408, 500, 503].map((status) => ({
	name: `EnableNow says ${status} once`,
	trigger: 'plain',
	request: ({ id }) => ({ body: created(id) }),
	fault: { ...onLookUp({ kind: 'status', status }), times: 1 },
	isLookedUp: true,
	outcome: (share) => accepted(verified(share, share.id)),
}));

/** What a list may hold; "good" is about the share. */
const ENTRIES = {
	good: ({ id }: Share) => created(id),
	unknown: () => UNKNOWN_SHARE,
	other: () => ({ event: CONSENT_STATUS, data: {} }),
	nonsense: () => 'nonsense',
};
type Entry = keyof typeof ENTRIES;

const list = (share: Share, entries: Entry[]) => entries.map((entry) => ENTRIES[entry](share));

/** Lists with the secret; in the last two cases EnableNow cannot be asked. */
const listCases: AnswerCase[] = (
	[
		['one accepted of several', ['nonsense', 'other', 'good'], 200],
		['two accepted', ['unknown', 'good', 'other'], 200],
		['none selected', ['other', 'other'], 200],
		['refused and not selected', ['other', 'nonsense'], 400],
		['the first refusal counts: 503', ['other', 'good', 'nonsense'], 503],
		['the first refusal counts: 400', ['nonsense', 'good'], 400],
	] as Array<[string, Entry[], number]>
).map(([name, entries, status]): AnswerCase => {
	const isRejecting = name.startsWith('the first refusal counts');
	const isLookedUp = entries.some((entry) => entry === 'good' || entry === 'unknown');
	const toItems = (share: Share): Record<Entry, ExpectedItem[]> => ({
		good: isRejecting
			? [item({ shareId: share.id, data: share.id, reason: UNAVAILABLE })]
			: [verified(share, share.id)],
		unknown: [unconfirmed],
		other: [],
		nonsense: [reasonOnly(NO_EVENT)],
	});
	return {
		name: `a list of events, ${name}`,
		trigger: isRejecting ? 'withSecretRejecting' : 'withSecret',
		request: (share) => ({ body: list(share, entries), query: `?secret=${PRESENT_SECRET}` }),
		...(isRejecting && { fault: onLookUp({ kind: 'status', status: 503 }) }),
		...(isLookedUp && { isLookedUp }),
		outcome: (share) => ({
			status,
			items:
				status === 200
					? entries.filter((e) => e !== 'nonsense').flatMap((e) => toItems(share)[e])
					: [],
			itemsInTest: entries.flatMap((entry) => toItems(share)[entry]),
		}),
	};
});

const listWithoutSecretCases: AnswerCase[] = (
	[
		['good', 'good'],
		['other', 'other'],
		['nonsense', 'unknown'],
	] as Entry[][]
).map((entries) => ({
	name: `a list of events without a secret: ${entries.join(', ')}`,
	trigger: 'plain',
	request: (share) => ({ body: list(share, entries) }),
	outcome: () => refused(400, reasonOnly(ONE_EVENT)),
}));

export const ANSWER_CASES: AnswerCase[] = [
	...secretCases,
	...presentedSecretCases,
	{
		name: 'the secret is judged before the shape',
		trigger: 'withSecret',
		request: () => ({ body: 'x', contentType: 'text/plain' }),
		outcome: () => refused(401, reasonOnly(NO_SECRET)),
	},
	...shapeCases,
	{
		// n8n parses the body before it calls the trigger, in a test as well.
		name: 'malformed JSON',
		trigger: 'plain',
		request: () => ({ body: '{"event":' }),
		outcome: () => ({ status: 422, items: [], itemsInTest: [] }),
	},
	...selectionCases,
	...lookUpOffCases,
	...foundCases,
	...(['application/json', 'application/x+json'] as const).map((type): AnswerCase => ({
		name: `EnableNow finds the share: ${type} in UTF-16`,
		trigger: 'plain',
		request: ({ id }) => ({
			body: Buffer.from(JSON.stringify(created({ id, note: 'Zoë' })), 'utf16le'),
			contentType: `${type}; charset=utf-16le`,
		}),
		isLookedUp: true,
		outcome: (share) => accepted(verified(share, { id: share.id, note: 'Zoë' })),
	})),
	...deniedCases,
	...noIdentifierCases,
	...unavailableCases,
	{
		name: 'the credential cannot be read',
		trigger: 'withoutCredential',
		request: ({ id }) => ({ body: created(id) }),
		outcome: () => refused(503, reasonOnly(/^The credential of the trigger cannot be read: /)),
	},
	...healedCases,
	{
		name: 'with catch-up, a share that has started the workflow',
		trigger: 'catchingUp',
		request: ({ id }) => ({ body: created(id) }),
		isRepeated: true,
		isLookedUp: true,
		// What is shown in a test is not recorded, and always shown.
		outcome: (share) => ({ status: 200, items: [], itemsInTest: [verified(share, share.id)] }),
	},
	...listCases,
	...listWithoutSecretCases,
	{
		name: 'a list of one event without a secret',
		trigger: 'plain',
		request: ({ id }) => ({ body: [created(id)] }),
		isLookedUp: true,
		outcome: (share) => accepted(verified(share, share.id)),
	},
];

/** Strikes all requests for a share, and no others. */
function onLookUp(fault: Fault): Fault {
	return { ...fault, match: { method: 'GET', path: '^/shares/.' }, times: 1000 };
}
