import { toMilliseconds } from '../input/dates';
import { identifierKey } from '../input/identifiers';
import { hasNextPage } from './pages';
import { invalidResponseError } from '../errors/requestError';
import { getSharePage, PAGE_SIZE } from './sharePages';
import type { Share } from './shares';
import type { ApiRequest, EnableNowClient } from './client';

/** Which shares to list. */
export interface ShareFilter {
	expired: 'any' | 'active' | 'expired';
	/** The app that they are shared with; empty for any. */
	clientId: string;
	/** Their reference, to the letter; empty for any. */
	reference: string;
}

/** How often a list that changed while it was read is read again. */
const MOST_READINGS = 3;

/** By how much n8n's clock and EnableNow's may differ, in milliseconds. */
const CLOCK_DIFFERENCE = 15 * 60_000;

/** What one reading of the list came to. */
interface Reading {
	/** Those that match. */
	shares: Share[];
	/** Whether none was skipped, as far as EnableNow's counts tell. */
	isWhole: boolean;
	/** Whether the pages repeated shares for another reason than that new ones came in front. */
	isStuck: boolean;
}

/**
 * Lists the shares that EnableNow knows for the credential's app, in EnableNow's order.
 *
 * EnableNow filters by expiration only. Pages of such a list shift while shares expire or are made,
 * so where some may have been skipped it is read again: each share that matches is there once.
 *
 * @param limit - how many shares at most; no page is fetched beyond what that needs
 * @throws RequestError
 */
export async function listShares(
	api: EnableNowClient,
	filter: ShareFilter,
	limit: number,
): Promise<Share[]> {
	const earlier: Share[] = [];
	for (let number = 1; ; number++) {
		const { shares, isWhole, isStuck } = await readPages(api, filter, limit);
		if (isWhole) return shares;
		if (number === MOST_READINGS) {
			if (isStuck) throw invalidResponseError('its list repeats shares and leaves others out');
			return distinct([...shares, ...earlier]).slice(0, limit);
		}
		earlier.push(...shares);
	}
}

/** Reads page after page. */
async function readPages(
	api: EnableNowClient,
	filter: ShareFilter,
	limit: number,
): Promise<Reading> {
	const query: NonNullable<ApiRequest['query']> =
		filter.expired === 'any' ? {} : { isExpired: filter.expired === 'expired' };
	const pageSize = isFilteredHere(filter) ? PAGE_SIZE : Math.min(limit, PAGE_SIZE);
	const shares: Share[] = [];
	const seen = new Set<string>();
	let repeated = 0;
	/** How many repetitions new shares explain: each pushes one that was seen back to a later page. */
	let pushedBack = 0;
	let hasShrunk = false;
	let firstCount: number | undefined;
	let lastCount: number | undefined;
	for (let pageNumber = 1; ; pageNumber++) {
		const page = await getSharePage(api, { page: pageNumber, pageSize, ...query });
		const count = page.totalCount ?? 0;
		firstCount ??= count;
		hasShrunk ||= count < firstCount;
		const seenBefore = seen.size;
		pushedBack += Math.min(Math.max(count - (lastCount ?? count), 0), seenBefore);
		lastCount = count;
		for (const share of page.entries) {
			if (seen.has(identifierKey(share.id))) {
				repeated++;
				continue;
			}
			seen.add(identifierKey(share.id));
			if (matches(share, filter)) shares.push(share);
			if (shares.length >= limit) return { shares, isWhole: true, isStuck: false };
		}
		// A list that repeats more, such as one that begins anew on every page, would be read for ever.
		const isStuck = seen.size === seenBefore && page.entries.length > 0 && repeated > pushedBack;
		if (isStuck || !hasNextPage(page, pageNumber, pageSize)) {
			const isIncomplete = repeated > 0 && seen.size < firstCount;
			return { shares, isWhole: !hasShrunk && !isIncomplete, isStuck: isStuck && isIncomplete };
		}
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
	if (expired === 'expired' && timeLeft > CLOCK_DIFFERENCE) {
		throw invalidResponseError('asked for expired shares, it lists one that is still active');
	}
	return expired !== 'active' || !(timeLeft <= 0);
}
