import type { IRun } from 'n8n-workflow';

import { Deliveries } from '../../../../nodes/EnableNowShareTrigger/catchUp/deliveries';
import { Memory } from '../../../../nodes/EnableNowShareTrigger/catchUp/memory';
import type { StoredMemory } from '../../../../nodes/EnableNowShareTrigger/catchUp/storedMemory';
import type { TriggerItem } from '../../../../nodes/EnableNowShareTrigger/webhook/decision';
import {
	FakeN8n,
	numberedItem,
	numberedItems,
	runOf,
	settle,
	SUCCESS,
	UPDATED,
	WORKER_DIED,
} from './support';

/** For tests in which n8n does not tell that an execution is over, in milliseconds. */
const SHORT_WAIT = { event: 20, catchUp: 20, stop: 20 };

/** How long none must be under way before what is left is stored, in milliseconds. */
const QUIET_TIME = 2_000;

beforeEach(() => jest.useFakeTimers());

/** A trigger of an n8n, which remembers what that has stored. */
function setUp(n8n = new FakeN8n()) {
	const memory = new Memory('app', n8n.stored);
	const deliveries = new Deliveries(n8n.context, memory);
	deliveries.noteExecutedHere();
	return { n8n, memory, deliveries };
}

/** Waits for a while in which no execution is under way. */
async function beQuiet(): Promise<void> {
	await jest.advanceTimersByTimeAsync(2 * QUIET_TIME);
}

/** Which of these items are told again by an n8n that is started now. */
function repeated(n8n: FakeN8n, items: TriggerItem[]): TriggerItem[] {
	const memory = new Memory('app', n8n.stored);
	return items.filter((item) => !memory.isRepetition(item));
}

/** The executions that were not given any item. */
function stores(n8n: FakeN8n) {
	return n8n.executions.filter(({ items }) => items.length === 0);
}

describe('executions for each of many items', () => {
	test('are ten at most at once, begin in order, and each has one item', async () => {
		const { n8n, deliveries } = setUp();
		const items = numberedItems(1, 25);
		let isDone = false;
		const work = deliveries.startEach(items).then(() => (isDone = true));
		let most = 0;
		while (n8n.underWay.length > 0) {
			most = Math.max(most, n8n.underWay.length);
			// Not the oldest, so that the order does not follow from how long they take.
			n8n.underWay.at(-1)?.end();
			await settle();
			if (n8n.executions.length < 25) expect(n8n.underWay).toHaveLength(10);
		}
		await work;
		expect(isDone).toBe(true);
		expect(most).toBe(10);
		expect(n8n.executions.map((execution) => execution.items).slice(0, 25)).toEqual(
			items.map((item) => [item]),
		);
	});

	test('are waited for', async () => {
		const { n8n, deliveries } = setUp();
		let isDone = false;
		const work = deliveries.startEach(numberedItems(1, 2)).then(() => (isDone = true));
		n8n.executions[0]?.end();
		await settle();
		expect(isDone).toBe(false);
		n8n.executions[1]?.end();
		await settle();
		n8n.underWay.forEach((execution) => execution.end());
		await work;
	});

	test('are none where there is no item', async () => {
		const { n8n, deliveries } = setUp();
		await deliveries.startEach([]);
		await beQuiet();
		expect(n8n.executions).toEqual([]);
	});

	test('that overlap are followed by one that stores what they overwrote', async () => {
		const { n8n, deliveries } = setUp();
		n8n.onStart = (execution) => setTimeout(() => execution.end(), 10);
		const items = numberedItems(1, 25);
		const work = deliveries.startEach(items);
		await jest.advanceTimersByTimeAsync(1_000);
		await work;
		expect(stores(n8n)).toHaveLength(1);
		expect(n8n.executions.at(-1)?.items).toEqual([]);
		expect(repeated(n8n, items)).toEqual([]);
	});

	test('are stored after each 500, so that a crash does not repeat them all', async () => {
		const { n8n, deliveries } = setUp();
		n8n.onStart = (execution) => setTimeout(() => execution.end(), 1);
		const items = numberedItems(1, 501);
		const work = deliveries.startEach(items);
		await jest.advanceTimersByTimeAsync(1_000);
		await work;
		expect(n8n.executions.map((execution) => execution.items.length).indexOf(0)).toBe(500);
		expect(n8n.executions).toHaveLength(502);
		expect(repeated(n8n, items)).toEqual([]);
	});

	test('are not started for what an event has told of meanwhile', async () => {
		const { n8n, deliveries } = setUp();
		const work = deliveries.startEach(numberedItems(1, 12));
		deliveries.start([numberedItem(11, { source: 'webhook' })]);
		deliveries.start([numberedItem(12, { source: 'webhook' })]);
		n8n.executions.find(({ items }) => items[0]?.shareId === numberedItem(12).shareId)?.end();
		await settle();
		for (; n8n.underWay.length > 0; await settle()) n8n.underWay[0]?.end();
		await work;
		expect(n8n.told.sort()).toEqual(numberedItems(1, 12).map(toldOfCreation).sort());
	});

	test('are started for a change that was told of before, if another came between', async () => {
		const { n8n, deliveries } = setUp(FakeN8n.quick());
		const ends = ['2030-01-01T00:00:00Z', '2031-01-01T00:00:00Z'];
		for (const expirationDateUtc of [...ends, ...ends]) {
			await deliveries.startEach([numberedItem(1, { event: UPDATED }, { expirationDateUtc })]);
		}
		expect(n8n.told).toHaveLength(4);
	});
});

function toldOfCreation({ shareId }: TriggerItem): string {
	return `created ${Number(shareId?.slice(-12))}`;
}

describe('executions that events start', () => {
	test('are twenty at most at once, in the order of the events', async () => {
		const { n8n, deliveries } = setUp();
		const items = numberedItems(1, 50);
		for (const item of items) deliveries.start([item]);
		for (let ended = 0; ended < 50; ended++) {
			expect(n8n.underWay).toHaveLength(Math.min(20, 50 - ended));
			n8n.underWay[0]?.end();
			await settle();
		}
		expect(n8n.executions.slice(0, 50).map((execution) => execution.items)).toEqual(
			items.map((item) => [item]),
		);
	});

	test('are known before they begin, so that a second event starts none', () => {
		const { memory, deliveries } = setUp();
		for (const item of numberedItems(1, 21)) deliveries.start([item]);
		expect(memory.isRepetition(numberedItem(21))).toBe(true);
	});

	test('begin also after the trigger was stopped: the events were answered', async () => {
		const { n8n, deliveries } = setUp();
		n8n.onStart = (execution) => setTimeout(() => execution.end(), 100);
		for (const item of numberedItems(1, 50)) deliveries.start([item]);
		void deliveries.stop();
		await jest.advanceTimersByTimeAsync(1_000);
		expect(n8n.told).toHaveLength(50);
	});

	test('do not wait for those of a catch-up', () => {
		const { n8n, deliveries } = setUp();
		void deliveries.startEach(numberedItems(1, 100));
		deliveries.start([numberedItem(200)]);
		expect(n8n.executions.at(-1)?.items).toEqual([numberedItem(200)]);
	});
});

describe('what is remembered', () => {
	test('is stored by an execution that ran alone, and by none besides', async () => {
		const { n8n, deliveries, memory } = setUp();
		for (const item of numberedItems(1, 3)) {
			deliveries.start([item]);
			n8n.underWay[0]?.end();
			await beQuiet();
		}
		expect(n8n.executions).toHaveLength(3);
		expect(memory.mustBeStored).toBe(false);
		expect(repeated(n8n, numberedItems(1, 3))).toEqual([]);
	});

	test('is remembered by executions that follow one another, without one that only stores', async () => {
		const { n8n, deliveries } = setUp(FakeN8n.quick());
		await deliveries.startEach(numberedItems(1, 1));
		await beQuiet();
		expect(stores(n8n)).toEqual([]);
	});

	test.each([
		['in the order in which they began', [0, 1]],
		['in the other order', [1, 0]],
	])(
		'is stored when it is quiet after executions that overlapped, ended %s',
		async (_case, order) => {
			const { n8n, deliveries, memory } = setUp();
			deliveries.start([numberedItem(1)]);
			deliveries.start([numberedItem(2)]);
			const executions = [...n8n.executions];
			for (const place of order) {
				executions[place]?.end();
				await settle();
			}
			expect(repeated(n8n, numberedItems(1, 2))).toHaveLength(1);
			await jest.advanceTimersByTimeAsync(QUIET_TIME - 1);
			expect(stores(n8n)).toEqual([]);
			await jest.advanceTimersByTimeAsync(1);
			expect(stores(n8n)).toHaveLength(1);
			n8n.underWay[0]?.end();
			await beQuiet();
			expect(repeated(n8n, numberedItems(1, 2))).toEqual([]);
			expect(memory.mustBeStored).toBe(false);
			expect(n8n.executions).toHaveLength(3);
		},
	);

	test('is not stored by itself while others follow', async () => {
		const { n8n, deliveries } = setUp();
		deliveries.start([numberedItem(1)]);
		deliveries.start([numberedItem(2)]);
		n8n.underWay[0]?.end();
		n8n.underWay[0]?.end();
		await jest.advanceTimersByTimeAsync(QUIET_TIME / 2);
		deliveries.start([numberedItem(3)]);
		n8n.underWay[0]?.end();
		await beQuiet();
		// The third ran alone and stored what the two may have left out.
		expect(stores(n8n)).toEqual([]);
		expect(repeated(n8n, numberedItems(1, 3))).toEqual([]);
	});

	test('is carried along by each execution, up to 250 of each kind', async () => {
		const { n8n, deliveries, memory } = setUp();
		memory.end(numberedItems(1, 300));
		deliveries.start([numberedItem(301)]);
		expect(n8n.underWay[0]?.note.emitted).toHaveLength(251 * 8);
		expect(n8n.underWay[0]?.note.listed).toHaveLength(251 * 8);
		n8n.underWay[0]?.end();
		await settle();
		expect(repeated(n8n, numberedItems(1, 301))).toHaveLength(50);
		await jest.advanceTimersByTimeAsync(QUIET_TIME);
		n8n.underWay[0]?.end();
		expect(repeated(n8n, numberedItems(1, 301))).toEqual([]);
	});

	test('is stored with what is true at the beginning of the execution', () => {
		const { n8n, deliveries, memory } = setUp();
		memory.hasBaseline = true;
		deliveries.start([numberedItem(1)]);
		expect(n8n.underWay[0]?.note).toMatchObject({
			app: 'app',
			hasBaseline: true,
		});
	});

	test('is not remembered before the execution is over: a crash repeats it', async () => {
		const { n8n, deliveries, memory } = setUp();
		deliveries.start([numberedItem(1)]);
		await settle();
		expect(memory.mustBeStored).toBe(false);
		expect(memory.isRepetition(numberedItem(1))).toBe(true);
		expect(repeated(n8n, [numberedItem(1)])).toHaveLength(1);
	});
});

/** How n8n may tell that an execution was carried out, well or not. */
const CARRIED_OUT: Array<[string, IRun | string]> = [
	['it ended well', SUCCESS],
	['it waits for something', runOf('waiting')],
	['it was stopped', runOf('canceled')],
	['a node failed', runOf('error', { lastNodeExecuted: 'Next' })],
	['it failed after a node had run', runOf('error', { runData: { 'EnableNow Trigger': [] } })],
	['it crashed in a node', runOf('crashed', { lastNodeExecuted: 'Next' })],
	['its record was not kept', 'Could not find execution with id "7"'],
	['a person stopped it', 'The execution was cancelled manually'],
	['it took longer than it may', 'The execution was cancelled because it timed out'],
];

/** How n8n may tell that an execution was not carried out. */
const NOT_CARRIED_OUT: Array<[string, IRun | string | undefined]> = [
	['its worker died', WORKER_DIED],
	['it crashed before any node', runOf('crashed')],
	['there is none', undefined],
	['n8n failed', 'job stalled more than maxStalledCount'],
	['n8n was shut down', 'The execution was cancelled because the system is shutting down'],
];

function endWith(n8n: FakeN8n, ending: IRun | string | undefined): void {
	const [execution] = n8n.underWay;
	if (typeof ending === 'string') execution?.fail(ending);
	else execution?.endWithoutStoring(ending);
}

describe('an execution', () => {
	test.each(CARRIED_OUT)('is not started again where %s', async (_case, ending) => {
		const { n8n, deliveries, memory } = setUp();
		deliveries.start([numberedItem(1)]);
		endWith(n8n, ending);
		await settle();
		n8n.onStart = (execution) => execution.end();
		await deliveries.startAgain();
		expect(n8n.told).toEqual(['created 1']);
		expect(memory.isRepetition(numberedItem(1))).toBe(true);
		expect(memory.isUnderWay('created 00000000-0000-0000-0000-000000000001')).toBe(false);
		expect(n8n.warnings).toEqual([]);
	});

	test.each(NOT_CARRIED_OUT)('is started again where %s, not at once', async (_case, ending) => {
		const { n8n, deliveries, memory } = setUp();
		const items = [numberedItem(1), numberedItem(2, { verified: false })];
		deliveries.start(items);
		endWith(n8n, ending);
		await beQuiet();
		expect(n8n.executions).toHaveLength(1);
		expect(memory.isRepetition(numberedItem(1))).toBe(false);
		const work = deliveries.startAgain();
		expect(n8n.executions).toHaveLength(2);
		expect(n8n.underWay[0]?.items).toEqual(items);
		n8n.underWay[0]?.end();
		await work;
		await deliveries.startAgain();
		expect(n8n.executions).toHaveLength(2);
		expect(repeated(n8n, [numberedItem(1)])).toEqual([]);
	});

	test.each([
		['its record was not kept', 'Could not find execution with id "7"'],
		['a person stopped it', 'The execution was cancelled manually'],
	])(
		'is remembered and stored by another where %s: nobody knows what it stored',
		async (_case, message) => {
			const { n8n, deliveries } = setUp();
			deliveries.start([numberedItem(1)]);
			n8n.underWay[0]?.fail(message);
			await beQuiet();
			expect(stores(n8n)).toHaveLength(1);
			n8n.underWay[0]?.end();
			expect(repeated(n8n, [numberedItem(1)])).toEqual([]);
		},
	);

	test('that n8n cannot even start is started again', async () => {
		const { n8n, deliveries } = setUp();
		n8n.onStart = () => {
			throw new Error('no connection to the database');
		};
		deliveries.start([numberedItem(1)]);
		await settle();
		expect(n8n.warnings).toEqual([
			'EnableNow Trigger started an execution that n8n could not carry out: no connection to the database',
		]);
		n8n.onStart = (execution) => execution.end();
		await deliveries.startAgain();
		expect(n8n.told).toEqual(['created 1', 'created 1']);
	});

	test('is given up after three attempts, which is logged by the keys of its events', async () => {
		const { n8n, deliveries, memory } = setUp();
		n8n.onStart = (execution) => execution.endWithoutStoring(WORKER_DIED);
		await deliveries.startEach([numberedItem(1), numberedItem(2, { event: UPDATED })]);
		expect(n8n.warnings).toEqual([]);
		for (let times = 0; times < 5; times++) await deliveries.startAgain();
		expect(n8n.told).toHaveLength(6);
		expect(n8n.warnings).toEqual([
			expect.stringMatching(/^EnableNow Trigger gives up .* 3 attempts: created 0{8}-.*1$/),
			expect.stringMatching(/^EnableNow Trigger gives up .* 3 attempts: updated 0{8}-.*2 \d+$/),
		]);
		expect(memory.isRepetition(numberedItem(1))).toBe(true);
	});

	test('is not started again where an event has told of the same meanwhile', async () => {
		const { n8n, deliveries } = setUp();
		deliveries.start([numberedItem(1), numberedItem(2)]);
		endWith(n8n, WORKER_DIED);
		await settle();
		n8n.onStart = (execution) => execution.end();
		deliveries.start([numberedItem(1, { source: 'webhook' })]);
		await settle();
		await deliveries.startAgain();
		expect(n8n.told).toEqual(['created 1', 'created 2', 'created 1', 'created 2']);
	});
});

describe('after it was stopped', () => {
	test('it starts nothing, and what it did not start is not remembered', async () => {
		const { n8n, deliveries, memory } = setUp();
		await deliveries.stop();
		await deliveries.startEach([numberedItem(1), numberedItem(2)]);
		await beQuiet();
		expect(n8n.executions).toEqual([]);
		expect(memory.isRepetition(numberedItem(1))).toBe(false);
		expect(memory.isRepetition(numberedItem(2))).toBe(false);
	});

	test('executions that are under way are followed to their end, and no further ones begin', async () => {
		const { n8n, deliveries, memory } = setUp();
		const work = deliveries.startEach(numberedItems(1, 12));
		void deliveries.stop();
		n8n.underWay.forEach((execution) => execution.end());
		n8n.onStart = (execution) => execution.end();
		await work;
		await beQuiet();
		expect(n8n.told).toHaveLength(10);
		const repetitions = numberedItems(1, 12).filter((item) => memory.isRepetition(item));
		expect(repetitions).toEqual(numberedItems(1, 10));
		expect(repeated(n8n, numberedItems(1, 10))).toEqual([]);
	});

	test('what overlapping executions left out is stored at once, by the time that it has stopped', async () => {
		const { n8n, deliveries } = setUp();
		for (const item of numberedItems(1, 3)) deliveries.start([item]);
		n8n.underWay.forEach((execution) => execution.end());
		await settle();
		expect(repeated(n8n, numberedItems(1, 3))).toHaveLength(2);
		n8n.onStart = (execution) => execution.end();
		await deliveries.stop();
		expect(repeated(n8n, numberedItems(1, 3))).toEqual([]);
	});

	test('it has stopped when the last is over and stored, also one that waited for its turn', async () => {
		const { n8n, deliveries } = setUp();
		for (const item of numberedItems(1, 21)) deliveries.start([item]);
		let isStopped = false;
		const stopping = deliveries.stop().then(() => (isStopped = true));
		for (let ended = 0; ended < 21; ended++) {
			n8n.underWay[0]?.end();
			await settle();
		}
		expect(stores(n8n)).toHaveLength(1);
		expect(isStopped).toBe(false);
		n8n.underWay[0]?.end();
		await stopping;
		expect(repeated(n8n, numberedItems(1, 21))).toEqual([]);
	});

	test('one that takes long does not hold it up, and what the others left out is stored', async () => {
		jest.useRealTimers();
		const n8n = new FakeN8n();
		const deliveries = new Deliveries(n8n.context, new Memory('app'), SHORT_WAIT);
		deliveries.noteExecutedHere();
		for (const item of numberedItems(1, 3)) deliveries.start([item]);
		const [long, ...others] = n8n.underWay;
		others.forEach((execution) => execution.end());
		const begin = Date.now();
		await deliveries.stop();
		expect(Date.now() - begin).toBeLessThan(1_000);
		n8n.onStart = (execution) => execution.end();
		while (stores(n8n).length === 0) await new Promise(setImmediate);
		expect(repeated(n8n, numberedItems(1, 3))).toEqual([numberedItem(1)]);
		long?.end();
		while (stores(n8n).length === 1) await new Promise(setImmediate);
		expect(repeated(n8n, numberedItems(1, 3))).toEqual([]);
	});

	test('one that stores and is under way by then does not overwrite what is stored last', async () => {
		const { n8n, deliveries } = setUp();
		for (const item of numberedItems(1, 3)) deliveries.start([item]);
		n8n.underWay[0]?.end();
		await jest.advanceTimersByTimeAsync(QUIET_TIME);
		const [early] = stores(n8n);
		const stopping = deliveries.stop();
		n8n.underWay.filter((execution) => execution !== early).forEach((other) => other.end());
		await settle();
		n8n.underWay.filter((execution) => execution !== early).forEach((other) => other.end());
		n8n.onStart = (execution) => execution.end();
		early?.end();
		await stopping;
		expect(repeated(n8n, numberedItems(1, 3))).toEqual([]);
	});

	test('it has stopped when what n8n could not carry out is over, too', async () => {
		const { n8n, deliveries } = setUp();
		deliveries.start([numberedItem(1)]);
		const stopping = deliveries.stop();
		n8n.underWay[0]?.endWithoutStoring(WORKER_DIED);
		await stopping;
		expect(n8n.executions).toHaveLength(1);
	});

	test('it goes on for a trigger that is activated anew, with what is under way', async () => {
		const { n8n, deliveries, memory } = setUp();
		deliveries.start([numberedItem(1)]);
		void deliveries.stop();
		expect(deliveries.isRunning).toBe(false);
		deliveries.resume({ ...n8n.context });
		expect(deliveries.isRunning).toBe(true);
		deliveries.start([numberedItem(2)]);
		// The second stores what it read when it began, over what the first has stored meanwhile.
		n8n.underWay[0]?.end();
		n8n.underWay[0]?.end();
		await settle();
		expect(memory.mustBeStored).toBe(true);
		n8n.onStart = (execution) => execution.end();
		await beQuiet();
		expect(repeated(n8n, numberedItems(1, 2))).toEqual([]);
	});

	test('the catch-up of before does not go on where the trigger is activated anew', async () => {
		const { n8n, deliveries } = setUp();
		const work = deliveries.startEach(numberedItems(1, 20));
		void deliveries.stop();
		deliveries.resume({ ...n8n.context });
		n8n.onStart = (execution) => execution.end();
		n8n.underWay.forEach((execution) => execution.end());
		await work;
		expect(n8n.told).toHaveLength(10);
	});

	test('it stores nothing more where another app has taken its place', async () => {
		const { n8n, deliveries } = setUp();
		for (const item of numberedItems(1, 3)) deliveries.start([item]);
		deliveries.replace();
		n8n.underWay.forEach((execution) => execution.end());
		await beQuiet();
		expect(n8n.executions).toHaveLength(3);
	});
});

describe('where executions are carried out in another process', () => {
	/** What the trigger has had n8n store with the workflow, as it was when each execution was started. */
	function setUpElsewhere() {
		const n8n = new FakeN8n();
		const staticData: Record<string, unknown> = {};
		const context = { ...n8n.context, getWorkflowStaticData: () => staticData };
		const memory = new Memory('app');
		const deliveries = new Deliveries(context as typeof n8n.context, memory);
		const stored = () =>
			new Memory('app', Object.values(staticData)[0] as StoredMemory | undefined);
		return { n8n, memory, deliveries, staticData, stored };
	}

	test('the trigger stores what was executed, with the next execution', async () => {
		const { n8n, deliveries, memory, staticData, stored } = setUpElsewhere();
		deliveries.start([numberedItem(1)]);
		n8n.underWay[0]?.end();
		await settle();
		// Only now is it known where they are carried out.
		expect(staticData).toEqual({});
		deliveries.start([numberedItem(2)]);
		expect(stored().isRepetition(numberedItem(1))).toBe(true);
		expect(stored().isRepetition(numberedItem(2))).toBe(false);
		n8n.underWay[0]?.end();
		await jest.advanceTimersByTimeAsync(QUIET_TIME * 2);
		expect(stored().isRepetition(numberedItem(2))).toBe(true);
		n8n.underWay[0]?.end();
		await settle();
		expect(memory.mustBeStored).toBe(false);
	});

	test('storing takes one execution more the first time', async () => {
		const { n8n, deliveries, memory, stored } = setUpElsewhere();
		memory.hasBaseline = true;
		const storing = deliveries.store();
		n8n.underWay[0]?.end();
		await settle();
		expect(stored().hasBaseline).toBe(true);
		n8n.underWay[0]?.end();
		await storing;
		expect(memory.isBaselineStored).toBe(true);
		expect(n8n.executions).toHaveLength(2);
	});

	test('what is stored already is not sent to it', async () => {
		const { n8n, deliveries } = setUpElsewhere();
		deliveries.start([numberedItem(1)]);
		n8n.underWay[0]?.end();
		await settle();
		deliveries.start([numberedItem(2)]);
		const { listed, emitted, ends } = n8n.executions[1]!.note;
		expect([listed, emitted, ends]).toEqual(['', '', '']);
	});
});

describe('an execution whose end n8n does not tell', () => {
	test('does not hold up events', async () => {
		jest.useRealTimers();
		const n8n = new FakeN8n();
		const deliveries = new Deliveries(n8n.context, new Memory('app'), SHORT_WAIT);
		for (const item of numberedItems(1, 50)) deliveries.start([item]);
		expect(n8n.executions).toHaveLength(20);
		while (n8n.executions.length < 50) await new Promise(setImmediate);
		expect(n8n.told).toEqual(numberedItems(1, 50).map((_item, index) => `created ${index + 1}`));
	});

	test('does not hold up the others', async () => {
		const n8n = new FakeN8n();
		const memory = new Memory('app');
		const deliveries = new Deliveries(n8n.context, memory, SHORT_WAIT);
		await deliveries.startEach(numberedItems(1, 15));
		expect(n8n.executions.map(({ items }) => items.length)).toEqual(Array(15).fill(1));
	});

	test('is not begun again, and is remembered when it ends after all', async () => {
		const n8n = new FakeN8n();
		const memory = new Memory('app');
		const deliveries = new Deliveries(n8n.context, memory, SHORT_WAIT);
		await deliveries.startEach([numberedItem(1)]);
		await deliveries.startEach([numberedItem(1)]);
		expect(n8n.executions).toHaveLength(1);
		expect(memory.mustBeStored).toBe(false);
		n8n.underWay[0]?.end();
		await settle();
		expect(memory.mustBeStored).toBe(true);
	});

	test('does not hold up what stores', async () => {
		const deliveries = new Deliveries(new FakeN8n().context, new Memory('app'), SHORT_WAIT);
		await expect(deliveries.store()).resolves.toBeUndefined();
	});
});
