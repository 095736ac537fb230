import { responseError } from '../../../nodes/shared/errors/requestError';
import { ActiveShares } from '../../../nodes/EnableNowShare/operations/activeShares';
import type { Share } from '../../../nodes/shared/api/shares';
import { FakeEnableNow, inVirtualTime, numberedShare, rejectionOf } from '../support';

const NOW = Date.parse('2026-04-30T12:00:00Z');

const KEY = { clientId: 'en-app-ref-002', reference: 'reference-1' };

beforeEach(() => jest.useFakeTimers({ now: NOW }));

/** An EnableNow with shares that differ from one with the key so. */
function enableNow(...changes: Array<Partial<Share>>): FakeEnableNow {
	const service = new FakeEnableNow();
	for (const [index, change] of changes.entries()) {
		service.shares.push(numberedShare(index + 1, { ...KEY, ...change }));
	}
	return service;
}

/** The number of the share that is found with the key. */
async function foundIn(index: ActiveShares, key = KEY): Promise<number | undefined> {
	const share = await index.find(key);
	return share === undefined ? undefined : Number(share.id.slice(-12));
}

describe('which share is found', () => {
	/** How the shares, numbered from 1, differ; which one is found. */
	test.each<[string, Array<Partial<Share>>, number | undefined]>([
		['none where there is none', [], undefined],
		['the one there is', [{}], 1],
		['none of another client', [{ clientId: 'en-app-ref-003' }], undefined],
		['none of the same client in another case', [{ clientId: 'EN-app-ref-002' }], undefined],
		['none with another reference', [{ reference: 'reference-10' }], undefined],
		['none with the same reference in another case', [{ reference: 'Reference-1' }], undefined],
		['none with blanks around it', [{ reference: ' reference-1 ' }], undefined],
		['none without a reference', [{ reference: null }, { reference: '' }], undefined],
		['none that has ended', [{ expirationDateUtc: '2026-04-30T11:59:59+00:00' }], undefined],
		['none that ends now', [{ expirationDateUtc: '2026-04-30T14:00:00+02:00' }], undefined],
		['one that ends in a second', [{ expirationDateUtc: '2026-04-30T14:00:01+02:00' }], 1],
		['one whose end cannot be read', [{ expirationDateUtc: 'never' }], 1],
		[
			'the active one',
			[
				{ expirationDateUtc: '2020-01-01T00:00:00Z' },
				{ expirationDateUtc: '2027-01-01T00:00:00Z' },
				{ expirationDateUtc: '2021-01-01T00:00:00Z' },
			],
			2,
		],
		[
			'of several, the one that ends last, whatever its offset',
			[
				{ expirationDateUtc: '2027-01-01T12:00:00+02:00' },
				{ expirationDateUtc: '2027-01-01T11:00:00Z' },
				{ expirationDateUtc: '2027-01-01T12:00:00+05:00' },
			],
			2,
		],
	])('%s', async (_case, changes, expected) => {
		expect(await foundIn(new ActiveShares(enableNow(...changes).api))).toBe(expected);
		expect(await foundIn(new ActiveShares(enableNow(...changes.reverse()).api))).toBe(
			expected === undefined ? undefined : changes.length + 1 - expected,
		);
	});

	test('client and reference do not run into each other', async () => {
		const index = new ActiveShares(enableNow({ clientId: 'a","b', reference: 'c' }).api);
		expect(await foundIn(index, { clientId: 'a', reference: 'b","c' })).toBeUndefined();
		expect(await foundIn(index, { clientId: 'a","b', reference: 'c' })).toBe(1);
	});

	test('one that ends later is no longer found then', async () => {
		const index = new ActiveShares(enableNow({ expirationDateUtc: '2026-04-30T12:00:10Z' }).api);
		expect(await foundIn(index)).toBe(1);
		await jest.advanceTimersByTimeAsync(10_000);
		expect(await foundIn(index)).toBeUndefined();
	});
});

describe('a share that is added', () => {
	test('is found without another reading', async () => {
		const service = enableNow();
		const index = new ActiveShares(service.api);
		await foundIn(index);
		index.add(numberedShare(7, KEY));
		expect(await foundIn(index)).toBe(7);
		expect(service.requests).toHaveLength(1);
	});

	test('replaces what was known of it, whatever the case of its identifier', async () => {
		const id = 'AF86536D-34e3-4ebc-6c64-08db56ccef25';
		const index = new ActiveShares(
			enableNow({ id, expirationDateUtc: '2030-01-01T00:00:00Z' }).api,
		);
		await index.find(KEY);
		const expirationDateUtc = '2028-01-01T00:00:00Z';
		const changed = numberedShare(1, { ...KEY, id: id.toLowerCase(), expirationDateUtc });
		index.add(changed);
		expect(await index.find(KEY)).toEqual(changed);
	});

	test.each([[null], [undefined], ['']])('with the reference %p is found by none', async (none) => {
		const index = new ActiveShares(enableNow().api);
		index.add(numberedShare(1, { reference: none }));
		expect(await foundIn(index, { ...KEY, reference: '' })).toBeUndefined();
	});

	test('after it has ended is no longer found as it was', async () => {
		const index = new ActiveShares(enableNow({}).api);
		expect(await foundIn(index)).toBe(1);
		index.add(numberedShare(1, { ...KEY, expirationDateUtc: '2026-04-30T12:00:00Z' }));
		expect(await foundIn(index)).toBeUndefined();
	});
});

describe('readings', () => {
	test('searches at once share the first one, and later ones need none', async () => {
		const service = enableNow({});
		service.latency = 100;
		const index = new ActiveShares(service.api);
		const searches = Array.from({ length: 50 }, async () => await foundIn(index));
		expect(new Set(await inVirtualTime(Promise.all(searches)))).toEqual(new Set([1]));
		await foundIn(index);
		expect(service.requests).toHaveLength(1);
	});

	test('a refresh finds what was made since', async () => {
		const service = enableNow();
		const index = new ActiveShares(service.api);
		expect(await foundIn(index)).toBeUndefined();
		service.shares.push(numberedShare(1, KEY));
		expect(await foundIn(index)).toBeUndefined();
		await index.refresh();
		expect(await foundIn(index)).toBe(1);
	});

	test('a refresh finds what was made since, though others have left the list', async () => {
		const service = enableNow();
		service.order = 'oldestFirst';
		service.addShares(60);
		const index = new ActiveShares(service.api);
		await foundIn(index);
		service.shares.splice(10, 1);
		await index.refresh();
		const before = service.requests.length;
		service.shares.push(numberedShare(99, KEY));
		await index.refresh();
		expect(await foundIn(index)).toBe(99);
		expect(service.requests.length - before).toBeLessThanOrEqual(2);
	});

	test('a refresh that is asked for during another has a reading of its own', async () => {
		const service = enableNow();
		service.addShares(60);
		const index = new ActiveShares(service.api);
		await foundIn(index);
		service.latency = 100;
		const first = index.refresh();
		await jest.advanceTimersByTimeAsync(50);
		// The reading under way has passed the place.
		service.shares.push(numberedShare(99, KEY));
		const others = Array.from({ length: 50 }, async () => await index.refresh());
		await inVirtualTime(first);
		expect(await foundIn(index)).toBeUndefined();
		await inVirtualTime(Promise.all(others));
		expect(await foundIn(index)).toBe(99);
		// Two pages at first; what one of them adds makes no other read the whole list.
		expect(service.requests).toHaveLength(2 + 1 + 50);
	});

	test('a refresh that is late does not bring back what has changed since', async () => {
		const service = enableNow();
		const index = new ActiveShares(service.api);
		await foundIn(index);
		service.latency = 100;
		service.shares.push(numberedShare(1, KEY));
		const refreshes = [index.refresh()];
		await jest.advanceTimersByTimeAsync(50);
		refreshes.push(index.refresh());
		await inVirtualTime(refreshes[0]!);
		const changed = numberedShare(1, { ...KEY, expirationDateUtc: '2030-01-01T00:00:00Z' });
		index.add(changed);
		await inVirtualTime(Promise.all(refreshes));
		expect(await index.find(KEY)).toEqual(changed);
	});

	test('a refresh that fails is told to who asked for it, and to no other', async () => {
		const service = enableNow({});
		service.latency = 100;
		service.before = () => {
			if (service.requests.length === 1) throw responseError(403, {});
		};
		const index = new ActiveShares(service.api);
		const first = rejectionOf(index.refresh());
		const second = index.refresh();
		expect(await inVirtualTime(first)).toMatchObject({ status: 403 });
		await inVirtualTime(second);
		service.latency = 0;
		expect(await foundIn(index)).toBe(1);
	});

	test('a first one that fails is told to all who search, and tried again by the next', async () => {
		const service = enableNow({});
		const failure = responseError(503, {});
		service.before = () => {
			if (service.requests.length === 1) throw failure;
		};
		const index = new ActiveShares(service.api);
		const ends = await Promise.all([1, 2].map(async () => await rejectionOf(index.find(KEY))));
		expect(ends).toEqual([failure, failure]);
		expect(await foundIn(index)).toBe(1);
		expect(service.requests).toHaveLength(2);
	});

	test('a first one that fails half way is tried again from the start', async () => {
		const service = enableNow({});
		service.order = 'oldestFirst';
		service.addShares(119);
		service.before = () => {
			if (service.requests.length === 2) throw responseError(503, {});
		};
		const index = new ActiveShares(service.api);
		await rejectionOf(index.find(KEY));
		expect(await foundIn(index)).toBe(1);
	});
});
