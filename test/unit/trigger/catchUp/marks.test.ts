import { createHash } from 'crypto';
import type { IExecuteFunctions } from 'n8n-workflow';

import type { Deliveries } from '../../../../nodes/EnableNowShareTrigger/catchUp/deliveries';
import {
	forgetTrigger,
	setTrigger,
} from '../../../../nodes/EnableNowShareTrigger/catchUp/liveTriggers';
import { begin } from '../../../../nodes/EnableNowShareTrigger/catchUp/marks';

const MOST_MARKS = 5_000;

/** How n8n keeps a mark: as a hash, or as it came. */
const FORMS: Array<[string, (mark: string) => string]> = [
	['as hashes', (mark) => createHash('md5').update(mark).digest('base64')],
	['as they come', (mark) => mark],
];

/** The processed data of n8n's database: it reads all marks of a node, changes them and writes all. */
class ProcessedData {
	marks: string[] = [];
	/** Is waited for before a request is carried out, by its number. */
	before: (number: number) => Promise<void> = async () => await Promise.resolve();
	/** Is waited for between reading and writing. */
	pause: () => Promise<void> = async () => await Promise.resolve();
	/** The requests that fail before they are carried out, numbered from 1. */
	failing: number[] = [];
	requests = 0;
	/** How many requests are being carried out, and how many were at most. */
	underWay = { now: 0, most: 0 };

	constructor(private readonly formOf: (mark: string) => string) {}

	readonly helpers = {
		checkProcessedAndRecord: async (
			items: string[],
			scope: string,
			{ mode, maxEntries }: { mode: string; maxEntries: number },
		) => {
			expect([scope, mode]).toEqual(['node', 'entries']);
			return await this.change((marks) => {
				const there = new Set(marks);
				const isThere = (item: string) => there.has(this.formOf(item));
				const fresh = items.filter((item) => !isThere(item));
				marks.push(...fresh.map(this.formOf));
				marks.splice(0, marks.length - maxEntries);
				return { new: fresh, processed: items.filter(isThere) };
			});
		},
		removeProcessed: async (items: string[], scope: string, { mode }: { mode: string }) => {
			expect([scope, mode]).toEqual(['node', 'entries']);
			await this.change((marks) => {
				for (const item of items.map(this.formOf)) {
					if (marks.includes(item)) marks.splice(marks.indexOf(item), 1);
				}
			});
		},
	};

	private async change<Result>(work: (marks: string[]) => Result): Promise<Result> {
		const number = ++this.requests;
		if (this.failing.includes(number)) throw new Error('the database is locked');
		await this.before(number);
		this.underWay.most = Math.max(this.underWay.most, ++this.underWay.now);
		const marks = [...this.marks];
		await this.pause();
		const result = work(marks);
		this.marks = marks;
		this.underWay.now--;
		return result;
	}
}

let warnings: string[] = [];
beforeEach(() => (warnings = []));

/** The context of an execution of the trigger, on whatever process. */
function contextOf(data: ProcessedData, executionId: string, workflowId = 'workflow') {
	return {
		helpers: data.helpers,
		getExecutionId: () => executionId,
		getWorkflow: () => ({ id: workflowId }),
		getNode: () => ({ id: 'node', name: 'EnableNow Trigger' }),
		logger: { warn: (text: string) => warnings.push(text) },
	} as unknown as IExecuteFunctions;
}

describe.each(FORMS)('marks that n8n keeps %s', (_form, formOf) => {
	function setUp() {
		const data = new ProcessedData(formOf);
		const by = (isFromTrigger: boolean) => async (id: string, keys: string[]) => [
			...(await begin(contextOf(data, id), keys, isFromTrigger)),
		];
		return { data, byWebhook: by(false), byTrigger: by(true) };
	}

	test('the first execution is given all', async () => {
		const { byWebhook, byTrigger } = setUp();
		expect(await byWebhook('1', ['a', 'b'])).toEqual(['a', 'b']);
		expect(await byTrigger('2', ['c', 'd'])).toEqual(['c', 'd']);
	});

	test('what a webhook request has begun, neither another one nor the trigger begins', async () => {
		const { byWebhook, byTrigger } = setUp();
		await byWebhook('1', ['a']);
		expect(await byWebhook('2', ['a', 'b'])).toEqual(['b']);
		expect(await byTrigger('3', ['b', 'c', 'a'])).toEqual(['c']);
		// Also not when the trigger asks again.
		expect(await byTrigger('4', ['b', 'c', 'a'])).toEqual(['c']);
	});

	test('what the trigger has begun, no webhook request begins', async () => {
		const { byWebhook, byTrigger } = setUp();
		await byTrigger('1', ['a']);
		expect(await byWebhook('2', ['a', 'b'])).toEqual(['b']);
	});

	test('the trigger begins again what it has begun: the first execution was cut off', async () => {
		const { byTrigger } = setUp();
		await byTrigger('1', ['a']);
		expect(await byTrigger('2', ['a'])).toEqual(['a']);
		expect(await byTrigger('3', ['a'])).toEqual(['a']);
	});

	test('an execution that is run anew is given the same again', async () => {
		const { byWebhook } = setUp();
		await byWebhook('1', ['a']);
		await byWebhook('2', ['a', 'b']);
		expect(await byWebhook('1', ['a'])).toEqual(['a']);
		expect(await byWebhook('2', ['b'])).toEqual(['b']);
	});

	test('at most 5,000 are kept, the last', async () => {
		const { data, byWebhook } = setUp();
		// An event has two marks.
		for (let number = 0; number < MOST_MARKS / 2 + 10; number += 10) {
			const keys = Array.from({ length: 10 }, (_key, index) => `key ${number + index}`);
			await byWebhook('1', keys);
		}
		expect(data.marks).toHaveLength(MOST_MARKS);
		expect(await byWebhook('2', ['key 10', 'key 2509'])).toEqual([]);
		expect(await byWebhook('3', ['key 9'])).toEqual(['key 9']);
		expect(data.marks).toHaveLength(MOST_MARKS);
	});

	test('two processes that mark at the same time: a third one begins nothing', async () => {
		const { data, byWebhook } = setUp();
		await byWebhook('0', ['before']);
		// Both read before either writes: the second to write undoes what the first wrote.
		const first = data.requests;
		let letWrite: () => void = () => undefined;
		const bothHaveRead = new Promise<void>((resolve) => (letWrite = resolve));
		data.pause = async () => {
			if (data.requests === first + 2) letWrite();
			await bothHaveRead;
		};
		// Then one is slower than the other.
		data.before = async (number) => {
			for (let step = 0; number === first + 4 && step < 50; step++) await Promise.resolve();
		};
		await Promise.all([
			// Other workflow IDs, since one process marks for one trigger after another.
			begin(contextOf(data, '1', 'one'), ['a'], false),
			begin(contextOf(data, '2', 'other'), ['b'], false),
		]);
		expect(await byWebhook('3', ['a', 'b', 'c'])).toEqual(['c']);
	});
});

function setUp() {
	return new ProcessedData((mark) => mark);
}

test('where there is no event, n8n is not asked', async () => {
	const data = setUp();
	expect(await begin(contextOf(data, '1'), [], true)).toEqual(new Set());
	expect(data.requests).toBe(0);
});

describe('a database that fails', () => {
	test.each([1, 2])('%i times is asked again', async (times) => {
		const data = setUp();
		data.failing = [1, 2].slice(0, times);
		expect(await begin(contextOf(data, '1'), ['a'], false)).toEqual(new Set(['a']));
		expect(warnings).toEqual([]);
		expect(data.marks).toContain('a');
	});

	test.each([true, false])(
		'three times has all executed, with a warning (by the trigger: %s)',
		async (isFromTrigger) => {
			const data = setUp();
			await begin(contextOf(data, '1'), ['a'], false);
			data.failing = [1, 2, 3].map((number) => data.requests + number);
			const begun = await begin(contextOf(data, '2'), ['a', 'b'], isFromTrigger);
			expect(begun).toEqual(new Set(['a', 'b']));
			expect(warnings).toEqual([
				'EnableNow Trigger could not look whether an event was emitted already, and emits it: the database is locked',
			]);
		},
	);

	test('when it has marked already has all executed that was new, or more', async () => {
		for (const number of [4, 5, 6, 7]) {
			const data = setUp();
			await begin(contextOf(data, '1'), ['a'], false);
			data.failing = [0, 1, 2].map((later) => number + later);
			expect(await begin(contextOf(data, '2'), ['a', 'b'], true)).toContain('b');
		}
	});

	test('does not keep others from marking', async () => {
		const data = setUp();
		data.failing = [1, 2, 3];
		const failed = begin(contextOf(data, '1'), ['a'], false);
		const next = begin(contextOf(data, '2'), ['b'], false);
		expect(await failed).toEqual(new Set(['a']));
		expect(await next).toEqual(new Set(['b']));
		expect(warnings).toHaveLength(1);
		expect(await begin(contextOf(data, '3'), ['b'], false)).toEqual(new Set());
	});
});

describe('one process', () => {
	test('marks for one trigger after another: of many executions one begins each event', async () => {
		const data = setUp();
		const ids = Array.from({ length: 20 }, (_id, index) => String(index));
		const begun = await Promise.all(
			ids.map(async (id) => await begin(contextOf(data, id), ['a', `own ${id}`], false)),
		);
		expect(begun.filter((keys) => keys.has('a'))).toHaveLength(1);
		expect(begun.every((keys, index) => keys.has(`own ${index}`))).toBe(true);
		expect(data.underWay.most).toBe(1);
	});

	test('marks for several triggers side by side', async () => {
		const data = setUp();
		await Promise.all(
			['one', 'other'].map(
				async (workflow) => await begin(contextOf(data, '1', workflow), ['a'], false),
			),
		);
		expect(data.underWay.most).toBe(2);
	});

	test('makes no mark where the trigger runs in it, but knows what requests began', async () => {
		const data = setUp();
		const deliveries = { isRunning: true } as Deliveries;
		expect(await begin(contextOf(data, '1', 'alone'), ['a'], false)).toEqual(new Set(['a']));
		const { requests } = data;
		setTrigger(contextOf(data, '1', 'alone'), deliveries);
		expect(await begin(contextOf(data, '2', 'alone'), ['a', 'b'], true)).toEqual(new Set(['b']));
		expect(await begin(contextOf(data, '3', 'alone'), ['b'], true)).toEqual(new Set(['b']));
		expect(data.requests).toBe(requests);
		forgetTrigger(contextOf(data, '1', 'alone'));
	});
});
