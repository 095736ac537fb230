import { invalidResponseError } from '../errors/requestError';
import type { ApiRequest, EnableNowClient } from './client';

/** One of EnableNow's lists. */
export interface List<Entry> {
	path: string;
	/** How EnableNow pages it; not given if one request returns the whole list. */
	paging?: { page: string; pageSize: string; maxPageSize: number };
	/** Parses an entry; `undefined` if it is not one. */
	parse: (value: unknown) => Entry | undefined;
	/** The same for two copies of an entry. */
	getKey: (entry: Entry) => string;
}

/** Which entries of a list to return. */
export interface Selection<Entry> {
	/** The filters that EnableNow applies. */
	query?: NonNullable<ApiRequest['query']>;
	/** The filter that is applied here. */
	matches?: (entry: Entry) => boolean;
}

/** One page of a list, with the counts that EnableNow gives. */
export interface ListPage<Entry> {
	entries: Entry[];
	totalPages: number | undefined;
	totalCount: number | undefined;
	/** Whether another page follows. */
	hasNext: boolean;
}

/** How many pages are requested together; the client may send fewer at a time. */
const BATCH_SIZE = 20;

/** Far above real lists: an endless one is not followed forever and does not fill n8n's memory. */
const MAX_PAGES = 5_000;
const MAX_CHARACTERS = 200_000_000;

/** EnableNow's smallest default. A page with as many may be all that EnableNow puts on one. */
const MIN_PAGE_SIZE = 10;

/** How often a list is read if it changes meanwhile. */
const MAX_READINGS = 3;

/**
 * Reads a list, in EnableNow's order, each entry once. Of a list that changes meanwhile, all entries are
 * returned that were there from the beginning to the end.
 *
 * @param limit - maximum number of entries; no more pages are requested than it takes
 * @throws RequestError
 */
export async function readList<Entry>(
	client: EnableNowClient,
	list: List<Entry>,
	selection: Selection<Entry>,
	limit: number,
): Promise<Entry[]> {
	const found = new Map<string, Entry>();
	for (let reading = 1; ; reading++) {
		const batchSize = reading === 1 && limit === Infinity ? BATCH_SIZE : 1;
		const { entries, state } = await readOnce(client, list, selection, limit, batchSize);
		if (state === 'complete') return entries;
		for (const entry of entries) found.set(list.getKey(entry), entry);
		if (reading === MAX_READINGS && state === 'repeating') {
			throw invalidResponseError('its list repeats entries and leaves others out');
		}
		if (reading === MAX_READINGS) return [...found.values()].slice(0, limit);
	}
}

/**
 * Reads one page of a list, or the whole list if it is not paged. EnableNow returns lists as
 * `{ data, _pagination }` or as a bare array; its documentation does not say which for every list.
 *
 * @param pageNumber - counted from 1
 * @param pageSize - EnableNow may put fewer on a page
 * @throws RequestError when the request fails, or the response contains no list or something else in it
 */
export async function readPage<Entry>(
	client: EnableNowClient,
	{ path, paging, parse }: List<Entry>,
	query: ApiRequest['query'],
	pageNumber: number,
	pageSize: number,
): Promise<ListPage<Entry>> {
	if (pageNumber > MAX_PAGES) throw invalidResponseError('its list has more than 5,000 pages');
	if (!paging && pageNumber > 1) {
		throw invalidResponseError('its list has further pages, which are not documented');
	}
	const pageQuery = paging && { [paging.page]: pageNumber, [paging.pageSize]: pageSize };
	const response = await client.send({ method: 'GET', path, query: { ...pageQuery, ...query } });
	const { data, _pagination } = Object(response) as { data?: unknown; _pagination?: unknown };
	const list = data ?? response;
	if (!Array.isArray(list)) {
		throw invalidResponseError('it does not contain a list', list, client.credential.secrets);
	}
	const entries = list.map(parse).filter((entry) => entry !== undefined);
	const count = entries.length;
	if (count < list.length) {
		throw invalidResponseError('its list contains something that does not belong there');
	}
	const counts = Object(_pagination) as Record<string, unknown>;
	const totalPages = parseCount(counts['totalPages']);
	const totalCount = parseCount(counts['totalCount']);
	// More entries than requested are a list without pages.
	const mayBeFull = count >= Math.min(pageSize, MIN_PAGE_SIZE) && count <= pageSize;
	// Where EnableNow does not say, this may cost a request for an empty page.
	const hasNext =
		totalPages === undefined
			? paging !== undefined && mayBeFull
			: count > 0 && pageNumber < totalPages;
	return { entries, totalPages, totalCount, hasNext };
}

/**
 * Reads the list once. Pages shift when entries are added or, in a filtered list, drop out. If a list
 * only grows, reading its pages one by one repeats some entries but skips none.
 */
async function readOnce<Entry>(
	client: EnableNowClient,
	list: List<Entry>,
	selection: Selection<Entry>,
	limit: number,
	batchSize: number,
): Promise<{ entries: Entry[]; state: 'complete' | 'incomplete' | 'repeating' }> {
	const { matches = () => true } = selection;
	const wanted: Entry[] = [];
	const seen = new Set<string>();
	const counts: number[] = [];
	let entryCount = 0;
	let hasRepeatedPage = false;
	for await (const page of readPages(client, list, selection, limit, batchSize)) {
		counts.push(page.totalCount ?? 0);
		const seenBefore = seen.size;
		for (const entry of page.entries) {
			const key = list.getKey(entry);
			if (!seen.has(key) && matches(entry)) wanted.push(entry);
			if (wanted.length >= limit) return { entries: wanted, state: 'complete' };
			seen.add(key);
		}
		entryCount += page.entries.length;
		hasRepeatedPage = page.entries.length > 0 && seen.size === seenBefore;
		if (hasRepeatedPage) break;
	}
	const [firstCount = 0] = counts;
	const isSteady = counts.every((count) =>
		batchSize === 1 ? count >= firstCount : count === firstCount,
	);
	const isShort = entryCount > seen.size && seen.size < firstCount;
	if (hasRepeatedPage) return { entries: wanted, state: isShort ? 'repeating' : 'incomplete' };
	return { entries: wanted, state: isSteady && !isShort ? 'complete' : 'incomplete' };
}

/** Requests up to `batchSize` pages together, where EnableNow says how many there are. */
async function* readPages<Entry>(
	client: EnableNowClient,
	list: List<Entry>,
	{ query, matches }: Selection<Entry>,
	limit: number,
	batchSize: number,
): AsyncGenerator<ListPage<Entry>> {
	const { maxPageSize } = list.paging ?? { maxPageSize: Infinity };
	// What is left of a small page after filtering could be too little.
	const pageSize = matches ? maxPageSize : Math.min(limit, maxPageSize);
	let characters = 0;
	for (let first = 1, length = 1; ;) {
		const numbers = Array.from({ length }, (_number, index) => first + index);
		const pages = await Promise.all(
			numbers.map(async (number) => await readPage(client, list, query, number, pageSize)),
		);
		for (const page of pages) {
			characters += JSON.stringify(page.entries).length;
			if (characters > MAX_CHARACTERS) throw invalidResponseError('its list is larger than 200 MB');
			yield page;
		}
		const last = pages.at(-1);
		if (!last?.hasNext) return;
		first += length;
		length = Math.max(1, Math.min(batchSize, (last.totalPages ?? 0) - first + 1));
	}
}

/** Parses a count, which may come as text. */
function parseCount(value: unknown): number | undefined {
	const count = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
	return Number.isInteger(count) && (count as number) >= 0 ? (count as number) : undefined;
}
