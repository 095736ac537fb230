import type { IWebhookFunctions } from 'n8n-workflow';

import {
	type LookUpResult,
	lookUpShare,
} from '../../../../nodes/EnableNowShareTrigger/webhook/lookUp';
import { createClient } from '../../../../nodes/shared/api/client';
import { InputError } from '../../../../nodes/shared/errors/inputError';
import {
	networkError,
	responseError,
	tokenError,
} from '../../../../nodes/shared/errors/requestError';
import { fakeApi, inVirtualTime, numberedShare } from '../../support';

jest.mock('../../../../nodes/shared/api/client');

const NOW = Date.parse('2026-04-30T12:00:00Z');

/** How long EnableNow takes to answer, in milliseconds. */
const LATENCY = 100;

/** The share that a request asks for. */
const shareAt = (path: string) => numberedShare(Number(path.slice(-12)));

const state = { answer: (path: string): unknown => ({ data: shareAt(path) }) };

/** When each request began, in milliseconds, and what it asked for. */
const requests: Array<{ path: string; at: number }> = [];
const concurrency = { now: 0, max: 0 };

/** Each test has a credential of its own: what is known of its rate limit is kept. */
let credentialNumber = 0;
let context: IWebhookFunctions;

beforeEach(() => {
	jest.useFakeTimers({ now: NOW });
	requests.length = 0;
	Object.assign(concurrency, { now: 0, max: 0 });
	state.answer = (path) => ({ data: shareAt(path) });
	context = contextOf(`credential-${++credentialNumber}`);
	const send = async ({ path }: { path: string }) => {
		requests.push({ path, at: Date.now() - NOW });
		concurrency.max = Math.max(concurrency.max, ++concurrency.now);
		await new Promise((resolve) => setTimeout(resolve, LATENCY));
		concurrency.now--;
		const answer = state.answer(path);
		if (answer instanceof Error) throw answer;
		return answer;
	};
	const client = fakeApi(send);
	jest.mocked(createClient).mockImplementation(async () => await Promise.resolve(client));
});

function contextOf(id: string): IWebhookFunctions {
	const credentials = { enableNowOAuth2Api: { id, name: id } };
	return { getNode: () => ({ credentials }) } as unknown as IWebhookFunctions;
}

async function lookUp(
	number: number,
	by = context,
	event = 'databridge.share.created',
	isSecretPresented = true,
): Promise<LookUpResult> {
	const { id } = numberedShare(number);
	const reading = { fields: {}, tokensBefore: 0 };
	const deadline = performance.now() + 4_000;
	return await lookUpShare(by, id, event, { reading, isSecretPresented, deadline });
}

/** Looks up the shares with the first numbers, all at once. */
async function lookUpMany(count: number): Promise<LookUpResult[]> {
	const numbers = Array.from({ length: count }, (_entry, index) => index);
	return await Promise.all(numbers.map(async (number) => await lookUp(number)));
}

/** Answers the first requests with these failures, and all later ones with the share. */
function failFirst(...failures: Error[]): void {
	state.answer = (path) => failures.shift() ?? { data: shareAt(path) };
}

const found = (number: number) => ({ outcome: 'found', share: numberedShare(number) });
const unavailable = (reason: RegExp) => ({
	outcome: 'unavailable',
	reason: expect.stringMatching(reason) as string,
});

describe('the same share, several times at once', () => {
	const five = async (event: string) =>
		await inVirtualTime(
			Promise.all(Array.from({ length: 5 }, async () => await lookUp(1, context, event))),
		);

	test('is looked up once when it was created', async () => {
		expect(await five('databridge.share.created')).toEqual(Array(5).fill(found(1)));
		expect(requests).toHaveLength(1);
	});

	test('is looked up each time when it was updated', async () => {
		expect(await five('databridge.share.updated')).toEqual(Array(5).fill(found(1)));
		expect(requests).toHaveLength(5);
	});

	test('is looked up again for a later event, and by each credential', async () => {
		await inVirtualTime(lookUp(1));
		await inVirtualTime(Promise.all([lookUp(1), lookUp(1, contextOf('another'))]));
		expect(requests).toHaveLength(3);
	});
});

test('gives the share, and closes the client', async () => {
	expect(await inVirtualTime(lookUp(1))).toEqual(found(1));
});

describe('concurrency', () => {
	test('ten requests at most are under way, first come, first served', async () => {
		const results = await inVirtualTime(lookUpMany(60));
		expect(results).toEqual(results.map((_result, number) => found(number)));
		expect(concurrency.max).toBe(10);
		expect(requests.map(({ path }) => shareAt(path))).toEqual(
			results.map((_result, number) => numberedShare(number)),
		);
	});

	test('credentials do not wait for each other', async () => {
		const other = contextOf('another');
		await inVirtualTime(Promise.all([lookUpMany(10), lookUp(99, other)]));
		expect(requests.at(-1)?.at).toBe(0);
	});

	test('a request that fails makes place for the next', async () => {
		state.answer = () => responseError(403, {});
		const results = await inVirtualTime(lookUpMany(30));
		expect(new Set(results.map(({ outcome }) => outcome))).toEqual(new Set(['denied']));
	});

	test('what would begin too late to be answered in time is not sent', async () => {
		const results = await inVirtualTime(lookUpMany(500));
		const late = results.filter(({ outcome }) => outcome !== 'found');
		expect(late[0]).toEqual(unavailable(/EnableNow could not be asked in time/));
		expect(requests).toHaveLength(500 - late.length);
		expect(Math.max(...requests.map(({ at }) => at))).toBeLessThanOrEqual(3_000);
	});
});

describe('without a webhook secret', () => {
	const EVENT = 'databridge.share.updated';

	/** Looks shares up as fast as EnableNow answers, for a while. */
	async function lookUpFor(seconds: number, isSecretPresented: boolean): Promise<LookUpResult[]> {
		const results: LookUpResult[] = [];
		const end = Date.now() + seconds * 1_000;
		const one = async () => {
			while (Date.now() < end) results.push(await lookUp(1, context, EVENT, isSecretPresented));
		};
		await inVirtualTime(Promise.all(Array.from({ length: 5 }, one)));
		return results;
	}

	const others = (results: LookUpResult[]) => results.filter(({ outcome }) => outcome !== 'found');

	test('EnableNow is asked 600 times a minute at most, and the rest are not lost', async () => {
		jest.mocked(createClient).mockImplementation(async () => {
			await new Promise((resolve) => setTimeout(resolve, 50));
			return fakeApi(async ({ path }: { path: string }) => {
				requests.push({ path, at: Date.now() - NOW });
				return await Promise.resolve({ data: shareAt(path) });
			});
		});
		const results = await lookUpFor(59, false);
		expect(requests).toHaveLength(600);
		expect(others(results).length).toBeGreaterThan(1_000);
		expect(others(results)[0]).toEqual(
			unavailable(/at most 600 times a minute about events without/),
		);
		await lookUpFor(1, false);
		await inVirtualTime(lookUp(1, context, EVENT, false));
		expect(requests.length).toBeGreaterThan(600);
	});

	test('events with the secret have no such bound', async () => {
		const results = await lookUpFor(59, true);
		expect(others(results)).toEqual([]);
		expect(requests.length).toBeGreaterThan(1_000);
	});
});

describe('the retry', () => {
	test.each<[string, () => Error, number]>([
		['a broken connection', () => networkError('https://x', 'ECONNRESET'), 250],
		['503', () => responseError(503, {}), 250],
		['503 with Retry-After', () => responseError(503, {}, '1'), 1_000],
		['500', () => responseError(500, {}), 250],
		['408', () => responseError(408, {}), 250],
		[
			'404, since a share may be announced before it can be read',
			() => responseError(404, {}),
			1_000,
		],
		['429', () => responseError(429, {}), 1_000],
		['429 with Retry-After', () => responseError(429, {}, '2'), 2_000],
		['429 with a date', () => responseError(429, {}, 'Thu, 30 Apr 2026 12:00:02 GMT'), 1_900],
	])('after %s', async (_case, fail, pause) => {
		const failures = [fail];
		state.answer = (path) => failures.shift()?.() ?? { data: shareAt(path) };
		expect(await inVirtualTime(lookUp(1))).toEqual(found(1));
		expect(requests.map(({ at }) => at)).toEqual([0, LATENCY + pause]);
	});

	test.each<[string, Error]>([
		['403', responseError(403, {})],
		['another refusal', responseError(409, {})],
		['401, after which the client renews the token itself', responseError(401, {})],
		['a wrong client secret', tokenError('invalid_client', 401)],
		['an untrusted certificate', networkError('https://x', 'CERT_HAS_EXPIRED')],
		['a Retry-After beyond the deadline', responseError(503, {}, '3')],
	])('does not happen after %s', async (_case, failure) => {
		failFirst(failure);
		expect((await inVirtualTime(lookUp(1))).outcome).not.toBe('found');
		expect(requests).toHaveLength(1);
	});

	test('is the only one', async () => {
		state.answer = () => responseError(503, {});
		expect(await inVirtualTime(lookUp(1))).toEqual(unavailable(/status 503/));
		expect(requests).toHaveLength(2);
	});
});

describe('a 404, which a share may get that was just announced', () => {
	test('is retried as long as there is time', async () => {
		failFirst(responseError(404, {}), responseError(404, {}));
		expect(await inVirtualTime(lookUp(1))).toEqual(found(1));
	});

	test('is retried also after a failure that may pass', async () => {
		failFirst(responseError(503, {}), responseError(404, {}));
		expect(await inVirtualTime(lookUp(1))).toEqual(found(1));
	});

	test.each<[string, Error]>([
		['404', responseError(404, {})],
		['503', responseError(503, {})],
		['403', responseError(403, {})],
	])('stands where the retry ends with %s', async (_case, failure) => {
		const answers = [responseError(404, {})];
		state.answer = () => answers.shift() ?? failure;
		const result = await inVirtualTime(lookUp(1));
		expect(result).toMatchObject({ outcome: 'denied' });
		expect(result).toHaveProperty('reason', expect.stringContaining('status 404'));
	});

	test('stands where the retry is not answered in time', async () => {
		jest.useRealTimers();
		const answers = [async () => await Promise.reject(responseError(404, {}, '0'))];
		const send = async () => await (answers.shift()?.() ?? new Promise<never>(() => undefined));
		jest.mocked(createClient).mockResolvedValue(fakeApi(send));
		expect(await lookUp(1)).toMatchObject({ outcome: 'denied' });
	});

	test('is not retried too late to be answered in time', async () => {
		failFirst(responseError(503, {}, '2'), responseError(404, {}));
		expect((await inVirtualTime(lookUp(1))).outcome).toBe('denied');
		expect(requests).toHaveLength(2);
	});
});

describe('while EnableNow is over its rate limit', () => {
	/** Looks up a share that is answered with 429; its own retry is left to come. */
	async function reachLimit(retryAfter?: string): Promise<void> {
		failFirst(responseError(429, {}, retryAfter));
		void lookUp(0);
		await jest.advanceTimersByTimeAsync(LATENCY);
	}

	test.each<[string, string | undefined, number]>([
		['does not say how long', undefined, 1_000],
		['says a second', '1', 1_000],
		['says an hour, of which two seconds are enough', '3600', 2_000],
		['says nothing that can be read', 'soon', 1_000],
		['says a moment that is over', 'Thu, 30 Apr 2026 11:00:00 GMT', 0],
	])('other look-ups wait, where it %s', async (_case, retryAfter, pause) => {
		await reachLimit(retryAfter);
		expect(await inVirtualTime(lookUp(1))).toEqual(found(1));
		expect(requests.find(({ path }) => path.endsWith('1'))?.at).toBe(LATENCY + pause);
	});

	test('a look-up that cannot wait so long fails with what EnableNow said', async () => {
		state.answer = () => responseError(429, {}, '3600');
		const results = await inVirtualTime(lookUpMany(100));
		expect(results).toEqual(results.map(() => unavailable(/status 429/)));
		expect(requests.length).toBeLessThanOrEqual(20);
	});

	test('a clock that is set back does not make the pause longer', async () => {
		await reachLimit('2');
		jest.setSystemTime(NOW - 3_600_000);
		const result = lookUp(1);
		await jest.advanceTimersByTimeAsync(2_000 + LATENCY);
		expect(await result).toEqual(found(1));
	});

	test('a shorter pause does not end a longer one', async () => {
		failFirst(responseError(429, {}, '2'), responseError(429, {}, '1'));
		await inVirtualTime(lookUpMany(2));
		const [, , ...retries] = requests.map(({ at }) => at);
		expect(retries).toEqual([LATENCY + 2_000, LATENCY + 2_000]);
	});
});

test.each([400, 403, 404, 410, 422])('EnableNow denies the share with %i', async (status) => {
	state.answer = () => responseError(status, {});
	expect(await inVirtualTime(lookUp(1))).toEqual({
		outcome: 'denied',
		reason: expect.stringMatching(
			new RegExp(`^EnableNow does not confirm the share\\. .*${status}.* Check that`),
		) as string,
	});
});

test('a credential that is not usable is a reason, not an error', async () => {
	jest.mocked(createClient).mockRejectedValue(new InputError('It is empty', 'Open it.'));
	expect(await lookUp(1)).toEqual(unavailable(/^The share .*\. It is empty\. Open it\.$/));
});

test('an answer that never comes is not waited for longer than the deadline', async () => {
	jest.useRealTimers();
	const timeout = jest.spyOn(AbortSignal, 'timeout').mockReturnValue(AbortSignal.abort());
	const never = fakeApi(async () => await new Promise(() => undefined));
	jest.mocked(createClient).mockResolvedValue(never);
	const aborted = new AbortController();
	timeout.mockReturnValue(aborted.signal);
	const result = lookUp(1);
	expect(timeout.mock.calls[0]?.[0]).toBeCloseTo(4_000, -1);
	aborted.abort(new DOMException('too late', 'TimeoutError'));
	expect(await result).toEqual(
		unavailable(/EnableNow did not answer within the time allowed\. Get the share/),
	);
	timeout.mockRestore();
});
