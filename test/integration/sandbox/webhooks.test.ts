import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import {
	SANDBOX_CUSTOMERS,
	SANDBOX_EXAMPLES,
	SHARE_EVENTS,
	startSandbox,
	type Sandbox,
	type SandboxSettings,
	type Share,
} from '../../../sandbox';
import { logIn, startReceiver, type Receiver } from './support';

const receiverId = SANDBOX_CUSTOMERS.receiver.clientId;
const sharerId = SANDBOX_CUSTOMERS.sharer.clientId;
const body = {
	clientId: receiverId,
	expirationDateUtc: '2099-04-30T12:00:00Z',
	consentIds: [SANDBOX_EXAMPLES.consentIds[0]],
};

let sandbox: Sandbox;
let target: Receiver;

/** What has to be closed after a test, also after one that failed. */
let opened: Array<{ close: () => unknown }> = [];

async function openReceiver(answer?: Parameters<typeof startReceiver>[0]): Promise<Receiver> {
	const receiver = await startReceiver(answer);
	opened.push(receiver);
	return receiver;
}

beforeAll(async () => {
	sandbox = await startSandbox({ seedShares: false });
});
beforeEach(async () => {
	await sandbox.admin.reset();
	target = await openReceiver();
});
afterEach(async () => {
	await Promise.all(opened.map(({ close }) => close()));
	opened = [];
});
afterAll(() => sandbox.close());

async function createShare(): Promise<string> {
	const { sharer } = await logIn(sandbox);
	const answer = await sharer.post<{ data: string }>('/shares', body);
	expect(answer.status).toBe(200);
	return answer.data.data;
}

it.each<[SandboxSettings['eventData'], (share: Share) => unknown]>([
	['shareId', ({ id }) => ({ shareId: id })],
	['id', ({ id }) => ({ id })],
	['string', ({ id }) => id],
	['share', (share) => share],
])('sends the event of a new share with data in the form %s', async (eventData, write) => {
	await sandbox.admin.configure({ eventData });
	await sandbox.admin.registerWebhooks(receiverId, [
		{ url: target.url, events: [...SHARE_EVENTS] },
	]);
	const id = await createShare();
	await sandbox.admin.idle();
	const { receiver } = await logIn(sandbox);
	const share = (await receiver.get<{ data: Share }>(`/shares/${id}`)).data.data;
	expect(target.bodies).toEqual([{ event: 'databridge.share.created', data: write(share) }]);
	expect(await sandbox.admin.deliveries()).toEqual([
		{
			at: expect.any(String) as string,
			url: target.url,
			body: target.bodies[0],
			status: 200,
			answer: 'thank you',
			duration: expect.any(Number) as number,
			error: null,
		},
	]);
});

it('sends an event for a changed share, to the addresses that chose it', async () => {
	await sandbox.admin.registerWebhooks(receiverId, [
		{ url: `${target.url}?created`, events: ['databridge.share.created'] },
		{ url: `${target.url}?updated`, events: ['databridge.share.updated'] },
		{ url: `${target.url}?other`, events: ['transactions.fetched'] },
	]);
	const id = await createShare();
	const { sharer } = await logIn(sandbox);
	await sharer.put(`/shares/${id}`, { expirationDateUtc: '2020-01-01T00:00:00Z' });
	await sandbox.admin.idle();
	const deliveries = await sandbox.admin.deliveries();
	expect(deliveries.map(({ url, body: sent }) => [url, sent])).toEqual([
		[`${target.url}?created`, { event: 'databridge.share.created', data: { shareId: id } }],
		[`${target.url}?updated`, { event: 'databridge.share.updated', data: { shareId: id } }],
	]);
	expect(await sandbox.admin.counters()).toMatchObject({ deliveries: 2, sharesUpdated: 1 });
});

it('tells the targeted app, not the one that shares', async () => {
	await sandbox.admin.registerWebhooks(sharerId, [{ url: target.url, events: [...SHARE_EVENTS] }]);
	await createShare();
	await sandbox.admin.idle();
	expect(target.bodies).toEqual([]);
});

it('does not send an event for a share that was refused', async () => {
	await sandbox.admin.registerWebhooks(receiverId, [
		{ url: target.url, events: [...SHARE_EVENTS] },
	]);
	const { sharer } = await logIn(sandbox);
	expect((await sharer.post('/shares', { ...body, consentIds: [] })).status).toBe(400);
	await sandbox.admin.idle();
	expect(await sandbox.admin.deliveries()).toEqual([]);
});

it('sends once, whatever the answer', async () => {
	const refusing = await openReceiver({ status: 503 });
	const redirecting = await openReceiver({ status: 307, headers: { Location: target.url } });
	const unreachable = await freeAddress();
	await sandbox.admin.registerWebhooks(
		receiverId,
		[refusing.url, redirecting.url, unreachable].map((url) => ({ url, events: [...SHARE_EVENTS] })),
	);
	await createShare();
	await sandbox.admin.idle();
	const deliveries = await sandbox.admin.deliveries();
	expect(deliveries.map(({ status, error }) => [status, error])).toEqual([
		[503, null],
		[307, null],
		[null, expect.stringContaining('ECONNREFUSED')],
	]);
	expect(refusing.bodies).toHaveLength(1);
	expect(target.bodies).toEqual([]);
});

it('does not let the answer to POST /shares wait for the receiver', async () => {
	const silent = createServer();
	opened.push({ close: () => silent.close() });
	await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
	const url = `http://127.0.0.1:${String((silent.address() as AddressInfo).port)}/`;
	const other = await startSandbox({
		webhooks: { [receiverId]: [{ url, events: [...SHARE_EVENTS] }] },
	});
	opened.push(other);
	const { sharer } = await logIn(other);
	expect((await sharer.post('/shares', body)).status).toBe(200);
	expect(await other.admin.deliveries()).toMatchObject([{ url, status: null, duration: null }]);
	const start = performance.now();
	await other.close();
	expect(performance.now() - start).toBeLessThan(10_000);
});

it('sends any event to any address', async () => {
	const event = { event: 'transactions.fetched', data: { userId: 'x' } };
	const delivery = await sandbox.admin.sendEvent({ url: target.url, ...event });
	expect(delivery).toMatchObject({ status: 200, body: event });
	expect(target.bodies).toEqual([event]);
});

it.each<[unknown]>([[{}], [[{ url: 'ftp://x', events: [] }]], [[{ url: 'http://x' }]]])(
	'refuses to register %j',
	async (webhooks) => {
		await expect(sandbox.admin.registerWebhooks(receiverId, webhooks as [])).rejects.toThrow(
			/webhook|url|events/i,
		);
	},
);

/** An address that nobody listens at. */
async function freeAddress(): Promise<string> {
	const { url, close } = await startReceiver();
	await close();
	return url;
}
