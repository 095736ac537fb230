import { responseError } from '../../../../nodes/shared/errors/requestError';
import { ShareListing } from '../../../../nodes/shared/api/shareListing';
import type { Share } from '../../../../nodes/shared/api/shares';
import { FakeEnableNow, inVirtualTime, rejectionOf } from '../../support';

const PAGE_SIZE = 50;

type Order = FakeEnableNow['order'];

const ORDERS: Order[] = ['newestFirst', 'oldestFirst'];

beforeEach(() => jest.useFakeTimers());

/** An EnableNow with this many shares. */
function enableNow(order: Order, count: number): FakeEnableNow {
	const service = new FakeEnableNow();
	service.order = order;
	service.addShares(count);
	return service;
}

function idsOf(shares: Share[]): string[] {
	return shares.map(({ id }) => id).sort();
}

/** Reads what is new, and says how many requests that took. */
async function costOf(listing: ShareListing, service: FakeEnableNow) {
	const before = service.requests.length;
	const shares = await listing.readNew();
	return { ids: idsOf(shares), requests: service.requests.length - before };
}

/** Reads until nothing is new; returns all that was told, in the order of the readings. */
async function readAll(listing: ShareListing): Promise<string[]> {
	const ids: string[] = [];
	for (let found = 1; found > 0;) {
		const shares = await listing.readNew();
		found = shares.length;
		ids.push(...idsOf(shares));
	}
	return ids;
}

const COUNTS = [0, 1, 49, 50, 51, 100, 1_000];

const NEW_COUNTS = [1, 49, 50, 51, 120];

describe.each(ORDERS)('a list that is sorted %s', (order) => {
	test.each(COUNTS)('with %i shares is read once, and then takes one request', async (count) => {
		const service = enableNow(order, count);
		const listing = new ShareListing(service.api);
		const first = await costOf(listing, service);
		expect(first.ids).toEqual(idsOf(service.shares));
		expect(first.requests).toBe(Math.max(1, Math.ceil(count / PAGE_SIZE)));
		for (let reading = 0; reading < 3; reading++) {
			expect(await costOf(listing, service)).toEqual({ ids: [], requests: 1 });
		}
	});

	test.each(COUNTS.flatMap((count) => NEW_COUNTS.map((added) => [count, added])))(
		'with %i shares, and %i new ones each time, takes as few requests as can be',
		async (count, added) => {
			const service = enableNow(order, count);
			const listing = new ShareListing(service.api);
			await listing.readNew();
			const excesses: number[] = [];
			for (let reading = 0; reading < 4; reading++) {
				const known = service.shares.length;
				service.addShares(added);
				const { ids, requests } = await costOf(listing, service);
				expect(ids).toEqual(idsOf(service.shares.slice(known)));
				excesses.push(requests - Math.ceil(added / PAGE_SIZE));
			}
			expect(Math.max(...excesses)).toBeLessThanOrEqual(2);
			// To learn the direction may take one request more, once.
			expect(excesses.filter((excess) => excess > 1).length).toBeLessThanOrEqual(1);
		},
	);

	test('takes one request more to learn its direction, and then no more', async () => {
		const service = enableNow(order, 1_020);
		const listing = new ShareListing(service.api);
		await listing.readNew();
		const costs: number[] = [];
		for (let reading = 0; reading < 4; reading++) {
			service.addShares(1);
			costs.push((await costOf(listing, service)).requests);
		}
		expect(costs).toEqual(order === 'newestFirst' ? [2, 1, 1, 1] : [1, 1, 1, 1]);
	});

	test('is never asked for a page behind its last', async () => {
		const service = enableNow(order, 100);
		const listing = new ShareListing(service.api);
		service.before = ({ query }) => {
			const pageCount = Math.max(1, Math.ceil(service.shares.length / PAGE_SIZE));
			expect(Number(query?.['page'])).toBeLessThanOrEqual(pageCount);
		};
		for (const added of [0, 50, 1, 0, 49, 0]) {
			service.addShares(added);
			await listing.readNew();
		}
		expect(service.requests.length).toBeGreaterThan(6);
	});

	test('is asked for whole pages of all shares, whatever their state', async () => {
		const service = enableNow(order, 120);
		const listing = new ShareListing(service.api);
		await listing.readNew();
		expect(service.requests.map(({ query }) => query)).toEqual([
			{ page: 1, pageSize: PAGE_SIZE },
			{ page: 2, pageSize: PAGE_SIZE },
			{ page: 3, pageSize: PAGE_SIZE },
		]);
	});

	test('is read side by side at first', async () => {
		const service = enableNow(order, 1_000);
		service.latency = 100;
		const begin = Date.now();
		await inVirtualTime(new ShareListing(service.api).readNew());
		expect(Date.now() - begin).toBeLessThanOrEqual(200);
	});

	/** Before which request, of all, how many shares are added. */
	test.each([0, 30, 50, 70, 120].flatMap((count) => [1, 2, 3, 4, 5].map((at) => [count, at])))(
		'of %i shares, growing before request %i, has each share once, and all in the end',
		async (count, at) => {
			for (const added of NEW_COUNTS) {
				const service = enableNow(order, count);
				const listing = new ShareListing(service.api);
				service.before = () => {
					if (service.requests.length === at) service.addShares(added);
				};
				const ids = await readAll(listing);
				service.addShares(1);
				ids.push(...(await readAll(listing)));
				expect(ids.sort()).toEqual(idsOf(service.shares));
			}
		},
	);

	test('that grows with each request misses nothing that was there when a reading began', async () => {
		const service = enableNow(order, 120);
		const listing = new ShareListing(service.api);
		const ids: string[] = [];
		service.before = () => service.addShares(3);
		for (let reading = 0; reading < 10; reading++) {
			const known = idsOf(service.shares);
			ids.push(...idsOf(await listing.readNew()));
			expect(ids).toEqual(expect.arrayContaining(known));
		}
		expect(new Set(ids).size).toBe(ids.length);
	});

	test.each([50, 100])(
		'that grows twice, then by %i, misses nothing that was there',
		async (added) => {
			for (const at of [8, 9, 10, 11]) {
				const service = enableNow(order, 300);
				const known = idsOf(service.shares);
				service.before = () => {
					if (service.requests.length === 3) service.addShares(1);
					if (service.requests.length === at) service.addShares(added);
				};
				const ids = idsOf(await new ShareListing(service.api).readNew());
				expect(ids).toEqual(expect.arrayContaining(known));
			}
		},
	);

	/** A create that takes long may be put before others that were made meanwhile. */
	test.each([0, 20, 49, 50, 60, 99, 119])(
		'in which a new share turns up at place %i has it once',
		async (place) => {
			for (const added of [0, 1, 60]) {
				const service = enableNow(order, 120);
				const listing = new ShareListing(service.api);
				await listing.readNew();
				const [late] = enableNow(order, 999).shares.slice(-1) as [Share];
				service.shares.splice(place, 0, late);
				service.addShares(added);
				const { ids } = await costOf(listing, service);
				expect(ids).toContain(late.id);
				expect(ids).toHaveLength(added + 1);
				expect(await readAll(listing)).toEqual([]);
			}
		},
	);

	test.each<[string, FakeEnableNow['formOf']]>([
		['bare', (entries) => entries],
		['without counts', (data) => ({ data })],
		[
			'with a count of pages alone',
			(data, _page, size) => ({ data, _pagination: { totalPages: Math.ceil(170 / size) } }),
		],
	])('and given %s is read whole each time', async (_case, formOf) => {
		const service = enableNow(order, 49);
		service.formOf = formOf;
		const listing = new ShareListing(service.api);
		expect(await readAll(listing)).toEqual(idsOf(service.shares));
		for (const added of [1, 1, 119]) {
			const known = service.shares.length;
			service.addShares(added);
			expect(await readAll(listing)).toEqual(idsOf(service.shares.slice(known)));
		}
	});

	test.each([1, 30, 1_000])('and counted %i too many is read to its end', async (excess) => {
		const service = enableNow(order, 120);
		service.formOf = (data) => ({
			data,
			_pagination: { totalCount: service.shares.length + excess },
		});
		const listing = new ShareListing(service.api);
		expect(await readAll(listing)).toEqual(idsOf(service.shares));
		service.addShares(60);
		expect(await readAll(listing)).toEqual(idsOf(service.shares.slice(120)));
		expect(service.requests.length).toBeLessThan(100);
	});

	test.each([10, 25, 49])('and given in pages of %i at most is read whole', async (most) => {
		const service = enableNow(order, 120);
		const pageOf = (page: number) => {
			const shares = order === 'newestFirst' ? [...service.shares].reverse() : service.shares;
			return shares.slice((page - 1) * most, page * most);
		};
		service.formOf = (_entries, page) => ({
			data: pageOf(page),
			_pagination: {
				totalCount: service.shares.length,
				totalPages: Math.ceil(service.shares.length / most),
			},
		});
		const listing = new ShareListing(service.api);
		expect(await readAll(listing)).toEqual(idsOf(service.shares));
		service.addShares(60);
		expect(await readAll(listing)).toEqual(idsOf(service.shares.slice(120)));
	});

	test.each([1, 50, 60])('given whole on each page, with %i shares, has an end', async (count) => {
		const service = enableNow(order, count);
		service.formOf = () => [...service.shares];
		const listing = new ShareListing(service.api);
		expect(await readAll(listing)).toEqual(idsOf(service.shares));
	});

	/** Which request fails, of the first reading and of those after it. */
	test.each([1, 2, 3, 4, 5, 6, 7])('misses nothing where request %i fails', async (failing) => {
		const service = enableNow(order, 120);
		service.before = () => {
			if (service.requests.length === failing) throw responseError(503, {});
		};
		const listing = new ShareListing(service.api);
		const ids: string[] = [];
		let failures = 0;
		const read = async () => {
			const shares = await listing.readNew().catch(() => undefined);
			if (shares === undefined) failures++;
			ids.push(...idsOf(shares ?? []));
		};
		await read();
		service.addShares(120);
		for (let reading = 0; reading < 3; reading++) await read();
		expect(failures).toBe(1);
		expect(ids.sort()).toEqual(idsOf(service.shares));
	});
});

/** The identifiers of shares in the order given. */
function inOrder(shares: Share[]): string[] {
	return shares.map(({ id }) => id);
}

/** All shares that EnableNow has, in the order of its list. */
function listed(service: FakeEnableNow): string[] {
	const ids = inOrder(service.shares);
	return service.order === 'newestFirst' ? ids.reverse() : ids;
}

/** Has pages answer in another order than they were asked for. */
function answerOutOfOrder(service: FakeEnableNow): void {
	service.before = ({ query }) => (service.latency = 1_000 - Number(query?.['page']) * 20);
}

describe.each(ORDERS)('a list that is sorted %s, read again by others', (order) => {
	/** A reading that goes on from an earlier one, which has come to all shares but some. */
	function goOn(service: FakeEnableNow, notSeen: string[] = [], learnt?: Order) {
		const seen = new Set(inOrder(service.shares).filter((id) => !notSeen.includes(id)));
		return { seen, listing: new ShareListing(service.api, seen, learnt) };
	}

	test.each([1, 50, 51, 1_000])('goes on with one request, at %i shares', async (count) => {
		for (const learnt of [order, undefined]) {
			const service = enableNow(order, count);
			const { listing } = goOn(service, [], learnt);
			expect(await costOf(listing, service)).toEqual({ ids: [], requests: 1 });
			expect(await costOf(listing, service)).toEqual({ ids: [], requests: 1 });
		}
	});

	test('finds what was added meanwhile, at once where the order is known', async () => {
		const service = enableNow(order, 1_020);
		const { listing } = goOn(service, [], order);
		service.addShares(3);
		expect(await costOf(listing, service)).toEqual({
			ids: idsOf(service.shares.slice(1_020)),
			requests: 1,
		});
		expect(listing.learntOrder).toBe(order);
	});

	test('tells the order that it has learnt', async () => {
		const service = enableNow(order, 1_020);
		const { listing } = goOn(service);
		expect(listing.learntOrder).toBeUndefined();
		await listing.readNew();
		expect(listing.learntOrder).toBeUndefined();
		service.addShares(1);
		await listing.readNew();
		expect(listing.learntOrder).toBe(order);
	});

	test('learns that the order is another one', async () => {
		const service = enableNow(order, 1_020);
		const other = order === 'newestFirst' ? 'oldestFirst' : 'newestFirst';
		const { listing } = goOn(service, [], other);
		service.addShares(60);
		expect((await costOf(listing, service)).ids).toEqual(idsOf(service.shares.slice(1_020)));
		service.addShares(1);
		expect((await costOf(listing, service)).ids).toEqual(idsOf(service.shares.slice(1_080)));
		expect(listing.learntOrder).toBe(order);
	});

	test.each([0, 1, 25, 60, 99, 119])('finds one that was left out at place %i', async (place) => {
		for (const learnt of [order, undefined]) {
			const service = enableNow(order, 120);
			const left = service.shares[place]!.id;
			const { listing } = goOn(service, [left], learnt);
			expect((await costOf(listing, service)).ids).toEqual([left]);
			expect((await costOf(listing, service)).ids).toEqual([]);
		}
	});

	test.each([0, 1, 50, 51, 120, 1_000])(
		'gives all of %i shares whenever asked to',
		async (count) => {
			const service = enableNow(order, count);
			const { listing, seen } = goOn(service);
			for (const added of [0, 0, 1, 60]) {
				service.addShares(added);
				const before = service.requests.length;
				expect(inOrder(await listing.readAll())).toEqual(listed(service));
				const pages = Math.ceil(service.shares.length / PAGE_SIZE);
				expect(service.requests.length - before).toBe(Math.max(1, pages));
				expect(seen.size).toBe(service.shares.length);
			}
			expect(await costOf(listing, service)).toEqual({ ids: [], requests: 1 });
		},
	);

	test('gives all as they are now', async () => {
		const service = enableNow(order, 120);
		const { listing } = goOn(service);
		await listing.readAll();
		service.shares[7]!.expirationDateUtc = '2030-01-01T00:00:00Z';
		const changed = (await listing.readAll()).filter(
			({ expirationDateUtc }) => expirationDateUtc === '2030-01-01T00:00:00Z',
		);
		expect(inOrder(changed)).toEqual([service.shares[7]!.id]);
	});

	test('gives all that was there at the beginning, each once, while it grows', async () => {
		const service = enableNow(order, 120);
		const { listing } = goOn(service);
		service.before = () => service.addShares(3);
		const ids = inOrder(await listing.readAll());
		expect(ids).toEqual(expect.arrayContaining(inOrder(service.shares.slice(0, 120))));
		expect(new Set(ids).size).toBe(ids.length);
	});

	test('gives what is new in its order, though pages answer in another', async () => {
		for (const known of [0, 1, 70]) {
			const service = enableNow(order, 420);
			answerOutOfOrder(service);
			const oldest = inOrder(service.shares.slice(0, known));
			const listing = new ShareListing(service.api, new Set(oldest), order);
			const ids = inOrder(await inVirtualTime(listing.readNew()));
			expect(ids).toEqual(listed(service).filter((id) => !oldest.includes(id)));
		}
	});

	test('gives all in its order, though pages answer in another', async () => {
		const service = enableNow(order, 420);
		answerOutOfOrder(service);
		const { listing } = goOn(service);
		expect(inOrder(await inVirtualTime(listing.readAll()))).toEqual(listed(service));
	});

	test.each([1, 50, 60])(
		'is read whole where %i shares have left it, and then costs little',
		async (gone) => {
			for (const learnt of [order, undefined]) {
				const service = enableNow(order, 420);
				const { listing, seen } = goOn(service, [], learnt);
				service.shares.splice(100, gone);
				expect((await costOf(listing, service)).ids).toEqual([]);
				expect(seen.size).toBe(420 - gone);
				expect(await costOf(listing, service)).toEqual({ ids: [], requests: 1 });
				const [late] = enableNow(order, 999).shares.slice(-1) as [Share];
				service.shares.push(late);
				const { ids, requests } = await costOf(listing, service);
				expect(ids).toEqual([late.id]);
				expect(requests).toBeLessThanOrEqual(2);
			}
		},
	);

	/** By their number alone it looks as if nothing had changed. */
	test.each([1, 30, 50, 60])('misses none of %i shares that came as many left', async (count) => {
		const service = enableNow(order, 420);
		const { listing } = goOn(service, [], order);
		service.shares.splice(100, count);
		const added = enableNow(order, 999).shares.slice(-count);
		service.shares.push(...added);
		expect(await readAll(listing)).toHaveLength(count);
	});
});

test('the same share in another case is the same share', async () => {
	const service = enableNow('newestFirst', 1);
	const [share] = service.shares as [Share];
	share.id = 'AF86536D-34e3-4ebc-6c64-08db56ccef25';
	const listing = new ShareListing(service.api);
	expect(await listing.readNew()).toHaveLength(1);
	share.id = share.id.toLowerCase();
	expect(await listing.readNew()).toEqual([]);
});

test('a reading that fails says why', async () => {
	const service = enableNow('newestFirst', 120);
	const failure = responseError(503, {});
	service.before = () => {
		throw failure;
	};
	expect(await rejectionOf(new ShareListing(service.api).readNew())).toBe(failure);
});
