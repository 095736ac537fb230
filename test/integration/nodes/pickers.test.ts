import type { INodeListSearchResult } from 'n8n-workflow';

import { logIn } from '../sandbox/support';
import { CONSENT_ID } from '../support/examples';
import { expectNoSecrets } from '../support/secrecy';
import { TestBed } from '../support/test-bed';
import { locator, shareNode } from '../support/workflows';

const bed = TestBed.prepare();

const PICKERS = ['searchConsents', 'searchAccounts', 'searchAnalyses', 'searchShares'] as const;
type Picker = (typeof PICKERS)[number] | 'searchOwnShares';
type Entry = Record<string, string>;

const PATHS: Record<Picker, string> = {
	searchConsents: '/cfa/v2/consents?Page=1&PageSize=100',
	searchAccounts: '/cfa/accounts?Page=1&Size=50',
	searchAnalyses: '/cfa/analysis-jobs',
	searchShares: '/shares?page=1&pageSize=100',
	searchOwnShares: '/shares?page=1&pageSize=100&isExpired=false',
};

const search = async (picker: Picker, filter?: string, token?: string) =>
	await bed.engine.search(shareNode({}), picker, filter, token);

/** Reads a picker to its end, as the editor does when a person scrolls. */
async function searchAll(
	picker: Picker,
	filter?: string,
): Promise<INodeListSearchResult['results']> {
	const results: INodeListSearchResult['results'] = [];
	let token: string | undefined;
	do {
		const page = await search(picker, filter, token);
		results.push(...page.results);
		token = page.paginationToken;
	} while (token !== undefined);
	return results;
}

/** The first entry of a list as EnableNow gives it, asked for without the node. */
async function firstEntry(picker: Picker): Promise<Entry> {
	const { sharer } = await logIn(bed.sandbox);
	const { data: answer } = await sharer.get<Entry[] | { data: Entry[] }>(PATHS[picker]);
	const [entry] = Array.isArray(answer) ? answer : answer.data;
	if (!entry) throw new Error(`${PATHS[picker]} is empty`);
	return entry;
}

beforeEach(async () => {
	await bed.admin.addShares({
		count: 120,
		from: 'en-app-ref-001',
		to: 'en-app-ref-002',
		expirationDateUtc: '2030-04-30T12:00:00Z',
	});
});

describe.each(PICKERS)('%s', (picker) => {
	it('gives pages to the end, each entry once', async () => {
		await search(picker);
		expect(await bed.calls()).toHaveLength(1);
		const all = await searchAll(picker);
		expect(all.length).toBeGreaterThanOrEqual(120);
		expect(new Set(all.map(({ value }) => value)).size).toBe(all.length);
		expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
	});

	it('finds an entry by its identifier, in any case', async () => {
		const { id = '' } = await firstEntry(picker);
		expect((await searchAll(picker, id)).map(({ value }) => value)).toEqual([id]);
		expect((await searchAll(picker, id.toUpperCase())).map(({ value }) => value)).toEqual([id]);
	});

	it('finds nothing where nothing fits', async () => {
		expect(await searchAll(picker, 'no such thing')).toEqual([]);
	});

	it('says clearly that EnableNow refuses', async () => {
		await bed.admin.addFault({ kind: 'status', status: 403, match: { method: 'GET' } });
		const error: unknown = await search(picker).catch((thrown: unknown) => thrown);
		expect(error).toMatchObject({
			message: expect.stringMatching(
				/^EnableNow refused the request with status 403: Forbidden\. The app of this credential is not allowed/,
			) as string,
			description: expect.stringMatching(
				/^The app of this credential is not allowed to do this.*Trace ID: 00-/,
			) as string,
		});
		expectNoSecrets(error, await bed.secrets());
	});

	it('says clearly that the answer is none', async () => {
		await bed.admin.addFault({ kind: 'otherShape', body: { items: [] }, match: { method: 'GET' } });
		await expect(search(picker)).rejects.toThrow(
			'EnableNow answered in an unexpected form: it does not contain a list',
		);
	});
});

describe('searching', () => {
	it.each<[Picker, string, (entry: Entry) => string | undefined]>([
		['searchConsents', 'provider', ({ providerKey }) => providerKey?.toUpperCase()],
		['searchConsents', 'status', ({ status }) => status?.toLowerCase()],
		['searchConsents', 'date', ({ dateRequested }) => dateRequested?.slice(0, 10)],
		['searchAccounts', 'IBAN', ({ iban }) => iban],
		['searchAccounts', 'IBAN in groups', ({ iban }) => iban?.replace(/(.{4})(?=.)/g, '$1 ')],
		['searchAccounts', 'IBAN in lower case', ({ iban }) => iban?.toLowerCase()],
		['searchAccounts', 'end of an IBAN', ({ iban }) => iban?.slice(-6)],
		['searchAccounts', 'holder', ({ accountHolder }) => accountHolder],
		['searchAnalyses', 'reference', ({ reference }) => reference],
		['searchAnalyses', 'status', ({ status }) => status],
		['searchAnalyses', 'date', ({ created }) => created?.slice(0, 10)],
		['searchShares', 'reference', ({ reference }) => reference],
		['searchShares', 'client', ({ clientId }) => clientId],
		['searchShares', 'date', () => 'until 2030-04-30'],
	])('%s by %s', async (picker, _what, filterOf) => {
		const entry = await firstEntry(picker);
		const filter = filterOf(entry);
		if (!filter) throw new Error(`There is nothing to search for in ${JSON.stringify(entry)}`);
		const plain = (text: string) => text.toLowerCase().replace(/\s/g, '');
		const all = await searchAll(picker);
		const found = await searchAll(picker, filter);
		expect(found.map(({ value }) => value)).toContain(entry['id']);
		expect(found).toEqual(all.filter(({ name }) => plain(name).includes(plain(filter))));
	});

	it('reads on until there is something to show', async () => {
		await bed.admin.addShares({
			count: 1,
			from: 'en-app-ref-001',
			to: 'en-app-ref-002',
			reference: 'the-last-one',
		});
		const { results, paginationToken } = await search('searchShares', 'the-last-one');
		expect(results).toHaveLength(1);
		expect(paginationToken).toBeUndefined();
	});
});

it('shows what a person recognises an entry by', async () => {
	const [consent, account, analysis, share] = await Promise.all(
		PICKERS.map(async (picker) => (await search(picker)).results[0]?.name),
	);
	const end = `…${CONSENT_ID.slice(-4)}`;
	expect(consent).toMatch(
		new RegExp(`^[a-z]+ · ${end} · requested \\d{4}-\\d\\d-\\d\\d · UPDATED$`),
	);
	expect(account).toMatch(
		new RegExp(`^.+ · ${end} · NL\\d\\d [A-Z]{4} \\d{4} \\d{4} \\d\\d · EUR$`),
	);
	expect(analysis).toMatch(
		new RegExp(`^.+ · ${end} · created \\d{4}-\\d\\d-\\d\\d · .+ · COMPLETED$`),
	);
	expect(share).toMatch(/^bulk-1 · …[0-9a-f]{4} · en-app-ref-002 · until 2030-04-30$/);
});

it('tells names apart within 40 characters, and finds what is cut off', async () => {
	await bed.admin.addShares({
		count: 2,
		from: 'en-app-ref-001',
		to: 'en-app-ref-002',
		reference: `${'same-beginning-'.repeat(5)}and-end`,
	});
	const { results } = await search('searchShares', 'and-end');
	expect(results).toHaveLength(2);
	expect(new Set(results.map(({ name }) => name.slice(0, 40))).size).toBe(2);
});

it('offers consents that can be used before those that have ended, which are marked', async () => {
	const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
	const consents = [
		{ status: 'INVALIDATED' },
		{ status: 'UPDATED', dateExpire: day(-1) },
		{ status: 'UPDATED', dateExpire: day(1) },
		{ status: 'ERROR', dateExpire: null },
		{ status: 'TIMEDOUT' },
		{ status: 'FAILING' },
		{ status: 'INITIALIZED' },
	].map((consent, index) => ({
		...consent,
		id: `00000000-0000-0000-0000-00000000000${index}`,
		providerKey: 'ing',
		dateRequested: '2026-01-31T12:00:00+01:00',
	}));
	await bed.admin.addFault({
		kind: 'otherShape',
		body: { data: consents, _pagination: { totalPages: 1 } },
		times: 2,
		match: { method: 'GET' },
	});
	expect((await searchAll('searchConsents')).map(({ name }) => name)).toEqual([
		'ing · …0002 · requested 2026-01-31 · UPDATED',
		'ing · …0005 · requested 2026-01-31 · FAILING',
		'ing · …0006 · requested 2026-01-31 · INITIALIZED',
		'ing · …0000 · ended · requested 2026-01-31 · INVALIDATED',
		'ing · …0001 · ended · requested 2026-01-31 · UPDATED',
		'ing · …0003 · ended · requested 2026-01-31 · ERROR',
		'ing · …0004 · ended · requested 2026-01-31 · TIMEDOUT',
	]);
});

it('reads the list of analyses once, however many there are', async () => {
	const { results, paginationToken } = await search('searchAnalyses');
	expect(results.length).toBeGreaterThan(200);
	expect(paginationToken).toBeUndefined();
	expect(await bed.calls()).toHaveLength(1);
});

describe('the shares that can be changed', () => {
	it('are those that the app made and that have not ended', async () => {
		const batch = { count: 2, from: 'en-app-ref-001', to: 'en-app-ref-002' };
		await bed.admin.addShares({ ...batch, expirationDateUtc: '2020-01-01T00:00:00Z' });
		await bed.admin.addShares({ ...batch, from: 'en-app-ref-002', to: 'en-app-ref-001' });
		const all = await bed.admin.shares();
		const found = await searchAll('searchOwnShares');
		expect(found).toHaveLength(120);
		expect(all.slice(0, 120).map(({ id }) => id)).toEqual(
			expect.arrayContaining(found.map(({ value }) => value)),
		);
		expect((await bed.calls()).every(({ query }) => query.includes('isExpired=false'))).toBe(true);
	});

	/** Identifiers as EnableNow makes them, with the time in them; in ascending order. */
	const shares = Array.from({ length: 120 }, (_share, index) => ({
		id: `53520156-8459-425b-3370-08de9542${String(1000 + index)}`,
		clientId: 'en-app-ref-002',
		expirationDateUtc: '2030-04-30T12:00:00Z',
	}));
	const newestFirst = shares.map(({ id }) => id).reverse();
	const page = (list: object[], number: number) => ({
		kind: 'otherShape' as const,
		match: { path: '^/shares$' },
		body: {
			data: list.slice((number - 1) * 50, number * 50),
			_pagination: { totalCount: 120, totalPages: 3 },
		},
	});

	it.each([
		['oldest first', shares, [1, 3, 2, 1]],
		['newest first', [...shares].reverse(), [1, 2, 3]],
	])('come newest first, where EnableNow lists the %s', async (_order, list, pages) => {
		await bed.admin.addFaults(pages.map((number) => page(list, number)));
		const found = await searchAll('searchOwnShares');
		expect(found.map(({ value }) => value)).toEqual(newestFirst);
		const numbers = (await bed.calls()).map(({ query }) => new URLSearchParams(query).get('page'));
		expect(numbers).toEqual(pages.map(String));
	});

	it('come newest first on a single page too', async () => {
		const _pagination = { totalCount: 3, totalPages: 1 };
		const body = { data: shares.slice(0, 3), _pagination };
		await bed.admin.addFault({ kind: 'otherShape', body, match: { path: '^/shares$' } });
		const { results } = await search('searchOwnShares');
		expect(results.map(({ value }) => value)).toEqual(newestFirst.slice(-3));
	});
});

it('says of a share that it has ended', async () => {
	const [share] = await bed.admin.shares();
	await bed.runShare({
		operation: 'update',
		shareId: locator(share?.id),
		expirationDateUtc: '2020-02-29T12:00:00',
	});
	const { results } = await search('searchShares', share?.id);
	expect(results.map(({ name }) => name)).toEqual([
		expect.stringMatching(/ · …[0-9a-f]{4} · en-app-ref-002 · ended 2020-02-29$/),
	]);
});

it.each(['list', 'data'] as const)('reads accounts that come as: %s', async (accountsAnswer) => {
	await bed.admin.configure({ accountsAnswer });
	const all = await searchAll('searchAccounts');
	expect(all[0]?.value).toBe((await firstEntry('searchAccounts'))['id']);
	expect(new Set(all.map(({ value }) => value)).size).toBe(all.length);
	expect(all.length).toBeGreaterThan(260);
});
