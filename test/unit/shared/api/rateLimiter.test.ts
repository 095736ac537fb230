import { sleep } from 'n8n-workflow';

import {
	type Permit,
	RateLimiter,
	type RequestResult,
} from '../../../../nodes/shared/api/rateLimiter';
import { inVirtualTime } from '../../support';

const MAX_CONCURRENCY = 50;

beforeEach(() => jest.useFakeTimers());

/** Lets everybody go on who needs no time for it. */
async function settle(): Promise<void> {
	await jest.advanceTimersByTimeAsync(0);
}

/** Asks for permits; the list grows as they are given. */
async function ask(limiter: RateLimiter, count: number): Promise<Permit[]> {
	const permits: Permit[] = [];
	for (let asked = 0; asked < count; asked++) {
		void limiter.acquire(false).then((permit) => permits.push(permit));
	}
	await settle();
	return permits;
}

/** Ends all these permits at once. */
function endAll(limiter: RateLimiter, permits: Permit[], ending: RequestResult): void {
	for (const permit of permits.splice(0)) limiter.release(permit, ending);
}

/** How many requests a limiter lets be under way, found out by asking for more than it does. */
async function concurrencyOf(limiter: RateLimiter): Promise<number> {
	const permits = await ask(limiter, 1_000);
	return permits.length;
}

/** A limiter that has grown to this concurrency by answers that took 10 milliseconds each. */
async function grownTo(concurrency: number): Promise<RateLimiter> {
	const limiter = new RateLimiter(MAX_CONCURRENCY);
	for (let grown = 10; grown < concurrency; grown++) {
		const permits = await ask(limiter, 1);
		await jest.advanceTimersByTimeAsync(10);
		endAll(limiter, permits, 'answered');
	}
	return limiter;
}

describe('how many requests are under way at once', () => {
	test.each<[string, number, number]>([
		['a few', MAX_CONCURRENCY, 10],
		['no more than allowed', 3, 3],
		['one, if only one is allowed', 1, 1],
	])('at first: %s', async (_case, maxConcurrency, expected) => {
		expect(await concurrencyOf(new RateLimiter(maxConcurrency))).toBe(expected);
	});

	test('grows with each answer, up to the bound', async () => {
		const limiter = new RateLimiter(20);
		const permits = await ask(limiter, 100);
		const sizes = [permits.length];
		for (let round = 1; round <= 3; round++) {
			await jest.advanceTimersByTimeAsync(10);
			endAll(limiter, permits, 'answered');
			await settle();
			sizes.push(permits.length);
		}
		expect(sizes).toEqual([10, 20, 20, 20]);
	});

	/** The fastest answer takes 10 ms: what is thrice as slow, and 50 ms, is slow. */
	test.each([
		[79, 13],
		[80, 13],
		[81, 12],
		[5_000, 12],
	])('after an answer that took %i ms: %i', async (duration, expected) => {
		const limiter = await grownTo(12);
		const permits = await ask(limiter, 1);
		await jest.advanceTimersByTimeAsync(duration);
		endAll(limiter, permits, 'answered');
		expect(await concurrencyOf(limiter)).toBe(expected);
	});

	test.each<[RequestResult, number]>([
		['notSent', 20],
		['rateLimited', 10],
		['answered', 21],
		['failed', 10],
	])('after one that ended %s: %i', async (ending, expected) => {
		const limiter = await grownTo(20);
		const permits = await ask(limiter, 1);
		await jest.advanceTimersByTimeAsync(10);
		endAll(limiter, permits, ending);
		await jest.advanceTimersByTimeAsync(1_100);
		expect(await concurrencyOf(limiter)).toBe(expected);
	});

	test('is halved once for all requests that suffered together', async () => {
		const limiter = await grownTo(20);
		const permits = await ask(limiter, 20);
		for (const permit of permits.splice(0)) {
			await jest.advanceTimersByTimeAsync(10);
			limiter.release(permit, 'failed');
		}
		expect(await concurrencyOf(limiter)).toBe(10);
	});

	test('is halved again for those that were sent after that, but never below one', async () => {
		const limiter = await grownTo(20);
		for (const expected of [20, 10, 5, 2, 1, 1]) {
			await jest.advanceTimersByTimeAsync(10);
			const permits = await ask(limiter, expected + 1);
			expect(permits).toHaveLength(expected);
			limiter.release(permits.pop() as Permit, 'failed');
			endAll(limiter, permits, 'notSent');
			await settle();
			// The one that had to wait.
			endAll(limiter, permits, 'notSent');
		}
	});
});

describe('a pause', () => {
	test('holds everything until it is over', async () => {
		const limiter = new RateLimiter(MAX_CONCURRENCY);
		limiter.pause(1_000);
		const permits = await ask(limiter, 5);
		await jest.advanceTimersByTimeAsync(999);
		expect(permits).toHaveLength(0);
		await jest.advanceTimersByTimeAsync(1);
		expect(permits).toHaveLength(5);
	});

	test('holds those who come later, repeated or not, and though others are done', async () => {
		const limiter = new RateLimiter(MAX_CONCURRENCY);
		const underWay = await ask(limiter, 8);
		limiter.pause(1_000);
		endAll(limiter, underWay, 'answered');
		const permits = await ask(limiter, 1);
		void limiter.acquire(true).then((permit) => permits.push(permit));
		await jest.advanceTimersByTimeAsync(999);
		expect(permits).toHaveLength(0);
		await jest.advanceTimersByTimeAsync(1);
		expect(permits).toHaveLength(2);
	});

	test.each<[string, number[], number]>([
		['a shorter one does not end a longer one', [1_000, 200], 1_000],
		['a longer one extends a shorter one', [200, 1_000], 1_000],
	])('%s', async (_case, pauses, expected) => {
		const limiter = new RateLimiter(MAX_CONCURRENCY);
		const begin = performance.now();
		const permits = [] as Permit[];
		for (const pause of pauses) {
			limiter.pause(pause);
			permits.push(...(await ask(limiter, 0)));
		}
		const permit = await inVirtualTime(limiter.acquire(false));
		expect(permit.sentAt - begin).toBe(expected);
	});

	test('one that begins while another is waited for is waited for too', async () => {
		const limiter = new RateLimiter(MAX_CONCURRENCY);
		limiter.pause(500);
		const permits = await ask(limiter, 1);
		await jest.advanceTimersByTimeAsync(400);
		limiter.pause(500);
		await jest.advanceTimersByTimeAsync(499);
		expect(permits).toHaveLength(0);
		await jest.advanceTimersByTimeAsync(1);
		expect(permits).toHaveLength(1);
	});
});

describe('a release', () => {
	test('gives everybody who waits a permit at once', async () => {
		const limiter = new RateLimiter(MAX_CONCURRENCY);
		limiter.pause(60_000);
		const permits = await ask(limiter, 200);
		limiter.open();
		await settle();
		expect(permits).toHaveLength(200);
	});

	test('gives everybody who comes one too', async () => {
		const limiter = new RateLimiter(1);
		await ask(limiter, 1);
		limiter.open();
		expect(await ask(limiter, 200)).toHaveLength(200);
	});
});

test('a request that was sent before goes first', async () => {
	const limiter = new RateLimiter(1);
	const order: string[] = [];
	const begin = async (name: string, isRepeated: boolean) => {
		const permit = await limiter.acquire(isRepeated);
		order.push(name);
		limiter.release(permit, 'notSent');
	};
	const [permit] = await ask(limiter, 1);
	const waiting = [
		begin('first', false),
		begin('second', false),
		begin('repeated', true),
		begin('repeated later', true),
	];
	limiter.release(permit as Permit, 'notSent');
	await Promise.all(waiting);
	expect(order).toEqual(['repeated', 'repeated later', 'first', 'second']);
});

test('what was not sent after all uses up no limit', async () => {
	const limiter = new RateLimiter(MAX_CONCURRENCY);
	// Twice the same number before a refusal is taken for EnableNow's limit.
	for (let window = 1; window <= 2; window++) {
		endAll(limiter, await ask(limiter, 1), 'answered');
		await jest.advanceTimersByTimeAsync(10);
		const permits = await ask(limiter, 10);
		endAll(limiter, permits.splice(0, 8), 'answered');
		limiter.pause(1_500);
		endAll(limiter, permits, 'rateLimited');
		await jest.advanceTimersByTimeAsync(1_500);
	}
	endAll(limiter, await ask(limiter, 1), 'answered');
	const unsent = await ask(limiter, 3);
	expect(unsent).toHaveLength(3);
	endAll(limiter, unsent, 'notSent');
	const permits = await ask(limiter, 20);
	let sent = 0;
	while (permits.length > 0) {
		sent += permits.length;
		endAll(limiter, permits, 'answered');
		await settle();
	}
	expect(sent).toBe(8);
});

/** An EnableNow with a rate limit, and those who keep to a limiter with it. */
interface Traffic {
	/** How many requests there are. */
	total: number;
	/** How many requests EnableNow lets through in any second, at a moment since the beginning. */
	limitAt: (milliseconds: number) => number;
	/** How long a request takes, there and back. */
	latency: number;
	/** How long everybody waits after a refusal. */
	pause: number;
	/** Whether EnableNow refuses a request though the limit is kept. */
	refusesAnyway?: () => boolean;
	/** How long n8n takes to send a request that has its permit, and to take its answer. */
	delay?: () => number;
	maxConcurrency?: number;
}

/** How long the requests took. */
interface Outcome {
	seconds: number;
	/** How many times one was refused. */
	refusals: number;
	/** How many times the unluckiest was refused. */
	mostRefusals: number;
}

/** Sends all requests, in one batch or in several at the same time. */
async function send(traffic: Traffic, batches = 1): Promise<Outcome> {
	const { total, limitAt, latency, pause } = traffic;
	const { refusesAnyway = () => false, delay = () => 0 } = traffic;
	const begin = Date.now();
	let refusals = 0;
	let mostRefusals = 0;
	let admitted: number[] = [];

	const isAdmitted = () => {
		const now = Date.now();
		admitted = admitted.filter((moment) => now - moment < 1_000);
		if (admitted.length >= limitAt(now - begin) || refusesAnyway()) return false;
		admitted.push(now);
		return true;
	};
	const sendOne = async (limiter: RateLimiter) => {
		for (let isDone = false, sent = 0; !isDone; sent++) {
			mostRefusals = Math.max(mostRefusals, sent);
			const permit = await limiter.acquire(sent > 0);
			await sleep(delay() + latency / 2);
			isDone = isAdmitted();
			await sleep(latency / 2 + delay());
			if (!isDone) {
				refusals++;
				limiter.pause(pause);
			}
			limiter.release(permit, isDone ? 'answered' : 'rateLimited');
		}
	};
	const limiters = Array.from(
		{ length: batches },
		() => new RateLimiter(traffic.maxConcurrency ?? MAX_CONCURRENCY),
	);
	const requests = Array.from({ length: total }, (_request, index) =>
		sendOne(limiters[index % batches] as RateLimiter),
	);
	const end = await inVirtualTime(Promise.all(requests).then(() => Date.now()));
	return { seconds: (end - begin) / 1_000, refusals, mostRefusals };
}

const LATENCIES = [0, 200];

/** The wait that EnableNow's Retry-After asks for, and one where it asks for none. */
const PAUSES = [1_000, 200];

/** Each limit with each latency and each pause. */
const LIMITED = [5, 20, 100].flatMap((limit) =>
	LATENCIES.flatMap((latency) =>
		PAUSES.map((pause): [number, number, number] => [limit, latency, pause]),
	),
);

/** The same numbers from 0 to 1 in each run. */
function numbersOf(seed: number): () => number {
	let state = seed;
	return () => (state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32) / 2 ** 32;
}

describe('an n8n that is late to send and to take an answer', () => {
	test.each([3, 10, 30, 50, 150].flatMap((most) => LATENCIES.map((latency) => [most, latency])))(
		'by up to %i ms is not refused much more, with answers after %i ms',
		async (most, latency) => {
			const random = numbersOf(most + latency);
			const limitAt = () => 20;
			const delay = () => random() * most;
			const traffic = { total: 500, limitAt, latency: latency, pause: 1_000, delay };
			const { seconds, refusals } = await send(traffic);
			expect(seconds).toBeLessThanOrEqual((most === 150 ? 1.3 : 1.2) * 24);
			expect(refusals).toBeLessThanOrEqual(80);
		},
	);
});

describe('a limit', () => {
	test.each(LIMITED)(
		'of %i a second is kept for a minute, with answers after %i ms and pauses of %i ms',
		async (limit, latency, pause) => {
			const total = limit * 60;
			const { seconds, refusals } = await send({ total, limitAt: () => limit, latency, pause });
			expect(seconds).toBeLessThanOrEqual((1.15 * (total - limit)) / limit);
			// It takes some refused bursts to learn the limit, and one each time that more is tried.
			const burst = Math.min(limit + 10, MAX_CONCURRENCY);
			expect(refusals).toBeLessThanOrEqual(4 * burst + total / 100);
		},
	);

	test.each(LIMITED)(
		'of %i a second costs a short batch no more than it takes to learn it, at %i ms and %i ms',
		async (limit, latency, pause) => {
			const total = limit * 10;
			const { seconds } = await send({ total, limitAt: () => limit, latency, pause });
			const learning = (3 * (pause + latency)) / 1_000;
			expect(seconds).toBeLessThanOrEqual((1.1 * (total - limit)) / limit + learning);
		},
	);

	test.each([1, 3, 8, 500])('is kept with at most %i at once', async (maxConcurrency) => {
		const { seconds } = await send({
			total: 800,
			limitAt: () => 20,
			latency: 20,
			pause: 1_000,
			maxConcurrency,
		});
		expect(seconds).toBeLessThanOrEqual(1.1 * 39);
	});
});

describe('several batches at once', () => {
	test.each(
		[2, 4, 8].flatMap((batches) => LATENCIES.map((latency) => [batches, latency] as const)),
	)('%i of them share a limit, with answers after %i ms', async (batches, latency) => {
		const pause = 1_000;
		const limit = 10 * batches;
		const total = limit * 20;
		const { seconds, mostRefusals } = await send(
			{ total, limitAt: () => limit, latency, pause },
			batches,
		);
		expect(seconds).toBeLessThanOrEqual(20 * 1.75);
		expect(mostRefusals).toBeLessThanOrEqual(5);
	});

	test.each([2, 4].flatMap((batches) => LATENCIES.map((latency) => [batches, latency] as const)))(
		'none of the requests of %i is refused more often than is retried by default, after %i ms',
		async (batches, latency) => {
			const traffic = { total: 500, limitAt: () => 20, latency, pause: 1_000 };
			const { mostRefusals } = await send(traffic, batches);
			expect(mostRefusals).toBeLessThanOrEqual(5);
		},
	);
});

describe('a limit that is changed after ten seconds', () => {
	/** The limit before and after; how much longer than the shortest possible time it may take. */
	const CHANGES: Array<[number, number, number]> = [
		[20, 10, 1.2],
		[100, 20, 1.25],
		[10, 20, 1.2],
		[20, 100, 1.35],
	];

	test.each(
		CHANGES.flatMap(([before, after, slack]) =>
			LATENCIES.flatMap((latency) =>
				PAUSES.map((pause): number[] => [before, after, latency, pause, slack]),
			),
		),
	)(
		'from %i to %i is followed, with answers after %i ms and pauses of %i ms',
		async (before, after, latency, pause, slack) => {
			const total = before * 10 + after * 60;
			const limitAt = (milliseconds: number) => (milliseconds < 10_000 ? before : after);
			const { seconds, refusals } = await send({ total, limitAt, latency, pause });
			expect(seconds).toBeLessThanOrEqual(70 * slack);
			expect(refusals).toBeLessThanOrEqual(360);
		},
	);
});

describe('refusals that have nothing to do with how much is sent', () => {
	/** Every refusal holds everything for a second, which no limiter can help: about 50 of them. */
	test.each([1, 2, 3, 4, 5].flatMap((seed) => LATENCIES.map((latency) => [seed, latency])))(
		'do not end in a low limit (run %i, answers after %i ms)',
		async (seed, latency) => {
			const random = numbersOf(seed);
			const { seconds } = await send({
				total: 1_000,
				limitAt: () => Number.POSITIVE_INFINITY,
				latency: latency,
				pause: 1_000,
				refusesAnyway: () => random() < 0.05,
			});
			expect(seconds).toBeLessThanOrEqual(100);
		},
	);
});

test('where nothing is refused, many requests take no longer than their concurrency allows', async () => {
	const { seconds, refusals } = await send({
		total: 1_000,
		limitAt: () => Number.POSITIVE_INFINITY,
		latency: 100,
		pause: 1_000,
	});
	expect(refusals).toBe(0);
	expect(seconds).toBeLessThanOrEqual((1.25 * 1_000 * 0.1) / MAX_CONCURRENCY);
});
