import type { IDataObject } from 'n8n-workflow';

import { startTrigger } from '../../../../nodes/EnableNowShareTrigger/catchUp/runningTrigger';
import { getCache } from '../../../../nodes/EnableNowShareTrigger/catchUp/triggerCache';
import { responseError, tokenError } from '../../../../nodes/shared/errors/requestError';
import { createClient } from '../../../../nodes/shared/api/client';
import { FakeEnableNow, numberedShare } from '../../support';
import { CREATED, type FakeDatabase, FakeN8n, numberedItem, UPDATED } from './support';

jest.mock('../../../../nodes/shared/api/client');

/** The app that the credential names. */
const app = { clientId: '', baseUrl: 'https://api.example' };

const INTERVAL = 5 * 60_000;

let stop: () => Promise<void> = async () => await Promise.resolve();
beforeEach(() => {
	jest.useFakeTimers();
	app.clientId = 'en-app-ref-002';
});
afterEach(async () => await stop());

let workflows = 0;

/** Activates a trigger in an n8n that was started just now, and waits for its first catch-up. */
async function start(
	service: FakeEnableNow,
	events: string[],
	{ catchUp = true, ...options }: IDataObject = {},
	database?: FakeDatabase,
	onStart?: FakeN8n['onStart'],
) {
	const parameters: IDataObject = { events, catchUp, options };
	// What a process knows is by workflow.
	const n8n = FakeN8n.quick(database, String(++workflows), parameters);
	n8n.onStart = onStart ?? n8n.onStart;
	const { api } = service;
	jest.mocked(createClient).mockImplementation(async () => {
		const credential = { ...api.credential, ...app };
		return await Promise.resolve({ ...api, credential });
	});
	const response = await startTrigger(n8n.context);
	stop = async () => await response.closeFunction?.();
	await jest.advanceTimersByTimeAsync(1_000);
	return n8n;
}

describe.each([[[CREATED]], [[CREATED, UPDATED]]])('a catch-up that fails, with %j', (events) => {
	test.each(['newestFirst', 'oldestFirst'] as const)(
		'misses nothing of what it had read by then (%s)',
		async (order) => {
			for (const failing of [1, 2, 3, 4]) {
				const service = new FakeEnableNow();
				service.order = order;
				service.addShares(30);
				const n8n = await start(service, events);
				expect(n8n.told).toEqual([]);
				service.addShares(170);
				const before = service.requests.length;
				service.before = () => {
					if (service.requests.length === before + failing) throw responseError(403, {});
				};
				await jest.advanceTimersByTimeAsync(INTERVAL + 60_000);
				expect(n8n.told).toHaveLength(170);
				expect(new Set(n8n.told).size).toBe(170);
				await stop();
			}
		},
	);

	test('the first time takes for known all that is there when it succeeds', async () => {
		for (const failing of [1, 2, 3, 4]) {
			const service = new FakeEnableNow();
			service.addShares(200);
			service.before = ({ query }) => {
				// The others answer after it.
				service.latency = Number(query?.['page']) === failing ? 0 : 3_000;
				if (service.requests.length <= 4 && service.latency === 0) throw responseError(403, {});
			};
			const n8n = await start(service, events);
			await jest.advanceTimersByTimeAsync(120_000);
			expect(n8n.told).toEqual([]);
			expect(n8n.database.entries.filter((entry) => entry.startsWith('seen created'))).toHaveLength(
				200,
			);
			await stop();
		}
	});
});

test('a credential that is made that of another app, and back again, starts nothing that was there', async () => {
	const service = new FakeEnableNow();
	service.addShares(3);
	const first = await start(service, [CREATED]);
	await stop();
	const second = await start(service, [CREATED], {}, first.database);
	service.addShares(5);
	await jest.advanceTimersByTimeAsync(INTERVAL);
	expect(second.told).toHaveLength(5);
	for (const clientId of ['another-app', 'en-app-ref-002']) {
		app.clientId = clientId;
		await jest.advanceTimersByTimeAsync(INTERVAL);
	}
	expect(second.told).toHaveLength(5);
	service.addShares(1);
	await jest.advanceTimersByTimeAsync(INTERVAL);
	expect(second.told.slice(5)).toEqual(['created 9']);
	await stop();
	const third = await start(service, [CREATED], {}, second.database);
	expect(third.told).toEqual([]);
});

test('a catch-up that is switched on by text is on, and one that is not understood is told of', async () => {
	const service = new FakeEnableNow();
	const on = await start(service, [CREATED], { catchUp: 'true' });
	expect(service.requests).toHaveLength(1);
	expect(on.warnings).toEqual([]);
	const unclear = await start(service, [CREATED], { catchUp: 'yes' });
	expect(service.requests).toHaveLength(1);
	expect(unclear.warnings).toEqual([
		`EnableNow Trigger uses a default: 'Catch Up' must be true or false, but it is "yes"`,
	]);
});

test.each([-24, 24])('a clock that is set by %i hours changes nothing', async (hours) => {
	const service = new FakeEnableNow();
	service.addShares(3);
	const n8n = await start(service, [CREATED]);
	jest.setSystemTime(Date.now() + hours * 3_600_000);
	service.addShares(1);
	await jest.advanceTimersByTimeAsync(INTERVAL / 2);
	expect(n8n.told).toEqual([]);
	await jest.advanceTimersByTimeAsync(INTERVAL / 2);
	expect(n8n.told).toEqual(['created 4']);
});

test.each<[string, Error, number]>([
	['a wrong client secret', tokenError('invalid_client', 401), 3],
	['a token endpoint that fails', tokenError('', 503), 200],
	['a refusal', responseError(403, {}), 200],
	['an EnableNow that fails', responseError(500, {}), 200],
])('%s is tried again when that may help', async (_case, failure, times) => {
	const service = new FakeEnableNow();
	service.before = () => {
		throw failure;
	};
	const n8n = await start(service, [CREATED], { catchUpInterval: 60 });
	await jest.advanceTimersByTimeAsync(2 * 3_600_000 + 60_000);
	const { length } = service.requests;
	if (times === 3) expect(length).toBe(3);
	else expect(length).toBeGreaterThan(times);
	expect(n8n.warnings).toHaveLength(1);
});

test('an execution is started only where something may be missing, and once after each start', async () => {
	const service = new FakeEnableNow();
	service.addShares(3);
	const n8n = await start(service, [CREATED]);
	expect(n8n.executions).toHaveLength(1);
	await jest.advanceTimersByTimeAsync(3 * INTERVAL);
	expect(n8n.executions).toHaveLength(1);
	expect(service.requests).toHaveLength(4);
	service.addShares(2);
	await jest.advanceTimersByTimeAsync(INTERVAL);
	expect(n8n.executions).toHaveLength(2);
	expect(n8n.told).toEqual(['created 5', 'created 4']);
});

test.each(['newestFirst', 'oldestFirst'] as const)(
	'a share that has left the list hides no new one, and costs no more later (%s)',
	async (order) => {
		const service = new FakeEnableNow();
		service.order = order;
		service.addShares(120);
		const n8n = await start(service, [CREATED]);
		service.shares.splice(60, 1);
		await jest.advanceTimersByTimeAsync(INTERVAL);
		const before = service.requests.length;
		await jest.advanceTimersByTimeAsync(INTERVAL);
		expect(service.requests.length - before).toBe(1);
		service.shares.push(numberedShare(999));
		await jest.advanceTimersByTimeAsync(INTERVAL);
		expect(n8n.told).toEqual(['created 999']);
	},
);

test('an end that was listed, and changed meanwhile, is a change when it comes back', async () => {
	const service = new FakeEnableNow();
	service.addShares(1);
	const n8n = await start(service, [CREATED, UPDATED]);
	const [share] = service.shares;
	const { expirationDateUtc } = share!;
	const other = { expirationDateUtc: '2131-01-01T00:00:00Z' };
	service.latency = 1_000;
	service.after = () => {
		service.after = () => undefined;
		setTimeout(() => {
			const receivedAt = new Date().toISOString();
			n8n.receive(numberedItem(1, { event: UPDATED, receivedAt }, other));
			Object.assign(share!, other);
		}, 500);
	};
	await jest.advanceTimersByTimeAsync(3 * INTERVAL);
	expect(n8n.told).toEqual(['updated 1']);
	Object.assign(share!, { expirationDateUtc });
	await jest.advanceTimersByTimeAsync(INTERVAL);
	expect(n8n.told).toEqual(['updated 1', 'updated 1']);
});

test('a trigger that is stopped starts nothing more, and leaves no memory behind', async () => {
	const service = new FakeEnableNow();
	const n8n = await start(service, [CREATED]);
	expect(getCache(n8n.context)).toBeDefined();
	await stop();
	expect(getCache(n8n.context)).toBeUndefined();
	service.addShares(1);
	const { length } = service.requests;
	await jest.advanceTimersByTimeAsync(10 * INTERVAL);
	expect(service.requests).toHaveLength(length);
	expect(n8n.executions).toHaveLength(1);
	expect(jest.getTimerCount()).toBe(0);
});

test('a trigger that n8n has forgotten to stop ends when it is started again', async () => {
	const service = new FakeEnableNow();
	const n8n = await start(service, [CREATED]);
	const forgotten = stop;
	// n8n 1 does this again and again while another trigger of the workflow cannot be started.
	for (let times = 0; times < 3; times++) {
		const { closeFunction } = await startTrigger(n8n.context);
		stop = async () => await closeFunction?.();
		await jest.advanceTimersByTimeAsync(1_000);
	}
	const { length } = service.requests;
	await jest.advanceTimersByTimeAsync(INTERVAL);
	expect(service.requests).toHaveLength(length + 1);
	await forgotten();
	expect(getCache(n8n.context)).toBeDefined();
	await stop();
	expect(getCache(n8n.context)).toBeUndefined();
	expect(jest.getTimerCount()).toBe(0);
});

test('an event whose execution a worker carries out makes one later execution, and no more', async () => {
	const service = new FakeEnableNow();
	service.addShares(1);
	const n8n = await start(service, [CREATED]);
	// Another process has another cache.
	n8n.onStart = (execution) => execution.end();
	service.addShares(1);
	n8n.receive(numberedItem(2));
	const { length } = n8n.executions;
	await jest.advanceTimersByTimeAsync(4 * INTERVAL);
	expect(n8n.executions).toHaveLength(length + 1);
});

describe('an execution that n8n could not carry out', () => {
	test.each([
		['whose worker died', (n8n: FakeN8n) => n8n.executions.at(-1)?.end('error')],
		[
			'that n8n could not begin',
			(n8n: FakeN8n) => n8n.executions.at(-1)?.done?.reject(new Error('no database')),
		],
	])('(%s) is started again with the same, three times', async (_case, fail) => {
		const service = new FakeEnableNow();
		const n8n = await start(service, [CREATED]);
		n8n.onStart = async (execution) => {
			await n8n.begin(execution);
			fail(n8n);
		};
		service.addShares(1);
		await jest.advanceTimersByTimeAsync(3 * INTERVAL);
		const [, ...handovers] = n8n.executions.map(({ input }) => input);
		expect(handovers).toHaveLength(3);
		expect(new Set(handovers.map((input) => JSON.stringify(input))).size).toBe(1);
		expect(n8n.told).toEqual(['created 1', 'created 1', 'created 1']);
		expect(n8n.warnings).toHaveLength(1);
		expect(n8n.warnings[0]).toMatch(/started an execution that n8n could not carry out: /);
		// Then the list is read again, and the ledger knows the share.
		await jest.advanceTimersByTimeAsync(INTERVAL);
		expect(n8n.executions).toHaveLength(5);
		expect(n8n.told).toHaveLength(3);
	});

	test('is logged once, until another was carried out', async () => {
		const service = new FakeEnableNow();
		const n8n = await start(service, [CREATED]);
		let isWorking = false;
		n8n.onStart = async (execution) => {
			await n8n.begin(execution);
			execution.end(isWorking ? 'success' : 'error');
		};
		for (const warnings of [1, 2]) {
			isWorking = false;
			for (let interval = 0; interval < 6; interval++) {
				service.addShares(1);
				await jest.advanceTimersByTimeAsync(INTERVAL);
			}
			expect(n8n.warnings).toHaveLength(warnings);
			isWorking = true;
			await jest.advanceTimersByTimeAsync(INTERVAL);
		}
	});

	test.each([
		['a node failed', (n8n: FakeN8n) => n8n.executions.at(-1)?.end('error', 'Next')],
		[
			'a person stopped it',
			(n8n: FakeN8n) =>
				n8n.executions.at(-1)?.done?.reject(new Error('The execution was cancelled manually')),
		],
		['n8n does not tell of its end', () => undefined],
	])('is not one where %s', async (_case, end) => {
		const service = new FakeEnableNow();
		const n8n = await start(service, [CREATED]);
		n8n.onStart = async (execution) => {
			await n8n.begin(execution);
			end(n8n);
		};
		service.addShares(1);
		await jest.advanceTimersByTimeAsync(10 * INTERVAL);
		expect(n8n.told).toEqual(['created 1']);
		expect(n8n.warnings).toEqual([]);
	});
});
