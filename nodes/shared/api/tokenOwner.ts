import { createHash } from 'crypto';

import type { EnableNowCredential } from './credential';

/**
 * Whose token is it? n8n keeps a credential's token when its client ID or base URL is changed, and
 * would go on sending the former client's token until EnableNow refuses it, up to an hour later.
 * Two things tell such a token: what it says of itself, where it is a JWT; and what this process
 * saw it used with before. A token that says nothing and was never seen passes.
 */

/** What a token says of its origin. */
interface TokenClaims {
	clientId: string | undefined;
	issuerHost: string | undefined;
}

/** How many tokens and owners are remembered: far more than an n8n has EnableNow credentials. */
const MEMORY_SIZE = 1000;

/** Owners by the token's hash: this process holds no token longer than a request takes. */
const ownerOfToken = new Map<string, string>();

/** What the tokens of an owner say of themselves, where that differs from the credential. */
const claimsOfOwner = new Map<string, TokenClaims>();

/** Whether the stored token was given to another client, or by another EnableNow. */
export function holdsForeignToken(credential: EnableNowCredential): boolean {
	const { accessToken } = credential;
	if (accessToken === undefined) return false;
	const owner = ownerOfToken.get(hashOf(accessToken));
	if (owner !== undefined) return owner !== ownerOf(credential);
	const claims = claimsOf(accessToken);
	const expected = claimsOfOwner.get(ownerOf(credential)) ?? {
		clientId: credential.clientId,
		issuerHost: new URL(credential.baseUrl).host,
	};
	return (
		(claims.clientId !== undefined && claims.clientId !== expected.clientId) ||
		(claims.issuerHost !== undefined && claims.issuerHost !== expected.issuerHost)
	);
}

/** Remembers that the stored token belongs to the client and base URL that it is stored with. */
export function rememberToken(credential: EnableNowCredential): void {
	if (credential.accessToken === undefined) return;
	remember(ownerOfToken, hashOf(credential.accessToken), ownerOf(credential));
	remember(claimsOfOwner, ownerOf(credential), claimsOf(credential.accessToken));
}

function remember<Value>(memory: Map<string, Value>, key: string, value: Value): void {
	memory.delete(key);
	memory.set(key, value);
	const [oldest] = memory.keys();
	if (memory.size > MEMORY_SIZE && oldest !== undefined) memory.delete(oldest);
}

function ownerOf(credential: EnableNowCredential): string {
	return `${credential.clientId} ${credential.baseUrl}`;
}

function hashOf(token: string): string {
	return createHash('sha256').update(token).digest('base64');
}

/** The claims of a JWT's payload, unverified; none where the token is no JWT. */
function claimsOf(token: string): TokenClaims {
	const payload = jsonObject(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
	const issuer = payload['iss'];
	const clientId = payload['client_id'];
	return {
		clientId: typeof clientId === 'string' ? clientId : undefined,
		issuerHost:
			typeof issuer === 'string' && URL.canParse(issuer)
				? new URL(issuer).host || undefined
				: undefined,
	};
}

function jsonObject(text: string): Record<string, unknown> {
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
	} catch {
		return {};
	}
}
