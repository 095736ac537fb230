import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { isIdentifier } from '../../shared/input/identifiers';
import { toNodeError } from '../../shared/errors/nodeError';
import { toSingleLine } from '../../shared/errors/text';
import { getPage, hasNextPage } from '../../shared/api/pages';
import { createClient, type EnableNowClient } from '../../shared/api/client';

/** A list of EnableNow's that a person picks an identifier from. */
export interface PickerSource {
	path: string;
	/** The names of the query parameters that page the list; none where EnableNow does not page it. */
	paging?: { page: string; pageSize: string };
	/** What a person recognises an entry by, from the entry as EnableNow gives it. */
	nameParts: (entry: Record<string, unknown>) => string[];
}

/** A method of the node that n8n calls to fill a picker. */
export type ListSearch = (
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
) => Promise<INodeListSearchResult>;

type PickerResult = INodeListSearchResult['results'][number];

const PAGE_SIZE = 50;

/** With a filter, how many entries are worth a page, and after how many requests to show what is there. */
const ENOUGH_MATCHES = 20;
const MOST_REQUESTS = 40;

const LONGEST_PART = 80;

/**
 * Makes the search method of a picker. EnableNow cannot search its lists by text, so with a filter
 * pages are read on until there are enough matches to show.
 */
export function pickerOf(source: PickerSource): ListSearch {
	return async function (filter, paginationToken) {
		try {
			const api = await createClient(this);
			const firstPage = Number(paginationToken ?? 1);
			return await search(api, source, searchable(filter ?? ''), firstPage).finally(api.close);
		} catch (error) {
			throw toNodeError(this.getNode(), error);
		}
	};
}

async function search(
	api: EnableNowClient,
	source: PickerSource,
	filter: string,
	firstPage: number,
): Promise<INodeListSearchResult> {
	const results: PickerResult[] = [];
	let pageNumber = firstPage;
	for (let requests = 1; ; requests++, pageNumber++) {
		const { found, hasMore } = await readPage(api, source, pageNumber);
		results.push(...found.filter((result) => matches(result, filter)));
		if (!hasMore) return { results };
		const isEnough = filter === '' || results.length >= ENOUGH_MATCHES || requests >= MOST_REQUESTS;
		if (isEnough) return { results, paginationToken: String(pageNumber + 1) };
	}
}

async function readPage(
	api: EnableNowClient,
	{ path, paging, nameParts }: PickerSource,
	pageNumber: number,
): Promise<{ found: PickerResult[]; hasMore: boolean }> {
	const query = paging ? { [paging.page]: pageNumber, [paging.pageSize]: PAGE_SIZE } : {};
	const page = await getPage(api, path, query);
	const found = page.entries.flatMap((entry) => resultOf(entry, nameParts));
	if (paging) return { found, hasMore: hasNextPage(page, pageNumber, PAGE_SIZE) };
	const end = pageNumber * PAGE_SIZE;
	return { found: found.slice(end - PAGE_SIZE, end), hasMore: end < found.length };
}

/** The entry as a choice; none where it has no usable identifier. */
function resultOf(entry: unknown, nameParts: PickerSource['nameParts']): PickerResult[] {
	const fields = Object(entry) as Record<string, unknown>;
	const { id } = fields;
	if (!isIdentifier(id)) return [];
	const parts = nameParts(fields).map(singleLine).filter(Boolean);
	// The identifier's end tells apart entries that are otherwise named alike.
	return [{ name: [...parts, `…${id.slice(-4)}`].join(' · '), value: id }];
}

function matches({ name, value }: PickerResult, filter: string): boolean {
	return searchable(name).includes(filter) || searchable(String(value)).includes(filter);
}

/** Upper and lower case and the blanks of a grouped IBAN make no difference to a search. */
function searchable(text: string): string {
	return text.toLowerCase().replace(/\s+/g, '');
}

function singleLine(text: string): string {
	return toSingleLine(text, LONGEST_PART).trim();
}

/** A field of an entry as text; empty where it is none. */
export function textField(entry: Record<string, unknown>, name: string): string {
	const value = entry[name];
	return typeof value === 'string' ? value : '';
}

/** The day of a field that holds a time, after a word for it; empty where it holds none. */
export function dayField(entry: Record<string, unknown>, name: string, word: string): string {
	const time = textField(entry, name);
	return /^\d{4}-\d{2}-\d{2}/.test(time) ? `${word} ${time.slice(0, 10)}` : '';
}
