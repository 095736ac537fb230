import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { isIdentifier } from '../../shared/input/identifiers';
import { toNodeError } from '../../shared/errors/nodeError';
import { toSingleLine } from '../../shared/errors/text';
import { getPage, hasNextPage } from '../../shared/api/pages';
import { createClient, type EnableNowClient } from '../../shared/api/client';

/** A list of EnableNow's from which a person picks an identifier. */
export interface PickerSource {
	path: string;
	/** The names of the query parameters for paging; none if EnableNow does not page the list. */
	paging?: { page: string; pageSize: string };
	/** What a person recognises an entry by. */
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

/** A search ends at the page that brings this many matches, or after this many requests. */
const MIN_MATCHES = 20;
const MAX_REQUESTS = 40;

const MAX_PART_LENGTH = 80;

/**
 * Creates the search method of a picker. EnableNow cannot search its lists by text, so with a filter
 * pages are read until there are enough matches to show.
 */
export function createPicker(source: PickerSource): ListSearch {
	return async function (filter, paginationToken) {
		try {
			const client = await createClient(this);
			const firstPage = Number(paginationToken ?? 1);
			const text = toSearchText(filter ?? '');
			return await search(client, source, text, firstPage);
		} catch (error) {
			throw toNodeError(this.getNode(), error);
		}
	};
}

async function search(
	client: EnableNowClient,
	source: PickerSource,
	filter: string,
	firstPage: number,
): Promise<INodeListSearchResult> {
	const results: PickerResult[] = [];
	let pageNumber = firstPage;
	for (let requests = 1; ; requests++, pageNumber++) {
		const { found, hasMore } = await readPage(client, source, pageNumber);
		results.push(...found.filter((result) => matches(result, filter)));
		if (!hasMore) return { results };
		const isEnough = filter === '' || results.length >= MIN_MATCHES || requests >= MAX_REQUESTS;
		if (isEnough) return { results, paginationToken: String(pageNumber + 1) };
	}
}

async function readPage(
	client: EnableNowClient,
	{ path, paging, nameParts }: PickerSource,
	pageNumber: number,
): Promise<{ found: PickerResult[]; hasMore: boolean }> {
	const query = paging ? { [paging.page]: pageNumber, [paging.pageSize]: PAGE_SIZE } : {};
	const page = await getPage(client, path, query);
	const found = page.entries.flatMap((entry) => toResults(entry, nameParts));
	if (paging) return { found, hasMore: hasNextPage(page, pageNumber, PAGE_SIZE) };
	const end = pageNumber * PAGE_SIZE;
	return { found: found.slice(end - PAGE_SIZE, end), hasMore: end < found.length };
}

/** The entry as a choice; none if it has no usable identifier. */
function toResults(entry: unknown, nameParts: PickerSource['nameParts']): PickerResult[] {
	const fields = Object(entry) as Record<string, unknown>;
	const { id } = fields;
	if (!isIdentifier(id)) return [];
	const parts = nameParts(fields)
		.map((part) => toSingleLine(part, MAX_PART_LENGTH).trim())
		.filter(Boolean);
	// The identifier's end tells apart entries that are otherwise named alike.
	return [{ name: [...parts, `…${id.slice(-4)}`].join(' · '), value: id }];
}

function matches({ name, value }: PickerResult, filter: string): boolean {
	return toSearchText(name).includes(filter) || toSearchText(String(value)).includes(filter);
}

/** A search ignores case, and the spaces of a grouped IBAN. */
function toSearchText(text: string): string {
	return text.toLowerCase().replace(/\s+/g, '');
}

/** A field that holds text; otherwise empty. */
export function getText(entry: Record<string, unknown>, name: string): string {
	const value = entry[name];
	return typeof value === 'string' ? value : '';
}

/** The day of a field that holds a time, after a label; otherwise empty. */
export function formatDay(entry: Record<string, unknown>, name: string, label: string): string {
	const time = getText(entry, name);
	return /^\d{4}-\d{2}-\d{2}/.test(time) ? `${label} ${time.slice(0, 10)}` : '';
}
