import { CatchUp } from '../../../../nodes/EnableNowShareTrigger/catchUp/catchUp';
import { Deliveries } from '../../../../nodes/EnableNowShareTrigger/catchUp/deliveries';
import { Memory } from '../../../../nodes/EnableNowShareTrigger/catchUp/memory';
import type { TriggerItem } from '../../../../nodes/EnableNowShareTrigger/webhook/decision';
import type { CatchUpSettings } from '../../../../nodes/EnableNowShareTrigger/catchUp/settings';
import { responseError } from '../../../../nodes/shared/errors/requestError';
import { FakeEnableNow, inVirtualTime, numberedShare, rejectionOf } from '../../support';
import { CREATED, FakeN8n, numberedItem, settle, UPDATED } from './support';

const RECEIVER = 'en-app-ref-002';

const NOW = Date.parse('2026-04-30T12:00:00Z');
const PAST = '2026-04-30T14:00:00+02:00';
const SOON = '2026-04-30T12:00:01Z';
const LATER = '2030-01-01T00:00:00Z';
const MUCH_LATER = '2031-01-01T00:00:00Z';

const SETTINGS: CatchUpSettings = {
	isOn: true,
	interval: 300_000,
	existing: false,
	expired: false,
	clientId: '',
	selection: [],
};

const ONLY_CREATED = [CREATED];
const ONLY_UPDATED = [UPDATED];
const BOTH = [CREATED, UPDATED];

const SELECTIONS = [ONLY_CREATED, ONLY_UPDATED, BOTH, ['*']];

beforeEach(() => jest.useFakeTimers({ now: NOW }));

/** A trigger that catches up, on an EnableNow that may be older than it. */
function start(
	service: FakeEnableNow,
	selection = ONLY_CREATED,
	settings: Partial<CatchUpSettings> = {},
	n8n = FakeN8n.quick(),
) {
	const memory = new Memory('app', n8n.stored);
	const deliveries = new Deliveries(n8n.context, memory);
	deliveries.noteExecutedHere();
	const catchUp = new CatchUp(deliveries, RECEIVER, selection, { ...SETTINGS, ...settings });
	const seen = memory.listedShares();
	/** Catches up once; tells what was executed in the meantime. */
	const run = async () => {
		const before = n8n.told.length;
		await inVirtualTime(catchUp.run(service.api, seen));
		return n8n.told.slice(before);
	};
	/** Starts n8n again after it was killed, with other settings if need be. */
	const startAgain = (other = selection, changes: Partial<CatchUpSettings> = settings) => {
		const next = FakeN8n.quick();
		next.stored = n8n.stored;
		return start(service, other, changes, next);
	};
	/** An execution for an event that a webhook request told of. */
	const receive = async (item: TriggerItem) => {
		deliveries.start([{ ...item, source: 'webhook' }]);
		await settle();
	};
	return { n8n, memory, deliveries, catchUp, run, startAgain, receive };
}

/** An EnableNow with shares that end at these times. */
function enableNowWith(...ends: string[]): FakeEnableNow {
	const service = new FakeEnableNow();
	service.order = 'oldestFirst';
	for (const expirationDateUtc of ends) add(service, { expirationDateUtc });
	return service;
}

function add(service: FakeEnableNow, changes: Parameters<typeof numberedShare>[1] = {}): void {
	service.shares.push(numberedShare(service.shares.length + 1, changes));
}

function change(service: FakeEnableNow, number: number, expirationDateUtc: string): void {
	Object.assign(service.shares[number - 1]!, { expirationDateUtc });
}

describe.each(SELECTIONS.map((selection) => [selection]))('with %j', (selection) => {
	test('the first run takes for known what is there, and stores that it did', async () => {
		const service = enableNowWith(LATER, PAST, LATER);
		const trigger = start(service, selection);
		expect(await trigger.run()).toEqual([]);
		expect(await trigger.run()).toEqual([]);
		expect(trigger.n8n.executions).toHaveLength(1);
		expect(await trigger.startAgain().run()).toEqual([]);
	});

	test('a first run that fails is still the first', async () => {
		const service = enableNowWith(LATER, LATER);
		const trigger = start(service, selection);
		service.before = () => {
			throw responseError(503, {});
		};
		await rejectionOf(trigger.run());
		expect(trigger.memory.hasBaseline).toBe(false);
		service.before = () => undefined;
		expect(await trigger.run()).toEqual([]);
		expect(trigger.memory.hasBaseline).toBe(true);
	});

	test('what is there is told of where that is wanted, if creations are', async () => {
		const service = enableNowWith(LATER, PAST, LATER);
		const trigger = start(service, selection, { existing: true });
		const areWanted = selection !== ONLY_UPDATED;
		expect(await trigger.run()).toEqual(areWanted ? ['created 1', 'created 3'] : []);
		expect(await trigger.run()).toEqual([]);
		expect(await trigger.startAgain().run()).toEqual([]);
	});

	test('shares of others are neither told of nor taken for a sign of the app', async () => {
		const service = enableNowWith();
		const trigger = start(service, selection);
		await trigger.run();
		add(service, { clientId: 'en-app-ref-001' });
		expect(await trigger.run()).toEqual([]);
		expect(trigger.memory.hasMatched).toBe(false);
		change(service, 1, LATER);
		expect(await trigger.run()).toEqual([]);
		add(service, { expirationDateUtc: PAST });
		await trigger.run();
		expect(trigger.memory.hasMatched).toBe(true);
	});
});

describe('creations', () => {
	test.each(['newestFirst', 'oldestFirst'] as const)(
		'are told of in the order of the list, each once (%s)',
		async (order) => {
			const service = enableNowWith(LATER);
			service.order = order;
			const trigger = start(service);
			await trigger.run();
			service.addShares(3);
			const inOrder = ['created 2', 'created 3', 'created 4'];
			expect(await trigger.run()).toEqual(order === 'oldestFirst' ? inOrder : inOrder.reverse());
			expect(await trigger.run()).toEqual([]);
			expect(await trigger.startAgain().run()).toEqual([]);
		},
	);

	test('are told of with the share as EnableNow gave it', async () => {
		const service = enableNowWith();
		const trigger = start(service);
		await trigger.run();
		add(service);
		await trigger.run();
		expect(trigger.n8n.executions.at(-1)?.items).toEqual([
			{
				event: CREATED,
				shareId: service.shares[0]!.id,
				verified: true,
				reason: null,
				share: service.shares[0],
				data: null,
				receivedAt: expect.stringMatching(/^2026-04-30T12:00:00\.\d{3}Z$/) as unknown,
				source: 'catchUp',
			},
		]);
	});

	test('that an event has told of are not told of again, now or after a start of n8n', async () => {
		const service = enableNowWith();
		const trigger = start(service);
		await trigger.run();
		service.addShares(2);
		await trigger.receive(numberedItem(1));
		const again = trigger.startAgain();
		expect(await trigger.run()).toEqual(['created 2']);
		expect(await again.run()).toEqual(['created 2']);
	});

	test('are not told of where only updates are wanted', async () => {
		const service = enableNowWith();
		const trigger = start(service, ONLY_UPDATED);
		await trigger.run();
		add(service);
		expect(await trigger.run()).toEqual([]);
		change(service, 1, LATER);
		expect(await trigger.run()).toEqual(['updated 1']);
	});
});

describe('a share that has ended', () => {
	test.each<[string, string, string[]]>([
		['has ended', PAST, []],
		['ends in a second', SOON, ['created 1']],
		['ends at a time that nobody can read', 'some day', ['created 1']],
	])('is left out: one that %s', async (_case, expirationDateUtc, told) => {
		const service = enableNowWith();
		const trigger = start(service);
		await trigger.run();
		add(service, { expirationDateUtc });
		expect(await trigger.run()).toEqual(told);
	});

	test('is told of where that is wanted', async () => {
		const service = enableNowWith();
		const trigger = start(service, BOTH, { expired: true });
		await trigger.run();
		add(service, { expirationDateUtc: PAST });
		expect(await trigger.run()).toEqual(['created 1']);
		change(service, 1, '2026-04-30T13:59:59+02:00');
		expect(await trigger.run()).toEqual(['updated 1']);
	});

	test('and that was not known before is told of as updated when it goes on after all', async () => {
		const service = enableNowWith();
		const trigger = start(service, BOTH);
		await trigger.run();
		add(service, { expirationDateUtc: PAST });
		expect(await trigger.run()).toEqual([]);
		change(service, 1, LATER);
		expect(await trigger.run()).toEqual(['updated 1']);
		expect(await trigger.run()).toEqual([]);
	});

	test('and goes on at the end that was told of before has not changed', async () => {
		const service = enableNowWith(LATER);
		const trigger = start(service, BOTH);
		await trigger.run();
		change(service, 1, PAST);
		expect(await trigger.run()).toEqual([]);
		change(service, 1, LATER);
		expect(await trigger.run()).toEqual([]);
		change(service, 1, MUCH_LATER);
		expect(await trigger.run()).toEqual(['updated 1']);
	});

	test('with updates alone is told of when it goes on', async () => {
		const service = enableNowWith(PAST);
		const trigger = start(service, ONLY_UPDATED);
		await trigger.run();
		change(service, 1, LATER);
		expect(await trigger.startAgain().run()).toEqual(['updated 1']);
	});
});

describe('updates', () => {
	test('are told of once for each new end, also where it is that of long ago', async () => {
		const service = enableNowWith(LATER, LATER);
		const trigger = start(service, BOTH);
		await trigger.run();
		for (const end of [MUCH_LATER, LATER, MUCH_LATER]) {
			change(service, 1, end);
			expect(await trigger.run()).toEqual(['updated 1']);
			expect(await trigger.run()).toEqual([]);
		}
	});

	test('are not seen in another way of writing the same end', async () => {
		const service = enableNowWith(LATER);
		const trigger = start(service, BOTH);
		await trigger.run();
		change(service, 1, '2030-01-01T01:00:00.4+01:00');
		expect(await trigger.run()).toEqual([]);
	});

	test('that an event has told of are not told of again', async () => {
		const service = enableNowWith(LATER);
		const trigger = start(service, BOTH);
		await trigger.run();
		change(service, 1, MUCH_LATER);
		await trigger.receive(numberedItem(1, { event: UPDATED }, { expirationDateUtc: MUCH_LATER }));
		expect(await trigger.run()).toEqual([]);
		expect(await trigger.startAgain().run()).toEqual([]);
	});

	test('that came while n8n was down are told of', async () => {
		const service = enableNowWith(LATER, LATER);
		const trigger = start(service, BOTH);
		await trigger.run();
		change(service, 2, MUCH_LATER);
		add(service, { expirationDateUtc: LATER });
		expect(await trigger.startAgain().run()).toEqual(['updated 2', 'created 3']);
	});

	test('of a share that was never told of are its creation', async () => {
		const service = enableNowWith();
		const trigger = start(service, BOTH);
		await trigger.run();
		add(service, { expirationDateUtc: LATER });
		change(service, 1, MUCH_LATER);
		expect(await trigger.run()).toEqual(['created 1']);
		expect(await trigger.run()).toEqual([]);
	});

	test('that are not wanted cost nothing, and are not told of later', async () => {
		const service = enableNowWith(...Array.from({ length: 120 }, () => LATER));
		const trigger = start(service);
		await trigger.run();
		change(service, 7, MUCH_LATER);
		const before = service.requests.length;
		expect(await trigger.run()).toEqual([]);
		expect(service.requests.length - before).toBe(1);
		expect(await trigger.startAgain(BOTH).run()).toEqual([]);
	});
});

describe.each([[ONLY_CREATED], [BOTH]])(
	'a share whose event is being executed, with %j',
	(selection) => {
		/** A trigger that reads of a share while an event about it is being executed. */
		async function startUnderWay(n8n = new FakeN8n()) {
			const service = enableNowWith();
			const trigger = start(service, selection, {}, n8n);
			n8n.onStart = (execution) => execution.end();
			await trigger.run();
			n8n.onStart = () => undefined;
			add(service);
			await trigger.receive(numberedItem(1));
			n8n.onStart = (execution) => execution.end();
			return { service, trigger, n8n };
		}

		test('is not told of, and looked at again in the next run', async () => {
			const { trigger, n8n } = await startUnderWay();
			expect(await trigger.run()).toEqual([]);
			expect(await trigger.run()).toEqual([]);
			n8n.underWay[0]?.end();
			expect(await trigger.run()).toEqual([]);
			expect(trigger.memory.isListed(numberedShare(1))).toBe(true);
			expect(n8n.told).toEqual(['created 1']);
		});

		test('is not listed meanwhile, so that a crash repeats it', async () => {
			const { service, trigger } = await startUnderWay();
			await trigger.run();
			add(service);
			expect(await trigger.run()).toEqual(['created 2']);
			await trigger.deliveries.store();
			expect(await trigger.startAgain().run()).toEqual(['created 1']);
		});

		test('is told of again where n8n could not carry it out', async () => {
			const { trigger, n8n } = await startUnderWay();
			await trigger.run();
			n8n.underWay[0]?.endWithoutStoring(undefined);
			await settle();
			expect(await trigger.run()).toEqual(['created 1']);
			expect(await trigger.run()).toEqual([]);
			expect(await trigger.startAgain().run()).toEqual([]);
		});
	},
);

describe('many shares', () => {
	test('are stored when there are more than a thousand, so that they are not read again', async () => {
		const service = enableNowWith();
		const trigger = start(service);
		await trigger.run();
		for (let count = 0; count < 1_001; count++) add(service, { clientId: 'en-app-ref-001' });
		const before = trigger.n8n.executions.length;
		await trigger.run();
		expect(trigger.n8n.executions.length - before).toBe(1);
		expect(trigger.memory.unstoredShareCount).toBe(0);
		const requests = service.requests.length;
		await trigger.startAgain().run();
		expect(service.requests.length - requests).toBe(1);
	});

	test('are not stored by themselves where there are a thousand', async () => {
		const service = enableNowWith();
		const trigger = start(service);
		await trigger.run();
		for (let count = 0; count < 1_000; count++) add(service, { clientId: 'en-app-ref-001' });
		const before = trigger.n8n.executions.length;
		await trigger.run();
		expect(trigger.n8n.executions.length).toBe(before);
	});

	test('are all stored with the first run', async () => {
		const service = enableNowWith();
		service.addShares(1_200);
		const trigger = start(service);
		await trigger.run();
		expect(trigger.n8n.executions).toHaveLength(1);
		expect(trigger.memory.unstoredShareCount).toBe(0);
	});
});

describe('a run', () => {
	test('tells how many executions it started', async () => {
		const service = enableNowWith(LATER, LATER);
		const { catchUp, memory } = start(service, BOTH, { existing: true });
		const seen = memory.listedShares();
		expect(await inVirtualTime(catchUp.run(service.api, seen))).toBe(2);
		expect(await inVirtualTime(catchUp.run(service.api, seen))).toBe(0);
	});

	test('fails where EnableNow cannot be asked, and can be run again', async () => {
		const service = enableNowWith();
		const trigger = start(service);
		await trigger.run();
		add(service);
		const failure = responseError(503, {});
		service.before = () => {
			throw failure;
		};
		expect(await rejectionOf(trigger.run())).toBe(failure);
		service.before = () => undefined;
		expect(await trigger.run()).toEqual(['created 1']);
	});
});
