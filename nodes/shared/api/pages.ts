import { invalidResponseError } from '../errors/requestError';
import type { ApiRequest, EnableNowClient } from './client';

/** One page of a list. */
export interface Page {
	entries: unknown[];
	/** How many pages the list has, where EnableNow says so. */
	totalPages: number | undefined;
	/** How many entries the list has, where EnableNow says so. */
	totalCount: number | undefined;
}

/**
 * Gets one page of a list. EnableNow gives lists as `{ data, _pagination }` or bare; which of its
 * lists is bare is not documented for each.
 *
 * @throws RequestError when EnableNow refuses or the answer holds no list
 */
export async function getPage(
	api: EnableNowClient,
	path: string,
	query: NonNullable<ApiRequest['query']>,
): Promise<Page> {
	const answer = await api.send({ method: 'GET', path, query });
	if (Array.isArray(answer)) {
		return { entries: answer, totalPages: undefined, totalCount: undefined };
	}
	const { data, _pagination } = Object(answer) as { data?: unknown; _pagination?: unknown };
	if (!Array.isArray(data)) throw invalidResponseError('it does not hold a list');
	const { totalPages, totalCount } = Object(_pagination) as Record<string, unknown>;
	return {
		entries: data,
		totalPages: countOf(totalPages),
		totalCount: countOf(totalCount),
	};
}

/**
 * Whether another page follows. Without EnableNow's own word for it, a page that is just full is
 * taken to have one: at worst that costs a request for an empty page. One that is fuller than asked
 * for shows that the list is not paged.
 */
export function hasNextPage(page: Page, pageNumber: number, pageSize: number): boolean {
	if (page.entries.length === 0) return false;
	if (page.totalPages !== undefined) return pageNumber < page.totalPages;
	if (page.totalCount !== undefined) return pageNumber * pageSize < page.totalCount;
	return page.entries.length === pageSize;
}

/** A count, which may come as text. */
function countOf(value: unknown): number | undefined {
	const count = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
	return Number.isInteger(count) && (count as number) >= 0 ? (count as number) : undefined;
}
