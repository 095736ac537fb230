import type { INodeParameters } from 'n8n-workflow';

import { TestBed } from '../support/test-bed';
import { asPutOut } from '../support/put-out';
import { itemsOf, jsonOf, SHARE } from '../support/workflows';

const bed = TestBed.prepare();

const GET_MANY: INodeParameters = { operation: 'getAll' };
const fromSharer = { from: 'en-app-ref-001', to: 'en-app-ref-002' };

/** The queries of the list requests. */
async function queries(): Promise<Array<Record<string, string>>> {
	return (await bed.calls()).map(({ query }) => Object.fromEntries(new URLSearchParams(query)));
}

describe('the limit', () => {
	it.each([
		[1, [{ page: '1', pageSize: '1' }]],
		[49, [{ page: '1', pageSize: '49' }]],
		[50, [{ page: '1', pageSize: '50' }]],
		[
			51,
			[
				{ page: '1', pageSize: '50' },
				{ page: '2', pageSize: '50' },
			],
		],
		[
			100,
			[
				{ page: '1', pageSize: '50' },
				{ page: '2', pageSize: '50' },
			],
		],
	])('of %i fetches no page that is not needed', async (limit, expected) => {
		const made = await bed.admin.addShares({ count: 123, ...fromSharer });
		const run = await bed.runShare({ ...GET_MANY, limit });
		expect(jsonOf(run, SHARE)).toEqual(made.slice(0, limit).map(asPutOut));
		expect(await queries()).toEqual(expected);
	});

	it('is 50 where nothing is said', async () => {
		await bed.admin.addShares({ count: 60, ...fromSharer });
		expect(jsonOf(await bed.runShare(GET_MANY), SHARE)).toHaveLength(50);
		expect(await queries()).toHaveLength(1);
	});

	it('counts for each item by itself', async () => {
		await bed.admin.addShares({ count: 5, ...fromSharer });
		const run = await bed.runShare(
			{ ...GET_MANY, limit: '={{ $json.limit }}' },
			{ items: [{ limit: 2 }, { limit: 3 }] },
		);
		expect(itemsOf(run, SHARE).map(({ pairedItem }) => pairedItem)).toEqual(
			[0, 0, 1, 1, 1].map((item) => ({ item })),
		);
	});
});

describe('Return All', () => {
	it.each(['oldestFirst', 'newestFirst'] as const)(
		'gives every share once, in EnableNow’s order: %s',
		async (listOrder) => {
			await bed.admin.configure({ listOrder });
			const made = await bed.admin.addShares({ count: 123, ...fromSharer });
			if (listOrder === 'newestFirst') made.reverse();
			const run = await bed.runShare({ ...GET_MANY, returnAll: true });
			expect(jsonOf(run, SHARE)).toEqual(made.map(asPutOut));
			expect((await queries()).map(({ page }) => page)).toEqual(['1', '2', '3']);
		},
	);

	it('asks for no page after a full last one', async () => {
		await bed.admin.addShares({ count: 100, ...fromSharer });
		const run = await bed.runShare({ ...GET_MANY, returnAll: true });
		expect(jsonOf(run, SHARE)).toHaveLength(100);
		expect(await queries()).toHaveLength(2);
	});

	it('gives nothing where there is nothing', async () => {
		expect(jsonOf(await bed.runShare({ ...GET_MANY, returnAll: true }), SHARE)).toEqual([]);
		expect(await queries()).toHaveLength(1);
	});
});

describe('filters', () => {
	const future = '2030-01-01T00:00:00Z';
	const past = '2020-01-01T00:00:00Z';

	beforeEach(async () => {
		const add = async (batch: object) =>
			await bed.admin.addShares({ count: 1, ...fromSharer, expirationDateUtc: future, ...batch });
		await add({ reference: 'a' });
		await add({ reference: 'b', expirationDateUtc: past });
		await add({ reference: 'a', from: 'en-app-ref-002', to: 'en-app-ref-001' });
		await add({ reference: null });
		await add({ reference: 'A' });
	});

	it.each<[string, INodeParameters, Array<string | null>, Record<string, string>]>([
		['none', {}, ['a', 'b', 'a', null, 'A'], {}],
		['any', { status: 'any' }, ['a', 'b', 'a', null, 'A'], {}],
		['active', { status: 'active' }, ['a', 'a', null, 'A'], { isExpired: 'false' }],
		['expired', { status: 'expired' }, ['b'], { isExpired: 'true' }],
		['made', { direction: 'made' }, ['a', 'b', null, 'A'], {}],
		['received', { direction: 'received' }, ['a'], {}],
		['receiver', { clientId: ' en-app-ref-002 ' }, ['a', 'b', null, 'A'], {}],
		['reference, to the letter', { reference: 'a' }, ['a', 'a'], {}],
		['receiver and reference', { clientId: 'en-app-ref-001', reference: 'a' }, ['a'], {}],
		['nothing fits', { clientId: 'en-app-ref-002', reference: 'c' }, [], {}],
	])('%s', async (_name, filters, references, query) => {
		const run = await bed.runShare({ ...GET_MANY, filters });
		expect(jsonOf(run, SHARE).map(({ reference }) => reference)).toEqual(references);
		expect(await queries()).toMatchObject([query]);
		expect((await queries())[0]).not.toHaveProperty('reference');
		if (!('isExpired' in query)) expect((await queries())[0]).not.toHaveProperty('isExpired');
	});

	it('read on until the limit is reached', async () => {
		await bed.admin.addShares({ count: 120, ...fromSharer, reference: 'other' });
		const found = await bed.admin.addShares({ count: 3, ...fromSharer, reference: 'wanted' });
		const run = await bed.runShare({ ...GET_MANY, limit: 2, filters: { reference: 'wanted' } });
		expect(jsonOf(run, SHARE)).toEqual(found.slice(0, 2).map(asPutOut));
		expect(await queries()).toHaveLength(3);
	});
});
