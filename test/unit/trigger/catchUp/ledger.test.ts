import { sleep } from 'n8n-workflow';

import { createdKey } from '../../../../nodes/EnableNowShareTrigger/events';
import { TriggerCache } from '../../../../nodes/EnableNowShareTrigger/catchUp/triggerCache';
import type { Handover } from '../../../../nodes/EnableNowShareTrigger/catchUp/ledger';
import { node, numberedShare } from '../../support';
import {
	CREATED,
	FakeDatabase,
	FakeExecution,
	FakeN8n,
	numberedItem,
	toldOf,
	UPDATED,
} from './support';

const PAST = '2020-01-01T00:00:00Z';
const FIRST_END = '2131-01-01T00:00:00Z';
const SECOND_END = '2132-01-01T00:00:00Z';

let database: FakeDatabase;
let n8n: FakeN8n;
let cache: TriggerCache;
let listings: number;

beforeEach(() => {
	database = new FakeDatabase();
	n8n = FakeN8n.quick(database, '1', { events: [CREATED, UPDATED], catchUp: true, options: {} });
	cache = new TriggerCache(`1 ${node.id}`);
	listings = 0;
});
afterEach(() => cache.close());

/** The shares with these numbers and ends. */
function shares(...numbers: Array<number | [number, string]>): Handover['shares'] {
	return numbers.map((entry) => {
		const [number, end] = typeof entry === 'number' ? [entry] : entry;
		return numberedShare(number, end === undefined ? {} : { expirationDateUtc: end });
	});
}

/** What makes a handover special. */
interface Changes {
	app?: string;
	listedAt?: string;
	selection?: string[];
	existing?: boolean;
	expired?: boolean;
}

function handoverOf(listed: Handover['shares'], changes: Changes = {}): Handover {
	const { selection = [CREATED, UPDATED], existing = false, expired = false, ...others } = changes;
	return {
		app: 'app',
		listedAt: new Date(Date.now() + ++listings).toISOString(),
		shares: listed,
		settings: { isOn: true, interval: 0, existing, expired, clientId: '', selection },
		...others,
	};
}

/** Hands shares over; tells what of it starts the workflow. */
async function handOver(listed: Handover['shares'], changes: Changes = {}): Promise<string[]> {
	return await run([{ json: { handover: handoverOf(listed, changes) } }]);
}

/** Runs an execution that begins with these items; tells what the nodes after the trigger are given. */
async function run(input: FakeExecution['input'], mode = 'trigger'): Promise<string[]> {
	const execution = new FakeExecution(input, mode);
	await n8n.begin(execution);
	if (execution.state === 'failed') return ['failed'];
	return execution.items.map(toldOf);
}

async function receive(...items: Array<ReturnType<typeof numberedItem>>): Promise<string[]> {
	return await run(
		items.map((json) => ({ json })),
		'webhook',
	);
}

test('an event that comes while the first list is read starts the workflow once', async () => {
	expect(await receive(numberedItem(1), numberedItem(2))).toHaveLength(2);
	// The second one is not in the list yet.
	expect(await handOver(shares(1))).toEqual([]);
	expect(await receive(numberedItem(1), numberedItem(2))).toEqual([]);
	// As after a restart.
	cache.close();
	cache = new TriggerCache(`1 ${node.id}`);
	expect(await handOver(shares(1, 2))).toEqual([]);
});

describe('events', () => {
	test('start the workflow once', async () => {
		expect(await receive(numberedItem(1))).toEqual(['created 1']);
		expect(await receive(numberedItem(1), numberedItem(2), numberedItem(2))).toEqual(['created 2']);
	});

	test('that EnableNow did not confirm start it each time, and are not recorded', async () => {
		const item = numberedItem(1, { verified: false, share: null });
		expect(await receive(item, item)).toHaveLength(2);
		expect(database.entries).toEqual([]);
	});

	test('start it in the order of the request, confirmed or not', async () => {
		const other = numberedItem(2, { verified: false, share: null });
		expect(await receive(numberedItem(3), other, numberedItem(1))).toEqual([
			'created 3',
			'created 2',
			'created 1',
		]);
	});

	test('about a share that was there from the start start it', async () => {
		await handOver(shares(1));
		expect(await receive(numberedItem(1))).toEqual(['created 1']);
		expect(await receive(numberedItem(1))).toEqual([]);
	});

	test('that a person runs, or retries, start it again', async () => {
		await receive(numberedItem(1));
		for (const mode of ['manual', 'retry']) {
			expect(await run([{ json: numberedItem(1) }], mode)).toEqual(['created 1']);
		}
	});

	test('of an update start it once for each end, also for one that it had before', async () => {
		const update = (end: string) => numberedItem(1, { event: UPDATED }, { expirationDateUtc: end });
		for (const end of [FIRST_END, SECOND_END, FIRST_END]) {
			expect(await receive(update(end))).toEqual(['updated 1']);
			expect(await receive(update(end))).toEqual([]);
		}
	});

	test('are not lost where the database records them and fails to confirm it', async () => {
		let isFailing = true;
		const { checkProcessedAndRecord } = database.helpers;
		jest
			.spyOn(database.helpers, 'checkProcessedAndRecord')
			.mockImplementation(async (...values) => {
				const result = await checkProcessedAndRecord(...values);
				if (!isFailing) return result;
				isFailing = false;
				throw new Error('Connection terminated unexpectedly');
			});
		expect(await receive(numberedItem(1))).toEqual(['created 1']);
	});

	test('start it where the database fails, with a line in the log', async () => {
		database.before = () => {
			throw new Error('the disk is full');
		};
		expect(await receive(numberedItem(1))).toEqual(['created 1']);
		expect(n8n.warnings).toEqual([
			'EnableNow Trigger could not use its record of events, so it starts the workflow: the disk is full',
		]);
	});
});

describe('a handover', () => {
	test('the first time counts as known', async () => {
		expect(await handOver(shares(1, 2))).toEqual([]);
		expect(await handOver(shares(1, 2, 3))).toEqual(['created 3']);
		expect(await handOver(shares(1, 2, 3))).toEqual([]);
	});

	test('the first time starts the workflow where that is wanted', async () => {
		expect(await handOver(shares(1, [2, PAST]), { existing: true })).toEqual(['created 1']);
		expect(await handOver(shares(1, [2, PAST]), { existing: true })).toEqual([]);
	});

	test('of an empty list is the first time, too', async () => {
		expect(await handOver([])).toEqual([]);
		expect(await handOver(shares(1))).toEqual(['created 1']);
	});

	test('leaves out what an event has told of, and the other way round', async () => {
		await handOver([]);
		await receive(numberedItem(1));
		expect(await handOver(shares(1, 2))).toEqual(['created 2']);
		expect(await receive(numberedItem(2))).toEqual([]);
	});

	test('leaves out what has ended, for good, unless that is wanted', async () => {
		await handOver([]);
		expect(await handOver(shares([1, PAST]))).toEqual([]);
		expect(await handOver(shares([1, PAST], [2, PAST]), { expired: true })).toEqual(['created 2']);
	});

	test('of an earlier app that a person retries takes nothing from the app of now', async () => {
		await handOver(shares(1));
		const crashed = handoverOf(shares(1, 2));
		await handOver(shares(11), { app: 'other' });
		for (let times = 0; times < 2; times++) {
			expect(await run([{ json: { handover: crashed } }], 'retry')).toEqual(['created 2']);
		}
		expect(await handOver(shares(11, 12), { app: 'other' })).toEqual(['created 12']);
	});

	test('is not the first one where the ledger is full, and n8n has forgotten the oldest entries', async () => {
		await handOver(shares(1, 2));
		const others = Array.from({ length: 300_000 }, (_entry, index) => `seen ${index}`);
		database.entries = [
			...others,
			...database.entries.filter((entry) => entry.startsWith('seen')),
		].slice(-300_000);
		expect(await handOver(shares([1, FIRST_END], 2, 3))).toEqual(['updated 1', 'created 3']);
	});

	test('of another app begins anew, and the first one after that goes on', async () => {
		await handOver(shares(1));
		expect(await handOver(shares(2), { app: 'other' })).toEqual([]);
		expect(await handOver(shares(2, 3), { app: 'other' })).toEqual(['created 3']);
		expect(await handOver(shares(1, 4))).toEqual(['created 4']);
		expect(await handOver(shares(1, 4, 5))).toEqual(['created 5']);
	});

	test('tells of a change, once', async () => {
		await handOver(shares(1, 2));
		expect(await handOver(shares([1, FIRST_END], 2))).toEqual(['updated 1']);
		expect(await handOver(shares([1, FIRST_END], 2))).toEqual([]);
		expect(await handOver(shares([1, SECOND_END], 2))).toEqual(['updated 1']);
		expect(await handOver(shares([1, FIRST_END], 2))).toEqual(['updated 1']);
	});

	test('tells of no change where its event came, with the share or later', async () => {
		await handOver(shares(1));
		await receive(numberedItem(1, { event: UPDATED }, { expirationDateUtc: FIRST_END }));
		await receive(numberedItem(2, {}, { expirationDateUtc: SECOND_END }));
		expect(await handOver(shares([1, FIRST_END], [2, SECOND_END]))).toEqual([]);
		expect(await handOver(shares([1, FIRST_END], [2, FIRST_END]))).toEqual(['updated 2']);
	});

	test('tells of a change that a repeated event about the creation came after', async () => {
		await handOver([]);
		await receive(numberedItem(1));
		await receive(numberedItem(1, {}, { expirationDateUtc: FIRST_END }));
		expect(await handOver(shares([1, FIRST_END]))).toEqual(['updated 1']);
	});

	test('does not tell of an end that has been changed since it was listed', async () => {
		await handOver(shares(1));
		const listedAt = new Date(Date.now() - 60_000).toISOString();
		const receivedAt = new Date().toISOString();
		await receive(
			numberedItem(1, { event: UPDATED, receivedAt }, { expirationDateUtc: SECOND_END }),
		);
		expect(await handOver(shares([1, FIRST_END]), { listedAt })).toEqual([]);
		expect(await handOver(shares([1, SECOND_END]))).toEqual([]);
	});

	test('tells of an end that it was listed with before that change, when it comes back', async () => {
		const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
		await handOver(shares([1, FIRST_END]), { listedAt: minutesAgo(3) });
		await receive(
			numberedItem(
				1,
				{ event: UPDATED, receivedAt: minutesAgo(1) },
				{ expirationDateUtc: SECOND_END },
			),
		);
		expect(await handOver(shares([1, FIRST_END]), { listedAt: minutesAgo(2) })).toEqual([]);
		expect(await handOver(shares([1, FIRST_END]))).toEqual(['updated 1']);
	});

	test('takes changes for known the first time that they are wanted', async () => {
		const created = { selection: [CREATED] };
		await handOver(shares(1), created);
		expect(await handOver(shares([1, FIRST_END]), created)).toEqual([]);
		expect(await handOver(shares([1, FIRST_END]))).toEqual([]);
		expect(await handOver(shares([1, SECOND_END]))).toEqual(['updated 1']);
	});

	test('takes changes for known again after they were not wanted for a time', async () => {
		await handOver(shares(1, 2));
		expect(await handOver(shares([1, FIRST_END], 2), { selection: [CREATED] })).toEqual([]);
		expect(await handOver(shares([1, FIRST_END], 2))).toEqual([]);
		expect(await handOver(shares([1, FIRST_END], [2, SECOND_END]))).toEqual(['updated 2']);
	});

	test('from when changes were not wanted, retried, does not make them known', async () => {
		const earlier = handoverOf(shares(1), { selection: [CREATED] });
		await run([{ json: { handover: earlier } }]);
		await handOver(shares(1));
		await run([{ json: { handover: earlier } }], 'retry');
		expect(await handOver(shares([1, FIRST_END]))).toEqual(['updated 1']);
	});

	test('tells of a change though the clock has been set back since the one before', async () => {
		await handOver(shares(1));
		const receivedAt = new Date(Date.now() + 3_600_000).toISOString();
		await receive(
			numberedItem(1, { event: UPDATED, receivedAt }, { expirationDateUtc: FIRST_END }),
		);
		expect(await handOver(shares([1, SECOND_END]))).toEqual(['updated 1']);
		expect(await handOver(shares([1, FIRST_END]))).toEqual(['updated 1']);
	});

	test('tells of a share that was revoked and goes on after all', async () => {
		await handOver(shares(1));
		expect(await handOver(shares([1, PAST]))).toEqual([]);
		expect(await handOver(shares([1, SECOND_END]))).toEqual(['updated 1']);
	});

	test('tells of no new share where only changes are chosen', async () => {
		const updated = { selection: [UPDATED] };
		await handOver(shares(1), updated);
		expect(await handOver(shares(1, 2), updated)).toEqual([]);
		expect(await handOver(shares([1, FIRST_END], [2, FIRST_END]), updated)).toEqual([
			'updated 1',
			'updated 2',
		]);
	});

	test('that the database fails for fails, and can be handed over again', async () => {
		await handOver([]);
		const handover = handoverOf(shares(1));
		database.before = () => {
			throw new Error('the disk is full');
		};
		expect(await run([{ json: { handover } }])).toEqual(['failed']);
		database.before = () => undefined;
		expect(await run([{ json: { handover } }])).toEqual(['created 1']);
	});
});

describe('an execution that runs again', () => {
	test.each(['retry', 'trigger'])(
		'claims what it claimed before, however often (%s)',
		async (mode) => {
			await handOver(shares(1, [2, FIRST_END]));
			await receive(numberedItem(3));
			const handover = handoverOf(shares(1, [2, SECOND_END], 3, 4));
			const missed = ['updated 2', 'created 4'];
			expect(await run([{ json: { handover } }])).toEqual(missed);
			for (let times = 0; times < 3; times++) {
				expect(await run([{ json: { handover } }], mode)).toEqual(missed);
			}
			expect(await handOver(shares(1, [2, SECOND_END], 3, 4))).toEqual([]);
			// A share that was there from the start has still not been started.
			expect(await receive(numberedItem(1))).toEqual(['created 1']);
		},
	);

	test('records little more, so that retries do not fill the ledger', async () => {
		await handOver(shares(1), { selection: [CREATED] });
		const listed = shares(...Array.from({ length: 100 }, (_entry, index) => index + 1));
		const handover = handoverOf(listed, { selection: [CREATED] });
		await run([{ json: { handover } }]);
		await handOver(listed.slice(0, 1), { selection: [CREATED] });
		const { length } = database.entries;
		expect(await run([{ json: { handover } }], 'retry')).toHaveLength(99);
		expect(database.entries.length - length).toBeLessThan(110);
	});

	test('fails where it was cut off while it looked up what is new', async () => {
		await handOver(shares(1));
		const handover = handoverOf(shares(1, 2));
		const { checkProcessedAndRecord } = database.helpers;
		const isGone = jest.spyOn(database.helpers, 'checkProcessedAndRecord');
		const recorded = new Promise<void>((resolve) => {
			isGone.mockImplementation(async (...values) => {
				const result = await checkProcessedAndRecord(...values);
				resolve();
				return result;
			});
		});
		void run([{ json: { handover } }]);
		await recorded;
		const { entries } = database;
		await new Promise(setImmediate);
		isGone.mockRestore();
		// What n8n finds after its start.
		database.entries = entries;
		expect(await run([{ json: { handover } }], 'retry')).toEqual(['failed']);
		// The trigger goes on.
		expect(await handOver(shares(1, 2, 3))).toEqual(['created 3']);
	});
});

describe('a database that fails now and then', () => {
	/** Each access of the database fails in turn. */
	test.each([1, 2, 3, 4])('loses no listed share (access %i)', async (failing) => {
		await handOver(shares([1, FIRST_END], 2));
		const handover = handoverOf(shares([1, SECOND_END], 2, 3));
		let accesses = 0;
		database.before = () => {
			if (++accesses === failing) throw new Error('the database is locked');
		};
		let told = await run([{ json: { handover } }]);
		if (told[0] === 'failed') told = await run([{ json: { handover } }]);
		expect(told).toEqual(['updated 1', 'created 3']);
		expect(n8n.warnings).toEqual([]);
		expect(await run([{ json: { handover } }], 'retry')).toEqual(told);
		expect(await handOver(shares([1, FIRST_END], 2, 3))).toEqual(['updated 1']);
	});

	test('loses no listed share where it fails after the first write, for good', async () => {
		await handOver([]);
		let accesses = 0;
		database.before = () => {
			if (++accesses > 2) throw new Error('the disk is full');
		};
		expect(await handOver(shares(1))).toEqual(['created 1']);
		expect(n8n.warnings).toEqual([
			'EnableNow Trigger could not complete its record of events: the disk is full',
		]);
	});

	test('starts no event again after its first write', async () => {
		const update = (end: string) => numberedItem(1, { event: UPDATED }, { expirationDateUtc: end });
		await receive(update(FIRST_END));
		let accesses = 0;
		database.before = () => {
			if (++accesses > 1) throw new Error('the disk is full');
		};
		// The first has started the workflow.
		expect(await receive(update(FIRST_END), update(SECOND_END))).toEqual(['updated 1']);
		expect(n8n.warnings).toEqual([
			'EnableNow Trigger could not complete its record of events: the disk is full',
		]);
	});
});

describe('in several processes', () => {
	beforeEach(() => cache.close());

	test('an execution that n8n gives to another worker runs again', async () => {
		const items = [{ json: numberedItem(1) }];
		const runAs = async (id: string) => {
			const execution = new FakeExecution(items, 'webhook', undefined, id);
			await n8n.begin(execution);
			return execution.items.map(toldOf);
		};
		expect(await runAs('7')).toEqual(['created 1']);
		expect(await runAs('7')).toEqual(['created 1']);
		expect(await runAs('8')).toEqual([]);
	});

	test('what another process overwrites is recorded again', async () => {
		const running = receive(numberedItem(1));
		await sleep(20);
		expect(database.entries.length).toBeGreaterThan(0);
		database.entries = ['what the other recorded'];
		await running;
		expect(await receive(numberedItem(1))).toEqual([]);
		expect(database.entries).toContain('what the other recorded');
	});

	test('so it is where the other takes as long as this one for a large record', async () => {
		database.before = async () => {
			database.before = () => undefined;
			await sleep(200);
		};
		const running = receive(numberedItem(1));
		await sleep(500);
		expect(database.entries.length).toBeGreaterThan(0);
		database.entries = ['what the other recorded'];
		await running;
		expect(await receive(numberedItem(1))).toEqual([]);
	});

	test('a claim stands where the database fails when it is asked what was overwritten', async () => {
		await receive(numberedItem(1));
		let accesses = 0;
		database.before = () => {
			if (++accesses > 1) throw new Error('the disk is full');
		};
		expect(await receive(numberedItem(1), numberedItem(2))).toEqual(['created 2']);
	});

	test('the first entries of two are both recorded', async () => {
		let calls = 0;
		database.before = () => {
			if (++calls === 1) throw new Error('UNIQUE constraint failed');
		};
		expect(await receive(numberedItem(1))).toEqual(['created 1']);
		expect(n8n.warnings).toEqual([]);
	});
});

describe('while the number of executions is limited', () => {
	afterEach(() => jest.useRealTimers());

	test('what waits for a free slot is not missed, also after a start, and starts by itself', async () => {
		jest.useFakeTimers();
		await handOver([]);
		const key = createdKey(numberedShare(1));
		cache.addWaiting([numberedItem(1)]);
		await receive(numberedItem(2));
		// n8n may not have stored it yet.
		expect(database.entries).not.toContain(`seen ${key}`);
		jest.advanceTimersByTime(6_000);
		await receive(numberedItem(3));
		expect(await handOver(shares(1, 2, 3))).toEqual([]);
		expect(await receive(numberedItem(1))).toEqual(['created 1']);
	});
});

/** An n8n in which the catch-up is off receives an event. */
async function receiveOff(number: number): Promise<string[]> {
	cache.close();
	const told = await beginOff(number);
	cache = new TriggerCache(`1 ${node.id}`);
	return told;
}

/** An execution that was stored while the catch-up was off begins. */
async function beginOff(number: number): Promise<string[]> {
	const off = new FakeN8n(database, '1', { events: [CREATED, UPDATED], catchUp: false });
	const execution = new FakeExecution([{ json: numberedItem(number) }], 'webhook');
	await off.begin(execution);
	n8n.log.push(...off.log);
	return execution.items.map(toldOf);
}

test('what came while the catch-up was off is known when it is on again, though the database failed', async () => {
	await handOver(shares(1));
	database.before = () => {
		throw new Error('the disk is full');
	};
	expect(await receiveOff(2)).toEqual(['created 2']);
	database.before = () => undefined;
	expect(await receiveOff(3)).toEqual(['created 3']);
	expect(await handOver(shares(1, 2, 3))).toEqual([]);
	expect(n8n.warnings).toEqual([
		'EnableNow Trigger could not use its record of events, so it starts the workflow: the disk is full',
	]);
});

test('what came while the catch-up was off is known when it is on again', async () => {
	await handOver(shares(1));
	for (const number of [2, 2, 3]) expect(await receiveOff(number)).toEqual([`created ${number}`]);
	expect(await handOver(shares(1, 2, 3))).toEqual([]);
	expect(await handOver(shares(1, 2, 3, 4))).toEqual(['created 4']);
	await receiveOff(5);
	expect(await handOver(shares(1, 2, 3, 4, 5))).toEqual([]);
});

test('what was stored while the catch-up was off, and begins later, is recorded too', async () => {
	await handOver(shares(1));
	expect(await beginOff(2)).toEqual(['created 2']);
	expect(await handOver(shares(1, 2, 3))).toEqual(['created 3']);
});

describe('executions that wait for the ledger', () => {
	it('are recorded together, and each event starts the workflow once', async () => {
		await handOver([]);
		let accesses = 0;
		database.before = () => void accesses++;
		const numbers = Array.from({ length: 200 }, (_value, index) => index % 100);
		const told = await Promise.all(
			numbers.map(async (number) => await receive(numberedItem(number))),
		);
		expect(told.flat()).toHaveLength(100);
		expect(new Set(told.flat()).size).toBe(100);
		// The first one goes alone.
		expect(accesses).toBeLessThan(10);
	});

	it('keep what EnableNow did not confirm', async () => {
		const unverified = numberedItem(2, { verified: false, reason: 'Not now.', share: null });
		const told = await Promise.all([
			receive(numberedItem(1)),
			receive(numberedItem(1), unverified),
			receive(unverified),
		]);
		expect(told).toEqual([['created 1'], ['created 2'], ['created 2']]);
	});

	it('all go on where the database fails', async () => {
		database.before = () => {
			throw new Error('The database is away');
		};
		const told = await Promise.all(
			[1, 2, 3].map(async (number) => await receive(numberedItem(number))),
		);
		expect(told).toEqual([['created 1'], ['created 2'], ['created 3']]);
		expect(n8n.warnings).toHaveLength(3);
	});
});

test('with the catch-up off, what another process has recorded meanwhile is forgotten too', async () => {
	const off = FakeN8n.quick(database, '2', { events: [CREATED], catchUp: false, options: {} });
	const event = [{ json: numberedItem(1) }];
	const now = jest.spyOn(performance, 'now').mockReturnValue(0);
	await off.begin(new FakeExecution(event, 'webhook'));
	database.entries = ['by another process'];
	await off.begin(new FakeExecution(event, 'webhook'));
	expect(database.entries).toEqual(['by another process']);
	now.mockReturnValue(120_000);
	await off.begin(new FakeExecution(event, 'webhook'));
	expect(database.entries).toEqual([]);
	now.mockRestore();
});
