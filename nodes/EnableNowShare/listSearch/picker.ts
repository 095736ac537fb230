import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { createClient, type EnableNowClient } from '../../shared/api/client';
import { type List, readPage, type Selection } from '../../shared/api/listReader';
import { toNodeError } from '../../shared/errors/nodeError';
import { toSingleLine } from '../../shared/errors/text';
import { isIdentifier } from '../../shared/input/identifiers';

/** A list from which a person picks an identifier. */
export interface PickerSource<Entry extends Record<string, unknown>> {
	list: List<Entry>;
	/** What is offered, if not all: the entries of the first selection, then those of the next one. */
	getSelections?: (client: EnableNowClient) => Array<Selection<Entry>>;
	/** Whether a page has the oldest entries first, so that the list is read from its end. */
	isOldestFirst?: (entries: Entry[]) => boolean;
	/** What a person recognizes an entry by. */
	getTitle: (entry: Entry) => string;
	/**
	 * What else there is to know. n8n shows nothing but the name in its list, and stores it with the choice:
	 * what changes comes last.
	 */
	getDetails: (entry: Entry) => string[];
}

/** A method of the node that n8n calls to fill a picker. */
export type ListSearch = (
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
) => Promise<INodeListSearchResult>;

type PickerResult = INodeListSearchResult['results'][number];

/** The next page to read. */
interface Cursor {
	selection: number;
	/** Counted from 1. Negative if the list is read from its end: -3 is page 3, and -2 comes next. */
	page: number;
}

const PAGE_SIZE = 50;

/** A search ends at the page that brings this many matches, or after this many requests. */
const MIN_MATCHES = 20;
const MAX_REQUESTS = 40;

/** With the end of the identifier, names are told apart within 40 characters. */
const MAX_TITLE_LENGTH = 30;
const MAX_DETAIL_LENGTH = 80;

/**
 * Creates the search method of a picker. EnableNow cannot search its lists by text, so pages are read
 * until there are enough matches to show.
 */
export function createPicker<Entry extends Record<string, unknown>>(
	source: PickerSource<Entry>,
): ListSearch {
	return async function (filter, paginationToken) {
		try {
			const client = await createClient(this);
			return await search(client, source, toSearchText(filter ?? ''), paginationToken);
		} catch (error) {
			throw toNodeError(this.getNode(), error);
		}
	};
}

async function search<Entry extends Record<string, unknown>>(
	client: EnableNowClient,
	source: PickerSource<Entry>,
	filter: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const selections = source.getSelections?.(client) ?? [{}];
	const results: PickerResult[] = [];
	let cursor = parseCursor(paginationToken);
	for (let requests = 1; ; requests++) {
		const selection = selections[cursor.selection];
		if (selection === undefined) return { results };
		const { query, matches = () => true } = selection;
		const pageNumber = Math.abs(cursor.page);
		const page = await readPage(client, source.list, query, pageNumber, PAGE_SIZE);
		if (cursor.page === 1 && source.isOldestFirst?.(page.entries) && page.totalPages) {
			cursor = { ...cursor, page: -page.totalPages };
			if (page.totalPages > 1) continue;
		}
		const entries = page.entries.filter(matches);
		if (cursor.page < 0) entries.reverse();
		for (const entry of entries) {
			const result = toResult(entry, source);
			const text = [result?.name, source.getTitle(entry), result?.value].join('\n');
			if (result && toSearchText(text).includes(filter)) results.push(result);
		}
		const next = cursor.page < 0 || page.hasNext ? cursor.page + 1 : 0;
		cursor = next === 0 ? { selection: cursor.selection + 1, page: 1 } : { ...cursor, page: next };
		const isEnough = results.length >= MIN_MATCHES || requests >= MAX_REQUESTS;
		if (isEnough && cursor.selection < selections.length) {
			return { results, paginationToken: `${cursor.selection}:${cursor.page}` };
		}
	}
}

function parseCursor(paginationToken = '0:1'): Cursor {
	const [selection = 0, page = 1] = paginationToken.split(':').map(Number);
	return { selection, page };
}

/** The entry as a choice; `undefined` if it has no usable identifier. */
function toResult<Entry extends Record<string, unknown>>(
	entry: Entry,
	{ getTitle, getDetails }: PickerSource<Entry>,
): PickerResult | undefined {
	const { id } = entry;
	if (!isIdentifier(id)) return undefined;
	const parts = [
		toSingleLine(getTitle(entry), MAX_TITLE_LENGTH),
		// The identifier's end tells apart entries that are otherwise named alike.
		`…${id.slice(-4)}`,
		...getDetails(entry).map((detail) => toSingleLine(detail, MAX_DETAIL_LENGTH)),
	];
	const name = parts.map((part) => part.trim()).filter(Boolean);
	return { name: name.join(' · '), value: id };
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

/**
 * Whether a part of EnableNow's list of shares has the oldest first. The list is sorted by creation, in an
 * undocumented direction, and a share has no creation date; but EnableNow's identifiers hold one (those in
 * its documentation do): they are SQL Server's sequential GUIDs as .NET makes them, and end with the time.
 *
 * @returns false also if the identifiers do not tell
 */
export function isOldestFirst(shares: Array<{ id: string }>): boolean {
	const times = shares.map(getCreationTime);
	// The ticks of 2009 to 2050 begin like this; other identifiers hold no time.
	if (!times.every((time) => /^08[c-f]/.test(time))) return false;
	// Only the ends: shares that are created at the same moment may be listed in any order.
	return (times[0] ?? '') < (times.at(-1) ?? '');
}

/** Ticks in hexadecimal: the last twelve digits, then the four before them. */
function getCreationTime({ id }: { id: string }): string {
	const [, , , low = '', high = ''] = id.toLowerCase().split('-');
	return high + low;
}
