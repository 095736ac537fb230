import type { AxiosInstance } from 'axios';
import { SANDBOX_EXAMPLES, startSandbox, type Sandbox } from '../../../sandbox';
import { expectProblem, logIn } from './support';

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

interface Consent {
	id: string;
	status: string;
	providerKey: string;
	dateRequested: string;
}
interface Account {
	id: string;
	iban: string;
	bban: string;
}
interface Analysis {
	id: string;
	created: string;
	status: string;
	engine: string;
	reference: string | null;
	accountIds: string[];
}
interface ConsentPage {
	_pagination: { page: number; size: number; totalCount: number; totalPages: number };
	data: Consent[];
}

let sandbox: Sandbox;
let sharer: AxiosInstance;
let receiver: AxiosInstance;

beforeAll(async () => {
	sandbox = await startSandbox();
	({ sharer, receiver } = await logIn(sandbox));
});
afterAll(() => sandbox.close());

async function get<Body>(client: AxiosInstance, path: string, params: object = {}): Promise<Body> {
	const answer = await client.get<Body>(path, { params });
	expect([answer.status, answer.data]).toEqual([200, answer.data]);
	return answer.data;
}

/** All items of a list, following pages until one is empty. */
async function collect<Item>(read: (page: number) => Promise<Item[]>): Promise<Item[]> {
	const all: Item[] = [];
	for (let page = 1; ; page += 1) {
		const items = await read(page);
		if (items.length === 0) return all;
		all.push(...items);
	}
}

function allConsents(client: AxiosInstance): Promise<Consent[]> {
	return collect(
		async (page) =>
			(await get<ConsentPage>(client, '/cfa/v2/consents', { Page: page, PageSize: 100 })).data,
	);
}

function allAccounts(client: AxiosInstance): Promise<Account[]> {
	return collect((page) => get<Account[]>(client, '/cfa/accounts', { Page: page, Size: 100 }));
}

describe('the data', () => {
	it('is ample, and of each app its own', async () => {
		for (const read of [
			allConsents,
			allAccounts,
			(client: AxiosInstance) => get<Analysis[]>(client, '/cfa/analysis-jobs'),
		]) {
			const own = new Set((await read(sharer)).map(({ id }) => id));
			const others = new Set((await read(receiver)).map(({ id }) => id));
			expect(own.size).toBeGreaterThanOrEqual(250);
			expect(others.size).toBeGreaterThanOrEqual(250);
			expect([...own].filter((id) => others.has(id))).toEqual([]);
			for (const id of [...own, ...others]) expect(id).toMatch(guid);
		}
	});

	it('has the documented identifiers, in front', async () => {
		const consents = await get<ConsentPage>(sharer, '/cfa/v2/consents', { PageSize: 2 });
		const accounts = await get<Account[]>(sharer, '/cfa/accounts', { Size: 2 });
		const analyses = await get<Analysis[]>(sharer, '/cfa/analysis-jobs');
		expect({
			consentIds: consents.data.map(({ id }) => id),
			accountIds: accounts.map(({ id }) => id),
			analysisIds: analyses.slice(0, 2).map(({ id }) => id),
		}).toEqual(SANDBOX_EXAMPLES);
	});

	it('is the same for the same seed, and different for another one', async () => {
		const same = await startSandbox();
		const different = await startSandbox({ seed: 7 });
		try {
			const [first, second, third] = await Promise.all(
				[{ sharer }, await logIn(same), await logIn(different)].map((clients) =>
					allAccounts(clients.sharer),
				),
			);
			expect(second).toEqual(first);
			expect(third).not.toEqual(first);
			const shareIds = async ({ admin }: Sandbox): Promise<string[]> =>
				(await admin.shares()).map(({ id }) => id);
			expect(await shareIds(same)).toEqual(await shareIds(sandbox));
			expect(await shareIds(same)).toHaveLength(6);
		} finally {
			await Promise.all([same.close(), different.close()]);
		}
	});

	it('has account numbers with the right check digits', async () => {
		for (const { iban, bban } of await allAccounts(sharer)) {
			expect(iban).toMatch(/^NL\d{2}[A-Z]{4}\d{10}$/);
			expect(iban.slice(4)).toBe(bban);
			const digits = [...`${bban}${iban.slice(0, 4)}`].map((sign) => parseInt(sign, 36)).join('');
			expect(BigInt(digits) % 97n).toBe(1n);
		}
	});
});

describe('GET /cfa/v2/consents', () => {
	it('has the newest first, 50 to a page', async () => {
		const page = await get<ConsentPage>(sharer, '/cfa/v2/consents');
		expect(page._pagination).toEqual({ page: 1, size: 50, totalCount: 260, totalPages: 6 });
		const requested = page.data.map(({ dateRequested }) => Date.parse(dateRequested));
		expect(requested).toEqual([...requested].sort((a, b) => b - a));
		expect(requested[0]).toBeLessThan(Date.now());
	});

	it('has the documented statuses, and those alone', async () => {
		const statuses = (await allConsents(sharer)).map(({ status }) => status);
		expect([...new Set(statuses)].sort()).toEqual([
			'AUTHENTICATED',
			'AUTHENTICATING',
			'ERROR',
			'FAILING',
			'INITIALIZED',
			'INVALIDATED',
			'TIMEDOUT',
			'UPDATED',
			'UPDATING',
		]);
	});

	it('filters by consent, end user and date', async () => {
		const [, second, third] = await allConsents(sharer);
		const one = await get<ConsentPage>(sharer, '/cfa/v2/consents', {
			ConsentId: second?.id.toUpperCase(),
		});
		expect(one.data).toEqual([second]);
		const since = await get<ConsentPage>(sharer, '/cfa/v2/consents', {
			FromDate: third?.dateRequested,
		});
		expect(since.data).toHaveLength(3);
		const user = await get<ConsentPage>(sharer, '/cfa/v2/consents', {
			ExternalUserId: 'klant-10001',
		});
		expect(user.data).toEqual([second]);
		const nobody = await get<ConsentPage>(sharer, '/cfa/v2/consents', {
			UserId: '00000000-0000-0000-0000-000000000000',
		});
		expect(nobody).toEqual({
			_pagination: { page: 1, size: 50, totalCount: 0, totalPages: 0 },
			data: [],
		});
	});

	it.each([{ PageSize: 101 }, { Page: 0 }, { ConsentId: 'x' }, { FromDate: 'x' }, { pagesize: 1 }])(
		'refuses %j',
		async (params) => {
			expectProblem(await sharer.get('/cfa/v2/consents', { params }), 400);
		},
	);
});

describe('GET /cfa/accounts', () => {
	it('is a bare list of ten, or under data where that is chosen', async () => {
		const list = await get<Account[]>(sharer, '/cfa/accounts');
		expect(list).toHaveLength(10);
		await sandbox.admin.configure({ accountsAnswer: 'data' });
		expect(await get(sharer, '/cfa/accounts')).toEqual({ data: list });
		await sandbox.admin.configure({ accountsAnswer: 'list' });
	});

	it("filters by consent, and has that consent's accounts", async () => {
		const [example] = SANDBOX_EXAMPLES.consentIds;
		const accounts = await get<Account[]>(sharer, '/cfa/accounts', { ConsentId: example });
		expect(accounts[0]?.id).toBe(SANDBOX_EXAMPLES.accountIds[0]);
		expect(accounts.length).toBeLessThanOrEqual(3);
	});

	it.each([{ Size: 101 }, { Size: 0 }, { PageSize: 5 }])('refuses %j', async (params) => {
		expectProblem(await sharer.get('/cfa/accounts', { params }), 400);
	});
});

describe('GET /cfa/analysis-jobs', () => {
	it('filters by status, engine, dates and reference', async () => {
		const all = await get<Analysis[]>(sharer, '/cfa/analysis-jobs');
		const day = new Date(all[5]?.created ?? '').toISOString().slice(0, 10);
		const known = all.find(({ reference }) => reference !== null)?.reference;
		const filters: Array<[object, (analysis: Analysis) => boolean]> = [
			[{ status: 'FAILED' }, ({ status }) => status === 'FAILED'],
			[{ engine: 'income' }, ({ engine }) => engine === 'income'],
			[{ reference: known }, ({ reference }) => reference === known],
			[
				{ fromDate: day, toDate: day },
				({ created }) => new Date(created).toISOString().startsWith(day),
			],
		];
		for (const [params, matches] of filters) {
			const expected = all.filter(matches);
			expect(expected).not.toEqual([]);
			expect(expected).not.toEqual(all);
			expect(await get(sharer, '/cfa/analysis-jobs', params)).toEqual(expected);
		}
	});

	it('has the documented fields', async () => {
		const [analysis] = await get<Analysis[]>(sharer, '/cfa/analysis-jobs');
		expect(Object.keys(analysis ?? {})).toEqual(
			(
				'id reference finishedAt created accountIds appId engine status profile input metadata ' +
				'dateFrom dateTo analysis'
			).split(' '),
		);
		expect(analysis).toMatchObject({ appId: 'en-app-ref-001', analysis: null });
	});

	it('has accounts that there are', async () => {
		const ids = new Set((await allAccounts(sharer)).map(({ id }) => id));
		const analyses = await get<Analysis[]>(sharer, '/cfa/analysis-jobs');
		const used = analyses.flatMap(({ accountIds }) => accountIds);
		expect(used.filter((id) => !ids.has(id))).toEqual([]);
	});

	it("shows one of one's own", async () => {
		const [id] = SANDBOX_EXAMPLES.analysisIds;
		expect(await get(sharer, `/cfa/analysis-jobs/${id}`)).toMatchObject({ id });
		expectProblem(await receiver.get(`/cfa/analysis-jobs/${id}`), 404);
		expectProblem(await sharer.get('/cfa/analysis-jobs/x'), 400);
	});
});
