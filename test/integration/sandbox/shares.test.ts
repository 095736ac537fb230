import type { AxiosInstance } from 'axios';
import {
	SANDBOX_CUSTOMERS,
	SANDBOX_EXAMPLES,
	startSandbox,
	type Sandbox,
	type Share,
} from '../../../sandbox';
import { expectProblem, logIn } from './support';

const { consentIds, accountIds, analysisIds } = SANDBOX_EXAMPLES;
const sharerId = SANDBOX_CUSTOMERS.sharer.clientId;
const receiverId = SANDBOX_CUSTOMERS.receiver.clientId;
const nowhere = '00000000-0000-0000-0000-000000000000';

/** The first documented example, with an expiration that is still to come. */
const example = {
	clientId: receiverId,
	reference: 'my-internal-reference-001',
	expirationDateUtc: '2099-04-30T12:00:00',
	consentIds: [consentIds[0]],
};

let sandbox: Sandbox;
let sharer: AxiosInstance;
let receiver: AxiosInstance;

beforeAll(async () => {
	sandbox = await startSandbox({ seedShares: false });
});
beforeEach(async () => {
	await sandbox.admin.reset();
	({ sharer, receiver } = await logIn(sandbox));
});
afterAll(() => sandbox.close());

async function create(body: object = example): Promise<string> {
	const answer = await sharer.post<{ data: string }>('/shares', body);
	expect(answer.status).toBe(200);
	return answer.data.data;
}

async function get(client: AxiosInstance, id: string): Promise<Share> {
	const answer = await client.get<{ data: Share }>(`/shares/${id}`);
	expect(answer.status).toBe(200);
	return answer.data.data;
}

describe('POST /shares', () => {
	it.each([
		['consents', { consentIds: [consentIds[0]] }],
		['accounts', { accountIds: [accountIds[0]] }],
		['analyses', { analysisIds: [analysisIds[0]] }],
		[
			'all three',
			{
				consentIds: [...consentIds],
				accountIds: [accountIds[1]],
				analysisIds: [analysisIds[1]],
			},
		],
	])('makes the documented share of %s', async (_name, ids) => {
		const id = await create({ ...example, consentIds: undefined, ...ids });
		expect(await get(sharer, id)).toEqual({
			id,
			clientId: receiverId,
			reference: 'my-internal-reference-001',
			expirationDateUtc: '2099-04-30T14:00:00+02:00',
			consentIds: [],
			accountIds: [],
			analysisIds: [],
			...ids,
		});
		expect(await sandbox.admin.counters()).toMatchObject({ sharesCreated: 1 });
	});

	it.each([
		['2099-04-30T12:00:00', '2099-04-30T14:00:00+02:00'],
		['2099-04-30T12:00:00Z', '2099-04-30T14:00:00+02:00'],
		['2099-04-30T12:00:00+02:00', '2099-04-30T12:00:00+02:00'],
		['2099-01-15T12:00', '2099-01-15T13:00:00+01:00'],
	])('reads the expiration %s and writes it as %s', async (sent, written) => {
		const id = await create({ ...example, expirationDateUtc: sent });
		expect((await get(sharer, id)).expirationDateUtc).toBe(written);
	});

	it('takes identifiers in either case, each of them once', async () => {
		const upper = consentIds[0].toUpperCase();
		const id = await create({ ...example, consentIds: [upper, consentIds[0]] });
		expect((await get(sharer, id.toUpperCase())).consentIds).toEqual([consentIds[0]]);
	});

	it.each([undefined, null])('takes the reference %s for none', async (reference) => {
		const id = await create({ ...example, reference });
		expect((await get(sharer, id)).reference).toBeNull();
	});

	it.each<[string, object, string, RegExp]>([
		['unknown app', { clientId: 'nobody' }, 'ClientId', /no app .*'nobody'/],
		['empty app', { clientId: '' }, 'ClientId', /required/],
		['no app', { clientId: undefined }, 'ClientId', /required/],
		['no expiration', { expirationDateUtc: undefined }, 'ExpirationDateUtc', /required/],
		['past', { expirationDateUtc: '2020-01-01T00:00:00Z' }, 'ExpirationDateUtc', /future/],
		['no date', { expirationDateUtc: 'soon' }, 'ExpirationDateUtc', /'soon' is not valid/],
		['no such day', { expirationDateUtc: '2099-02-30T00:00:00' }, 'ExpirationDateUtc', /not valid/],
		['no identifiers', { consentIds: undefined }, 'ConsentIds', /At least one/],
		['empty list', { consentIds: [] }, 'ConsentIds', /At least one/],
		['no list', { consentIds: consentIds[0] }, 'ConsentIds', /must be array/],
		['no identifier', { consentIds: [consentIds[0], 'x'] }, 'ConsentIds[1]', /'x' is not valid/],
		['unknown consent', { consentIds: [nowhere] }, 'ConsentIds[0]', /not found/],
		['unknown account', { accountIds: [nowhere] }, 'AccountIds[0]', /not found/],
		['unknown analysis', { analysisIds: [nowhere] }, 'AnalysisIds[0]', /not found/],
		['number as reference', { reference: 5 }, 'Reference', /must be string/],
		['misspelt property', { consentId: 'x' }, 'ConsentId', /'consentId' is not known/],
	])('refuses: %s', async (_name, changes, field, message) => {
		const problem = expectProblem(await sharer.post('/shares', { ...example, ...changes }), 400);
		expect(problem.title).toBe('One or more validation errors occurred.');
		expect(problem.type).toBe('https://tools.ietf.org/html/rfc9110#section-15.5.1');
		expect(problem.errors).toEqual({ [field]: [expect.stringMatching(message) as string] });
		expect(await sandbox.admin.shares()).toEqual([]);
	});

	it("refuses another app's consent", async () => {
		const body = { ...example, clientId: sharerId };
		const problem = expectProblem(await receiver.post('/shares', body), 400);
		expect(problem.errors).toHaveProperty(['ConsentIds[0]']);
	});

	it('refuses JSON that is not, other content types, and no body', async () => {
		const json = { headers: { 'Content-Type': 'application/json' } };
		const broken = expectProblem(await sharer.post('/shares', Buffer.from('{"a"'), json), 400);
		expect(broken.errors).toHaveProperty('$');
		expectProblem(await sharer.post('/shares', new URLSearchParams({ a: 'b' })), 415);
		expectProblem(await sharer.post('/shares', Buffer.alloc(0), json), 400);
	});
});

describe('GET /shares/{shareId}', () => {
	it('shows a share to the app that it targets, unless that is switched off', async () => {
		const id = await create();
		expect(await get(receiver, id)).toMatchObject({ id, clientId: receiverId });
		await sandbox.admin.configure({ receiverSeesShares: false });
		expectProblem(await receiver.get(`/shares/${id}`), 404);
		expect(await get(sharer, id)).toMatchObject({ id });
	});

	it('answers 404 for a share that there is not, 400 for what is no identifier', async () => {
		expectProblem(await sharer.get(`/shares/${nowhere}`), 404);
		const problem = expectProblem(await sharer.get('/shares/abc'), 400);
		expect(problem.errors).toEqual({ ShareId: ["The value 'abc' is not valid for ShareId."] });
	});
});

describe('PUT /shares/{shareId}', () => {
	const past = { expirationDateUtc: '2020-01-01T00:00:00Z' };

	it('changes the expiration, also to the past, and nothing else', async () => {
		const id = await create();
		const before = await get(sharer, id);
		const answer = await sharer.put<unknown>(`/shares/${id}`, past);
		const after = { ...before, expirationDateUtc: '2020-01-01T01:00:00+01:00' };
		expect(answer.data).toEqual({ data: after });
		expect(await get(sharer, id)).toEqual(after);
	});

	it('answers with the identifier, or with nothing, where that is chosen', async () => {
		const id = await create();
		await sandbox.admin.configure({ updateAnswer: 'id' });
		expect((await sharer.put<unknown>(`/shares/${id}`, past)).data).toEqual({ data: id });
		await sandbox.admin.configure({ updateAnswer: 'empty' });
		expect(await sharer.put(`/shares/${id}`, past)).toMatchObject({ status: 204, data: '' });
	});

	it('is for the sharer only', async () => {
		const id = await create();
		expectProblem(await receiver.put(`/shares/${id}`, past), 403);
		await sandbox.admin.configure({ receiverSeesShares: false });
		expectProblem(await receiver.put(`/shares/${id}`, past), 404);
		expect((await get(sharer, id)).expirationDateUtc).toContain('2099');
	});

	it.each<[string, object, string]>([
		['nothing', {}, 'ExpirationDateUtc'],
		['no date', { expirationDateUtc: '' }, 'ExpirationDateUtc'],
		['no such day', { expirationDateUtc: '2099-02-30T00:00:00' }, 'ExpirationDateUtc'],
		['something else, too', { ...past, reference: 'x' }, 'Reference'],
	])('refuses: %s', async (_name, body, field) => {
		const id = await create();
		const problem = expectProblem(await sharer.put(`/shares/${id}`, body), 400);
		expect(Object.keys(problem.errors ?? {})).toEqual([field]);
	});

	it('answers 404 for a share that there is not', async () => {
		expectProblem(await sharer.put(`/shares/${nowhere}`, past), 404);
	});
});

describe('GET /shares', () => {
	interface Page {
		_pagination: object;
		data: Share[];
	}

	async function list(client: AxiosInstance, params: object = {}): Promise<Page> {
		const answer = await client.get<Page>('/shares', { params });
		expect(answer.status).toBe(200);
		return answer.data;
	}

	it('pages through the shares, oldest first, 50 at a time', async () => {
		const shares = await sandbox.admin.addShares({ count: 120, from: sharerId, to: receiverId });
		const first = await list(sharer);
		expect(first._pagination).toEqual({ page: 1, size: 50, totalCount: 120, totalPages: 3 });
		expect(first.data).toEqual(shares.slice(0, 50));
		const last = await list(sharer, { page: 2, pageSize: 100 });
		expect(last._pagination).toEqual({ page: 2, size: 100, totalCount: 120, totalPages: 2 });
		expect(last.data).toEqual(shares.slice(100));
		expect((await list(sharer, { page: 9 })).data).toEqual([]);
	});

	it('has the newest first where that is chosen', async () => {
		const shares = await sandbox.admin.addShares({ count: 3, from: sharerId, to: receiverId });
		await sandbox.admin.configure({ listOrder: 'newestFirst' });
		expect((await list(sharer)).data).toEqual(shares.reverse());
	});

	it('filters by expiration', async () => {
		const batch = { count: 1, from: sharerId, to: receiverId };
		const [active] = await sandbox.admin.addShares(batch);
		const [expired] = await sandbox.admin.addShares({
			...batch,
			expirationDateUtc: '2020-01-01T00:00:00Z',
		});
		expect((await list(sharer)).data).toEqual([active, expired]);
		expect((await list(sharer, { isExpired: false })).data).toEqual([active]);
		expect((await list(sharer, { isExpired: true })).data).toEqual([expired]);
	});

	it("has the caller's shares, and those that target it unless that is switched off", async () => {
		const [out] = await sandbox.admin.addShares({ count: 1, from: sharerId, to: receiverId });
		const [back] = await sandbox.admin.addShares({ count: 1, from: receiverId, to: sharerId });
		expect((await list(sharer)).data).toEqual([out, back]);
		await sandbox.admin.configure({ receiverSeesShares: false });
		expect((await list(sharer)).data).toEqual([out]);
		expect((await list(receiver)).data).toEqual([back]);
	});

	it.each<[object, string]>([
		[{ page: 0 }, 'Page'],
		[{ page: 'x' }, 'Page'],
		[{ pageSize: 101 }, 'PageSize'],
		[{ pageSize: 0 }, 'PageSize'],
		[{ isExpired: 'maybe' }, 'IsExpired'],
		[{ PageSize: 5 }, 'PageSize'],
	])('refuses %j', async (params, field) => {
		const problem = expectProblem(await sharer.get('/shares', { params }), 400);
		expect(Object.keys(problem.errors ?? {})).toEqual([field]);
	});
});

it('answers 404 for a path and 405 for a method that there is not', async () => {
	expectProblem(await sharer.get('/sharez'), 404);
	const answer = await sharer.delete('/shares');
	expectProblem(answer, 405);
	expect(answer.headers['allow']).toBe('GET, POST');
});
