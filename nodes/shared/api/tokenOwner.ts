import { createHash } from 'crypto';

import { tryParseJson } from './responseBody';

/** Whose token it may be: an app of one EnableNow. */
interface TokenOwner {
	baseUrl: string;
	clientId: string;
	accessToken: string | undefined;
}

/** How many tokens are remembered: far more than an n8n has EnableNow credentials. */
const MAX_REMEMBERED_TOKENS = 1000;

/** Owners by the hash of their token: no token is held longer than a request takes. */
const owners = new Map<string, string>();

/**
 * Whether the stored token was given to another app, or by another EnableNow. n8n keeps a
 * credential's token when its client ID or base URL is changed, and would go on sending it until
 * EnableNow refuses it, up to an hour later. What this process saw decides; of a token that it never
 * saw, the `client_id` claim does. An opaque token that was never seen passes.
 */
export function isForeignToken({ accessToken, ...credential }: TokenOwner): boolean {
	if (accessToken === undefined) return false;
	const owner = owners.get(hashToken(accessToken));
	if (owner !== undefined) return owner !== ownerKey(credential);
	const clientId = parseClientIdClaim(accessToken);
	return clientId !== undefined && clientId !== credential.clientId;
}

/** Remembers that the stored token belongs to the app and base URL that it is stored with. */
export function rememberToken({ accessToken, ...credential }: TokenOwner): void {
	if (accessToken === undefined) return;
	const hash = hashToken(accessToken);
	owners.delete(hash);
	owners.set(hash, ownerKey(credential));
	const [oldest] = owners.keys();
	if (owners.size > MAX_REMEMBERED_TOKENS && oldest !== undefined) owners.delete(oldest);
}

function ownerKey({ clientId, baseUrl }: Omit<TokenOwner, 'accessToken'>): string {
	return `${clientId} ${baseUrl}`;
}

function hashToken(token: string): string {
	return createHash('sha256').update(token).digest('base64');
}

/** The `client_id` of a JWT's payload, unverified; none where the token is no JWT. */
function parseClientIdClaim(token: string): string | undefined {
	const payload = tryParseJson(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
	const claim = (Object(payload) as { client_id?: unknown }).client_id;
	return typeof claim === 'string' ? claim : undefined;
}
