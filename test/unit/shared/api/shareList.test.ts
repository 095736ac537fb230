import fc from 'fast-check';

import { responseError } from '../../../../nodes/shared/errors/requestError';
import {
	listAllShares,
	listNewShares,
	selectShares,
	type ShareFilter,
	SHARES,
} from '../../../../nodes/shared/api/shareList';
import { readList } from '../../../../nodes/shared/api/listReader';
import type { Share } from '../../../../nodes/shared/api/shares';
import type { EnableNowClient } from '../../../../nodes/shared/api/client';
import { formatDate } from '../../../../nodes/shared/input/dates';
import { FakeEnableNow, fakeApi, inVirtualTime, numberedShare, rejectionOf } from '../../support';

const everything: ShareFilter = { status: 'any', direction: 'any', clientId: '', reference: '' };
const ALL = Number.POSITIVE_INFINITY;

/** Lists shares as Get Many does. */
async function listShares(api: EnableNowClient, filter: ShareFilter, limit: number) {
	return await readList(api, SHARES, selectShares(api, filter), limit);
}

/** More requests than any list here takes: a list that is read without end fails. */
const MOST_REQUESTS = 30;

function sharesUpTo(count: number): Share[] {
	return Array.from({ length: count }, (_share, index) => numberedShare(index + 1));
}

interface FakeApi extends EnableNowClient {
	/** The pages that were asked for. */
	pages: number[];
}

/**
 * An EnableNow with a list of shares.
 *
 * @param shares - the list; what `afterPage` changes in it shows on the next page
 */
function enableNow(shares: Share[], afterPage: (requests: number) => void = () => {}): FakeApi {
	return answering((page, pageSize) => {
		const data = shares.slice((page - 1) * pageSize, page * pageSize);
		const totalPages = Math.ceil(shares.length / pageSize);
		return { data, _pagination: { page, size: pageSize, totalCount: shares.length, totalPages } };
	}, afterPage);
}

function answering(
	answerOf: (page: number, pageSize: number) => unknown,
	afterPage: (requests: number) => void = () => {},
): FakeApi {
	const pages: number[] = [];
	const api = fakeApi(({ query }) => {
		pages.push(Number(query?.['page']));
		if (pages.length > MOST_REQUESTS) return Promise.reject(new Error('read without end'));
		const answer = answerOf(Number(query?.['page']), Number(query?.['pageSize']));
		afterPage(pages.length);
		return Promise.resolve(answer);
	});
	return { ...api, pages };
}

function idsOf(shares: Share[]): string[] {
	return shares.map(({ id }) => id);
}

describe('a list that becomes shorter while it is read', () => {
	test('misses none of the shares that remain, and has each once', async () => {
		const shares = sharesUpTo(120);
		const api = enableNow(shares, (requests) => {
			if (requests === 1) shares.splice(2, 1);
		});
		const ids = idsOf(await listShares(api, everything, ALL));
		expect(new Set(ids).size).toBe(ids.length);
		expect(ids).toEqual(expect.arrayContaining(idsOf(shares)));
	});

	test("keeps EnableNow's order", async () => {
		const shares = sharesUpTo(60);
		const api = enableNow(shares, (requests) => {
			if (requests === 1) shares.splice(2, 1);
		});
		const ids = idsOf(await listShares(api, everything, ALL));
		expect(ids).toEqual([...ids].sort());
	});

	test('even where its last page has become empty', async () => {
		const shares = sharesUpTo(51);
		const api = enableNow(shares, (requests) => {
			if (requests === 1) shares.splice(0, 1);
		});
		expect(idsOf(await listShares(api, everything, ALL))).toContain(numberedShare(51).id);
	});

	test('is read three times at most', async () => {
		const shares = sharesUpTo(300);
		const api = enableNow(shares, () => void shares.splice(0, 1));
		const listed = idsOf(await listShares(api, everything, ALL));
		expect(api.pages.filter((page) => page === 1)).toHaveLength(3);
		expect(new Set(listed).size).toBe(listed.length);
		expect(listed).toEqual(expect.arrayContaining(idsOf(shares)));
	});

	test('gives no more than the limit of what several readings came to', async () => {
		const shares = sharesUpTo(130);
		const api = enableNow(shares, () => void shares.splice(0, 10));
		expect(await listShares(api, everything, 120)).toHaveLength(120);
		expect(api.pages.filter((page) => page === 1)).toHaveLength(3);
	});

	test('is not read again where the limit has been reached', async () => {
		const shares = sharesUpTo(120);
		const api = enableNow(shares, () => void shares.splice(0, 1));
		expect(await listShares(api, everything, 60)).toHaveLength(60);
		expect(api.pages).toEqual([1, 2]);
	});
});

describe.each([1, 49, 50, 60, 110, 200])(
	'%i shares that are created while the list is read',
	(count) => {
		test.each([1, 2, 3])('after page %i hide none of those that were there', async (page) => {
			const shares = sharesUpTo(300);
			const before = idsOf(shares);
			const api = enableNow(shares, (requests) => {
				if (requests !== page) return;
				shares.unshift(
					...Array.from({ length: count }, (_share, index) => numberedShare(301 + index)),
				);
			});
			const ids = idsOf(await listShares(api, everything, ALL));
			expect(new Set(ids).size).toBe(ids.length);
			expect(ids.filter((id) => before.includes(id))).toEqual(before);
		});
	},
);

test('a list in which as many are made in front as leave it at its end is read again', async () => {
	const shares = sharesUpTo(300);
	const api = enableNow(shares, (requests) => {
		if (requests !== 2) return;
		shares.splice(200, 60);
		shares.unshift(...Array.from({ length: 60 }, (_share, index) => numberedShare(301 + index)));
	});
	const ids = idsOf(await listShares(api, everything, ALL));
	expect(ids).toEqual(expect.arrayContaining(idsOf(shares)));
	expect(new Set(ids).size).toBe(ids.length);
});

test('a list that gives the same page for each is an unexpected answer, not all there is', async () => {
	const api = answering(() => ({
		data: sharesUpTo(50),
		_pagination: { totalCount: 500, totalPages: 10 },
	}));
	await expect(listShares(api, everything, ALL)).rejects.toMatchObject({
		outcome: 'unknown',
		message: expect.stringContaining('its list repeats entries and leaves others out') as string,
	});
	expect(api.pages).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1, 2, 1, 2]);
});

// Found by npm run fuzz -- --only answers --seed 1143446768.
test('a list that repeats its page and once tells of very many more has an end', async () => {
	const api = answering((page) => ({
		data: sharesUpTo(1),
		_pagination: { totalCount: page === 1 ? 0 : 10 ** 15, totalPages: 10 ** 9 },
	}));
	expect(await listShares(api, everything, 2)).toHaveLength(1);
});

test('a list that is shorter than EnableNow counts it is taken for all there is', async () => {
	const api = answering((page) => ({
		data: page === 1 ? sharesUpTo(30) : [],
		_pagination: { totalCount: 70, totalPages: 2 },
	}));
	expect(await listShares(api, everything, ALL)).toHaveLength(30);
	expect(api.pages).toEqual([1, 2]);
});

test('a list that stays as it is is read once', async () => {
	const api = enableNow(sharesUpTo(100));
	expect(idsOf(await listShares(api, everything, ALL))).toEqual(idsOf(sharesUpTo(100)));
	expect(api.pages).toEqual([1, 2]);
});

test('the same share in another case counts once', async () => {
	const share = { ...numberedShare(1), id: 'AF86536D-34e3-4ebc-6c64-08db56ccef25' };
	const api = answering(() => [share, { ...share, id: share.id.toLowerCase() }]);
	expect(await listShares(api, everything, ALL)).toHaveLength(1);
});

test('a list that is given whole, whatever page is asked for, has an end', async () => {
	const api = answering(() => sharesUpTo(60));
	expect(await listShares(api, everything, ALL)).toHaveLength(60);
});

test.each<[string, unknown]>([
	['null', null],
	['a share whose consents are none', { ...numberedShare(1), consentIds: 'all' }],
	['a share whose id is none', { ...numberedShare(1), id: '1' }],
])('%s in the list is an unexpected answer, not a share', async (_case, entry) => {
	const api = answering(() => ({ data: [numberedShare(2), entry] }));
	await expect(listShares(api, everything, ALL)).rejects.toMatchObject({
		message: expect.stringContaining('in an unexpected form') as string,
	});
});

describe('an EnableNow that understands isExpired otherwise', () => {
	const ended = { ...numberedShare(1), expirationDateUtc: '2020-01-01T00:00:00Z' };
	const active = numberedShare(2);
	const endingIn = (milliseconds: number) => ({
		...numberedShare(3),
		expirationDateUtc: formatDate(new Date(Date.now() + milliseconds)),
	});

	test('ended shares among the active ones are left out', async () => {
		const api = answering(() => ({ data: [ended, active] }));
		expect(await listShares(api, { ...everything, status: 'active' }, ALL)).toEqual([active]);
	});

	test('ended shares are listed where they are asked for', async () => {
		const api = answering(() => ({ data: [ended] }));
		expect(await listShares(api, { ...everything, status: 'expired' }, ALL)).toEqual([ended]);
		expect(await listShares(api, everything, ALL)).toEqual([ended]);
	});

	test('a share that ends about now may be among the ended ones: clocks differ', async () => {
		const ending = endingIn(10 * 60_000);
		const api = answering(() => ({ data: [ended, ending] }));
		const listed = await listShares(api, { ...everything, status: 'expired' }, ALL);
		expect(listed).toEqual([ended, ending]);
	});

	test.each([
		['for long', active],
		['for twenty minutes', endingIn(20 * 60_000)],
	])('shares that are still active %s are an unexpected answer', async (_case, share) => {
		const api = answering(() => ({ data: [ended, share] }));
		const listing = listShares(api, { ...everything, status: 'expired' }, ALL);
		await expect(listing).rejects.toMatchObject({
			message: expect.stringContaining('in an unexpected form') as string,
		});
	});
});

describe('a filter', () => {
	const shares = [
		numberedShare(1, { clientId: 'one', reference: 'a' }),
		numberedShare(2, { clientId: 'two', reference: 'a' }),
		numberedShare(3, { clientId: 'one', reference: 'b' }),
		numberedShare(4, { clientId: 'two', reference: null }),
		numberedShare(5, { clientId: 'en-app-own' }),
	];

	test.each([
		[{}, [1, 2, 3, 4, 5]],
		[{ clientId: 'one' }, [1, 3]],
		[{ reference: 'a' }, [1, 2]],
		[{ clientId: 'two', reference: 'a' }, [2]],
		[{ clientId: 'two', reference: 'b' }, []],
		[{ reference: 'any' }, []],
		[{ clientId: 'any' }, []],
		[{ direction: 'received' }, [5]],
		[{ direction: 'made' }, [1, 2, 3, 4]],
		[{ direction: 'made', reference: 'a' }, [1, 2]],
	] as const)('%j lets through what has all of it', async (filter, numbers) => {
		const found = await listShares(enableNow(shares), { ...everything, ...filter }, ALL);
		expect(found).toEqual(numbers.map((number) => shares[number - 1]));
	});

	test.each([
		[{}, { page: 1, pageSize: 3 }],
		// Of what EnableNow lists, few may match.
		[{ status: 'active' }, { page: 1, pageSize: 50, isExpired: false }],
		[{ status: 'expired' }, { page: 1, pageSize: 50, isExpired: true }],
		[{ clientId: 'one' }, { page: 1, pageSize: 50 }],
		[{ reference: 'a' }, { page: 1, pageSize: 50 }],
		[{ direction: 'made' }, { page: 1, pageSize: 50 }],
	] as const)('%j asks for the first page with %j', async (filter, query) => {
		const queries: unknown[] = [];
		const api = fakeApi((request) => {
			queries.push(request.query);
			return Promise.resolve({ data: [], _pagination: { totalCount: 0 } });
		});
		await listShares(api, { ...everything, ...filter }, 3);
		expect(queries).toEqual([query]);
	});
});

const ORDERS: Array<FakeEnableNow['order']> = ['newestFirst', 'oldestFirst'];

const PAGE_SIZE = 50;

/** An EnableNow with this many shares. */
function serviceWith(order: FakeEnableNow['order'], count: number): FakeEnableNow {
	const service = new FakeEnableNow();
	service.order = order;
	service.addShares(count);
	return service;
}

/** All shares of an EnableNow, in the order of its list. */
function listed({ shares, order }: FakeEnableNow): string[] {
	return order === 'newestFirst' ? idsOf(shares).reverse() : idsOf(shares);
}

/** Lists what is new, and counts the requests. */
async function readNew(service: FakeEnableNow, known: Set<string>) {
	const before = service.requests.length;
	const ids = idsOf(await listNewShares(service.api, known));
	return { ids, requests: service.requests.length - before };
}

/** Those of the expected ones that are not there; `arrayContaining` takes seconds for hundreds of lists. */
function missingIn(ids: string[], expected: string[]): string[] {
	const found = new Set(ids);
	return expected.filter((id) => !found.has(id));
}

/** How a list grows while it is read, and in what order its pages are answered. */
const stories = fc.record({
	order: fc.constantFrom(...ORDERS),
	count: fc.nat(320),
	/** How many of the shares are known, and which one of these is not. */
	known: fc.nat(320),
	late: fc.option(fc.nat(320)),
	/** How many are created before each request. */
	growth: fc.array(fc.oneof(fc.constant(0), fc.nat(3), fc.nat(49)), { maxLength: 15 }),
	burst: fc.record({ at: fc.nat(15), count: fc.nat(300) }),
	/** How long each request is under way before EnableNow looks at its list. */
	delays: fc.array(fc.nat(20), { maxLength: 15 }),
});

type Story = typeof stories extends fc.Arbitrary<infer Value> ? Value : never;

/** An EnableNow to which that happens. */
function growing({ order, count, growth, burst, delays }: Story) {
	const service = serviceWith(order, count);
	service.before = () => {
		const number = service.requests.length - 1;
		service.addShares((growth[number] ?? 0) + (number === burst.at ? burst.count : 0));
	};
	let sent = 0;
	const client = fakeApi(async (request) => {
		for (let delay = delays[sent++] ?? 0; delay > 0; delay--) await Promise.resolve();
		return await service.api.send(request);
	});
	return { service, client, begin: idsOf(service.shares) };
}

test('of a list that grows while it is read, no share is missed or listed twice', async () => {
	const property = fc.asyncProperty(stories, async (story) => {
		const { client, begin } = growing(story);
		const ids = idsOf(await listAllShares(client));
		expect(missingIn(ids, begin)).toEqual([]);
		expect(new Set(ids).size).toBe(ids.length);
	});
	await fc.assert(property, { numRuns: 200, seed: 20_260_430 });
});

test('of a list that grows while it is read, no new share is missed or listed twice', async () => {
	const property = fc.asyncProperty(stories, async (story) => {
		const { client, begin } = growing(story);
		const known = new Set(begin.slice(0, story.known).filter((_id, place) => place !== story.late));
		const listedNow = new Set(known);
		const ids = idsOf(await listNewShares(client, listedNow));
		expect(missingIn([...known, ...ids], begin)).toEqual([]);
		expect(new Set(ids).size).toBe(ids.length);
		expect(ids.filter((id) => known.has(id))).toEqual([]);
		expect(missingIn([...listedNow], ids)).toEqual([]);
	});
	await fc.assert(property, { numRuns: 400, seed: 20_260_430 });
});

describe.each(ORDERS)('the whole list, sorted %s', (order) => {
	beforeEach(() => jest.useFakeTimers());

	test.each([0, 1, 49, 50, 51, 100, 1_020])(
		'of %i shares costs a request a page',
		async (count) => {
			const service = serviceWith(order, count);
			expect(idsOf(await listAllShares(service.api))).toEqual(listed(service));
			expect(service.requests.map(({ query }) => query)).toEqual(
				Array.from({ length: Math.max(1, Math.ceil(count / PAGE_SIZE)) }, (_page, index) => ({
					page: index + 1,
					pageSize: PAGE_SIZE,
				})),
			);
		},
	);

	test('is read in batches, and given in its order though pages answer in another', async () => {
		const service = serviceWith(order, 1_000);
		service.before = ({ query }) => (service.latency = 100 - Number(query?.['page']));
		const begin = Date.now();
		expect(idsOf(await inVirtualTime(listAllShares(service.api)))).toEqual(listed(service));
		expect(Date.now() - begin).toBeLessThanOrEqual(200);
	});

	test.each<[string, FakeEnableNow['formOf']]>([
		['bare', (entries) => entries],
		['without counts', (data) => ({ data })],
		[
			'with a count of pages alone',
			(data, _page, size) => ({
				data,
				_pagination: { totalPages: Math.ceil(49 / size) },
			}),
		],
		['and counted 1,000 too many', (data) => ({ data, _pagination: { totalCount: 1_049 } })],
	])('given %s is read to its end', async (_case, formOf) => {
		const service = serviceWith(order, 49);
		service.formOf = formOf;
		expect(idsOf(await listAllShares(service.api))).toEqual(listed(service));
		expect(service.requests.length).toBeLessThan(50);
	});

	test.each([10, 25, 49])('given in pages of %i at most is read to its end', async (size) => {
		const service = serviceWith(order, 120);
		service.formOf = (_entries, page) => ({
			data: listed(service)
				.slice((page - 1) * size, page * size)
				.map((id) => service.shares.find((share) => share.id === id)),
			_pagination: { totalCount: 120, totalPages: Math.ceil(120 / size) },
		});
		expect(idsOf(await listAllShares(service.api))).toEqual(listed(service));
	});

	test.each([1, 50, 60])('given whole on each page, with %i shares, has an end', async (count) => {
		const service = serviceWith(order, count);
		service.formOf = () => [...service.shares];
		expect(idsOf(await listAllShares(service.api)).sort()).toEqual(idsOf(service.shares));
		expect(service.requests.length).toBeLessThan(10);
	});
});

describe.each(ORDERS)('new shares of a list sorted %s', (order) => {
	test.each([0, 1, 49, 50, 51, 1_000, 20_000])(
		'where there are none cost one request, with %i shares',
		async (count) => {
			const service = serviceWith(order, count);
			const known = new Set<string>();
			expect(await readNew(service, known)).toEqual({
				ids: listed(service),
				requests: Math.max(1, Math.ceil(count / PAGE_SIZE)),
			});
			expect(await readNew(service, known)).toEqual({ ids: [], requests: 1 });
		},
	);

	const counts = [1, 49, 50, 51, 100, 1_000, 1_020];

	test.each(counts.flatMap((count) => [1, 49, 50, 51, 120].map((added) => [count, added])))(
		'with %i known ones, and %i new ones each time, cost the pages they are on, and two at most',
		async (count, added) => {
			const service = serviceWith(order, count);
			const known = new Set(idsOf(service.shares));
			for (let time = 0; time < 4; time++) {
				service.addShares(added);
				const { ids, requests } = await readNew(service, known);
				expect(ids).toEqual(listed(service).filter((id) => ids.includes(id)));
				expect(ids).toHaveLength(added);
				expect(requests).toBeLessThanOrEqual(Math.ceil(added / PAGE_SIZE) + 2);
			}
		},
	);

	test('are not missed where another is created, and becomes known, meanwhile', async () => {
		const service = serviceWith(order, 120);
		const known = new Set(idsOf(service.shares.slice(0, 119)));
		service.after = () => {
			service.after = () => undefined;
			service.addShares(1);
			known.add(service.shares[120]!.id);
		};
		expect((await readNew(service, known)).ids).toContain(service.shares[119]!.id);
	});

	test('are found where more are created meanwhile', async () => {
		const service = serviceWith(order, 1_000);
		const known = new Set(idsOf(service.shares));
		service.addShares(120);
		service.before = () => {
			if (service.requests.length === 2) service.addShares(1);
		};
		const { ids, requests } = await readNew(service, known);
		expect(ids).toHaveLength(121);
		// A few in vain, then the whole list.
		expect(requests).toBeLessThanOrEqual(6 + 23);
	});

	test.each([0, 20, 49, 50, 60, 99, 119])(
		'are found though the list has one at place %i',
		async (place) => {
			const service = serviceWith(order, 120);
			const known = new Set(idsOf(service.shares));
			service.shares.splice(place, 0, numberedShare(999));
			expect((await readNew(service, known)).ids).toEqual([numberedShare(999).id]);
		},
	);

	test.each<[string, FakeEnableNow['formOf']]>([
		['without counts', (data) => ({ data })],
		['and counted 1,000 too many', (data) => ({ data, _pagination: { totalCount: 1_120 } })],
	])('given %s are found', async (_case, formOf) => {
		const service = serviceWith(order, 120);
		const known = new Set(idsOf(service.shares));
		service.formOf = formOf;
		service.addShares(60);
		expect((await readNew(service, known)).ids.sort()).toEqual(idsOf(service.shares.slice(120)));
		expect((await readNew(service, known)).ids).toEqual([]);
	});

	test.each([1, 2, 50, 60])('are found though %i others have left it', async (gone) => {
		const service = serviceWith(order, 420);
		const known = new Set(idsOf(service.shares));
		service.shares.splice(100, gone);
		service.before = ({ query }) => {
			// What EnableNow answers for a page behind the last one is not documented.
			const lastPage = Math.ceil(service.shares.length / PAGE_SIZE);
			expect(query?.['page']).toBeLessThanOrEqual(lastPage);
		};
		expect((await readNew(service, known)).ids).toEqual([]);
		expect(known).toEqual(new Set(idsOf(service.shares)));
		expect((await readNew(service, known)).requests).toBe(1);
		service.shares.push(numberedShare(999));
		expect((await readNew(service, known)).ids).toEqual([numberedShare(999).id]);
	});

	test('are found by the next call where one fails', async () => {
		for (const failing of [1, 2]) {
			const service = serviceWith(order, 120);
			const known = new Set(idsOf(service.shares.slice(0, 20)));
			const failure = responseError(503, {});
			service.before = () => {
				if (service.requests.length === failing) throw failure;
			};
			expect(await rejectionOf(readNew(service, known))).toBe(failure);
			expect((await readNew(service, known)).ids).toHaveLength(100);
		}
	});
});

test('a share that is known in another case is known', async () => {
	const api = answering(() => [
		{ ...numberedShare(1), id: 'AF86536D-34e3-4ebc-6c64-08db56ccef25' },
	]);
	expect(await listNewShares(api, new Set(['af86536d-34e3-4ebc-6c64-08db56ccef25']))).toEqual([]);
});

test('a list whose pages are shorter than requested is read to its end', async () => {
	const shares = sharesUpTo(60);
	const api = answering((page) => shares.slice((page - 1) * 25, page * 25));
	expect(await listShares(api, everything, ALL)).toEqual(shares);
	expect(api.pages).toEqual([1, 2, 3, 4]);
});

describe('a list without an end', () => {
	/** Each page has new shares, and says that there are many more. */
	function endless(text = ''): { api: EnableNowClient; count: () => number } {
		let requests = 0;
		const api = fakeApi(async () => {
			const data = [{ ...numberedShare(++requests), text }];
			return await Promise.resolve({ data, _pagination: { totalPages: 1e9 } });
		});
		return { api, count: () => requests };
	}

	test.each<[string, (api: EnableNowClient) => Promise<unknown>]>([
		['all shares', listAllShares],
		['some shares', async (api) => await listShares(api, { ...everything, reference: 'x' }, 50)],
		['new shares', async (api) => await listNewShares(api, new Set(['1']))],
	])('is given up: %s', async (_case, list) => {
		const { api, count } = endless();
		expect(await rejectionOf(list(api))).toMatchObject({
			outcome: 'unknown',
			message: expect.stringContaining('its list has more than 5,000 pages') as string,
		});
		expect(count()).toBeLessThan(5_050);
	});

	test('is given up earlier if its pages are large', async () => {
		const { api, count } = endless('x'.repeat(5_000_000));
		expect(await rejectionOf(listShares(api, everything, 1_000_000))).toMatchObject({
			message: expect.stringContaining('its list is larger than 200 MB') as string,
		});
		expect(count()).toBe(40);
	});
});
