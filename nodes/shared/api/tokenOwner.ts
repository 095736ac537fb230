import { createHash } from 'crypto';

import type { EnableNowCredential } from './credential';
import { tryParseJson } from '../input/json';

/** A token, and the app and base URL that it is stored with. */
type OwnedToken = Pick<EnableNowCredential, 'accessToken' | 'baseUrl' | 'clientId'>;

const MAX_REMEMBERED_TOKENS = 1000;

/** Owners by the hash of their token, so that no token stays in memory. */
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
