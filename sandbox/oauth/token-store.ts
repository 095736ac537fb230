import { randomBytes } from 'node:crypto';
import jwt from 'jsonwebtoken';
import type { SandboxSettings } from '../options';

/** The only scope, and the one that every call needs. */
export const SCOPE = 'customer-api';

/** An access token that the sandbox issued; times are UTC. */
export interface IssuedToken {
	readonly accessToken: string;
	readonly clientId: string;
	readonly issuedAt: Date;
	readonly expiresAt: Date;
	revoked: boolean;
}

/** The access tokens that were issued, and the making of new ones. */
export class TokenStore {
	private readonly tokens = new Map<string, IssuedToken>();

	/** Nobody but this sandbox verifies its tokens, so a key of its own is enough. */
	private readonly key = randomBytes(32);

	/**
	 * @param settings - The form and lifetime of new tokens
	 * @param issuer - Gives the sandbox's URL, once it listens
	 */
	constructor(
		private readonly settings: SandboxSettings,
		private readonly issuer: () => string,
	) {}

	/** Makes the text of a new access token. */
	createText(clientId: string): string {
		if (this.settings.tokenFormat === 'opaque') return randomBytes(32).toString('base64url');
		return jwt.sign({ client_id: clientId, scope: [SCOPE] }, this.key, {
			issuer: this.issuer(),
			expiresIn: this.settings.tokenLifetime,
			jwtid: randomBytes(16).toString('hex').toUpperCase(),
			header: { alg: 'HS256', typ: 'at+jwt' },
		});
	}

	/** Keeps a token that is about to be handed out. */
	add(accessToken: string, clientId: string, expiresAt: Date): void {
		this.tokens.set(accessToken, {
			accessToken,
			clientId,
			issuedAt: new Date(),
			expiresAt,
			revoked: false,
		});
	}

	/** The token with this text, expired and revoked ones included. */
	find(accessToken: string): IssuedToken | undefined {
		return this.tokens.get(accessToken);
	}

	/** All tokens, oldest first. */
	all(): IssuedToken[] {
		return [...this.tokens.values()];
	}

	/**
	 * Makes tokens invalid before their time.
	 *
	 * @param clientId - The app whose tokens are revoked; every app's if undefined
	 */
	revoke(clientId?: string): void {
		for (const token of this.tokens.values()) {
			if (clientId === undefined || token.clientId === clientId) token.revoked = true;
		}
	}
}
