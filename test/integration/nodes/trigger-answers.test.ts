import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { Share } from '../../../sandbox';
import { UNKNOWN_ID } from '../support/examples';
import { SHARES_PATH, TestBed, WEBHOOK_SECRET } from '../support/test-bed';
import { addShare, type Delivery, post, Triggers } from '../support/trigger';

const bed = TestBed.prepare();
const triggers = Triggers.prepare(bed);

const CREATED = 'databridge.share.created';
const UPDATED = 'databridge.share.updated';
const ANY: INodeParameters = { events: ['*'] };
const WITHOUT_LOOK_UP: INodeParameters = { lookUpShare: false };
const BY_QUERY: Delivery = { query: `?secret=${WEBHOOK_SECRET}` };
const BY_HEADER: Delivery = { headers: { 'X-Webhook-Secret': WEBHOOK_SECRET } };

/** A request, and what the answer table of the design says of it. */
interface Row {
	parameters?: INodeParameters;
	/** The webhook secrets of the credential; none where it is left out. */
	secret?: string;
	/** Where it is a function, it is given the share that exists. */
	body: unknown;
	delivery?: Delivery;
	/** EnableNow's answers to the look-up; it finds the share where it is left out. */
	lookUpStatus?: number;
	status: number;
	/** The item that the nodes after the trigger run with; in test mode only, where it is refused. */
	item?: (share: Share) => object;
	/** How many look-ups there are; none where it is left out. */
	lookUps?: number;
}

let share: Share;
beforeEach(async () => {
	share = await addShare(bed);
});

const created = (data: unknown) => ({ event: CREATED, data });
const bodyOf = (body: unknown): unknown =>
	typeof body === 'function' ? (body as (share: Share) => unknown)(share) : body;

/** An item of the trigger, to the letter. */
function item(fields: IDataObject): object {
	return {
		event: CREATED,
		shareId: null,
		verified: false,
		share: null,
		data: null,
		source: 'webhook',
		...fields,
		reason: fields['reason'] ?? null,
		receivedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
	};
}

const unverified = (reason: string | RegExp, fields: IDataObject = {}) => {
	const pattern = typeof reason === 'string' ? reason : (expect.stringMatching(reason) as string);
	return item({ ...fields, reason: pattern });
};
const verified = (target: Share, data: unknown) =>
	item({
		shareId: target.id,
		verified: true,
		share: target,
		data: data as IDataObject,
	});

const NO_SECRET = 'The request does not present the webhook secret of the credential.';
const NO_IDENTIFIER = 'The event holds no usable identifier of a share.';
const NOT_CONFIRMED = /^EnableNow does not confirm the share\. EnableNow refused .* status \d+/;

/** Posts to a trigger in production and to one that listens for a test event. */
async function deliver({ parameters, body, delivery }: Row) {
	const [production, test] = await Promise.all([
		triggers.start(parameters),
		triggers.start(parameters),
	]);
	const answer = await post(production.productionUrl, bodyOf(body), delivery);
	const answerInTest = await post(test.testUrl, bodyOf(body), delivery);
	return {
		answer,
		answerInTest,
		items: await triggers.executions(production),
		itemsInTest: await triggers.executions(test),
	};
}

async function expectRow(row: Row): Promise<void> {
	const { secret = '', lookUpStatus, status, lookUps = 0 } = row;
	bed.saveCredential('receiver', { webhookSecret: secret });
	if (lookUpStatus !== undefined) {
		const match = { path: SHARES_PATH };
		await bed.admin.addFault({ kind: 'status', status: lookUpStatus, times: 10, match });
	}
	const { answer, answerInTest, items, itemsInTest } = await deliver(row);
	expect(answer.status).toBe(status);
	// A stranger learns nothing of addresses, of EnableNow's words, or of what is in the event.
	expect(JSON.stringify(answer.data)).not.toMatch(/[0-9a-f]{8}-|127\.0|status|problem|stranger/i);
	const expected = row.item ? [[row.item(share)]] : [];
	expect(items).toEqual(status === 200 ? expected : []);
	expect(itemsInTest).toEqual(expected);
	expect(answerInTest.status).toBe(200);
	expect(await bed.calls()).toHaveLength(lookUps * 2);
}

type Rows = Array<[string, Row]>;

describe('the secret', () => {
	const data = { shareId: UNKNOWN_ID };
	const refused = () => unverified(NO_SECRET, { shareId: UNKNOWN_ID, data });
	const missing = { secret: WEBHOOK_SECRET, body: created(data), status: 401, item: refused };
	const present = {
		secret: WEBHOOK_SECRET,
		body: created({}),
		status: 200,
		item: () => unverified(NO_IDENTIFIER, { data: {} }),
	};
	it.each<[string, Row]>([
		['none is presented', missing],
		['a wrong one, by query', { ...missing, delivery: { query: '?secret=wrong' } }],
		['an empty one, by query', { ...missing, delivery: { query: '?secret=' } }],
		[
			'the beginning of it',
			{ ...missing, delivery: { query: `?secret=${WEBHOOK_SECRET.slice(0, -1)}` } },
		],
		['more than it', { ...missing, delivery: { query: `?secret=${WEBHOOK_SECRET}x` } }],
		[
			'in another case',
			{ ...missing, delivery: { query: `?secret=${WEBHOOK_SECRET.toUpperCase()}` } },
		],
		['as an object', { ...missing, delivery: { query: `?secret[a]=${WEBHOOK_SECRET}` } }],
		['under another name', { ...missing, delivery: { query: `?Secret=${WEBHOOK_SECRET}` } }],
		['a wrong one, by header', { ...missing, delivery: { headers: { 'X-Webhook-Secret': 'x' } } }],
		['by query', { ...present, delivery: BY_QUERY }],
		['by header', { ...present, delivery: BY_HEADER }],
		['by both', { ...present, delivery: { ...BY_QUERY, ...BY_HEADER } }],
		[
			'twice by query',
			{ ...present, delivery: { query: `?secret=wrong&secret=${WEBHOOK_SECRET}` } },
		],
		[
			'wrong by query, right by header',
			{ ...present, delivery: { ...BY_HEADER, query: '?secret=x' } },
		],
		[
			'the first of several',
			{ ...present, secret: `${WEBHOOK_SECRET},old-one`, delivery: BY_QUERY },
		],
		[
			'the last of several',
			{ ...present, secret: `old-one  ${WEBHOOK_SECRET} `, delivery: BY_HEADER },
		],
		['several, none of them', { ...missing, secret: 'old-one, new-one', delivery: BY_QUERY }],
		[
			'all of several, as one',
			{ ...missing, secret: 'old-one,new-one', delivery: { query: '?secret=old-one,new-one' } },
		],
	])('%s', async (_name, row) => await expectRow(row));

	it('is judged before anything else', async () => {
		await expectRow({
			secret: WEBHOOK_SECRET,
			body: 'not an event',
			delivery: { contentType: 'text/plain' },
			status: 401,
			item: () => unverified(NO_SECRET, { event: null }),
		});
	});
});

describe('the shape', () => {
	const notAnEvent = (reason: string) => ({
		status: 400,
		item: () => unverified(reason, { event: null }),
	});
	const notJson = notAnEvent('The request is not JSON by its Content-Type.');
	const noName = notAnEvent('The event has no name.');
	const noData = notAnEvent('The event has no data.');
	const noEvent = notAnEvent('The request holds something that is not an event.');
	const rows: Rows = [
		['text', { body: '{"event":1}', delivery: { contentType: 'text/plain' }, ...notJson }],
		[
			'a form',
			{
				body: 'event=a',
				delivery: { contentType: 'application/x-www-form-urlencoded' },
				...notJson,
			},
		],
		['no content type', { body: '{}', delivery: { contentType: '' }, ...notJson }],
		[
			'JSON under a wrong name',
			{ body: '{}', delivery: { contentType: 'application/xjson' }, ...notJson },
		],
		['no name', { body: { data: {} }, ...noName }],
		['an empty name', { body: { event: '', data: {} }, ...noName }],
		[
			'a name that is no text',
			{ body: { event: ['databridge.share.created'], data: {} }, ...noName },
		],
		['no data', { body: { event: CREATED }, ...noData }],
		['data that is null', { body: created(null), ...noData }],
		['nothing', { body: '', ...noEvent }],
		['null', { body: 'null', ...noEvent }],
		['a number', { body: '7', ...noEvent }],
		['a text', { body: '"databridge.share.created"', ...noEvent }],
		['an empty list', { body: [], ...notAnEvent('The request holds an empty list of events.') }],
	];
	it.each(rows)('%s', async (_name, row) => await expectRow(row));
});

describe('the selection', () => {
	const unusable = (event: string) => ({
		event,
		data: { consentId: UNKNOWN_ID, status: 'ACTIVE' },
	});
	const notAboutShare = (event: string) => () =>
		unverified('The event is not about a share.', unusable(event));
	const both = { events: [CREATED, UPDATED] };
	const rows: Rows = [
		['another event', { body: unusable('consent.status.updated'), status: 200 }],
		['the other share event', { body: { event: UPDATED, data: UNKNOWN_ID }, status: 200 }],
		[
			'another case',
			{ body: { event: 'DataBridge.Share.Created', data: UNKNOWN_ID }, status: 200 },
		],
		['a longer name', { body: { event: `${CREATED}.v2`, data: UNKNOWN_ID }, status: 200 }],
		['a blank around it', { body: { event: ` ${CREATED}`, data: UNKNOWN_ID }, status: 200 }],
		[
			'any event, not about a share',
			{
				parameters: ANY,
				body: unusable('consent.status.updated'),
				status: 200,
				item: notAboutShare('consent.status.updated'),
			},
		],
		[
			'any event, of an unknown name',
			{ parameters: ANY, body: unusable('x'), status: 200, item: notAboutShare('x') },
		],
		[
			'any event, about a share',
			{
				parameters: ANY,
				body: (target: Share) => ({ event: UPDATED, data: target.id }),
				status: 200,
				item: (target) => ({ ...verified(target, target.id), event: UPDATED }),
				lookUps: 1,
			},
		],
		[
			'both share events',
			{
				parameters: both,
				body: (target: Share) => ({ event: UPDATED, data: { id: target.id } }),
				status: 200,
				item: (target) => ({ ...verified(target, { id: target.id }), event: UPDATED }),
				lookUps: 1,
			},
		],
	];
	it.each(rows)('%s', async (_name, row) => await expectRow(row));
});

describe('the look-up', () => {
	it.each<[string, (target: Share) => unknown]>([
		['shareId', ({ id }) => ({ shareId: id, note: 'kept' })],
		['id', ({ id }) => ({ id })],
		['text', ({ id }) => id],
		['text with blanks', ({ id }) => ` ${id}\n`],
		['share, a text', ({ id }) => ({ share: id })],
		['share, an object', ({ id }) => ({ share: { id, clientId: 'x' } })],
		['the whole share', (target) => target],
		['shareId before id', ({ id }) => ({ id: UNKNOWN_ID, shareId: id })],
		['id before share', ({ id }) => ({ share: UNKNOWN_ID, id })],
		['an id behind an unusable one', ({ id }) => ({ shareId: 17, id })],
	])('finds the share by %s', async (_name, dataOf) => {
		await expectRow({
			body: (target: Share) => created(dataOf(target)),
			status: 200,
			item: (target) => verified(target, dataOf(target)),
			lookUps: 1,
		});
	});

	it('keeps the case in which the share is named', async () => {
		await expectRow({
			body: ({ id }: Share) => created(id.toUpperCase()),
			status: 200,
			item: (target) => ({
				...verified(target, target.id.toUpperCase()),
				shareId: target.id.toUpperCase(),
			}),
			lookUps: 1,
		});
	});

	const off = 'The look-up of the share is switched off.';
	const denied: Rows = [400, 403, 404, 410, 422].flatMap((lookUpStatus): Rows => {
		const row = {
			body: created({ shareId: UNKNOWN_ID }),
			lookUpStatus,
			item: () => unverified(NOT_CONFIRMED, { shareId: UNKNOWN_ID, data: { shareId: UNKNOWN_ID } }),
			// A share may be announced before it can be read.
			lookUps: lookUpStatus === 404 ? 2 : 1,
		};
		return [
			[`EnableNow says ${lookUpStatus}, no secret`, { ...row, status: 403 }],
			[
				`EnableNow says ${lookUpStatus}, secret presented`,
				{ ...row, status: 200, secret: WEBHOOK_SECRET, delivery: BY_QUERY },
			],
		];
	});
	const noIdentifier = (data: unknown) => ({
		body: created(data),
		item: () => unverified(NO_IDENTIFIER, { data: data as IDataObject }),
	});
	const rows: Rows = [
		[
			'off, with an identifier',
			{
				parameters: WITHOUT_LOOK_UP,
				body: created({ shareId: UNKNOWN_ID }),
				status: 200,
				item: () => unverified(off, { shareId: UNKNOWN_ID, data: { shareId: UNKNOWN_ID } }),
			},
		],
		[
			'off, without an identifier',
			{
				parameters: WITHOUT_LOOK_UP,
				body: created({ a: 1 }),
				status: 200,
				item: () => unverified(off, { data: { a: 1 } }),
			},
		],
		['no identifier', { ...noIdentifier({ a: 1 }), status: 400 }],
		['an identifier that is none', { ...noIdentifier({ shareId: '../x' }), status: 400 }],
		['a number for data', { ...noIdentifier(7), status: 400 }],
		[
			'no identifier, secret presented',
			{ ...noIdentifier([]), status: 200, secret: WEBHOOK_SECRET, delivery: BY_HEADER },
		],
		...denied,
	];
	it.each(rows)('%s', async (_name, row) => await expectRow(row));

	it('says what EnableNow said of a share that there is not', async () => {
		await expectRow({
			body: created(UNKNOWN_ID),
			status: 403,
			item: () =>
				unverified(/ status 404: .*There is no share with the identifier/, {
					shareId: UNKNOWN_ID,
					data: UNKNOWN_ID,
				}),
			lookUps: 2,
		});
	});

	it('does not confirm a share to an app that may not see it', async () => {
		await bed.admin.configure({ receiverSeesShares: false });
		await expectRow({
			body: (target: Share) => created(target.id),
			status: 403,
			item: ({ id }) => unverified(NOT_CONFIRMED, { shareId: id, data: id }),
			lookUps: 2,
		});
	});
});

describe('an array of events', () => {
	const list =
		(...events: unknown[]) =>
		({ id }: Share) =>
			events.map((event) => (event === 'good' ? created({ shareId: id }) : event));
	const unknownShare = created({ shareId: UNKNOWN_ID });
	const other = { event: 'consent.status.updated', data: {} };

	it.each([
		['one accepted of several', list(unknownShare, 'good', other, 'nonsense'), 200, 1, 3],
		['two accepted', list('good', other, 'good'), 200, 2, 2],
		['none selected', list(other, other), 200, 0, 0],
		['a refused one and none accepted', list(other, unknownShare), 403, 0, 1],
		['the first refusal counts', list('nonsense', unknownShare), 400, 0, 2],
		['the first refusal counts, the other way', list(unknownShare, 'nonsense'), 403, 0, 2],
	])('%s', async (_name, body, status, items, itemsInTest) => {
		const outcome = await deliver({ body, status });
		expect(outcome.answer.status).toBe(status);
		// One execution with all of them.
		expect(outcome.items.map((execution) => execution.length)).toEqual(items ? [items] : []);
		expect(outcome.items.flat()).toEqual(
			Array.from({ length: items }, () => verified(share, { shareId: share.id })),
		);
		expect(outcome.itemsInTest.flat()).toHaveLength(itemsInTest);
	});

	it('of more than a hundred is refused, without a look-up', async () => {
		const body = Array.from({ length: 101 }, () => unknownShare);
		expect((await deliver({ body, status: 400 })).answer.status).toBe(400);
		expect(await bed.calls()).toEqual([]);
	});
});

it('answers 503 where the credential is gone', async () => {
	const host = await triggers.start();
	bed.engine.credentials.remove('receiver');
	expect((await post(host.productionUrl, created(share.id))).status).toBe(503);
	expect(await triggers.executions(host)).toEqual([]);
	expect((await post(host.testUrl, created(share.id))).status).toBe(200);
	expect(await triggers.executions(host)).toEqual([
		[
			unverified(/^The credential of the trigger cannot be read: .*does not exist/, {
				shareId: share.id,
				data: share.id,
			}),
		],
	]);
});
