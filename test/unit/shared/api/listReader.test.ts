import {
	type List,
	type ListPage,
	readList,
	readPage,
} from '../../../../nodes/shared/api/listReader';
import { ANALYSES } from '../../../../nodes/shared/api/shareable';
import { answering } from '../../support';

/** A list of anything. */
const VALUES: List<unknown> = {
	path: '/cfa/accounts',
	paging: { page: 'Page', pageSize: 'Size', maxPageSize: 50 },
	parse: (value) => value,
	getKey: String,
};

const read = async (answer: unknown, pageNumber = 1, pageSize = 50) =>
	await readPage(answering(answer), VALUES, {}, pageNumber, pageSize);

describe('a page', () => {
	test.each<[string, unknown, Omit<ListPage<unknown>, 'hasNext'>]>([
		[
			'with its place among others',
			{ data: [1], _pagination: { page: 1, size: 1, totalCount: 3, totalPages: 3 } },
			{ entries: [1], totalPages: 3, totalCount: 3 },
		],
		['that is bare', [1, 2], { entries: [1, 2], totalPages: undefined, totalCount: undefined }],
		[
			'without pagination',
			{ data: [1] },
			{ entries: [1], totalPages: undefined, totalCount: undefined },
		],
		[
			'that is empty',
			{ data: [], _pagination: { totalCount: 0, totalPages: 0 } },
			{
				entries: [],
				totalPages: 0,
				totalCount: 0,
			},
		],
		[
			'with counts that are texts',
			{ data: [1], _pagination: { totalCount: '90', totalPages: '3' } },
			{ entries: [1], totalPages: 3, totalCount: 90 },
		],
		[
			'with counts that are none',
			{ data: [1], _pagination: { totalCount: -1, totalPages: 'x' } },
			{ entries: [1], totalPages: undefined, totalCount: undefined },
		],
		[
			'with counts that are texts of another kind',
			{ data: [1], _pagination: { totalCount: ' ', totalPages: '0x10' } },
			{ entries: [1], totalPages: undefined, totalCount: undefined },
		],
		[
			'with counts that are no whole numbers',
			{ data: [1], _pagination: { totalCount: 1.5, totalPages: null } },
			{ entries: [1], totalPages: undefined, totalCount: undefined },
		],
		[
			'with odd pagination',
			{ data: [1], _pagination: 'page 1' },
			{
				entries: [1],
				totalPages: undefined,
				totalCount: undefined,
			},
		],
	])('%s', async (_case, answer, expected) => {
		expect(await read(answer)).toMatchObject(expected);
	});

	test.each([[undefined], [null], ['text'], [7], [{}], [{ data: {} }], [{ data: null }]])(
		'%p holds no list',
		async (answer) => {
			await expect(read(answer)).rejects.toMatchObject({
				outcome: 'unknown',
				message: expect.stringContaining('does not contain a list') as string,
			});
		},
	);

	test('is asked for by number and size, with the query as given', async () => {
		const api = answering([]);
		await readPage(api, VALUES, { UserId: 'a' }, 2, 50);
		expect(api.requests).toEqual([
			{ method: 'GET', path: '/cfa/accounts', query: { Page: 2, Size: 50, UserId: 'a' } },
		]);
	});
});

describe('a list of which no pages can be asked for', () => {
	const paged = { data: [{ id: 'a' }, { id: 'b' }], _pagination: { totalPages: 2 } };

	test('is not taken for whole where EnableNow says that it has pages', async () => {
		const api = answering(paged);
		await expect(readList(api, ANALYSES, {}, Infinity)).rejects.toMatchObject({
			message: expect.stringContaining('its list has further pages') as string,
		});
		await expect(readList(api, ANALYSES, {}, 3)).rejects.toThrow('further pages');
		expect(await readList(api, ANALYSES, {}, 2)).toEqual(paged.data);
	});

	test('is whole where it has one page', async () => {
		const answer = { ...paged, _pagination: { totalPages: 1 } };
		expect(await readList(answering(answer), ANALYSES, {}, Infinity)).toEqual(paged.data);
	});
});

describe('another page follows', () => {
	/** Entries, pages in all, entries in all; number and size of the page; the answer. */
	test.each<[string, number, number | undefined, number | undefined, number, number, boolean]>([
		['a page before the last', 50, 3, 120, 2, 50, true],
		['the last page', 20, 3, 120, 3, 50, false],
		['a last page that is full', 50, 2, 100, 2, 50, false],
		['an empty page, whatever EnableNow says', 0, 9, 450, 2, 50, false],
		['a short page of which more follow', 10, 3, 30, 1, 50, true],
		['a page beyond the last', 50, 2, 100, 3, 50, false],
		// EnableNow may put fewer entries on a page than requested, but not fewer than ten.
		['without a count of pages, a full one', 50, undefined, undefined, 1, 50, true],
		['without a count of pages, one that may be full', 10, undefined, 60, 2, 50, true],
		['without a count of pages, one that is not full', 9, undefined, undefined, 1, 50, false],
		['without a count of pages, a small one that is full', 3, undefined, undefined, 1, 3, true],
		['without a count of pages, an empty one', 0, undefined, undefined, 2, 50, false],
		['more entries than requested, since that is no page', 60, undefined, undefined, 1, 50, false],
	])('%s', async (_case, count, totalPages, totalCount, pageNumber, pageSize, expected) => {
		const data = Array.from({ length: count }, () => ({}));
		const page = await read(
			{ data, _pagination: { totalPages, totalCount } },
			pageNumber,
			pageSize,
		);
		expect(page.hasNext).toBe(expected);
	});
});
