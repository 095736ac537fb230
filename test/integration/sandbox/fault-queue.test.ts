import type { Fault } from '../../../sandbox';
import { FaultQueue, type FaultTarget } from '../../../sandbox/faults/fault-queue';

const POST: FaultTarget = { method: 'POST', path: '/shares', clientId: null };
const GET: FaultTarget = { ...POST, method: 'GET' };

const NO_ANSWER: Fault = { kind: 'noAnswer' };
const RESET: Fault = { kind: 'connectionReset' };

function createQueue(faults: Fault[], seed = 1): FaultQueue {
	const queue = new FaultQueue(seed);
	queue.add(faults);
	return queue;
}

/** The faults that strike so many requests, one for each; undefined is none. */
function strikes(queue: FaultQueue, requests: number, target = POST): Array<Fault | undefined> {
	return Array.from({ length: requests }, () => queue.take(target));
}

describe('faults by rate', () => {
	const STRAIN: Fault[] = [
		{ kind: 'status', status: 429, rate: 0.05 },
		{ kind: 'status', status: 503, rate: 0.05 },
		{ ...RESET, when: 'after', rate: 0.05 },
		{ ...NO_ANSWER, rate: 0.02 },
	];

	it('strike each request at most once, each with its own share', () => {
		const struck = strikes(createQueue(STRAIN), 100_000);
		for (const fault of STRAIN) {
			const share = struck.filter((other) => other === fault).length / 100_000;
			expect(Math.abs(share - (fault.rate ?? 0))).toBeLessThan(0.003);
		}
	});

	it('strike the same requests for the same seed, others for another one', () => {
		const first = strikes(createQueue(STRAIN, 7), 1_000);
		expect(strikes(createQueue(STRAIN, 7), 1_000)).toEqual(first);
		expect(strikes(createQueue(STRAIN, 8), 1_000)).not.toEqual(first);
	});

	it('begin anew when they have been cleared', () => {
		const queue = createQueue(STRAIN);
		const first = strikes(queue, 1_000);
		queue.clear();
		expect(strikes(queue, 10)).toEqual(Array(10).fill(undefined));
		queue.add(STRAIN);
		expect(strikes(queue, 1_000)).toEqual(first);
	});

	it('are not moved by requests that they are not meant for', () => {
		const faults = STRAIN.map((fault) => ({ ...fault, match: { method: 'POST' } }));
		const queue = createQueue(faults);
		const struck = strikes(createQueue(faults), 100).map((fault) => {
			expect(queue.take(GET)).toBeUndefined();
			return [fault, queue.take(POST)];
		});
		for (const [fault, same] of struck) expect(same).toBe(fault);
	});

	it('strike never with rate 0, always with rate 1, and stay', () => {
		const queue = createQueue([
			{ ...RESET, rate: 0 },
			{ ...NO_ANSWER, rate: 1 },
		]);
		expect(new Set(strikes(queue, 1_000).map((fault) => fault?.kind))).toEqual(
			new Set(['noAnswer']),
		);
		expect(queue.all()).toEqual([
			{ ...RESET, rate: 0 },
			{ ...NO_ANSWER, rate: 1 },
		]);
	});

	it('strike no more often than the number of times that they may have', () => {
		const queue = createQueue([{ ...RESET, rate: 0.5, times: 3 }]);
		while (queue.take(POST) === undefined);
		expect(queue.all()).toEqual([{ ...RESET, rate: 0.5, times: 2 }]);
		expect(strikes(queue, 1_000).filter((fault) => fault !== undefined)).toHaveLength(2);
		expect(queue.all()).toEqual([]);
	});

	it('leave the request to a fault that is certain', () => {
		const queue = createQueue([{ ...RESET, rate: 1 }, { ...NO_ANSWER, nth: [2] }, NO_ANSWER]);
		expect(strikes(queue, 4).map((fault) => fault?.kind)).toEqual([
			'noAnswer',
			'noAnswer',
			'connectionReset',
			'connectionReset',
		]);
	});
});

describe('faults by sequence', () => {
	it('count the requests that they are meant for', () => {
		const queue = createQueue([{ ...RESET, nth: [4, 2], match: { method: 'POST' } }]);
		expect(strikes(queue, 10, GET)).toEqual(Array(10).fill(undefined));
		expect(strikes(queue, 3).map((fault) => fault?.kind)).toEqual([
			undefined,
			'connectionReset',
			undefined,
		]);
		expect(queue.all()).toMatchObject([{ nth: [4] }]);
		expect(queue.take(POST)).toMatchObject(RESET);
		expect(queue.all()).toEqual([]);
	});

	it('count the requests that another fault strikes, too', () => {
		const queue = createQueue([
			{ kind: 'status', status: 503, nth: [1] },
			{ ...RESET, nth: [1, 2] },
			{ ...NO_ANSWER, nth: [4] },
		]);
		expect(strikes(queue, 4).map((fault) => fault?.kind)).toEqual([
			'status',
			'connectionReset',
			undefined,
			'noAnswer',
		]);
		expect(queue.all()).toEqual([]);
	});
});

it.each<[unknown, RegExp]>([
	['reset', /a fault is an object with a kind, not "reset"/i],
	[null, /a fault is an object with a kind, not null/i],
	[{ rate: 0.1 }, /no fault "undefined"; there are status, .*lateCommit/],
	[{ kind: 'meteorite' }, /no fault "meteorite"/],
	[{ kind: 'noAnswer', rates: 0.1 }, /no property "rates".*; there are .*rate/],
	[{ kind: 'noAnswer', rate: 1.1 }, /^rate has to be a number from 0 to 1, not 1\.1$/],
	[{ kind: 'noAnswer', rate: -0.1 }, /^rate has to be/],
	[{ kind: 'noAnswer', rate: '5 %' }, /^rate has to be/],
	[{ kind: 'noAnswer', nth: 3 }, /^nth has to be a list of whole numbers, each at least 1, not 3$/],
	[{ kind: 'noAnswer', nth: [] }, /^nth has to be/],
	[{ kind: 'noAnswer', nth: [1, 0] }, /^nth has to be .* not \[1,0\]$/],
	[{ kind: 'noAnswer', nth: [1], rate: 0.1 }, /^nth .* neither rate nor times/],
	[{ kind: 'noAnswer', nth: [1], times: 1 }, /^nth .* neither rate nor times/],
	[{ kind: 'noAnswer', times: 0 }, /^times has to be a whole number, at least 1, not 0$/],
	[{ kind: 'noAnswer', when: 'during' }, /^when has to be one of before, after, not "during"$/],
	[{ kind: 'noAnswer', match: 'POST' }, /^match has to be an object, not "POST"$/],
	[{ kind: 'noAnswer', match: { verb: 'POST' } }, /no property "verb"; .*method, path, clientId/],
	[{ kind: 'noAnswer', match: { method: 1 } }, /^method has to be a text, not 1$/],
	[{ kind: 'noAnswer', match: { path: '(' } }, /^path has to be a regular expression, not "\("$/],
	[{ kind: 'lateCommit' }, /^delay has to be milliseconds, at least 0, not undefined$/],
	[{ kind: 'lateCommit', delay: -1 }, /^delay has to be .* not -1$/],
	[{ kind: 'status' }, /^status has to be a whole number from 200 to 599, not undefined$/],
	[{ kind: 'notJson', status: 99 }, /^status has to be .* not 99$/],
	[{ kind: 'status', status: 429, headers: { 'Retry-After': 1 } }, /^headers has to be .*texts/],
	[{ kind: 'redirect' }, /^location has to be a text, not undefined$/],
	[{ kind: 'otherShape' }, /^body has to be .* not undefined$/],
	[{ kind: 'slowDrip', bytes: 0 }, /^bytes has to be a whole number, at least 1, not 0$/],
	[{ kind: 'slowDrip', pause: 'x' }, /^pause has to be milliseconds, at least 0, not "x"$/],
])('the fault %j is refused', (fault, message) => {
	const queue = new FaultQueue(1);
	expect(() => queue.add([NO_ANSWER, fault as Fault])).toThrow(message);
	expect(queue.all()).toEqual([]);
});
