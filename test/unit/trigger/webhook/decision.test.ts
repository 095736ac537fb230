import type { TriggerItem } from '../../../../nodes/EnableNowShareTrigger/events';
import { parseEvents } from '../../../../nodes/EnableNowShareTrigger/webhook/parseEvents';
import {
	createDecision,
	decide,
	type Decision,
	type Rules,
} from '../../../../nodes/EnableNowShareTrigger/webhook/decision';
import type { LookUpResult } from '../../../../nodes/EnableNowShareTrigger/webhook/lookUp';
import type { Share } from '../../../../nodes/shared/api/shares';
import { CONSENT_ID, SHARE_ID } from '../../support';

const CREATED = 'databridge.share.created';
const UPDATED = 'databridge.share.updated';
const RECEIVED_AT = new Date('2026-04-30T12:00:00.123Z');

const share: Share = {
	id: SHARE_ID,
	clientId: 'en-app-ref-002',
	reference: 'my-internal-reference-001',
	expirationDateUtc: '2026-04-30T12:00:00+02:00',
	consentIds: [CONSENT_ID],
	accountIds: [],
	analysisIds: [],
};

const found: LookUpResult = { outcome: 'found', share };
const denied: LookUpResult = { outcome: 'denied', reason: 'EnableNow does not confirm it.' };
const unavailable: LookUpResult = { outcome: 'unavailable', reason: 'It could not be looked up.' };

/** A look-up that gives this and remembers what it was asked for. */
function lookUpGiving(result: LookUpResult): { lookUp: Rules['lookUp']; asked: string[] } {
	const asked: string[] = [];
	const lookUp = (shareId: string) => {
		asked.push(shareId);
		return Promise.resolve(result);
	};
	return { lookUp, asked };
}

function rulesWith(changes: Partial<Rules>): Rules {
	return {
		selection: [CREATED, UPDATED],
		lookUp: lookUpGiving(found).lookUp,
		onLookupUnavailable: 'emit',
		isSecretPresented: false,
		receivedAt: RECEIVED_AT,
		...changes,
	};
}

/** The decision on a body that arrives as JSON. */
async function decisionOn(body: unknown, changes: Partial<Rules> = {}): Promise<Decision | null> {
	const [event] = parseEvents('application/json', body);
	if (event === undefined) throw new Error('there is no event');
	return await decide(event, rulesWith(changes));
}

/** The item that the nodes after the trigger run with; it fails where none is accepted. */
async function acceptedItem(body: unknown, changes: Partial<Rules> = {}): Promise<TriggerItem> {
	const decision = await decisionOn(body, changes);
	if (decision?.status !== 200 || decision.item === null) throw new Error('nothing runs');
	return decision.item;
}

const aReason = expect.stringMatching(/\w.*\.$/) as string;

describe('shape', () => {
	test.each<[string, unknown]>([
		['no event', 'oops'],
		['no name', { data: SHARE_ID }],
		['no data', { event: CREATED }],
	])('%s: 400, whatever is selected and whoever presents a secret', async (_case, body) => {
		const changes = { selection: ['*'], isSecretPresented: true };
		expect(await decisionOn(body, changes)).toMatchObject({
			status: 400,
			item: { reason: aReason },
		});
	});

	test('not JSON by content type: 400', async () => {
		const [event] = parseEvents('text/plain', { event: CREATED, data: SHARE_ID });
		expect(await decide(event!, rulesWith({}))).toMatchObject({ status: 400 });
	});

	test('what is shown of it while a person listens', async () => {
		const decision = await decisionOn({ event: CREATED });
		expect(decision).toMatchObject({
			item: {
				event: null,
				shareId: null,
				verified: false,
				reason: 'The event has no data.',
				share: null,
				data: null,
				receivedAt: '2026-04-30T12:00:00.123Z',
				source: 'webhook',
			},
		});
	});
});

describe('selection', () => {
	test.each([
		['another share event', UPDATED, [CREATED]],
		['an event that is not about a share', 'transactions.fetched', [CREATED, UPDATED]],
		['another case', 'Databridge.Share.Created', [CREATED]],
		['nothing selected', CREATED, []],
	])('%s: ignored, and no look-up', async (_case, event, selection) => {
		const { lookUp, asked } = lookUpGiving(found);
		const decision = await decisionOn({ event, data: SHARE_ID }, { selection, lookUp });
		expect(decision).toBeNull();
		expect(asked).toEqual([]);
	});

	test('an event that is not selected is ignored even where it has no usable id', async () => {
		const decision = await decisionOn({ event: UPDATED, data: {} }, { selection: [CREATED] });
		expect(decision).toBeNull();
	});
});

describe('any event', () => {
	const selection = ['*'];

	test.each<[string, unknown]>([
		['without an id', { userId: 'user-1', status: 'ACTIVE' }],
		['with an id of its own', { id: CONSENT_ID }],
		['with a bare id', CONSENT_ID],
	])('not about a share, %s: accepted without look-up or share', async (_case, data) => {
		const { lookUp, asked } = lookUpGiving(found);
		const body = { event: 'consent.status.updated', data };
		expect(await acceptedItem(body, { selection, lookUp })).toEqual({
			event: 'consent.status.updated',
			shareId: null,
			verified: false,
			reason: aReason,
			share: null,
			data,
			receivedAt: '2026-04-30T12:00:00.123Z',
			source: 'webhook',
		});
		expect(asked).toEqual([]);
	});

	test.each([CREATED, UPDATED])('about a share, %s: looked up', async (event) => {
		const item = await acceptedItem({ event, data: SHARE_ID }, { selection });
		expect(item).toMatchObject({ event, verified: true, share });
	});

	test.each(['databridge.share.revoked', 'databridge.share.analysis.completed', `${CREATED}.v2`])(
		'whose name only begins like a share event, %s: not looked up, not verified, no share',
		async (event) => {
			const { lookUp, asked } = lookUpGiving(found);
			const body = { event, data: { shareId: SHARE_ID } };
			const item = await acceptedItem(body, { selection, lookUp });
			expect(item).toMatchObject({ event, verified: false, shareId: null, share: null });
			expect(asked).toEqual([]);
		},
	);
});

describe('look-up off', () => {
	test.each([
		['with an id', { shareId: SHARE_ID }, SHARE_ID],
		['without a usable id', { shareId: 'oops' }, null],
	])('a share event %s: accepted, not verified', async (_case, data, shareId) => {
		expect(await acceptedItem({ event: CREATED, data }, { lookUp: undefined })).toEqual({
			event: CREATED,
			shareId,
			verified: false,
			reason: aReason,
			share: null,
			data,
			receivedAt: '2026-04-30T12:00:00.123Z',
			source: 'webhook',
		});
	});

	test('with a secret presented it is not verified either', async () => {
		const changes = { lookUp: undefined, isSecretPresented: true };
		expect(await acceptedItem({ event: CREATED, data: SHARE_ID }, changes)).toMatchObject({
			verified: false,
			reason: aReason,
		});
	});
});

describe('look-up on', () => {
	test.each([CREATED, UPDATED])('%s of a share that is found: verified', async (event) => {
		const data = { shareId: SHARE_ID, more: [1] };
		const { lookUp, asked } = lookUpGiving(found);
		expect(await acceptedItem({ event, data }, { lookUp })).toEqual({
			event,
			shareId: SHARE_ID,
			verified: true,
			reason: null,
			share,
			data,
			receivedAt: '2026-04-30T12:00:00.123Z',
			source: 'webhook',
		});
		expect(asked).toEqual([SHARE_ID]);
	});

	test.each<[string, unknown, LookUpResult, number, string | null]>([
		['no usable id', { shareId: 'oops' }, found, 400, null],
		['a share that EnableNow does not confirm', SHARE_ID, denied, 403, SHARE_ID],
	])('%s: refused without a secret', async (_case, data, result, status, shareId) => {
		const { lookUp } = lookUpGiving(result);
		expect(await decisionOn({ event: CREATED, data }, { lookUp })).toEqual({
			status,
			item: {
				event: CREATED,
				shareId,
				verified: false,
				reason: aReason,
				share: null,
				data,
				receivedAt: '2026-04-30T12:00:00.123Z',
				source: 'webhook',
			},
		});
	});

	test.each<[string, unknown, LookUpResult, string | null]>([
		['no usable id', { shareId: 'oops' }, found, null],
		['a share that EnableNow does not confirm', SHARE_ID, denied, SHARE_ID],
	])('%s: accepted with a secret, not verified', async (_case, data, result, shareId) => {
		const changes = { lookUp: lookUpGiving(result).lookUp, isSecretPresented: true };
		expect(await acceptedItem({ event: CREATED, data }, changes)).toMatchObject({
			shareId,
			verified: false,
			reason: aReason,
			share: null,
			data,
		});
	});

	test('without a usable id EnableNow is not asked', async () => {
		const { lookUp, asked } = lookUpGiving(found);
		await decisionOn({ event: CREATED, data: {} }, { lookUp, isSecretPresented: true });
		expect(asked).toEqual([]);
	});

	test.each([
		['emit', false, 200],
		['emit', true, 200],
		['reject', false, 503],
		['reject', true, 503],
	] as const)(
		'EnableNow cannot be asked, %s, secret presented %p: %s',
		async (onLookupUnavailable, isSecretPresented, status) => {
			const { lookUp } = lookUpGiving(unavailable);
			const changes = { lookUp, onLookupUnavailable, isSecretPresented };
			const decision = await decisionOn({ event: CREATED, data: SHARE_ID }, changes);
			expect(decision).toMatchObject({
				status,
				item: {
					shareId: SHARE_ID,
					verified: false,
					reason: 'It could not be looked up.',
					share: null,
				},
			});
		},
	);

	test('the reason is the sentence of the look-up', async () => {
		const { lookUp } = lookUpGiving(denied);
		expect(await decisionOn({ event: CREATED, data: SHARE_ID }, { lookUp })).toMatchObject({
			item: { reason: 'EnableNow does not confirm it.' },
		});
	});
});

test.each<[string, unknown, string | null, string | null]>([
	['an event', { event: CREATED, data: SHARE_ID }, CREATED, SHARE_ID],
	['no event', 'oops', null, null],
	['an event without a usable id', { event: UPDATED, data: {} }, UPDATED, null],
])('a decision made beforehand has an item to show: %s', (_case, body, event, shareId) => {
	const [parsed] = parseEvents('application/json', body);
	expect(createDecision(parsed!, RECEIVED_AT, 401, 'The secret is missing.')).toMatchObject({
		status: 401,
		item: {
			event,
			shareId,
			verified: false,
			reason: 'The secret is missing.',
			share: null,
			receivedAt: '2026-04-30T12:00:00.123Z',
		},
	});
});
