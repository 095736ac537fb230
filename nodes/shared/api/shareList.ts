import { invalidResponseError } from '../errors/requestError';
import { toMilliseconds } from '../input/dates';
import { identifierKey } from '../input/identifiers';
import type { ApiRequest, EnableNowClient } from './client';
import { getPage, hasNextPage, type Page } from './pages';
import { parseShare, type Share } from './shares';

export interface ShareFilter {
	status: 'any' | 'active' | 'expired';
	/** Received ones have the credential's own client ID. */
	direction: 'any' | 'made' | 'received';
	/** The app with which they are shared; empty for any. */
	clientId: string;
	/** The exact reference; empty for any. */
	reference: string;
}

const ALL_SHARES: ShareFilter = { status: 'any', direction: 'any', clientId: '', reference: '' };

type SharePage = Page & { entries: Share[] };

/** EnableNow's default; its maximum is not documented. */
const PAGE_SIZE = 50;

/** How many pages are requested together; the client may send fewer at a time. */
const BATCH_SIZE = 20;

/** How often a list is read if it changes meanwhile. */
const MAX_READINGS = 3;

const MAX_CLOCK_SKEW_MS = 15 * 60_000;

/**
 * Lists the shares that the credential's app made or received, in EnableNow's order, each once.
 *
 * @param limit - maximum number of shares; no more pages are requested than it takes
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
 * Lists all shares, expired ones too.
 *
 * @throws RequestError
 */
export async function listAllShares(client: EnableNowClient): Promise<Share[]> {
	return await listShares(client, ALL_SHARES, Infinity);
}

/**
 * Lists the shares that are not known yet, at least those that existed when the call began. If nothing
 * is new, that takes one request. Changes of known shares are not noticed.
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
	// The second pass finds what was added in front during the first one.
	for (let pass = 1; pass <= 2 && knownCount > 0; pass++) {
		for (let pageNumber = 1; ;) {
			const page = await getSharePage(client, { page: pageNumber, pageSize: PAGE_SIZE });
			const foundBefore = found.size;
			for (const share of page.entries) {
				const key = identifierKey(share.id);
				if (!known.has(key)) found.set(key, share);
			}
			// Negative if shares have left the list, or EnableNow gives no count.
			const missing = (page.totalCount ?? 0) - knownCount - found.size;
			if (missing === 0) return [...found.values()];
			// EnableNow sorts by creation date, in an undocumented direction: new shares come either first
			// or after the known ones.
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
 * Reads the list once. Pages shift when shares are created or, in a filtered list, expire. If a list
 * only grows, reading its pages one by one repeats some shares but skips none.
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
			if (!seen.has(key) && matches(share, filter, client.credential.clientId)) shares.push(share);
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

/** Requests up to `batchSize` pages together. */
async function* readPages(
	client: EnableNowClient,
	{ status, direction, clientId, reference }: ShareFilter,
	limit: number,
	batchSize: number,
): AsyncGenerator<SharePage> {
	const query: NonNullable<ApiRequest['query']> =
		status === 'any' ? {} : { isExpired: status === 'expired' };
	// EnableNow cannot filter by these, so few on a page may match.
	const isFilteredHere = direction !== 'any' || clientId !== '' || reference !== '';
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
	throw invalidResponseError('its list contains something that is not a share');
}

/** @throws RequestError if `isExpired`, whose documentation is ambiguous, means something else */
function matches(
	share: Share,
	{ status, direction, clientId, reference }: ShareFilter,
	ownClientId: string,
): boolean {
	const timeLeft = toMilliseconds(share.expirationDateUtc) - Date.now();
	if (status === 'expired' && timeLeft > MAX_CLOCK_SKEW_MS) {
		throw invalidResponseError('asked for expired shares, it lists one that is still active');
	}
	return (
		!(status === 'active' && timeLeft <= 0) &&
		(direction === 'any' || (share.clientId === ownClientId) === (direction === 'received')) &&
		(clientId === '' || share.clientId === clientId) &&
		(reference === '' || share.reference === reference)
	);
}
