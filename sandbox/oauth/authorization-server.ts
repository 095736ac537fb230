import OAuth2Server from '@node-oauth/oauth2-server';
import type { Request, Response } from 'express';
import type { SandboxState } from '../state';
import { Problem } from '../problem-details';
import { createOAuthModel } from './oauth-model';
import { SCOPE } from './token-store';

/** The two sides of OAuth 2.0: handing out tokens, and checking them. */
export interface AuthorizationServer {
	/** Answers `POST /cfa/connect/token`; throws an OAuthError for a request that gets no token. */
	issueToken(request: Request, response: Response): Promise<void>;
	/**
	 * Checks the Bearer token of a request.
	 *
	 * @param scopes - What the token has to allow
	 * @returns The client ID of the app
	 * @throws Problem 401 or 403, with the header `WWW-Authenticate`
	 */
	authenticate(request: Request, scopes: string[]): Promise<string>;
}

/** @param state - Has the tokens, and for how long a new one is valid */
export function createAuthorizationServer(state: SandboxState): AuthorizationServer {
	const server = new OAuth2Server({ model: createOAuthModel(() => state.tokens) });

	async function issueToken(request: Request, response: Response): Promise<void> {
		const lifetime = state.settings.tokenLifetime;
		const token = await server.token(readRequest(request), new OAuth2Server.Response(), {
			accessTokenLifetime: lifetime,
		});
		state.counters.tokensIssued += 1;
		response.set('Cache-Control', 'no-store').json({
			access_token: token.accessToken,
			expires_in: lifetime,
			token_type: 'Bearer',
			scope: SCOPE,
		});
	}

	async function authenticate(request: Request, scopes: string[]): Promise<string> {
		const response = new OAuth2Server.Response();
		try {
			const token = await server.authenticate(readRequest(request), response, { scope: scopes });
			return token.client.id;
		} catch (error) {
			if (!(error instanceof OAuth2Server.OAuthError) || error.code >= 500) throw error;
			throw new Problem(error.code === 403 ? 403 : 401, {
				detail: error.message,
				headers: { 'WWW-Authenticate': String(response.get('WWW-Authenticate')) },
			});
		}
	}

	return { issueToken, authenticate };
}

/** What the library looks at; the body of a call is not asked for a token. */
function readRequest(request: Request): OAuth2Server.Request {
	const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
	const isForm = request.is('application/x-www-form-urlencoded') !== false;
	return new OAuth2Server.Request({
		method: request.method,
		headers: Object.fromEntries(headers) as Record<string, string>,
		query: {},
		body: isForm ? (request.body as unknown) : {},
	});
}
