import {
	createShare,
	getShare,
	parseShare,
	type NewShare,
	updateShare,
} from '../../../../nodes/shared/api/shares';
import { droppedError, networkError } from '../../../../nodes/shared/errors/requestError';
import { answering, CONSENT_ID, fakeApi, numberedShare, SHARE_ID } from '../../support';

/** As EnableNow gives it, with an offset, and as the nodes put it out. */
const given = numberedShare(1, { expirationDateUtc: '2099-04-30T14:00:00+02:00' });
const share = { ...given, expirationDateUtc: '2099-04-30T12:00:00Z' };
const expiration = new Date('2099-04-30T12:00:00Z');

const newShare: NewShare = {
	clientId: 'en-app-ref-002',
	reference: '',
	expiration,
	consentIds: [CONSENT_ID],
	accountIds: [],
	analysisIds: [],
};

describe('a share', () => {
	test.each<[string, Record<string, unknown>]>([
		['a reference', { reference: 'a' }],
		['lists of all kinds', { accountIds: [SHARE_ID], analysisIds: [SHARE_ID] }],
		['fields that are not known', { createdBy: 'x' }],
	])('with %s is one', (_case, fields) => {
		expect(parseShare({ ...given, ...fields })).toEqual({ ...share, ...fields });
	});

	test.each(['reference', 'consentIds', 'accountIds', 'analysisIds'])('may have no %s', (name) => {
		const expected = { ...share, [name]: name === 'reference' ? null : [] };
		expect(parseShare({ ...given, [name]: null })).toEqual(expected);
		const without: Record<string, unknown> = { ...given };
		delete without[name];
		expect(parseShare(without)).toEqual(expected);
	});

	test('whose reference is empty has none', () => {
		expect(parseShare({ ...given, reference: '' })?.reference).toBeNull();
	});

	test('has one order, with what is not known at the end', () => {
		const backwards = Object.fromEntries(Object.entries({ ...given, x: 1 }).reverse());
		expect(Object.keys(parseShare(backwards)!)).toEqual([
			'id',
			'clientId',
			'reference',
			'expirationDateUtc',
			'consentIds',
			'accountIds',
			'analysisIds',
			'x',
		]);
	});

	test.each([
		['2026-04-15T12:00:00+02:00', '2026-04-15T10:00:00Z'],
		['2026-04-15T12:00:00.987Z', '2026-04-15T12:00:00Z'],
		['2026-04-15T12:00:00', '2026-04-15T12:00:00Z'],
		['9999-12-31T23:59:59-01:00', '9999-12-31T23:59:59-01:00'],
		['0000-01-01T00:00:00+01:00', '0000-01-01T00:00:00+01:00'],
		['never', 'never'],
	])('that ends at %s is put out as %s', (expirationDateUtc, expected) => {
		expect(parseShare({ ...given, expirationDateUtc })?.expirationDateUtc).toBe(expected);
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

describe('creating', () => {
	test('sends no empty values', async () => {
		const api = answering(SHARE_ID);
		await createShare(api, newShare);
		const full = { reference: 'a', consentIds: [], accountIds: ['b'], analysisIds: ['c'] };
		await createShare(api, { ...newShare, ...full });
		expect(api.requests.map(({ body }) => body)).toEqual([
			{
				clientId: 'en-app-ref-002',
				expirationDateUtc: '2099-04-30T12:00:00Z',
				consentIds: [CONSENT_ID],
			},
			{
				clientId: 'en-app-ref-002',
				reference: 'a',
				expirationDateUtc: '2099-04-30T12:00:00Z',
				accountIds: ['b'],
				analysisIds: ['c'],
			},
		]);
	});

	test('gives the shape that Get returns', async () => {
		const created = await createShare(answering(SHARE_ID), newShare);
		expect(Object.entries(created)).toEqual([
			['id', SHARE_ID],
			['clientId', 'en-app-ref-002'],
			['reference', null],
			['expirationDateUtc', '2099-04-30T12:00:00Z'],
			['consentIds', [CONSENT_ID]],
			['accountIds', []],
			['analysisIds', []],
		]);
		const named = await createShare(answering(SHARE_ID), { ...newShare, reference: 'a' });
		expect(named.reference).toBe('a');
	});

	test.each<[string, unknown]>([
		['under data', { data: SHARE_ID }],
		['in an object under data', { data: { id: SHARE_ID } }],
		['bare', SHARE_ID],
		['in a bare object', { id: SHARE_ID }],
	])('posts the share, and gives it with its identifier: %s', async (_case, answer) => {
		const api = answering(answer);
		expect(await createShare(api, newShare)).toEqual({ ...share, id: SHARE_ID });
		expect(api.requests).toEqual([
			{ method: 'POST', path: '/shares', body: expect.anything() as unknown },
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
			outcome: 'unknown',
			message: expect.stringContaining("it does not contain the new share's identifier") as string,
		});
	});
});

describe('getting', () => {
	test.each<[string, unknown]>([
		['under data', { data: given }],
		['bare', given],
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
			outcome: 'unknown',
			message: expect.stringContaining('the requested share') as string,
		});
	});
});

describe('updating', () => {
	const other = { ...given, expirationDateUtc: '2099-04-30T12:00:01Z' };

	test.each<[string, unknown]>([
		['under data', { data: given }],
		['bare', given],
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

	/** An EnableNow whose answer to PUT is not the share as it was to become. */
	function lookedAfter(answer: unknown, ...readings: unknown[]) {
		const requests: string[] = [];
		const api = fakeApi(async ({ method }) => {
			requests.push(method);
			if (method === 'PUT') return await Promise.resolve(answer);
			const reading = readings.shift();
			if (reading instanceof Error) throw reading;
			return await Promise.resolve(reading);
		});
		return { ...api, requests };
	}

	test.each<[string, unknown]>([
		['nothing', undefined],
		['null', null],
		['an identifier', { data: share.id }],
		['another share', { data: { ...given, id: SHARE_ID } }],
		['the share with another end', { data: other }],
		['something else', { success: true }],
		['the share without its contents', { data: { ...given, consentIds: undefined } }],
	])('looks at the share after %s', async (_case, answer) => {
		const api = lookedAfter(answer, { data: given });
		expect(await updateShare(api, share.id, expiration)).toEqual(share);
		expect(api.requests).toEqual(['PUT', 'GET']);
	});

	test('looks again, since a change may take a moment to be read', async () => {
		const api = lookedAfter(undefined, { data: other }, { data: given });
		expect(await updateShare(api, share.id, expiration)).toEqual(share);
	});

	test('fails where the share keeps its end', async () => {
		const api = lookedAfter(undefined, { data: other }, { data: other });
		await expect(updateShare(api, share.id, expiration)).rejects.toMatchObject({
			message:
				'EnableNow accepted the change, but did not make it: the share still ends at 2099-04-30T12:00:01Z',
			description: expect.stringContaining('It should end at 2099-04-30T12:00:00Z') as string,
		});
	});

	test('is told among what failed, also where the reading of the share was dropped', async () => {
		const api = lookedAfter(undefined, droppedError('none succeeded'));
		await expect(updateShare(api, share.id, expiration)).rejects.toMatchObject({
			message:
				'EnableNow accepted the change, but whether it was made could not be checked: reading the share failed (The request was not sent: none succeeded)',
			// Without the description of the read, which says that nothing was done.
			description:
				'Get the share to see whether it ends at 2099-04-30T12:00:00Z, or run this item again, which does no harm.',
			kind: 'other',
			outcome: 'unknown',
		});
	});

	test('fails where the share cannot be read', async () => {
		const api = lookedAfter(undefined, networkError('https://api.enablenow.nl', 'ECONNRESET'));
		await expect(updateShare(api, share.id, expiration)).rejects.toMatchObject({
			message: expect.stringMatching(
				/whether it was made could not be checked.*ECONNRESET/,
			) as string,
			outcome: 'unknown',
		});
	});
});
