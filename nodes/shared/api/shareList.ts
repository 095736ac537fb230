import { invalidResponseError } from '../errors/requestError';
import { toMilliseconds } from '../input/dates';
import { identifierKey } from '../input/identifiers';
import type { ApiRequest, EnableNowClient } from './client';
import { getPage, hasNextPage, type Page } from './pages';
import { parseShare, type Share } from './shares';

/** Which shares to list. */
export interface ShareFilter {
	expired: 'any' | 'active' | 'expired';
	/** The app they are shared with; empty for any. */
	clientId: string;
	/** Their exact reference; empty for any. */
	reference: string;
}

type SharePage = Page & { entries: Share[] };

/** EnableNow's own default; the maximum is not documented. */
const PAGE_SIZE = 50;

/** How many pages are requested together; the client limits how many of them are sent at once. */
const BATCH_SIZE = 20;

/** How many times a list is read at most, if it changes while it is read. */
const MAX_READINGS = 3;

/** By how much n8n's clock and EnableNow's may differ. */
const MAX_CLOCK_SKEW_MS = 15 * 60_000;

/**
 * Lists the shares that EnableNow knows for the credential's app, in EnableNow's order, each once.
 *
 * @param limit - maximum number of shares; no page is requested beyond what that needs
 * @throws RequestError
 */
export async function listShares(
	client: EnableNowClient,
	filter: ShareFilter,
	limit: number,
): Promise<Share[]> {
	const found = new Map<string, Share>();
	for (let reading = 1; ; reading++) {
		const batchSize = reading === 1 && limit === Infinity ? BATCH_SIZE : 1;
		const { shares, state } = await readList(client, filter, limit, batchSize);
		if (state === 'complete') return shares;
		for (const share of shares) found.set(identifierKey(share.id), share);
		if (reading === MAX_READINGS && state === 'repeating') {
			throw invalidResponseError('its list repeats shares and leaves others out');
		}
		if (reading === MAX_READINGS) return [...found.values()].slice(0, limit);
	}
}

/**
 * Lists all shares. Shares are added to this list and do not leave it.
 *
 * @throws RequestError
 */
export async function listAllShares(client: EnableNowClient): Promise<Share[]> {
	return await listShares(client, { expired: 'any', clientId: '', reference: '' }, Infinity);
}

/**
 * Lists the shares that are not known yet: every one that was there when the call began. Where nothing
 * is new, that costs one request. A change of a known share is not noticed.
 *
 * @param known - the `identifierKey` of each share that was listed before
 * @throws RequestError
 */
export async function listNewShares(
	client: EnableNowClient,
	known: { readonly size: number; has(key: string): boolean },
): Promise<Share[]> {
	const knownCount = known.size;
	const found = new Map<string, Share>();
	// A second pass finds, on its first page, what was added in front during the first one.
	for (let pass = 1; pass <= 2 && knownCount > 0; pass++) {
		for (let pageNumber = 1; ;) {
			const page = await getSharePage(client, { page: pageNumber, pageSize: PAGE_SIZE });
			const foundBefore = found.size;
			for (const share of page.entries) {
				const key = identifierKey(share.id);
				if (!known.has(key)) found.set(key, share);
			}
			// Negative where shares have left the list, or EnableNow gives no count.
			const missing = (page.totalCount ?? 0) - knownCount - found.size;
			if (missing === 0) return [...found.values()];
			// EnableNow sorts by date of creation, in which direction is not documented: new shares are
			// either the first ones or those after as many as are known.
			const next =
				found.size > foundBefore ? pageNumber + 1 : Math.floor(knownCount / PAGE_SIZE) + 1;
			if (missing < 0 || next <= pageNumber || !hasNextPage(page, pageNumber, PAGE_SIZE)) break;
			pageNumber = next;
		}
	}
	const shares = await listAllShares(client);
	return shares.filter(({ id }) => !known.has(identifierKey(id)));
}

/**
 * Reads the list once. Its pages shift while shares are created or, in a filtered list, expire. Read
 * one by one, the pages of a list that only grows repeat some shares and skip none.
 */
async function readList(
	client: EnableNowClient,
	filter: ShareFilter,
	limit: number,
	batchSize: number,
): Promise<{ shares: Share[]; state: 'complete' | 'incomplete' | 'repeating' }> {
	const shares: Share[] = [];
	const seen = new Set<string>();
	const counts: number[] = [];
	let entryCount = 0;
	let hasRepeatedPage = false;
	for await (const { entries, totalCount } of readPages(client, filter, limit, batchSize)) {
		counts.push(totalCount ?? 0);
		const seenBefore = seen.size;
		for (const share of entries) {
			const key = identifierKey(share.id);
			if (!seen.has(key) && matches(share, filter)) shares.push(share);
			if (shares.length >= limit) return { shares, state: 'complete' };
			seen.add(key);
		}
		entryCount += entries.length;
		hasRepeatedPage = entries.length > 0 && seen.size === seenBefore;
		if (hasRepeatedPage) break;
	}
	const [firstCount = 0] = counts;
	const isSteady = counts.every((count) =>
		batchSize === 1 ? count >= firstCount : count === firstCount,
	);
	const isShort = entryCount > seen.size && seen.size < firstCount;
	if (hasRepeatedPage) return { shares, state: isShort ? 'repeating' : 'incomplete' };
	return { shares, state: isSteady && !isShort ? 'complete' : 'incomplete' };
}

/** The pages of the list, up to `batchSize` of them requested together. */
async function* readPages(
	client: EnableNowClient,
	{ expired, clientId, reference }: ShareFilter,
	limit: number,
	batchSize: number,
): AsyncGenerator<SharePage> {
	const query: NonNullable<ApiRequest['query']> =
		expired === 'any' ? {} : { isExpired: expired === 'expired' };
	// EnableNow does not filter by these, so a page may hold few that match.
	const isFilteredHere = clientId !== '' || reference !== '';
	const pageSize = isFilteredHere ? PAGE_SIZE : Math.min(limit, PAGE_SIZE);
	for (let first = 1, length = 1; ;) {
		const numbers = Array.from({ length }, (_number, index) => first + index);
		const pages = await Promise.all(
			numbers.map(async (page) => await getSharePage(client, { page, pageSize, ...query })),
		);
		yield* pages;
		first += length;
		const last = pages.at(-1);
		if (last === undefined || !hasNextPage(last, first - 1, pageSize)) return;
		const remaining = Math.ceil((last.totalCount ?? 0) / pageSize) - first + 1;
		length = Math.max(1, Math.min(batchSize, remaining));
	}
}

async function getSharePage(
	client: EnableNowClient,
	query: NonNullable<ApiRequest['query']>,
): Promise<SharePage> {
	const page = await getPage(client, '/shares', query);
	const shares = page.entries.map(parseShare).filter((share) => share !== undefined);
	if (shares.length === page.entries.length) return { ...page, entries: shares };
	throw invalidResponseError('its list holds something that is not a share');
}

/** @throws RequestError where `isExpired`, whose documentation is ambiguous, means something else */
function matches(share: Share, { expired, clientId, reference }: ShareFilter): boolean {
	const timeLeft = toMilliseconds(share.expirationDateUtc) - Date.now();
	if (expired === 'expired' && timeLeft > MAX_CLOCK_SKEW_MS) {
		throw invalidResponseError('asked for expired shares, it lists one that is still active');
	}
	return (
		!(expired === 'active' && timeLeft <= 0) &&
		(clientId === '' || share.clientId === clientId) &&
		(reference === '' || share.reference === reference)
	);
}
