import { getEventListeners, setMaxListeners } from 'node:events';

import { sleep } from 'n8n-workflow';

import { RetryingClient, type RetryOptions } from '../../../../nodes/shared/api/retryingClient';
import {
	invalidResponseError,
	n8nError,
	networkError,
	redirectError,
	RequestError,
	responseError,
	timeoutError,
	tokenError,
} from '../../../../nodes/shared/errors/requestError';
import type { ApiRequest } from '../../../../nodes/shared/api/client';
import { fakeApi, inVirtualTime, rejectionOf } from '../../support';

const NOW = Date.parse('2026-04-30T12:00:00Z');

const OPTIONS: RetryOptions = { maxConcurrentRequests: 50, maxRetries: 5, maxRetryWait: 60 };

const GET: ApiRequest = { method: 'GET', path: '/shares' };
const PUT: ApiRequest = { method: 'PUT', path: '/shares/1' };
const POST: ApiRequest = { method: 'POST', path: '/shares' };

beforeEach(() => jest.useFakeTimers({ now: NOW }));
afterEach(() => jest.restoreAllMocks());

/** A call, and when it was made, in milliseconds since the beginning. */
interface Call extends ApiRequest {
	at: number;
}

interface Setup {
	/** What the API answers to a call, by its number from 1; what it throws is the failure. */
	answer?: (call: number) => unknown;
	/** How long it takes to answer, in milliseconds. */
	latency?: number;
	options?: Partial<RetryOptions>;
	stopSignal?: AbortSignal;
}

/** A retrying client, and the calls that it makes. */
function setUp({ answer = () => 'done', latency = 0, ...setup }: Setup) {
	// As n8n does with its own.
	if (setup.stopSignal) setMaxListeners(Infinity, setup.stopSignal);
	const calls: Call[] = [];
	const api = fakeApi(async (request) => {
		calls.push({ ...request, at: Date.now() - NOW });
		const number = calls.length;
		if (latency > 0) await sleep(latency);
		return answer(number);
	});
	const client = new RetryingClient(api, { ...OPTIONS, ...setup.options }, setup.stopSignal);
	const send = async (request: ApiRequest) => await client.send(request);
	return { calls, send, client };
}

/** Fails a call. */
function failWith(failure: Error): never {
	throw failure;
}

/** What all these requests, sent at once, end with, in their order. */
async function endsOf(
	send: (request: ApiRequest) => Promise<unknown>,
	requests: ApiRequest[],
): Promise<unknown[]> {
	return await inVirtualTime(
		Promise.all(
			requests.map(async (request) => await send(request).catch((error: unknown) => error)),
		),
	);
}

function momentsOf(calls: Call[]): number[] {
	return calls.map(({ at }) => at);
}

/** The waits between calls. */
function waitsOf(calls: Call[]): number[] {
	return calls.slice(1).map(({ at }, index) => at - (calls[index]?.at ?? 0));
}

function unreachable(code: string): RequestError {
	return networkError('https://api.enablenow.nl', code);
}

describe('which failure is repeated', () => {
	/** What failed; whether a GET or PUT is sent again; whether a POST is. */
	test.each<[string, Error, boolean, boolean]>([
		['nothing listens', unreachable('ECONNREFUSED'), true, true],
		['a connection that was cut off', unreachable('ECONNRESET'), true, false],
		['a certificate of its own', unreachable('DEPTH_ZERO_SELF_SIGNED_CERT'), false, false],
		['a time-out', timeoutError(1_000), true, false],
		['status 400', responseError(400, {}), false, false],
		['status 401', responseError(401, {}), false, false],
		['status 404', responseError(404, {}), false, false],
		['status 409', responseError(409, {}), false, false],
		['status 429', responseError(429, {}), true, true],
		['status 408', responseError(408, {}), true, false],
		['status 500', responseError(500, {}), true, false],
		['status 502', responseError(502, {}), true, false],
		['status 503', responseError(503, {}), true, false],
		['status 504', responseError(504, {}), true, false],
		['no token for the moment', tokenError('HTTP status 503', 503), true, true],
		['too many tokens asked for', tokenError('HTTP status 429', 429), true, true],
		['a refused token', tokenError('invalid_client', 400), false, false],
		['an unreadable answer', invalidResponseError('it is odd'), false, false],
		['a redirect', redirectError(307), false, false],
		['a failure within n8n', n8nError('no node'), false, false],
		['an error of another kind', new TypeError('odd'), false, false],
	])('%s', async (_case, failure, isHarmlessRepeated, isCreateRepeated) => {
		for (const request of [GET, PUT, POST]) {
			const { calls, send } = setUp({ answer: (call) => (call === 1 ? failWith(failure) : 'ok') });
			const [end] = await endsOf(send, [request]);
			const isRepeated = request === POST ? isCreateRepeated : isHarmlessRepeated;
			expect(end).toBe(isRepeated ? 'ok' : failure);
			expect(calls).toHaveLength(isRepeated ? 2 : 1);
		}
	});
});

test('a request is repeated as it was', async () => {
	const request: ApiRequest = { method: 'PUT', path: '/shares/1', body: { a: 1 }, query: { b: 2 } };
	const { calls, send } = setUp({
		answer: (call) => (call === 1 ? failWith(timeoutError(1_000)) : 'ok'),
	});
	await endsOf(send, [request]);
	expect(calls).toMatchObject([request, request]);
});

describe('Retry-After', () => {
	/** Status, header, and how long is waited. */
	test.each<[number, string, number]>([
		[429, '17', 17_000],
		[429, 'Thu, 30 Apr 2026 12:00:30 GMT', 30_000],
		[429, '60', 60_000],
		[503, '17', 17_000],
		[503, 'Thu, 30 Apr 2026 12:00:30 GMT', 30_000],
	])('with status %i and "%s" is waited for', async (status, header, expected) => {
		const { calls, send } = setUp({
			answer: (call) => (call === 1 ? failWith(responseError(status, {}, header)) : 'ok'),
		});
		expect(await endsOf(send, [GET])).toEqual(['ok']);
		expect(waitsOf(calls)).toEqual([expected]);
	});

	test('with status 429 holds all requests', async () => {
		const { calls, send } = setUp({
			answer: (call) => (call === 1 ? failWith(responseError(429, {}, '5')) : 'ok'),
		});
		const first = send(GET);
		await jest.advanceTimersByTimeAsync(1_000);
		await endsOf(send, [POST, POST]);
		await first;
		expect(momentsOf(calls)).toEqual([0, 5_000, 5_000, 5_000]);
		expect(calls[1]?.method).toBe('GET');
	});

	test('with status 503 holds its own request only', async () => {
		const { calls, send } = setUp({
			answer: (call) => (call === 1 ? failWith(responseError(503, {}, '5')) : 'ok'),
		});
		const first = send(GET);
		await jest.advanceTimersByTimeAsync(1_000);
		await endsOf(send, [POST]);
		await inVirtualTime(first);
		expect(momentsOf(calls)).toEqual([0, 1_000, 5_000]);
	});
});

describe('the wait where EnableNow does not say how long', () => {
	/** The least and the most that chance makes of it. */
	test.each<[string, number, number[]]>([
		['at least', 0, [125, 250, 500, 1_000, 1_500, 1_500]],
		['at most', 1, [250, 500, 1_000, 2_000, 3_000, 3_000]],
	])('is doubled each time up to the bound: %s', async (_case, chance, expected) => {
		jest.spyOn(Math, 'random').mockReturnValue(chance);
		const { calls, send } = setUp({
			answer: () => failWith(responseError(503, {})),
			options: { maxRetries: 6, maxRetryWait: 3 },
		});
		await endsOf(send, [GET]);
		expect(waitsOf(calls)).toEqual(expected);
	});

	test.each([
		['nothing that can be read', 'soon'],
		['no wait at all', '0'],
		['a moment that is past', 'Thu, 30 Apr 2026 11:59:00 GMT'],
	])('is no shorter after status 429 with %s', async (_case, header) => {
		jest.spyOn(Math, 'random').mockReturnValue(0);
		const { calls, send } = setUp({ answer: () => failWith(responseError(429, {}, header)) });
		await endsOf(send, [POST]);
		const waits = waitsOf(calls);
		expect(waits).toHaveLength(5);
		// Two refusals in a row may be taken for a limit of one request a second.
		const least = [125, 250, 500, 1_000, 2_000];
		for (const [index, wait] of waits.entries()) {
			expect(wait).toBeGreaterThanOrEqual(least[index] ?? 0);
			expect(wait).toBeLessThanOrEqual(Math.max(1_100, least[index] ?? 0));
		}
	});

	test('is not the same for requests that failed together', async () => {
		const { calls, send } = setUp({
			answer: (call) => (call <= 8 ? failWith(responseError(503, {})) : 'ok'),
		});
		await endsOf(send, Array<ApiRequest>(8).fill(GET));
		const moments = momentsOf(calls.slice(8));
		expect(Math.min(...moments)).toBeGreaterThanOrEqual(125);
		expect(Math.max(...moments)).toBeLessThanOrEqual(250);
		expect(new Set(moments).size).toBeGreaterThan(1);
	});

	test.each([0, 1, 2, 60, 3_600])(
		'stays within %i seconds, however often',
		async (maxRetryWait) => {
			const { calls, send } = setUp({
				answer: (call) => (call <= 30 ? failWith(unreachable('ECONNREFUSED')) : 'ok'),
				options: { maxRetries: 30, maxRetryWait },
			});
			// Silence would end it before.
			const work = send(GET).catch((error: unknown) => error);
			await jest.runAllTimersAsync();
			await work;
			expect(Math.max(...waitsOf(calls))).toBeLessThanOrEqual(maxRetryWait * 1_000);
		},
	);
});

describe("'Max Retries'", () => {
	test.each([responseError(429, {}, '0'), unreachable('ECONNREFUSED'), timeoutError(1_000)])(
		'of 0 leaves the failure as it is: %p',
		async (failure) => {
			const { calls, send } = setUp({
				answer: () => failWith(failure),
				options: { maxRetries: 0 },
			});
			expect(await endsOf(send, [PUT])).toEqual([failure]);
			expect(calls).toHaveLength(1);
		},
	);

	test.each([
		[1, '2 times'],
		[5, '6 times'],
	])('of %i', async (maxRetries, times) => {
		for (const failure of [
			responseError(429, {}, '0'),
			unreachable('ECONNREFUSED'),
			timeoutError(1_000),
		]) {
			const { calls, send } = setUp({ answer: () => failWith(failure), options: { maxRetries } });
			const [end] = await endsOf(send, [PUT]);
			expect(calls).toHaveLength(maxRetries + 1);
			const { kind, outcome } = failure;
			expect(end).toMatchObject({ kind, outcome });
			expect((end as Error).message).toBe(`${failure.message}. Gave up: it was sent ${times}`);
		}
	});

	test('counts for each request of its own', async () => {
		const { calls, send } = setUp({
			answer: () => failWith(responseError(429, {}, '1')),
			options: { maxRetries: 2 },
		});
		await endsOf(send, [GET, PUT, POST]);
		expect(calls).toHaveLength(9);
	});
});

describe("a wait that is longer than 'Max Retry Wait'", () => {
	const options = { maxRetryWait: 60 };

	test.each([
		[429, GET],
		[429, POST],
		[503, PUT],
	])('is not waited for, and says so (%i)', async (status, request) => {
		const { calls, send } = setUp({
			answer: () => failWith(responseError(status, {}, '61')),
			options,
		});
		const [end] = await endsOf(send, [request]);
		expect((end as Error).message).toMatch(/Gave up: EnableNow asks to wait 61 seconds$/);
		expect(calls).toHaveLength(1);
	});

	test('what is not sent because of it is not said to be in doubt', async () => {
		const { calls, send } = setUp({
			answer: () => failWith(responseError(503, {}, '3600')),
			options: { ...options, maxConcurrentRequests: 1 },
		});
		const [sent, dropped] = (await endsOf(send, [PUT, POST])) as RequestError[];
		expect(sent).toMatchObject({ outcome: 'unknown' });
		expect(dropped).toMatchObject({
			outcome: 'notSent',
			description: expect.stringContaining('Nothing was done for this item') as string,
		});
		expect(calls).toHaveLength(1);
	});

	test('nothing else is sent until it is over', async () => {
		const { calls, send } = setUp({
			answer: (call) => (call === 1 ? failWith(responseError(429, {}, '3600')) : 'ok'),
			options: { ...options, maxConcurrentRequests: 1 },
		});
		const ends = await endsOf(send, [POST, POST, GET]);
		for (const end of ends) expect((end as Error).message).toContain('asks to wait 3600 seconds');
		await jest.advanceTimersByTimeAsync(3_599_000 - (Date.now() - NOW));
		expect(await endsOf(send, [GET])).toEqual([ends[0]]);
		expect(calls).toHaveLength(1);
		await jest.advanceTimersByTimeAsync(1_000);
		expect(await endsOf(send, [GET])).toEqual(['ok']);
	});

	test('a create that may have been carried out does not keep others from being sent', async () => {
		const { send } = setUp({
			answer: (call) => (call === 1 ? failWith(responseError(503, {}, '3600')) : 'ok'),
			options,
		});
		const [end, other] = await endsOf(send, [POST, POST]);
		expect(end).toMatchObject({ status: 503 });
		expect(other).toBe('ok');
	});
});

describe('a workflow that is stopped', () => {
	/** What 40 requests end with where the workflow is stopped after a while. */
	async function stoppedAfter(milliseconds: number, setup: Setup) {
		const workflow = new AbortController();
		const { calls, send } = setUp({ ...setup, stopSignal: workflow.signal });
		let doneAt = 0;
		const work = Promise.all(
			Array.from({ length: 40 }, async () => await send(GET).catch((error: unknown) => error)),
		).finally(() => (doneAt = Date.now() - NOW));
		await jest.advanceTimersByTimeAsync(milliseconds);
		workflow.abort();
		const callsBefore = calls.length;
		const ends = await inVirtualTime(work);
		return { ends, doneAt, callsAfter: calls.length - callsBefore, callsBefore };
	}

	test.each<[string, Setup]>([
		['in a pause', { answer: () => failWith(responseError(429, {}, '30')) }],
		['while a failed request waits', { answer: () => failWith(responseError(503, {}, '30')) }],
		[
			'while others wait for their turn',
			{
				answer: () => failWith(responseError(503, {}, '30')),
				options: { maxConcurrentRequests: 1 },
			},
		],
	])('%s sends nothing more, and does not wait', async (_case, setup) => {
		const { ends, doneAt, callsAfter, callsBefore } = await stoppedAfter(100, setup);
		expect(callsBefore).toBeGreaterThan(0);
		expect(callsAfter).toBe(0);
		for (const end of ends) expect(end).toMatchObject({ kind: 'cancelled' });
		expect(doneAt).toBe(100);
	});

	test.each<[string, () => unknown]>([
		['succeeds', () => 'ok'],
		['is refused for long', () => failWith(responseError(429, {}, '30'))],
		['is refused for good', () => failWith(responseError(400, {}))],
		['fails', () => failWith(unreachable('ECONNRESET'))],
	])('waits for no more than what is under way, if that %s', async (_case, answer) => {
		const setup = { answer, latency: 200, options: { maxConcurrentRequests: 2 } };
		const { doneAt, callsAfter } = await stoppedAfter(100, setup);
		expect(callsAfter).toBe(0);
		expect(doneAt).toBe(200);
	});

	test('is not listened to any more once the API is closed', async () => {
		const workflow = new AbortController();
		const { send, client } = setUp({ stopSignal: workflow.signal });
		await send(GET);
		expect(getEventListeners(workflow.signal, 'abort')).not.toEqual([]);
		client.close();
		expect(getEventListeners(workflow.signal, 'abort')).toEqual([]);
	});

	test('before it began sends nothing', async () => {
		const { calls, send } = setUp({ stopSignal: AbortSignal.abort() });
		const end = await rejectionOf(send(GET));
		expect(end).toMatchObject({ kind: 'cancelled' });
		expect(calls).toHaveLength(0);
		expect(Date.now()).toBe(NOW);
	});
});

describe('a silent EnableNow', () => {
	/** Creates are sent one after the other, and each fails after a while, or does not. */
	async function createsOf(answer: Setup['answer'] & object, latency: number, count: number) {
		const { calls, send } = setUp({ answer, latency, options: { maxConcurrentRequests: 1 } });
		return { calls, ends: await endsOf(send, Array<ApiRequest>(count).fill(POST)) };
	}

	/** How long each takes, and how many are sent. */
	test.each([
		['after ten, which took longer than a minute', 10_000, 10],
		['after a minute, in which there were more than ten', 5_000, 12],
	])('is given up %s', async (_case, latency, sent) => {
		const { calls, ends } = await createsOf(() => failWith(timeoutError(latency)), latency, 20);
		expect(calls).toHaveLength(sent);
		for (const end of ends.slice(0, sent)) expect(end).toMatchObject({ kind: 'timedOut' });
		const seconds = (sent * latency) / 1_000;
		for (const end of ends.slice(sent)) {
			expect(end).toMatchObject({
				kind: 'dropped',
				message: `The request was not sent: none of the last ${sent} requests to EnableNow succeeded, in ${seconds} seconds`,
				description: expect.stringContaining('Nothing was done for this item') as string,
			});
		}
	});

	test.each<[string, Error]>([
		['no connection', unreachable('ECONNREFUSED')],
		['a connection that is cut off', unreachable('ECONNRESET')],
		['status 503', responseError(503, {})],
		['no token for the moment', tokenError('HTTP status 503', 503)],
	])('may show as %s', async (_case, failure) => {
		const { send } = setUp({
			answer: () => failWith(failure),
			latency: 10_000,
			options: { maxConcurrentRequests: 1, maxRetries: 0 },
		});
		const ends = await endsOf(send, Array<ApiRequest>(11).fill(POST));
		expect(ends[10]).toMatchObject({ kind: 'dropped' });
	});

	test.each<[string, number, number]>([
		['nine failures in a long time', 20_000, 9],
		['many failures in a short time', 1_000, 59],
	])('is not taken from %s', async (_case, latency, count) => {
		const { calls } = await createsOf(() => failWith(timeoutError(latency)), latency, count);
		expect(calls).toHaveLength(count);
	});

	test.each<[string, () => unknown]>([
		['a success', () => 'ok'],
		['a refusal', () => failWith(responseError(400, {}))],
		['a rate limit', () => failWith(responseError(429, {}, '0'))],
	])('is not silent where one answer in between is %s', async (_case, inBetween) => {
		const answer = (call: number) => (call === 9 ? inBetween() : failWith(timeoutError(10_000)));
		const { calls } = await createsOf(answer, 10_000, 17);
		expect(calls.length).toBeGreaterThanOrEqual(17);
	});

	test('is silent where ten more fail after an answer', async () => {
		const answer = (call: number) => (call === 9 ? 'ok' : failWith(timeoutError(10_000)));
		const { calls } = await createsOf(answer, 10_000, 30);
		expect(calls).toHaveLength(19);
	});

	test('is not waited for by those that failed before', async () => {
		const { calls, send } = setUp({
			answer: () => failWith(timeoutError(30_000)),
			latency: 30_000,
		});
		const ends = await endsOf(send, Array<ApiRequest>(100).fill(GET));
		for (const end of ends) {
			expect((end as RequestError).message).toMatch(
				/^The request was not sent: none of the last|Gave up: the node has stopped sending requests$/,
			);
		}
		expect(calls.length).toBeLessThan(20);
		expect(Date.now() - NOW).toBeLessThan(120_000);
	});
});

/** Its answer was lost, so that it may have been carried out. */
describe('requests that are no longer wanted', () => {
	/** What these end with where changes are no longer wanted after a while. */
	async function endsWithoutChanges(requests: ApiRequest[], milliseconds: number, setup: Setup) {
		const { calls, send, client } = setUp(setup);
		const work = endsOf(send, requests);
		await jest.advanceTimersByTimeAsync(milliseconds);
		client.stop('changes');
		const sentBefore = calls.length;
		return { ends: await work, later: calls.slice(sentBefore).map(({ method }) => method) };
	}

	const NOT_SENT = expect.objectContaining({
		kind: 'dropped',
		message: 'The request was not sent: another item has failed',
	}) as unknown;

	test('are not sent when their turn comes; others are', async () => {
		const requests = [POST, POST, PUT, GET];
		const setup = { latency: 100, options: { maxConcurrentRequests: 1 } };
		const { ends, later } = await endsWithoutChanges(requests, 50, setup);
		expect(ends).toEqual(['done', NOT_SENT, NOT_SENT, 'done']);
		expect(later).toEqual(['GET']);
	});

	test('do not use up the limit of those that are sent', async () => {
		const requests = [...Array.from({ length: 200 }, () => POST), GET];
		const setup = { latency: 100, options: { maxConcurrentRequests: 2 } };
		const begin = Date.now();
		await endsWithoutChanges(requests, 50, setup);
		expect(Date.now() - begin).toBeLessThanOrEqual(300);
	});

	test.each<[string, ApiRequest, unknown, unknown]>([
		['a create over the limit', POST, responseError(429, {}, '5'), NOT_SENT],
		['an update over the limit', PUT, responseError(429, {}, '5'), NOT_SENT],
		[
			'an update whose answer was lost',
			PUT,
			timeoutError(1_000),
			expect.objectContaining({
				message: expect.stringMatching(
					/did not answer.*Gave up: another item has failed/,
				) as string,
				description: expect.stringContaining('EnableNow may have carried it out anyway') as string,
			}),
		],
	])('are not sent again: %s', async (_case, request, failure, expected) => {
		const setup = { answer: () => failWith(failure as Error), latency: 10 };
		const { ends, later } = await endsWithoutChanges([request], 20, setup);
		expect(ends).toEqual([expected]);
		expect(later).toEqual([]);
	});

	test('are all that still wait, when the API is closed', async () => {
		const { calls, send, client } = setUp({
			latency: 100,
			options: { maxConcurrentRequests: 2 },
		});
		const work = endsOf(send, [GET, GET, GET, POST, PUT]);
		await jest.advanceTimersByTimeAsync(50);
		client.close();
		expect(await work).toEqual(['done', 'done', NOT_SENT, NOT_SENT, NOT_SENT]);
		expect(calls).toHaveLength(2);
	});
});

describe('an update that was sent', () => {
	test.each<[string, Partial<RetryOptions>]>([
		['as often as allowed', { maxRetries: 2 }],
		['until EnableNow was given up', { maxRetries: 100 }],
	])('%s, in vain, is not said to have done nothing', async (_case, options) => {
		const { calls, send } = setUp({
			answer: () => failWith(timeoutError(30_000)),
			latency: 30_000,
			options,
		});
		const [end] = await endsOf(send, [PUT]);
		expect(calls.length).toBeGreaterThan(1);
		expect(end).toBeInstanceOf(RequestError);
		const { message, description } = end as RequestError;
		expect(`${message} ${description}`).not.toMatch(/was not sent|Nothing was done/);
	});
});

describe('many requests', () => {
	test('are sent together', async () => {
		const { calls, send } = setUp({ latency: 100 });
		await endsOf(send, Array<ApiRequest>(4).fill(GET));
		expect(momentsOf(calls)).toEqual([0, 0, 0, 0]);
	});

	test('do not go on waiting for one that ended with an error of another kind', async () => {
		const { calls, send } = setUp({
			answer: () => failWith(new TypeError('odd')),
			options: { maxConcurrentRequests: 1 },
		});
		await endsOf(send, Array<ApiRequest>(4).fill(GET));
		expect(calls).toHaveLength(4);
	});

	/** The limit in requests a second, and what Retry-After says of it. */
	test.each<[number, string | undefined]>([
		[5, '1'],
		[5, undefined],
		[20, '1'],
		[20, undefined],
		[100, '1'],
		[100, undefined],
	])('all get through a limit of %i a second with Retry-After %p', async (limit, retryAfter) => {
		let admitted: number[] = [];
		const { send } = setUp({
			latency: 20,
			answer: () => {
				admitted = admitted.filter((moment) => Date.now() - moment < 1_000);
				if (admitted.length >= limit) throw responseError(429, {}, retryAfter);
				admitted.push(Date.now());
				return 'ok';
			},
		});
		const ends = await endsOf(send, Array<ApiRequest>(limit * 30).fill(POST));
		expect(new Set(ends)).toEqual(new Set(['ok']));
		expect(Date.now() - NOW).toBeLessThanOrEqual(1.15 * 29_000);
	});
});
