import { toMilliseconds } from './dates';
import { identifierKey } from './identifiers';
import { hasNextPage } from './pages';
import { unreadableAnswer } from './requestFailure';
import { getSharePage, PAGE_SIZE } from './sharePages';
import type { Share } from './shares';
import type { ApiRequest, EnableNowApi } from './transport';

/** Which shares to list. */
export interface ShareFilter {
	expired: 'any' | 'active' | 'expired';
	/** The app that they are shared with; empty for any. */
	clientId: string;
	/** Their reference, to the letter; empty for any. */
	reference: string;
}

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
	const earlier: Share[] = [];
	for (let reading = 1; ; reading++) {
		const { shares, isWhole } = await readPages(api, filter, limit);
		if (isWhole) return shares;
		if (reading === MOST_READINGS) return distinct([...shares, ...earlier]).slice(0, limit);
		earlier.push(...shares);
	}
}

/** Reads page after page; `isWhole` is false where shares may have been skipped. */
async function readPages(
	api: EnableNowApi,
	filter: ShareFilter,
	limit: number,
): Promise<{ shares: Share[]; isWhole: boolean }> {
	const query: NonNullable<ApiRequest['query']> =
		filter.expired === 'any' ? {} : { isExpired: filter.expired === 'expired' };
	const pageSize = isFilteredHere(filter) ? PAGE_SIZE : Math.min(limit, PAGE_SIZE);
	const shares: Share[] = [];
	const seen = new Set<string>();
	let isWhole = true;
	let firstCount: number | undefined;
	for (let pageNumber = 1; ; pageNumber++) {
		const page = await getSharePage(api, { page: pageNumber, pageSize, ...query });
		firstCount ??= page.totalCount;
		isWhole &&= (page.totalCount ?? 0) >= (firstCount ?? 0);
		const seenBefore = seen.size;
		for (const share of page.entries) {
			if (seen.has(identifierKey(share.id))) continue;
			seen.add(identifierKey(share.id));
			if (matches(share, filter)) shares.push(share);
			if (shares.length >= limit) return { shares, isWhole: true };
		}
		// A list that begins anew on every page would otherwise be read for ever.
		const isOver = seen.size === seenBefore || !hasNextPage(page, pageNumber, pageSize);
		if (isOver) return { shares, isWhole };
	}
}

/** Each share once, in the order given. */
function distinct(shares: Share[]): Share[] {
	const keys = new Set<string>();
	return shares.filter(
		(share) => !keys.has(identifierKey(share.id)) && keys.add(identifierKey(share.id)),
	);
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
