import { getPage, type Page } from './pages';
import { invalidResponseError } from '../errors/requestError';
import { readShare, type Share } from './shares';
import type { ApiRequest, EnableNowClient } from './client';

/** EnableNow's own default; how large a page may be is not documented. */
export const PAGE_SIZE = 50;

/** One page of the list of shares. */
export interface SharePage extends Page {
	entries: Share[];
}

/**
 * Gets one page of the list of shares.
 *
 * @throws RequestError
 */
export async function getSharePage(
	api: EnableNowClient,
	query: NonNullable<ApiRequest['query']>,
): Promise<SharePage> {
	const page = await getPage(api, '/shares', query);
	const shares = page.entries.map(readShare).filter((share) => share !== undefined);
	if (shares.length === page.entries.length) return { ...page, entries: shares };
	throw invalidResponseError('its list holds something that is not a share');
}
