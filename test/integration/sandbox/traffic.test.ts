import type { AxiosInstance } from 'axios';
import {
	SANDBOX_CUSTOMERS,
	SANDBOX_EXAMPLES,
	startSandbox,
	type Fault,
	type Sandbox,
} from '../../../sandbox';
import { expectProblem, logIn } from './support';

const { sharer: sharerApp, receiver: receiverApp } = SANDBOX_CUSTOMERS;
const share = {
	clientId: receiverApp.clientId,
	expirationDateUtc: '2099-04-30T12:00:00Z',
	consentIds: [SANDBOX_EXAMPLES.consentIds[0]],
};

let sandbox: Sandbox;

/** Further ones, to be closed also after a test that failed. */
const opened: Sandbox[] = [];
let sharer: AxiosInstance;
let receiver: AxiosInstance;

beforeAll(async () => {
	sandbox = await startSandbox({ seedShares: false });
});
beforeEach(async () => {
	await sandbox.admin.reset();
	({ sharer, receiver } = await logIn(sandbox));
});
afterAll(() => Promise.all([sandbox, ...opened].map((open) => open.close())));

describe('a fault', () => {
	it.each<[Fault, object]>([
		[
			{ kind: 'status', status: 503 },
			{ status: 503, data: { status: 503, title: 'Service Unavailable' } },
		],
		[
			{ kind: 'status', status: 429, headers: { 'Retry-After': '7' }, body: 'slow' },
			{ status: 429, data: 'slow', headers: { 'retry-after': '7', 'content-type': 'text/plain' } },
		],
		[
			{ kind: 'status', status: 418, body: { a: 1 } },
			{ status: 418, data: { a: 1 } },
		],
		[
			{ kind: 'notJson' },
			{ status: 200, data: expect.stringMatching(/^<!DOCTYPE html>/) as string },
		],
		[
			{ kind: 'otherShape', body: { items: [] } },
			{ status: 200, data: { items: [] } },
		],
		[{ kind: 'emptyBody' }, { status: 200, data: '' }],
		[
			{ kind: 'redirect', location: 'http://127.0.0.1/login' },
			{ status: 302, headers: { location: 'http://127.0.0.1/login' } },
		],
	])('answers in place of the processing, once: %j', async (fault, expected) => {
		await sandbox.admin.addFault(fault);
		expect(await sharer.post('/shares', share)).toMatchObject(expected);
		expect(await sandbox.admin.shares()).toEqual([]);
		expect(await sandbox.admin.requests({ path: '/shares' })).toMatchObject([
			{ fault: fault.kind },
		]);
		expect((await sharer.post('/shares', share)).status).toBe(200);
	});

	it('can strike after the processing', async () => {
		await sandbox.admin.addFault({ kind: 'status', status: 500, when: 'after' });
		expect((await sharer.post('/shares', share)).status).toBe(500);
		expect(await sandbox.admin.shares()).toHaveLength(1);
	});

	it.each([
		['before', 0],
		['after', 1],
	] as const)('can reset the connection %s the processing', async (when, shares) => {
		await sandbox.admin.addFault({ kind: 'connectionReset', when });
		await expect(sharer.post('/shares', share)).rejects.toMatchObject({ code: 'ECONNRESET' });
		expect(await sandbox.admin.shares()).toHaveLength(shares);
		expect(await sandbox.admin.requests({ path: '/shares' })).toMatchObject([{ status: null }]);
	});

	it.each([
		['before', 0],
		['after', 1],
	] as const)('can leave a call without an answer %s the processing', async (when, shares) => {
		await sandbox.admin.addFault({ kind: 'noAnswer', when });
		await expect(sharer.post('/shares', share, { timeout: 150 })).rejects.toMatchObject({
			code: 'ECONNABORTED',
		});
		expect(await sandbox.admin.shares()).toHaveLength(shares);
	});

	it('can cut the answer off', async () => {
		await sandbox.admin.addFault({ kind: 'truncatedJson' });
		const answer = await sharer.get<string>('/shares');
		expect(answer).toMatchObject({ status: 200, headers: { 'content-type': /json/ } });
		expect(() => JSON.parse(answer.data) as unknown).toThrow(SyntaxError);
	});

	it('can let the answer drip', async () => {
		const start = performance.now();
		await sandbox.admin.addFault({ kind: 'slowDrip', bytes: 10, pause: 20 });
		const answer = await sharer.get('/shares');
		expect(answer).toMatchObject({ status: 200, data: { data: [] } });
		expect(performance.now() - start).toBeGreaterThan(100);
	});

	it('waits for the request that it is meant for', async () => {
		const path = '^/shares/';
		await sandbox.admin.addFault({ kind: 'emptyBody', match: { method: 'put' } });
		await sandbox.admin.addFault({ kind: 'status', status: 500, match: { path }, times: 2 });
		await sandbox.admin.addFault({
			kind: 'status',
			status: 502,
			match: { clientId: receiverApp.clientId },
		});
		expect((await sharer.get('/shares')).status).toBe(200);
		expect((await receiver.get('/shares')).status).toBe(502);
		expect((await receiver.get('/shares')).status).toBe(200);
		expect((await sharer.get('/shares/x')).status).toBe(500);
		expect(await sandbox.admin.faults()).toMatchObject([{ kind: 'emptyBody' }, { times: 1 }]);
		await sandbox.admin.clearFaults();
		expect((await sharer.get('/shares/x')).status).toBe(400);
	});

	it('has to be of a kind that there is', async () => {
		const fault = { kind: 'meteorite' } as unknown as Fault;
		await expect(sandbox.admin.addFault(fault)).rejects.toThrow(/no fault "meteorite".*notJson/);
	});
});

describe('the rate limit', () => {
	it('answers 429 with Retry-After, to each app by itself', async () => {
		await sandbox.admin.configure({ rateLimit: { requestsPerSecond: 2, retryAfter: 3 } });
		const statuses: number[] = [];
		for (let call = 0; call < 3; call += 1) statuses.push((await sharer.get('/shares')).status);
		expect(statuses).toEqual([200, 200, 429]);
		const answer = await sharer.get('/shares');
		expectProblem(answer, 429);
		expect(answer.headers['retry-after']).toBe('3');
		expect((await receiver.get('/shares')).status).toBe(200);
		await new Promise((resolve) => setTimeout(resolve, 1_050));
		expect((await sharer.get('/shares')).status).toBe(200);
	});

	it('can be for one app only', async () => {
		const { clientId } = sharerApp;
		await sandbox.admin.configure({ rateLimit: { requestsPerSecond: 1, clientId } });
		expect((await sharer.get('/shares')).status).toBe(200);
		expect((await sharer.get('/shares')).status).toBe(429);
		expect((await receiver.get('/shares')).status).toBe(200);
		expect((await receiver.get('/shares')).status).toBe(200);
	});
});

it('waits as long as the latency says', async () => {
	await sandbox.admin.configure({ latency: 120 });
	const start = performance.now();
	expect((await sharer.get('/shares')).status).toBe(200);
	expect(performance.now() - start).toBeGreaterThanOrEqual(115);
});

it('keeps requests as they arrived, and counts them by route', async () => {
	await sharer.post('/shares', share, { headers: { 'X-Trace': '1' } });
	await receiver.get('/shares/x?a=1');
	const [post] = await sandbox.admin.requests({ method: 'post', path: '/shares' });
	const [{ accessToken } = { accessToken: '' }] = (await sandbox.admin.tokens()).filter(
		({ clientId }) => clientId === sharerApp.clientId,
	);
	expect(post).toMatchObject({
		method: 'POST',
		path: '/shares',
		headers: { authorization: `Bearer ${accessToken}`, 'x-trace': '1' },
		body: share,
		clientId: sharerApp.clientId,
		status: 200,
		fault: null,
	});
	expect(await sandbox.admin.requests({ path: '/shares/x' })).toMatchObject([
		{ query: 'a=1', status: 400, clientId: receiverApp.clientId },
	]);
	expect((await sandbox.admin.counters()).requests).toEqual({
		'POST /cfa/connect/token': 2,
		'POST /shares': 1,
		'GET /shares/{shareId}': 1,
	});
});

it('is back at the start after a reset', async () => {
	await sharer.post('/shares', share);
	await sandbox.admin.configure({ listOrder: 'newestFirst', latency: 1 });
	await sandbox.admin.addFault({ kind: 'notJson' });
	await sandbox.admin.registerWebhooks(receiverApp.clientId, [{ url: 'http://x', events: [] }]);
	await sandbox.admin.reset();
	const { admin } = sandbox;
	expect([
		await admin.shares(),
		await admin.faults(),
		await admin.requests(),
		await admin.tokens(),
		await admin.webhooks(),
		await admin.deliveries(),
	]).toEqual([[], [], [], [], {}, []]);
	expect(await admin.settings()).toMatchObject({ listOrder: 'oldestFirst', latency: 0 });
	expect(await admin.counters()).toMatchObject({ sharesCreated: 0, requests: {} });
	expectProblem(await sharer.get('/shares'), 401);
});

it.each([
	{ eventdata: 'id' },
	{ eventData: 'x' },
	{ tokenLifetime: 0 },
	{ latency: -1 },
	{ rateLimit: 5 },
])('refuses the setting %j', async (settings) => {
	await expect(sandbox.admin.configure(settings as object)).rejects.toThrow(/setting|has to be/);
});

it('takes in 10,000 shares at once', async () => {
	const { clientId: from } = sharerApp;
	await sandbox.admin.addShares({ count: 10_000, from, to: receiverApp.clientId });
	const { data } = await receiver.get<{ _pagination: object }>('/shares?pageSize=100&page=100');
	expect(data._pagination).toMatchObject({ totalCount: 10_000, totalPages: 100 });
});

it('ends hanging connections at once when it is closed', async () => {
	const other = await startSandbox();
	opened.push(other);
	const clients = await logIn(other);
	await other.admin.addFault({ kind: 'noAnswer' });
	const hanging = expect(clients.sharer.get('/shares')).rejects.toMatchObject({
		code: 'ECONNRESET',
	});
	while ((await other.admin.requests({ path: '/shares' })).length === 0);
	const start = performance.now();
	await other.close();
	expect(performance.now() - start).toBeLessThan(500);
	await hanging;
});
