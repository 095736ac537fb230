import { createHash } from 'crypto';

import { withTimeout } from '../async/abort';
import { tryParseJson } from '../input/text';
import type { EnableNowCredential } from './credential';

/** The token fetches of a credential, shared by concurrent requests: older versions of n8n do not. */
interface TokenFetches {
	/** How many tokens have been fetched. A change since a request began means a fresh token. */
	count: number;
	/** The last one, which errors must not repeat. */
	token?: string;
	current?: Promise<void> | undefined;
}

const fetchesByCredential = new Map<string, TokenFetches>();

/** How many tokens of a credential this process has fetched so far. */
export function countTokens(credentialId: string): number {
	return getFetches(credentialId).count;
}

/** The token of a credential that this process has fetched last. */
export function getFetchedToken(credentialId: string): string | undefined {
	return getFetches(credentialId).token;
}

/**
 * Fetches a token, unless one has been fetched since, or waits for the fetch that is under way.
 *
 * @param countBefore - {@link countTokens} when the request began that needs a new token
 * @param timeout - in milliseconds
 * @throws what `fetchToken` throws, to everyone who waits for it
 */
export async function fetchTokenOnce(
	credentialId: string,
	countBefore: number,
	fetchToken: () => Promise<string>,
	timeout: number,
): Promise<void> {
	const fetches = getFetches(credentialId);
	if (fetches.count !== countBefore) return;
	fetches.current ??= runFetch(fetches, fetchToken, timeout);
	await fetches.current;
}

async function runFetch(
	fetches: TokenFetches,
	fetchToken: () => Promise<string>,
	timeout: number,
): Promise<void> {
	try {
		// n8n itself waits five minutes for a token, and later executions would wait with it.
		fetches.token = await withTimeout(fetchToken, timeout);
		fetches.count++;
	} finally {
		fetches.current = undefined;
	}
}

function getFetches(credentialId: string): TokenFetches {
	const fetches = fetchesByCredential.get(credentialId) ?? { count: 0 };
	fetchesByCredential.set(credentialId, fetches);
	return fetches;
}

/** A token, and the app and base URL that it is stored with. */
type OwnedToken = Pick<EnableNowCredential, 'accessToken' | 'baseUrl' | 'clientId'>;

const MAX_REMEMBERED_TOKENS = 1000;

/** Owners by the hash of their token, so that old tokens do not stay in memory. */
const owners = new Map<string, string>();

/**
 * Whether the stored token belongs to another app or another EnableNow server. n8n keeps a
 * credential's token when its client ID or base URL is changed, and goes on sending it until EnableNow
 * refuses it, up to an hour later. If this process has not seen the token before, its `client_id`
 * claim decides; an unknown opaque token passes.
 */
export function isForeignToken({ accessToken, ...credential }: OwnedToken): boolean {
	if (accessToken === undefined) return false;
	const owner = owners.get(hashToken(accessToken));
	if (owner !== undefined) return owner !== ownerKey(credential);
	const clientId = parseClientIdClaim(accessToken);
	return clientId !== undefined && clientId !== credential.clientId;
}

/** Remembers that the token belongs to the app and base URL that it is stored with. */
export function rememberToken({ accessToken, ...credential }: OwnedToken): void {
	if (accessToken === undefined) return;
	const hash = hashToken(accessToken);
	owners.delete(hash);
	owners.set(hash, ownerKey(credential));
	const [oldest] = owners.keys();
	if (owners.size > MAX_REMEMBERED_TOKENS && oldest !== undefined) owners.delete(oldest);
}

function ownerKey({ clientId, baseUrl }: Omit<OwnedToken, 'accessToken'>): string {
	return `${clientId} ${baseUrl}`;
}

function hashToken(token: string): string {
	return createHash('sha256').update(token).digest('base64');
}

/** The `client_id` claim of a JWT, unverified; `undefined` for an opaque token. */
function parseClientIdClaim(token: string): string | undefined {
	const payload = tryParseJson(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
	const claim = (Object(payload) as { client_id?: unknown }).client_id;
	return typeof claim === 'string' ? claim : undefined;
}
