import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { logIn } from '../sandbox/support';
import { CONSENT_ID } from '../support/examples';
import { errorOf, itemsOf, jsonOf, SHARE } from '../support/workflows';
import { TestBed } from '../support/test-bed';

const bed = TestBed.prepare();

const RESOURCES = ['consent', 'account', 'analysis'] as const;
type Resource = (typeof RESOURCES)[number];

const PATHS: Record<Resource, string> = {
	consent: '/cfa/v2/consents',
	account: '/cfa/accounts',
	analysis: '/cfa/analysis-jobs',
};

const run = async (resource: Resource, parameters: INodeParameters) =>
	await bed.runShare({ resource, operation: 'getAll', ...parameters });

async function list(
	resource: Resource,
	parameters: INodeParameters = { returnAll: true },
): Promise<IDataObject[]> {
	const listed = await run(resource, parameters);
	expect(listed.data.resultData.error).toBeUndefined();
	return jsonOf(listed, SHARE);
}

const listFiltered = async (resource: Resource, filters: INodeParameters) =>
	await list(resource, { returnAll: true, filters });

/** The queries of the list requests. */
async function queries(): Promise<Array<Record<string, string>>> {
	return (await bed.calls()).map(({ query }) => Object.fromEntries(new URLSearchParams(query)));
}

/** The whole list as EnableNow gives it, asked for without the node. */
async function wholeList(resource: Resource): Promise<IDataObject[]> {
	const { sharer } = await logIn(bed.sandbox);
	const all: IDataObject[] = [];
	for (let page = 1; ; page++) {
		const size = { consent: `PageSize=100`, account: 'Size=100', analysis: undefined }[resource];
		const query = size === undefined ? '' : `?Page=${page}&${size}`;
		const { data } = await sharer.get<IDataObject[] | { data: IDataObject[] }>(
			`${PATHS[resource]}${query}`,
		);
		const entries = Array.isArray(data) ? data : data.data;
		all.push(...entries);
		if (size === undefined || entries.length < 100) return all;
	}
}

describe.each(RESOURCES)('%s', (resource) => {
	it('comes whole with Return All, as EnableNow gives it', async () => {
		const all = await wholeList(resource);
		expect(all.length).toBeGreaterThan(200);
		expect(await list(resource)).toEqual(all);
	});

	it.each([1, 49, 120])('comes up to the limit of %i, with no page more', async (limit) => {
		const listed = await list(resource, { limit });
		const size = { consent: 100, account: 50, analysis: limit }[resource];
		expect(await queries()).toHaveLength(Math.ceil(limit / size));
		expect(listed).toEqual((await wholeList(resource)).slice(0, limit));
	});

	it('is listed for each item, paired with it', async () => {
		const output = itemsOf(
			await bed.runShare(
				{ resource, operation: 'getAll', limit: '={{ $json.limit }}' },
				{ items: [{ limit: 2 }, { limit: 1 }] },
			),
			SHARE,
		);
		expect(output.map(({ pairedItem }) => pairedItem)).toEqual([0, 0, 1].map((item) => ({ item })));
	});

	it.each([
		['a text', ['one']],
		['null', [null]],
		['a list', [[]]],
	])('holds %s: an unexpected answer', async (_name, body) => {
		await bed.admin.addFault({ kind: 'otherShape', body, match: { method: 'GET' } });
		expect(errorOf(await run(resource, {})).message).toBe(
			'EnableNow answered in an unexpected form: its list contains something that does not belong there',
		);
	});

	it('keeps what this version does not know', async () => {
		const entries = [{ id: CONSENT_ID, unknown: { deep: [1] } }, { name: 'without an ID' }];
		await bed.admin.addFault({ kind: 'otherShape', body: entries, match: { method: 'GET' } });
		expect(await list(resource, {})).toEqual(entries);
	});
});

it('asks for the documented pages', async () => {
	await list('consent');
	await list('account', { limit: 60 });
	await list('analysis');
	expect(await queries()).toEqual([
		...[1, 2, 3].map((page) => ({ Page: String(page), PageSize: '100' })),
		...[1, 2].map((page) => ({ Page: String(page), Size: '50' })),
		{},
	]);
});

describe('filters', () => {
	it.each<[Resource, INodeParameters, Record<string, string>]>([
		[
			'consent',
			{
				userId: ` ${CONSENT_ID} `,
				externalUserId: 'klant-10000',
				consentId: `={{ [{ id: '${CONSENT_ID}' }] }}`,
				fromDate: '2026-01-31T12:00:00+01:00',
			},
			{
				UserId: CONSENT_ID,
				ExternalUserId: 'klant-10000',
				ConsentId: CONSENT_ID,
				FromDate: '2026-01-31T11:00:00Z',
			},
		],
		[
			'account',
			{ userId: CONSENT_ID, externalUserId: 4711, consentId: CONSENT_ID },
			{ UserId: CONSENT_ID, ExternalUserId: '4711', ConsentId: CONSENT_ID },
		],
		['consent', { userId: '', externalUserId: ' ', consentId: '', fromDate: '' }, {}],
		['consent', { status: 'any' }, {}],
		['analysis', { status: 'COMPLETED', reference: 'x' }, {}],
	])('%s: %j', async (resource, filters, expected) => {
		await list(resource, { filters });
		const [query = {}] = await queries();
		for (const name of ['Page', 'PageSize', 'Size']) delete query[name];
		expect(query).toEqual(expected);
	});

	it('of a consent: its accounts', async () => {
		const accounts = await listFiltered('account', { consentId: CONSENT_ID });
		expect(accounts.length).toBeGreaterThan(0);
		expect(await wholeList('account')).toEqual(expect.arrayContaining(accounts));
	});

	it('of consents: from a date on', async () => {
		const all = await wholeList('consent');
		const fromDate = all[30]?.['dateRequested'] as string;
		expect(await listFiltered('consent', { fromDate })).toEqual(all.slice(0, 31));
	});

	it('of consents: a status, up to the limit', async () => {
		const all = await wholeList('consent');
		const status = 'UPDATED';
		const found = all.filter((consent) => consent['status'] === status);
		expect(await listFiltered('consent', { status })).toEqual(found);
		expect(await list('consent', { limit: 3, filters: { status } })).toEqual(found.slice(0, 3));
	});

	it('of analyses: status in any case, reference to the letter', async () => {
		const all = await wholeList('analysis');
		const completed = all.filter(({ status }) => status === 'COMPLETED');
		expect(await listFiltered('analysis', { status: ' completed ' })).toEqual(completed);
		const { reference } = completed[0] as { reference: string };
		const found = completed.filter((analysis) => analysis['reference'] === reference);
		expect(await listFiltered('analysis', { status: 'COMPLETED', reference })).toEqual(found);
		expect(await listFiltered('analysis', { reference: reference.toUpperCase() })).toEqual([]);
	});

	it.each<[Resource, INodeParameters, RegExp]>([
		['consent', { consentId: 'abc' }, /^'Consent ID' contains "abc"/],
		[
			'account',
			{ consentId: `${CONSENT_ID}, ${CONSENT_ID.replace('a', 'b')}` },
			/^'Consent ID' holds 2/,
		],
		['consent', { userId: ['a'] }, /^'User ID' must be text/],
		['account', { externalUserId: { id: 'a' } }, /^'External User ID' must be text/],
		['consent', { fromDate: 'last week' }, /^'From Date \(UTC\)' is "last week"/],
		['consent', { status: 'ACTIVE' }, /^'Status' is not a valid choice/],
		['analysis', { status: ['COMPLETED'] }, /^'Status' must be text/],
		['account', { externalUserId: null }, /^The filter 'External User ID' is null/],
		['account', { externalUserId: undefined }, /^The filter 'External User ID' is undefined/],
	])('%s: %j is refused before anything is sent', async (resource, filters, message) => {
		const expression = Object.fromEntries(
			Object.entries(filters).map(([name, value]) => [name, `={{ ${JSON.stringify(value)} }}`]),
		);
		expect(errorOf(await run(resource, { filters: expression })).message).toMatch(message);
		expect(await bed.calls()).toEqual([]);
	});
});

describe('a list that changes while it is read', () => {
	it('has each consent once, and loses none, where new ones come in front', async () => {
		const all = await wholeList('consent');
		const page = (from: number, count: number) => ({
			kind: 'otherShape' as const,
			match: { path: PATHS.consent },
			body: {
				_pagination: { page: 1, size: 100, totalCount: all.length, totalPages: 3 },
				data: all.slice(from, from + count),
			},
		});
		// Ten new ones came in after the first page.
		await bed.admin.addFault(page(0, 100));
		await bed.admin.addFault(page(90, 100));
		expect(await list('consent', { limit: 150 })).toEqual(all.slice(0, 150));
	});
});

it.each(['list', 'data'] as const)('reads accounts that come as: %s', async (accountsAnswer) => {
	await bed.admin.configure({ accountsAnswer });
	expect(await list('account')).toEqual(await wholeList('account'));
});
