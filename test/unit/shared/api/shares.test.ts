import {
	withDefaults,
	toRequestBody,
	createShare,
	getShare,
	parseShare,
	type NewShare,
	toShare,
	updateShare,
} from '../../../../nodes/shared/api/shares';
import type { ApiRequest, EnableNowClient } from '../../../../nodes/shared/api/client';
import { CONSENT_ID, fakeApi, numberedShare, SHARE_ID } from '../../support';

const share = numberedShare(1);
const expiration = new Date('2099-04-30T12:00:00Z');

const newShare: NewShare = {
	clientId: 'en-app-ref-002',
	reference: '',
	expiration,
	consentIds: [CONSENT_ID],
	accountIds: [],
	analysisIds: [],
};

/** An EnableNow that answers every request so. */
function answering(answer: unknown): EnableNowClient & { requests: ApiRequest[] } {
	const requests: ApiRequest[] = [];
	const api = fakeApi((request) => {
		requests.push(request);
		return Promise.resolve(answer);
	});
	return { ...api, requests };
}

describe('a share', () => {
	test.each<[string, unknown]>([
		['as EnableNow lists it', share],
		['with a reference', { ...share, reference: 'a' }],
		['without one', { ...share, reference: undefined }],
		['with lists of all kinds', { ...share, accountIds: [SHARE_ID], analysisIds: [SHARE_ID] }],
		['with fields that are not known', { ...share, createdBy: 'x' }],
	])('%s is one', (_case, value) => {
		expect(parseShare(value)).toEqual(value);
	});

	test.each(['consentIds', 'accountIds', 'analysisIds'])('may have no %s', (list) => {
		expect(parseShare({ ...share, [list]: null })).toEqual({ ...share, [list]: [] });
		const without = { ...share };
		delete without[list];
		expect(parseShare(without)).toStrictEqual(without);
		expect(withDefaults(parseShare(without)!)).toEqual({ ...without, [list]: [] });
	});

	test.each<[string, unknown]>([
		['nothing', undefined],
		['null', null],
		['an identifier', SHARE_ID],
		['a list', [share]],
		['one without identifier', { ...share, id: undefined }],
		['one with another identifier', { ...share, id: '1' }],
		['one without receiver', { ...share, clientId: null }],
		['one whose reference is a number', { ...share, reference: 7 }],
		['one without an end', { ...share, expirationDateUtc: null }],
		['one whose consents are a text', { ...share, consentIds: '' }],
		['one whose accounts are a number', { ...share, accountIds: 0 }],
		['one whose analyses are an object', { ...share, analysisIds: {} }],
		['one whose consents are objects', { ...share, consentIds: [{ toString: 0 }] }],
		['one with an account that is none', { ...share, accountIds: [SHARE_ID, null] }],
	])('%s is none', (_case, value) => {
		expect(parseShare(value)).toBeUndefined();
	});
});

test('what is sent leaves out what is empty', () => {
	expect(toRequestBody(newShare)).toEqual({
		clientId: 'en-app-ref-002',
		expirationDateUtc: '2099-04-30T12:00:00Z',
		consentIds: [CONSENT_ID],
	});
	const full = { reference: 'a', consentIds: [], accountIds: ['b'], analysisIds: ['c'] };
	expect(toRequestBody({ ...newShare, ...full })).toEqual({
		clientId: 'en-app-ref-002',
		reference: 'a',
		expirationDateUtc: '2099-04-30T12:00:00Z',
		accountIds: ['b'],
		analysisIds: ['c'],
	});
});

test('a new share has the shape that Get returns', () => {
	expect(toShare(SHARE_ID, newShare)).toEqual({
		id: SHARE_ID,
		clientId: 'en-app-ref-002',
		reference: null,
		expirationDateUtc: '2099-04-30T12:00:00Z',
		consentIds: [CONSENT_ID],
		accountIds: [],
		analysisIds: [],
	});
	expect(toShare(SHARE_ID, { ...newShare, reference: 'a' }).reference).toBe('a');
});

describe('creating', () => {
	test.each<[string, unknown]>([
		['under data', { data: SHARE_ID }],
		['in an object under data', { data: { id: SHARE_ID } }],
		['bare', SHARE_ID],
		['in a bare object', { id: SHARE_ID }],
	])('posts the share, and gives it with its identifier: %s', async (_case, answer) => {
		const api = answering(answer);
		expect(await createShare(api, newShare)).toEqual(toShare(SHARE_ID, newShare));
		expect(api.requests).toEqual([
			{ method: 'POST', path: '/shares', body: toRequestBody(newShare) },
		]);
	});

	test.each([
		[undefined],
		[null],
		['created'],
		[{}],
		[{ data: null }],
		[{ data: { id: null } }],
		[{ data: [SHARE_ID] }],
		[{ data: { shareId: SHARE_ID } }],
	])('%p holds no identifier', async (answer) => {
		await expect(createShare(answering(answer), newShare)).rejects.toMatchObject({
			kind: 'unreadable',
			message: expect.stringContaining("it does not contain the new share's identifier") as string,
		});
	});
});

describe('getting', () => {
	test.each<[string, unknown]>([
		['under data', { data: share }],
		['bare', share],
	])('asks for the share, whatever case its identifier has: %s', async (_case, answer) => {
		const api = answering(answer);
		expect(await getShare(api, share.id.toUpperCase())).toEqual(share);
		expect(api.requests).toEqual([{ method: 'GET', path: `/shares/${share.id.toUpperCase()}` }]);
	});

	test.each<[string, unknown]>([
		['nothing', undefined],
		['another share', { data: { ...share, id: SHARE_ID } }],
		['something else', { data: SHARE_ID }],
	])('%s is not the share that was asked for', async (_case, answer) => {
		await expect(getShare(answering(answer), share.id)).rejects.toMatchObject({
			kind: 'unreadable',
			message: expect.stringContaining('the requested share') as string,
		});
	});
});

describe('updating', () => {
	test.each<[string, unknown]>([
		['under data', { data: share }],
		['bare', share],
	])('gives the share that EnableNow answers with, %s', async (_case, answer) => {
		const api = answering(answer);
		expect(await updateShare(api, share.id.toUpperCase(), expiration)).toEqual(share);
		expect(api.requests).toEqual([
			{
				method: 'PUT',
				path: `/shares/${share.id.toUpperCase()}`,
				body: { expirationDateUtc: '2099-04-30T12:00:00Z' },
			},
		]);
	});

	test.each<[string, unknown]>([
		['nothing', undefined],
		['null', null],
		['an identifier', { data: share.id }],
		['another share', { data: { ...share, id: SHARE_ID } }],
	])('%s is no share to give', async (_case, answer) => {
		expect(await updateShare(answering(answer), share.id, expiration)).toBeUndefined();
	});
});
