import { LookUpTurns } from '../../../../nodes/EnableNowShareTrigger/webhook/lookUpTurns';
import { responseError, type RequestError } from '../../../../nodes/shared/errors/requestError';
import { inVirtualTime, rejectionOf } from '../../support';

const PATIENCE = 4_000;
const NOW = Date.parse('2026-04-30T12:00:00Z');

beforeEach(() => jest.useFakeTimers({ now: NOW }));

/** Look-ups that take as long as they are told to, and when each of them began. */
function setUp() {
	const turns = new LookUpTurns(PATIENCE);
	const begun: Array<{ name: number; after: number }> = [];
	let underWay = 0;
	const look = async (name: number, milliseconds: number, latest = 2_200, failure?: Error) =>
		await turns.take(async () => {
			begun.push({ name, after: Date.now() - NOW });
			looking.most = Math.max(looking.most, ++underWay);
			await new Promise((resolve) => setTimeout(resolve, milliseconds));
			underWay--;
			if (failure !== undefined) throw failure;
			return name;
		}, NOW + latest);
	/** How many were under way at most. */
	const looking = { most: 0 };
	/** Has EnableNow refuse a look-up. */
	const refuse = async (failure: RequestError) => await rejectionOf(look(0, 0, 60_000, failure));
	return { turns, look, begun, looking, refuse };
}

const overLimit = (retryAfter?: string) => responseError(429, {}, retryAfter);

const numbers = (count: number) => Array.from({ length: count }, (_number, index) => index);

test('ten look-ups at most are under way, and each takes its turn in order', async () => {
	const { look, begun, looking } = setUp();
	// Of other lengths, so that turns become free one by one.
	const work = numbers(100).map(async (name) => await look(name, 10 + ((name * 7) % 30)));
	await jest.advanceTimersByTimeAsync(0);
	expect(begun).toHaveLength(10);
	expect(await inVirtualTime(Promise.all(work))).toEqual(numbers(100));
	expect(looking.most).toBe(10);
	expect(begun.map(({ name }) => name)).toEqual(numbers(100));
});

test('a look-up that fails makes place for the next, and its failure is its own', async () => {
	const { look, begun, turns } = setUp();
	const failures = numbers(40).map(
		async (name) => await rejectionOf(look(name, 10, 2_200, new Error(`${name}`))),
	);
	const results = await inVirtualTime(Promise.all(failures));
	expect(results).toEqual(numbers(40).map((name) => new Error(`${name}`)));
	expect(begun).toHaveLength(40);
	expect(await turns.take(async () => await Promise.resolve('done'), Date.now())).toBe('done');
});

test('a turn that comes too late is not used, and goes to the next', async () => {
	const { look, begun } = setUp();
	const inTime = numbers(10).map(async (name) => await look(name, 1_000));
	const late = rejectionOf(look(10, 10, 999));
	const next = look(11, 10, 1_000);
	await inVirtualTime(Promise.all(inTime));
	expect(await late).toMatchObject({
		kind: 'timedOut',
		message: 'EnableNow did not answer within 4 seconds',
	});
	expect(await inVirtualTime(next)).toBe(11);
	expect(begun.map(({ name }) => name)).toEqual([...numbers(10), 11]);
});

describe('when EnableNow is over its limit', () => {
	test.each<[string, string | undefined, number]>([
		['does not say how long', undefined, 1_000],
		['says a second', '1', 1_000],
		['says two seconds', '2', 2_000],
		['says a moment', 'Thu, 30 Apr 2026 12:00:02 GMT', 2_000],
		['says nothing that can be read', 'soon', 1_000],
		['says no time at all', '0', 0],
		['says a moment that is over', 'Thu, 30 Apr 2026 11:00:00 GMT', 0],
	])('look-ups rest, where it %s', async (_case, retryAfter, rest) => {
		const { look, begun, refuse } = setUp();
		await inVirtualTime(refuse(overLimit(retryAfter)));
		const since = Date.now() - NOW;
		expect(await inVirtualTime(look(1, 0, 10_000))).toBe(1);
		// The refusal came at once; what virtual time adds is less than one of its steps.
		expect(begun[1]!.after).toBe(rest === 0 ? since : rest);
	});

	test('all look-ups rest, and go on when the rest is over', async () => {
		const { look, begun, refuse } = setUp();
		await inVirtualTime(refuse(overLimit('2')));
		const results = numbers(50).map(async (name) => await look(name, 0, 2_200));
		expect(await inVirtualTime(Promise.all(results))).toEqual(numbers(50));
		expect(Math.min(...begun.slice(1).map(({ after }) => after))).toBe(2_000);
	});

	test('a look-up that cannot wait so long is refused at once, with what EnableNow said', async () => {
		const { look, begun, refuse } = setUp();
		const failure = overLimit('2');
		await inVirtualTime(refuse(failure));
		const before = Date.now();
		expect(await rejectionOf(look(1, 0, 1_900))).toBe(failure);
		expect(Date.now()).toBe(before);
		expect(begun).toHaveLength(1);
		expect(await inVirtualTime(look(2, 0, 3_000))).toBe(2);
	});

	test('a look-up whose turn comes too late is told of the limit, not of the time', async () => {
		const { look, refuse } = setUp();
		const failure = overLimit('2');
		await inVirtualTime(refuse(failure));
		await jest.advanceTimersByTimeAsync(1_000);
		expect(await rejectionOf(look(1, 0, 500))).toBe(failure);
	});

	test.each(['3', '86400', '1e9', '99999999999999999999', 'Fri, 30 Apr 2094 12:00:00 GMT'])(
		'the rest is two seconds at most, also for Retry-After %s',
		async (retryAfter) => {
			const { look, refuse } = setUp();
			await inVirtualTime(refuse(overLimit(retryAfter)));
			expect(await inVirtualTime(look(1, 0, 2_000))).toBe(1);
		},
	);

	test('a clock that is set back does not make the rest longer', async () => {
		const { look, refuse } = setUp();
		await inVirtualTime(refuse(overLimit('2')));
		await jest.advanceTimersByTimeAsync(1_500);
		jest.setSystemTime(NOW - 3_600_000);
		const looking = look(1, 0, 0);
		await jest.advanceTimersByTimeAsync(500);
		expect(await looking).toBe(1);
	});

	test('a shorter rest does not end a longer one', async () => {
		const { look, begun, refuse } = setUp();
		const refusals = [refuse(overLimit('2')), refuse(overLimit('1'))];
		await inVirtualTime(Promise.all(refusals));
		await inVirtualTime(look(1, 0, 10_000));
		expect(begun.at(-1)).toEqual({ name: 1, after: 2_000 });
	});

	test.each([
		['another refusal', responseError(503, {}, '5')],
		['a look-up that was refused', responseError(404, {})],
		['what is no refusal', new Error('429')],
	])('is not concluded from %s', async (_case, failure) => {
		const { look, refuse } = setUp();
		await inVirtualTime(refuse(failure as RequestError));
		expect(await look(1, 0, 0).catch((error: unknown) => error)).not.toBe(failure);
	});
});
