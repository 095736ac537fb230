import type { IDataObject, ITriggerFunctions } from 'n8n-workflow';

import { knownTriggerOf } from '../../../../nodes/EnableNowShareTrigger/catchUp/liveTriggers';
import { startTrigger } from '../../../../nodes/EnableNowShareTrigger/catchUp/runningTrigger';
import type * as credential from '../../../../nodes/shared/api/credential';
import { responseError, tokenError } from '../../../../nodes/shared/errors/requestError';
import { createClient } from '../../../../nodes/shared/api/client';
import { FakeEnableNow } from '../../support';
import { CREATED, FakeN8n, UPDATED } from './support';

jest.mock('../../../../nodes/shared/api/client');
jest.mock('../../../../nodes/shared/api/credential', () => ({
	...jest.requireActual<typeof credential>('../../../../nodes/shared/api/credential'),
	readCredential: async () =>
		await Promise.resolve({ baseUrl: 'https://api.example', clientId: mockApp.clientId }),
}));

/** The app that the credential names. */
const mockApp = { clientId: '' };

const INTERVAL = 5 * 60_000;

let stop: () => Promise<void> = async () => await Promise.resolve();
beforeEach(() => {
	jest.useFakeTimers();
	mockApp.clientId = 'en-app-ref-002';
});
afterEach(async () => await stop());

let workflows = 0;

/** Activates a trigger in an n8n that was started just now, and waits for its first catch-up. */
async function start(
	service: FakeEnableNow,
	events: string[],
	options: IDataObject = {},
	stored?: FakeN8n['stored'],
) {
	const n8n = new FakeN8n();
	n8n.stored = stored;
	n8n.onStart = (execution) => {
		knownTriggerOf(context)?.noteExecutedHere();
		execution.end();
	};
	jest.mocked(createClient).mockImplementation(async () => await Promise.resolve(service.api));
	const parameters: IDataObject = { events, options: { catchUp: true, ...options } };
	// What is remembered is the process's, by workflow.
	const id = String(++workflows);
	const context = {
		...n8n.context,
		getMode: () => 'trigger',
		getWorkflow: () => ({ id }),
		getWorkflowStaticData: () => ({
			[`enableNowShareTrigger ${n8n.context.getNode().id}`]: n8n.stored,
		}),
		getNodeParameter: (name: string) => parameters[name],
		logger: { warn: n8n.context.logger.warn, info: () => undefined, debug: () => undefined },
	} as unknown as ITriggerFunctions;
	const response = await startTrigger(context);
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
			expect(n8n.stored?.listed).toHaveLength(200 * 8);
			await stop();
		}
	});
});

test('a credential that is made that of another app, and back again, begins anew each time', async () => {
	const service = new FakeEnableNow();
	service.addShares(3);
	const first = await start(service, [CREATED]);
	await stop();
	const second = await start(service, [CREATED], {}, first.stored);
	service.addShares(5);
	await jest.advanceTimersByTimeAsync(INTERVAL);
	expect(second.told).toHaveLength(5);
	for (const clientId of ['another-app', 'en-app-ref-002']) {
		mockApp.clientId = clientId;
		await jest.advanceTimersByTimeAsync(INTERVAL);
	}
	expect(second.told).toHaveLength(5);
	service.addShares(1);
	await jest.advanceTimersByTimeAsync(INTERVAL);
	expect(second.told.slice(5)).toEqual(['created 9']);
	await stop();
	const third = await start(service, [CREATED], {}, second.stored);
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
		`EnableNow Trigger leaves out what it does not understand: 'Catch Up' must be true or false, but it is "yes"`,
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
