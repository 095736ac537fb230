import { once } from 'node:events';
import type { Readable } from 'node:stream';
import type { AxiosInstance } from 'axios';
import {
	SANDBOX_CUSTOMERS,
	SANDBOX_EXAMPLES,
	SHARE_EVENTS,
	startSandbox,
	type Fault,
	type Sandbox,
} from '../../../sandbox';
import { createClient, logIn, startReceiver, type Receiver } from './support';

const { receiver: receiverApp } = SANDBOX_CUSTOMERS;
const share = {
	clientId: receiverApp.clientId,
	expirationDateUtc: '2099-04-30T12:00:00Z',
	consentIds: [SANDBOX_EXAMPLES.consentIds[0]],
};

/** The faults of a service under strain, and whether the share is made all the same. */
const STRAIN: Array<[string, Fault, { commits: boolean }]> = [
	['429', { kind: 'status', status: 429 }, { commits: false }],
	['503', { kind: 'status', status: 503 }, { commits: false }],
	['a reset before the work', { kind: 'connectionReset', when: 'before' }, { commits: false }],
	['a reset after the work', { kind: 'connectionReset', when: 'after' }, { commits: true }],
	['no answer, and no work', { kind: 'noAnswer', when: 'before' }, { commits: false }],
	['no answer after the work', { kind: 'noAnswer', when: 'after' }, { commits: true }],
	['a commit that comes late', { kind: 'lateCommit', delay: 10 }, { commits: true }],
	['half an answer', { kind: 'partialAnswer', ending: 'nothing' }, { commits: true }],
];

let sandbox: Sandbox;
let sharer: AxiosInstance;
let receiver: AxiosInstance;

/** What has to be closed after a test, also after one that failed. */
let opened: Array<{ close: () => Promise<void> }> = [];

beforeAll(async () => {
	sandbox = await startSandbox({ seedShares: false });
});
beforeEach(async () => {
	await sandbox.admin.reset();
	({ sharer, receiver } = await logIn(sandbox));
});
afterEach(async () => {
	await Promise.all(opened.map((open) => open.close()));
	opened = [];
});
afterAll(() => sandbox.close());

/** A receiver of all events of the app that gets the shares. */
async function openReceiver(): Promise<Receiver> {
	const target = await startReceiver();
	opened.push(target);
	const webhook = { url: target.url, events: [...SHARE_EVENTS] };
	await sandbox.admin.registerWebhooks(receiverApp.clientId, [webhook]);
	return target;
}

/** Asks for a share to be made; gives a call without an answer up after some milliseconds. */
async function post(timeout = 1_000): Promise<number | string | undefined> {
	return await sharer.post('/shares', share, { timeout }).then(
		({ status }) => status,
		({ code }: { code?: string }) => code,
	);
}

async function makeShare(): Promise<string> {
	return (await sharer.post<{ data: string }>('/shares', share)).data.data;
}

/** What struck each request so far, oldest first; null is nothing. */
async function strikes(): Promise<Array<string | null>> {
	const requests = await sandbox.admin.requests({ path: '/shares' });
	return requests.map(({ fault }) => fault);
}

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
		await expect(sharer.post('/shares', share, { timeout: 500 })).rejects.toMatchObject({
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

	it('can stop in the middle of the answer', async () => {
		await sandbox.admin.addFault({ kind: 'partialAnswer', ending: 'nothing' });
		const answer = await sharer.get<Readable>('/shares', { responseType: 'stream' });
		const [half] = (await once(answer.data, 'data')) as [Buffer];
		const { 'content-length': length } = answer.headers as { 'content-length': string };
		expect(answer.status).toBe(200);
		expect(half.length).toBe(Math.ceil(Number(length) / 2));
		answer.data.destroy();
	});

	it('can end the connection in the middle of the answer', async () => {
		await sandbox.admin.addFault({ kind: 'partialAnswer', ending: 'disconnection' });
		await expect(sharer.get('/shares')).rejects.toThrow(/aborted|hang up/);
	});

	it('can answer with as much as one likes', async () => {
		const bytes = 3 * 1024 * 1024 + 1;
		await sandbox.admin.addFault({ kind: 'hugeAnswer', bytes });
		const { data } = await sharer.get<{ data: string }>('/shares');
		expect(JSON.stringify(data)).toHaveLength(bytes);
	});

	it.each<[string, Fault]>([
		['an error object', { kind: 'otherShape', body: { title: 'Forbidden', status: 403 } }],
		['an identifier', { kind: 'otherShape', body: { data: SANDBOX_EXAMPLES.consentIds[0] } }],
		['nothing', { kind: 'emptyBody' }],
	])('can answer a change that was not made with 200 and %s', async (_name, fault) => {
		const id = await makeShare();
		await sandbox.admin.addFault({ ...fault, match: { method: 'PUT' } });
		const answer = await sharer.put(`/shares/${id}`, { expirationDateUtc: '2030-01-01T00:00:00Z' });
		const body: unknown = fault.kind === 'otherShape' ? fault.body : '';
		expect(answer).toMatchObject({ status: 200, data: body });
		expect((await sandbox.admin.shares())[0]?.expirationDateUtc).toMatch(/^2099/);
	});

	it.each([
		['another share', { id: SANDBOX_EXAMPLES.consentIds[0] }],
		['another end', { expirationDateUtc: '2099-01-01T00:00:00+01:00' }],
	])('can answer a change with %s', async (_name, data) => {
		const id = await makeShare();
		await sandbox.admin.addFault({ kind: 'alteredAnswer', data });
		const answer = await sharer.put(`/shares/${id}`, { expirationDateUtc: '2030-01-01T00:00:00Z' });
		expect(answer).toMatchObject({ status: 200, data: { data: { reference: null, ...data } } });
		const [changed] = await sandbox.admin.shares();
		expect(changed).toMatchObject({ id, expirationDateUtc: '2030-01-01T01:00:00+01:00' });
	});

	it('leaves an answer without a share as it is', async () => {
		await sandbox.admin.addFault({ kind: 'alteredAnswer', data: { id: 'x' } });
		expect((await sharer.get('/shares')).data).toMatchObject({ data: [] });
	});

	it.each([
		['/shares', { page: 600, pageSize: 100 }],
		['/cfa/v2/consents', { Page: 600, PageSize: 100 }],
	])('can give %s pages without end', async (path, params) => {
		await sandbox.admin.addFault({ kind: 'endlessPages', item: { status: 'UPDATED' }, times: 2 });
		const { data } = await sharer.get<{ data: Array<{ id: string }> }>(path, { params });
		const next = await sharer.get<typeof data>(path, { params: { ...params, page: 601 } });
		expect(data).toMatchObject({
			_pagination: { page: 600, size: 100, totalPages: 601 },
			data: Array.from({ length: 100 }, () => ({ status: 'UPDATED' })),
		});
		const ids = [...data.data, ...next.data.data].map(({ id }) => id);
		expect(new Set(ids).size).toBe(200);
	});

	it('can give a bare list without end', async () => {
		await sandbox.admin.addFault({ kind: 'endlessPages' });
		const { data } = await sharer.get<unknown>('/cfa/accounts', { params: { Page: 9, Size: 3 } });
		expect(data).toMatchObject([{ reference: null }, {}, {}]);
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
});

describe('a fault by rate', () => {
	it.each(STRAIN.slice(1, 4))(
		'strikes some of the requests with %s',
		async (_name, fault, { commits }) => {
			const target = await openReceiver();
			await sandbox.admin.addFault({ ...fault, rate: 0.5, match: { method: 'POST' } });
			// None of these faults hangs: a call is given up by a busy machine only.
			await Promise.all(Array.from({ length: 20 }, () => post(60_000)));
			await sandbox.admin.idle();
			const struck = (await strikes()).filter((kind) => kind === fault.kind).length;
			expect(struck).toBeGreaterThan(4);
			expect(struck).toBeLessThan(16);
			const made = commits ? 20 : 20 - struck;
			expect(await sandbox.admin.shares()).toHaveLength(made);
			expect(target.bodies).toHaveLength(made);
		},
	);

	it('strikes the same requests again after a reset, until the faults are cleared', async () => {
		async function run(): Promise<Array<string | null>> {
			await sandbox.admin.reset();
			({ sharer } = await logIn(sandbox));
			await sandbox.admin.addFaults([
				{ kind: 'status', status: 503, rate: 0.2, match: { path: '^/shares$' } },
				{ kind: 'connectionReset', rate: 0.2, match: { path: '^/shares$' } },
			]);
			for (let call = 0; call < 30; call += 1) await post();
			return await strikes();
		}
		const first = await run();
		expect(new Set(first)).toEqual(new Set([null, 'status', 'connectionReset']));
		expect(await run()).toEqual(first);
		await sandbox.admin.clearFaults();
		for (let call = 0; call < 30; call += 1) await post();
		expect((await strikes()).slice(30)).toEqual(Array(30).fill(null));
	});
});

it('strikes other requests by rate where the sandbox has another seed', async () => {
	async function run(seed: number): Promise<unknown[]> {
		const other = await startSandbox({ seed });
		opened.push(other);
		await other.admin.addFault({ kind: 'status', status: 503, rate: 0.5 });
		const client = createClient(other);
		const statuses: unknown[] = [];
		for (let call = 0; call < 30; call += 1) statuses.push((await client.get('/shares')).status);
		return statuses;
	}
	const first = await run(1);
	expect(await run(1)).toEqual(first);
	expect(await run(2)).not.toEqual(first);
});

describe('a fault by sequence', () => {
	it.each(STRAIN)('strikes the requests that are counted out with %s', async (...[, fault, is]) => {
		await sandbox.admin.addFault({ ...fault, nth: [2, 4], match: { method: 'POST' } });
		for (const isStruck of [false, true, false, true, false]) await post(isStruck ? 200 : 1_000);
		await sandbox.admin.idle();
		expect(await strikes()).toEqual([null, fault.kind, null, fault.kind, null]);
		expect(await sandbox.admin.shares()).toHaveLength(is.commits ? 5 : 3);
		expect(await sandbox.admin.faults()).toEqual([]);
	});

	it('is one of a list, which strikes in its order', async () => {
		await sandbox.admin.addFaults([
			{ kind: 'status', status: 429, times: 2 },
			{ kind: 'connectionReset' },
			{ kind: 'status', status: 503 },
		]);
		const outcomes: unknown[] = [];
		for (let call = 0; call < 5; call += 1) outcomes.push(await post());
		expect(outcomes).toEqual([429, 429, 'ECONNRESET', 503, 200]);
	});
});

describe('a commit that comes late', () => {
	it('makes the share when the client has given up, and tells about it', async () => {
		const target = await openReceiver();
		await sandbox.admin.addFault({ kind: 'lateCommit', delay: 2_000 });
		const start = performance.now();
		expect(await post(500)).toBe('ECONNABORTED');
		expect(await sandbox.admin.shares()).toEqual([]);
		await sandbox.admin.idle();
		expect(performance.now() - start).toBeGreaterThanOrEqual(1_995);
		expect(await sandbox.admin.shares()).toHaveLength(1);
		expect(target.bodies).toMatchObject([{ event: 'databridge.share.created' }]);
		expect(await sandbox.admin.requests({ path: '/shares' })).toMatchObject([
			{ fault: 'lateCommit', status: null },
		]);
		expect(await post()).toBe(200);
	});

	it('leaves a client that waits longer without an answer', async () => {
		await sandbox.admin.addFault({ kind: 'lateCommit', delay: 10 });
		expect(await post(500)).toBe('ECONNABORTED');
		expect(await sandbox.admin.shares()).toHaveLength(1);
	});

	it('does nothing for a request that is not valid', async () => {
		await sandbox.admin.addFault({ kind: 'lateCommit', delay: 10 });
		await expect(sharer.post('/shares', {}, { timeout: 500 })).rejects.toThrow(/timeout/);
		await sandbox.admin.idle();
		expect(await sandbox.admin.shares()).toEqual([]);
	});

	it('is dropped by a reset', async () => {
		await sandbox.admin.addFault({ kind: 'lateCommit', delay: 60_000 });
		await post(500);
		await sandbox.admin.reset();
		const start = performance.now();
		await sandbox.admin.idle();
		expect(performance.now() - start).toBeLessThan(10_000);
	});

	it('is dropped when the sandbox is closed', async () => {
		const other = await startSandbox();
		opened.push(other);
		const clients = await logIn(other);
		await other.admin.addFault({ kind: 'lateCommit', delay: 60_000 });
		await expect(clients.sharer.post('/shares', share, { timeout: 500 })).rejects.toThrow();
		const start = performance.now();
		await other.close();
		expect(performance.now() - start).toBeLessThan(10_000);
	});
});

it.each([
	[[{ kind: 'noAnswer' }, { kind: 'meteorite' }], /no fault "meteorite".*notJson/],
	[{ kind: 'noAnswer', rate: 5 }, /^rate has to be a number from 0 to 1, not 5$/],
	[undefined, /a fault is an object/i],
])('refuses the faults %j, and adds none of them', async (faults, message) => {
	await expect(sandbox.admin.addFaults(faults as Fault[])).rejects.toThrow(message);
	expect(await sandbox.admin.faults()).toEqual([]);
});
