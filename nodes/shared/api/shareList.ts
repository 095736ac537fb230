import { invalidResponseError } from '../errors/requestError';
import { toMilliseconds } from '../input/dates';
import { identifierKey } from '../input/identifiers';
import type { EnableNowClient } from './client';
import { type List, readList, readPage, type Selection } from './listReader';
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

/** EnableNow's default; its maximum is not documented. */
const PAGE_SIZE = 50;

export const SHARES: List<Share> = {
	path: '/shares',
	paging: { page: 'page', pageSize: 'pageSize', maxPageSize: PAGE_SIZE },
	parse: parseShare,
	getKey: ({ id }) => identifierKey(id),
};

/** The whole list is read if more pages than these have new shares. */
const MAX_NEW_PAGES = 10;

const MAX_CLOCK_SKEW_MS = 15 * 60_000;

/**
 * Lists all shares that the credential's app made or received, expired ones too.
 *
 * @throws RequestError
 */
export async function listAllShares(client: EnableNowClient): Promise<Share[]> {
	return await readList(client, SHARES, {}, Infinity);
}

/**
 * Lists the shares that are not known yet, at least those that existed when the call began. If nothing
 * is new, that takes one request. Changes of known shares are not noticed.
 *
 * @param known - the `identifierKey` of each share that was listed before; brought up to date
 * @throws RequestError
 */
export async function listNewShares(client: EnableNowClient, known: Set<string>): Promise<Share[]> {
	const knownCount = known.size;
	const found = new Map<string, Share>();
	let pageNumber = 1;
	for (let requests = 0; requests < MAX_NEW_PAGES && knownCount > 0; requests++) {
		const page = await readPage(client, SHARES, {}, pageNumber, PAGE_SIZE);
		const foundBefore = found.size;
		for (const share of page.entries) {
			const key = identifierKey(share.id);
			if (!known.has(key)) found.set(key, share);
		}
		if (page.totalCount === knownCount + found.size) {
			for (const key of found.keys()) known.add(key);
			return [...found.values()];
		}
		// EnableNow sorts by creation date, in an undocumented direction: new shares come either first or
		// after the known ones.
		const next = found.size > foundBefore ? pageNumber + 1 : Math.floor(knownCount / PAGE_SIZE) + 1;
		// Shares have left the list, more have come meanwhile, or EnableNow gives no counts.
		if (next <= pageNumber || next > (page.totalPages ?? 0)) break;
		pageNumber = next;
	}
	const shares = await listAllShares(client);
	const added = shares.filter(({ id }) => !known.has(identifierKey(id)));
	// Without those that have left the list, so that its size tells again whether something is new.
	known.clear();
	for (const { id } of shares) known.add(identifierKey(id));
	return added;
}

/** EnableNow cannot filter by direction, receiver or reference. */
export function selectShares(client: EnableNowClient, filter: ShareFilter): Selection<Share> {
	const { status, direction, clientId, reference } = filter;
	const ownClientId = client.credential.clientId;
	const isFiltered = status !== 'any' || direction !== 'any' || clientId + reference !== '';
	return {
		...(status !== 'any' && { query: { isExpired: status === 'expired' } }),
		...(isFiltered && { matches: (share) => matches(share, filter, ownClientId) }),
	};
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
