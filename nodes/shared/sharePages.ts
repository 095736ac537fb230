import { getPage, type Page } from './pages';
import { unreadableAnswer } from './requestFailure';
import { readShare, type Share } from './shares';
import type { ApiRequest, EnableNowApi } from './transport';

/** EnableNow's own default; how large a page may be is not documented. */
export const PAGE_SIZE = 50;

/** One page of the list of shares. */
export interface SharePage extends Page {
	entries: Share[];
}

/**
 * Gets one page of the list of shares.
 *
 * @throws RequestFailure
 */
export async function getSharePage(
	api: EnableNowApi,
	query: NonNullable<ApiRequest['query']>,
): Promise<SharePage> {
	const page = await getPage(api, '/shares', query);
	const shares = page.entries.map(readShare).filter((share) => share !== undefined);
	if (shares.length === page.entries.length) return { ...page, entries: shares };
	throw unreadableAnswer('its list holds something that is not a share');
}
