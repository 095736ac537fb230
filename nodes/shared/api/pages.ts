import { invalidResponseError } from '../errors/requestError';
import type { ApiRequest, EnableNowClient } from './client';

/** EnableNow's smallest default. A page with as many may be all that EnableNow puts on one. */
const MIN_PAGE_SIZE = 10;

/** One page of a list, with the counts that EnableNow gives. */
export interface Page {
	entries: unknown[];
	totalPages: number | undefined;
	totalCount: number | undefined;
}

/**
 * Gets one page of a list. EnableNow returns lists as `{ data, _pagination }` or as a bare array; its
 * documentation does not say which for every list.
 *
 * @throws RequestError when the request fails or the response contains no list
 */
export async function getPage(
	client: EnableNowClient,
	path: string,
	query: NonNullable<ApiRequest['query']>,
): Promise<Page> {
	const response = await client.send({ method: 'GET', path, query });
	if (Array.isArray(response)) {
		return { entries: response, totalPages: undefined, totalCount: undefined };
	}
	const { data, _pagination } = Object(response) as { data?: unknown; _pagination?: unknown };
	if (!Array.isArray(data)) {
		const { secrets } = client.credential;
		throw invalidResponseError('it does not contain a list', data ?? response, secrets);
	}
	const { totalPages, totalCount } = Object(_pagination) as Record<string, unknown>;
	return {
		entries: data,
		totalPages: parseCount(totalPages),
		totalCount: parseCount(totalCount),
	};
}

/**
 * Whether another page follows. Where EnableNow does not say, one is assumed after a page that may be
 * full, which costs a request for an empty page. More entries than requested are a list without pages.
 *
 * @param pageSize - as requested; EnableNow may put fewer on a page
 */
export function hasNextPage(
	{ entries, totalPages }: Page,
	pageNumber: number,
	pageSize: number,
): boolean {
	const count = entries.length;
	if (totalPages !== undefined) return count > 0 && pageNumber < totalPages;
	return count >= Math.min(pageSize, MIN_PAGE_SIZE) && count <= pageSize;
}

/** Parses a count, which may come as text. */
function parseCount(value: unknown): number | undefined {
	const count = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
	return Number.isInteger(count) && (count as number) >= 0 ? (count as number) : undefined;
}
