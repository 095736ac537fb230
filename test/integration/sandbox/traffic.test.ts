import type { AxiosInstance } from 'axios';
import { SANDBOX_CUSTOMERS, SANDBOX_EXAMPLES, startSandbox, type Sandbox } from '../../../sandbox';
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
	expect(performance.now() - start).toBeLessThan(10_000);
	await hanging;
});
