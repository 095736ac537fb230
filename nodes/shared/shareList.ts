import { toMilliseconds } from './dates';
import { getPage, hasNextPage } from './pages';
import { unreadableAnswer } from './requestFailure';
import { isShare, type Share } from './shares';
import type { ApiRequest, EnableNowApi } from './transport';

/** Which shares to list. */
export interface ShareFilter {
	expired: 'any' | 'active' | 'expired';
	/** The app that they are shared with; empty for any. */
	clientId: string;
	/** Their reference, to the letter; empty for any. */
	reference: string;
}

/** EnableNow's own default; how large a page may be is not documented. */
const PAGE_SIZE = 50;

/** How often a list that became shorter while it was read is read again. */
const MOST_READINGS = 3;

const MILLISECONDS_PER_DAY = 86_400_000;

/**
 * Lists the shares that EnableNow knows for the credential's app, in EnableNow's order.
 *
 * EnableNow filters by expiration only. Pages of such a list shift while shares expire, so where it
 * became shorter in between it is read again: each share that matches is there once.
 *
 * @param limit - how many shares at most; no page is fetched beyond what that needs
 * @throws RequestFailure
 */
export async function listShares(
	api: EnableNowApi,
	filter: ShareFilter,
	limit: number,
): Promise<Share[]> {
	const found = new Map<string, Share>();
	for (let reading = 1; reading <= MOST_READINGS; reading++) {
		const isWhole = await readPages(api, filter, limit, found);
		if (isWhole) break;
	}
	return [...found.values()];
}

/** Reads page after page into `found`; false where shares may have been skipped. */
async function readPages(
	api: EnableNowApi,
	filter: ShareFilter,
	limit: number,
	found: Map<string, Share>,
): Promise<boolean> {
	const query: NonNullable<ApiRequest['query']> =
		filter.expired === 'any' ? {} : { isExpired: filter.expired === 'expired' };
	const pageSize = isFilteredHere(filter) ? PAGE_SIZE : Math.min(limit, PAGE_SIZE);
	let isWhole = true;
	let firstCount: number | undefined;
	for (let pageNumber = 1; ; pageNumber++) {
		const page = await getPage(api, '/shares', { page: pageNumber, pageSize, ...query });
		firstCount ??= page.totalCount;
		isWhole &&= (page.totalCount ?? 0) >= (firstCount ?? 0);
		for (const share of page.entries) {
			if (!isShare(share)) throw unreadableAnswer('its list holds something that is not a share');
			if (matches(share, filter)) found.set(share.id.toLowerCase(), share);
			if (found.size >= limit) return true;
		}
		if (!hasNextPage(page, pageNumber, pageSize)) return isWhole;
	}
}

/** Whether a share that EnableNow lists may still not be one of those asked for. */
function isFilteredHere({ clientId, reference }: ShareFilter): boolean {
	return clientId !== '' || reference !== '';
}

function matches(share: Share, filter: ShareFilter): boolean {
	return (
		matchesExpiration(share, filter.expired) &&
		(filter.clientId === '' || share.clientId === filter.clientId) &&
		(filter.reference === '' || share.reference === filter.reference)
	);
}

/**
 * Holds EnableNow to the assumption that `isExpired=true` means only expired shares and `false` only
 * active ones: its documentation ("filters all expired shares from the results") can be read
 * otherwise.
 */
function matchesExpiration(share: Share, expired: ShareFilter['expired']): boolean {
	const timeLeft = toMilliseconds(share.expirationDateUtc) - Date.now();
	if (expired === 'expired' && timeLeft > MILLISECONDS_PER_DAY) {
		throw unreadableAnswer('asked for expired shares, it lists one that is still active');
	}
	return expired !== 'active' || !(timeLeft <= 0);
}
