import { parseEvents } from '../../../../nodes/EnableNowShareTrigger/webhook/events';
import {
	judge,
	refuseAll,
	type Rules,
	type TriggerItem,
	type Verdict,
} from '../../../../nodes/EnableNowShareTrigger/webhook/judgement';
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

/** The verdict on a body that arrives as JSON. */
async function verdictOn(body: unknown, changes: Partial<Rules> = {}): Promise<Verdict> {
	const [event] = parseEvents('application/json', body);
	if (event === undefined) throw new Error('there is no event');
	return await judge(event, rulesWith(changes));
}

/** The item that the nodes after the trigger run with; it fails where none is accepted. */
async function acceptedItem(body: unknown, changes: Partial<Rules> = {}): Promise<TriggerItem> {
	const verdict = await verdictOn(body, changes);
	if (verdict.kind !== 'accepted') throw new Error(`the verdict is ${verdict.kind}`);
	return verdict.item;
}

const aReason = expect.stringMatching(/\w.*\.$/) as string;

describe('shape', () => {
	test.each<[string, unknown]>([
		['no event', 'oops'],
		['no name', { data: SHARE_ID }],
		['no data', { event: CREATED }],
	])('%s: 400, whatever is selected and whoever presents a secret', async (_case, body) => {
		const changes = { selection: ['*'], isSecretPresented: true };
		expect(await verdictOn(body, changes)).toMatchObject({
			kind: 'refused',
			status: 400,
			reason: aReason,
		});
	});

	test('not JSON by content type: 400', async () => {
		const [event] = parseEvents('text/plain', { event: CREATED, data: SHARE_ID });
		expect(await judge(event!, rulesWith({}))).toMatchObject({ kind: 'refused', status: 400 });
	});

	test('what is shown of it while a person listens', async () => {
		const verdict = await verdictOn({ event: CREATED });
		expect(verdict).toMatchObject({
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
		const verdict = await verdictOn({ event, data: SHARE_ID }, { selection, lookUp });
		expect(verdict).toEqual({ kind: 'ignored' });
		expect(asked).toEqual([]);
	});

	test('an event that is not selected is ignored even where it has no usable id', async () => {
		const verdict = await verdictOn({ event: UPDATED, data: {} }, { selection: [CREATED] });
		expect(verdict).toEqual({ kind: 'ignored' });
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

	test.each([CREATED, UPDATED, 'databridge.share.revoked'])(
		'about a share, %s: looked up',
		async (event) => {
			const item = await acceptedItem({ event, data: SHARE_ID }, { selection });
			expect(item).toMatchObject({ event, verified: true, share });
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
		expect(await verdictOn({ event: CREATED, data }, { lookUp })).toEqual({
			kind: 'refused',
			status,
			reason: aReason,
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
		await verdictOn({ event: CREATED, data: {} }, { lookUp, isSecretPresented: true });
		expect(asked).toEqual([]);
	});

	test.each([
		['emit', false, 'accepted'],
		['emit', true, 'accepted'],
		['reject', false, 'refused'],
		['reject', true, 'refused'],
	] as const)(
		'EnableNow cannot be asked, %s, secret presented %p: %s',
		async (onLookupUnavailable, isSecretPresented, kind) => {
			const { lookUp } = lookUpGiving(unavailable);
			const changes = { lookUp, onLookupUnavailable, isSecretPresented };
			const verdict = await verdictOn({ event: CREATED, data: SHARE_ID }, changes);
			expect(verdict).toMatchObject({
				kind,
				...(kind === 'refused' && { status: 503 }),
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
		expect(await verdictOn({ event: CREATED, data: SHARE_ID }, { lookUp })).toMatchObject({
			reason: 'EnableNow does not confirm it.',
		});
	});
});

test.each<[string, number]>([
	['the secret is missing', 401],
	['the credential cannot be read', 503],
])('%s: all events of the request are refused, in their order', (reason, status) => {
	const body = [{ event: CREATED, data: SHARE_ID }, 'oops', { event: UPDATED, data: {} }];
	const events = parseEvents('application/json', body);
	const refusals = refuseAll(events, status, reason, RECEIVED_AT);
	expect(refusals).toHaveLength(3);
	for (const refusal of refusals) {
		expect(refusal).toMatchObject({
			kind: 'refused',
			status,
			reason,
			item: { verified: false, reason, share: null, receivedAt: '2026-04-30T12:00:00.123Z' },
		});
	}
	expect(refusals.map(({ item }) => [item.event, item.shareId])).toEqual([
		[CREATED, SHARE_ID],
		[null, null],
		[UPDATED, null],
	]);
});
