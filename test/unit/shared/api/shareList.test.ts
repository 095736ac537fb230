import { listShares, type ShareFilter } from '../../../../nodes/shared/api/shareList';
import type { Share } from '../../../../nodes/shared/api/shares';
import type { EnableNowClient } from '../../../../nodes/shared/api/client';
import { fakeApi, numberedShare } from '../../support';

const everything: ShareFilter = { expired: 'any', clientId: '', reference: '' };
const ALL = Number.POSITIVE_INFINITY;

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

test('a list that becomes longer while it is read has each share once', async () => {
	const shares = sharesUpTo(100);
	const api = enableNow(shares, (requests) => {
		if (requests === 1) shares.unshift(numberedShare(101));
	});
	const ids = idsOf(await listShares(api, everything, ALL));
	expect(ids.sort()).toEqual(idsOf(sharesUpTo(100)));
	expect(api.pages).toEqual([1, 2, 3]);
});

describe.each([1, 49, 50, 60, 110, 200])(
	'%i shares that are made while the list is read',
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
			// They push back what was read; the list is not taken for one that repeats itself.
			expect(api.pages.filter((number) => number === 1)).toHaveLength(1);
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
	expect(api.pages.filter((page) => page === 1)).toHaveLength(2);
});

test('a list that gives the same page for each is an unexpected answer, not all there is', async () => {
	const api = answering(() => ({
		data: sharesUpTo(50),
		_pagination: { totalCount: 500, totalPages: 10 },
	}));
	await expect(listShares(api, everything, ALL)).rejects.toMatchObject({
		kind: 'unreadable',
		message: expect.stringContaining('its list repeats shares and leaves others out') as string,
	});
	expect(api.pages).toEqual([1, 2, 1, 2, 1, 2]);
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
	await expect(listShares(api, everything, ALL)).rejects.toMatchObject({ kind: 'unreadable' });
});

describe('an EnableNow that understands isExpired otherwise', () => {
	const ended = { ...numberedShare(1), expirationDateUtc: '2020-01-01T00:00:00+00:00' };
	const active = numberedShare(2);
	const endingIn = (milliseconds: number) => ({
		...numberedShare(3),
		expirationDateUtc: new Date(Date.now() + milliseconds).toISOString(),
	});

	test('ended shares among the active ones are left out', async () => {
		const api = answering(() => ({ data: [ended, active] }));
		expect(await listShares(api, { ...everything, expired: 'active' }, ALL)).toEqual([active]);
	});

	test('ended shares are listed where they are asked for', async () => {
		const api = answering(() => ({ data: [ended] }));
		expect(await listShares(api, { ...everything, expired: 'expired' }, ALL)).toEqual([ended]);
		expect(await listShares(api, everything, ALL)).toEqual([ended]);
	});

	test('a share that ends about now may be among the ended ones: clocks differ', async () => {
		const ending = endingIn(10 * 60_000);
		const api = answering(() => ({ data: [ended, ending] }));
		const listed = await listShares(api, { ...everything, expired: 'expired' }, ALL);
		expect(listed).toEqual([ended, ending]);
	});

	test.each([
		['for long', active],
		['for twenty minutes', endingIn(20 * 60_000)],
	])('shares that are still active %s are an unexpected answer', async (_case, share) => {
		const api = answering(() => ({ data: [ended, share] }));
		const listing = listShares(api, { ...everything, expired: 'expired' }, ALL);
		await expect(listing).rejects.toMatchObject({ kind: 'unreadable' });
	});
});

describe('a filter', () => {
	const shares = [
		numberedShare(1, { clientId: 'one', reference: 'a' }),
		numberedShare(2, { clientId: 'two', reference: 'a' }),
		numberedShare(3, { clientId: 'one', reference: 'b' }),
		numberedShare(4, { clientId: 'two', reference: null }),
	];

	test.each([
		[{}, [1, 2, 3, 4]],
		[{ clientId: 'one' }, [1, 3]],
		[{ reference: 'a' }, [1, 2]],
		[{ clientId: 'two', reference: 'a' }, [2]],
		[{ clientId: 'two', reference: 'b' }, []],
	])('%j lets through what has all of it', async (filter, numbers) => {
		const found = await listShares(enableNow(shares), { ...everything, ...filter }, ALL);
		expect(found).toEqual(numbers.map((number) => shares[number - 1]));
	});

	test.each([
		[{}, { page: 1, pageSize: 3 }],
		[{ expired: 'active' }, { page: 1, pageSize: 3, isExpired: false }],
		[{ expired: 'expired' }, { page: 1, pageSize: 3, isExpired: true }],
		// EnableNow does not filter by these, so a page may hold few that match.
		[{ clientId: 'one' }, { page: 1, pageSize: 50 }],
		[{ reference: 'a' }, { page: 1, pageSize: 50 }],
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
