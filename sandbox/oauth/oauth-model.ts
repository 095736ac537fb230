import { timingSafeEqual } from 'node:crypto';
import type OAuth2Server from '@node-oauth/oauth2-server';
import { CUSTOMER_LIST } from '../customers';
import { SCOPE, type TokenStore } from './token-store';

/**
 * What the OAuth library asks for: clients, and tokens to keep and to look up.
 *
 * @param tokens - Gives the present token store, since a reset replaces it
 */
export function createOAuthModel(tokens: () => TokenStore): OAuth2Server.ClientCredentialsModel {
	return {
		getClient(clientId, clientSecret) {
			const customer = CUSTOMER_LIST.find((candidate) => candidate.clientId === clientId);
			const known = customer !== undefined && isEqual(customer.clientSecret, clientSecret);
			return Promise.resolve(known ? describeClient(clientId) : null);
		},

		// Client credentials have no user; the library insists on one.
		getUserFromClient(client) {
			return Promise.resolve({ id: client.id });
		},

		validateScope(_user, _client, scope) {
			return Promise.resolve(isAllScope(scope) ? scope : null);
		},

		generateAccessToken(client) {
			return Promise.resolve(tokens().createText(client.id));
		},

		saveToken(token, client, user) {
			if (!token.accessTokenExpiresAt) throw new Error('A token has to expire');
			tokens().add(token.accessToken, client.id, token.accessTokenExpiresAt);
			return Promise.resolve({ ...token, client, user });
		},

		getAccessToken(accessToken) {
			const token = tokens().find(accessToken);
			if (token === undefined || token.revoked) return Promise.resolve(null);
			return Promise.resolve({
				accessToken,
				accessTokenExpiresAt: token.expiresAt,
				scope: [SCOPE],
				client: describeClient(token.clientId),
				user: { id: token.clientId },
			});
		},

		verifyScope(token, scope) {
			return Promise.resolve(scope.every((wanted) => token.scope?.includes(wanted)));
		},
	};
}

function describeClient(clientId: string): OAuth2Server.Client {
	return { id: clientId, grants: ['client_credentials'] };
}

function isAllScope(scope: string[] | undefined): scope is string[] {
	return scope !== undefined && scope.length > 0 && scope.every((wanted) => wanted === SCOPE);
}

function isEqual(expected: string, actual: string): boolean {
	const expectedBytes = Buffer.from(expected);
	const actualBytes = Buffer.from(actual);
	return expectedBytes.length === actualBytes.length && timingSafeEqual(expectedBytes, actualBytes);
}
