import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IHttpRequestOptions,
	IN8nHttpFullResponse,
} from 'n8n-workflow';
import { ExpressionError, NodeOperationError } from 'n8n-workflow';

import { isTimeout, withTimeout } from '../async/abort';
import { helperError } from '../errors/helperError';
import { InputError } from '../errors/inputError';
import { findErrorObject } from '../errors/problemDetails';
import {
	invalidResponseError,
	noTokenError,
	redirectError,
	RequestError,
	responseError,
	timeoutError,
} from '../errors/requestError';
import { isIdentifier } from '../input/identifiers';
import { tryParseJson } from '../input/text';
import {
	CREDENTIAL_NAME,
	type EnableNowCredential,
	getCredentialId,
	type NodeContext,
	parseAccessToken,
	parseCredential,
} from './credential';
import { readBody } from './responseBody';
import {
	countTokens,
	fetchTokenOnce,
	getFetchedToken,
	isForeignToken,
	rememberToken,
} from './token';

/** Default time limit of a request, in seconds. */
export const DEFAULT_TIMEOUT = 30;

export interface ApiRequest {
	method: 'GET' | 'POST' | 'PUT';
	/** The path below the base URL, with a leading slash and identifiers already checked. */
	path: string;
	query?: Record<string, boolean | number | string>;
	body?: IDataObject;
}

/** Sends requests to EnableNow with the credential of a node. */
export interface EnableNowClient {
	credential: EnableNowCredential;
	/**
	 * Sends one request. If EnableNow refuses the token (401), the token is renewed and the request sent
	 * once more, which is safe because it was not carried out.
	 *
	 * @returns the JSON value of EnableNow's response, or a bare identifier; `undefined` if its body is
	 *   empty or, for a PUT, something else
	 * @throws RequestError when the request fails
	 */
	send(request: ApiRequest): Promise<unknown>;
}

/** A node's credential at the time when it was read. */
export interface CredentialSnapshot {
	fields: ICredentialDataDecryptedObject;
	/** How many tokens this process had fetched by then. */
	tokensBefore: number;
}

/**
 * Reads the credential of a node.
 *
 * @throws n8n's own error when it cannot be read
 */
export async function readCredentialSnapshot(context: NodeContext): Promise<CredentialSnapshot> {
	const tokensBefore = countTokens(getCredentialId(context));
	return { fields: await context.getCredentials(CREDENTIAL_NAME), tokensBefore };
}

/**
 * Creates a client. It replaces a stored token that belongs to another app before sending anything.
 *
 * @param context - the `this` of a node's function
 * @param timeout - how long each request may take, getting a token included, in seconds
 * @param snapshot - the credential, if it was read just before: n8n takes as long to read it as to
 *   send a request
 * @throws InputError when the credential's base URL is not usable; n8n's own error when the
 *   credential cannot be read
 */
export async function createClient(
	context: NodeContext,
	timeout: number = DEFAULT_TIMEOUT,
	snapshot?: CredentialSnapshot,
): Promise<EnableNowClient> {
	const { fields, tokensBefore } = snapshot ?? (await readCredentialSnapshot(context));
	return new Client(context, parseCredential(fields), tokensBefore, Math.ceil(timeout * 1000));
}

class Client implements EnableNowClient {
	private readonly credentialId: string;

	/** Whether a token must be fetched first: none is stored, or another app's. */
	private needsToken: boolean;

	constructor(
		private readonly context: NodeContext,
		readonly credential: EnableNowCredential,
		private readonly tokensBefore: number,
		private readonly timeout: number,
	) {
		this.credentialId = getCredentialId(context);
		this.needsToken = credential.accessToken === undefined || isForeignToken(credential);
		if (!this.needsToken) rememberToken(credential);
	}

	async send(request: ApiRequest): Promise<unknown> {
		const sentAt = new Date();
		let isSent = false;
		const sendOnce = async (signal: AbortSignal) => {
			signal.throwIfAborted();
			isSent = true;
			return await this.sendWithToken(request, signal).finally(() => this.updateSecrets());
		};
		try {
			return await withTimeout(async (signal) => {
				if (this.needsToken) await this.fetchToken(this.tokensBefore);
				const tokens = countTokens(this.credentialId);
				let response = await sendOnce(signal);
				if (response.statusCode === 401) {
					isSent = false;
					await readBody(response.body, signal);
					await this.fetchToken(tokens);
					response = await sendOnce(signal);
				}
				return this.parseResponse(request, response, await readBody(response.body, signal));
			}, this.timeout);
		} catch (thrown) {
			const error = this.toRequestError(thrown);
			if (!(error instanceof RequestError)) throw error;
			throw (isSent ? error : error.asNotSent()).with({ sentAt });
		}
	}

	private async sendWithToken(
		{ method, path, query, body }: ApiRequest,
		signal: AbortSignal,
	): Promise<IN8nHttpFullResponse> {
		const options: IHttpRequestOptions = {
			method,
			url: `${this.credential.baseUrl}${path}`,
			...(query && { qs: query }),
			...(body && { body }),
			json: true,
			// Only of a stream can size and duration be limited.
			encoding: 'stream',
			returnFullResponse: true,
			disableFollowRedirect: true,
			// Otherwise n8n replaces EnableNow's text with its own, and renews the token for every request.
			ignoreHttpStatusErrors: true,
			timeout: this.timeout,
			abortSignal: signal,
		};
		return (await this.context.helpers.httpRequestWithAuthentication.call(
			withCancelSignal(this.context, signal),
			CREDENTIAL_NAME,
			options,
		)) as IN8nHttpFullResponse;
	}

	/** Makes n8n fetch a token and store it, unless the count has changed since. */
	private async fetchToken(countBefore: number): Promise<void> {
		const fetch = async () => {
			const context = withTokenData(this.context);
			const data: unknown = await context.helpers.refreshOAuth2Token.call(context, CREDENTIAL_NAME);
			const accessToken = parseAccessToken(data);
			if (accessToken === undefined) {
				throw noTokenError(this.credential.baseUrl, 'its answer contains no token');
			}
			// If it is the same token again, it is this app's, whatever its claims say.
			rememberToken({ ...this.credential, accessToken });
			return accessToken;
		};
		await fetchTokenOnce(this.credentialId, countBefore, fetch, this.timeout);
		this.needsToken = false;
	}

	/** This client or another may have fetched the token that n8n has sent: no error may repeat it. */
	private updateSecrets(): void {
		const { secrets } = this.credential;
		const token = getFetchedToken(this.credentialId);
		if (token !== undefined && !secrets.includes(token)) secrets.push(token);
	}

	private parseResponse(
		{ method }: ApiRequest,
		{ statusCode, headers }: IN8nHttpFullResponse,
		body: string,
	): unknown {
		if (statusCode >= 300 && statusCode < 400) throw redirectError(statusCode);
		const text = body.trim();
		const value = isIdentifier(text) ? text : tryParseJson(text);
		const isSuccess = statusCode >= 200 && statusCode < 300;
		const isProblem = /\bproblem\+json\b/i.test(headers['content-type'] as string);
		const errorBody = isSuccess ? findErrorObject(value, isProblem) : (value ?? text);
		// What PUT answers is not documented, so whatever it is, the share is read to see the change.
		const isReadable = value !== undefined || text === '' || method === 'PUT';
		if (isSuccess && isReadable && errorBody === undefined) return value;
		const { secrets } = this.credential;
		if (errorBody === undefined) throw invalidResponseError('its body is not JSON', text, secrets);
		const header = headers['retry-after'];
		const retryAfter = typeof header === 'string' ? header : undefined;
		throw responseError(isSuccess ? undefined : statusCode, errorBody, retryAfter, secrets);
	}

	/** Replaces an error that may contain the request, and with it the token. */
	private toRequestError(error: unknown): unknown {
		// All but the first explain a credential that cannot be used.
		const own = [RequestError, InputError, NodeOperationError, ExpressionError];
		if (own.some((type) => error instanceof type)) return error;
		if (isTimeout(error)) return timeoutError(this.timeout);
		return helperError(error, this.credential.baseUrl, this.credential.secrets);
	}
}

/**
 * Gives the context a signal that aborts requests. In `execute()`, n8n replaces the signal in a
 * request's options with that of the context: a request would otherwise go on after its timeout.
 */
function withCancelSignal(context: NodeContext, signal: AbortSignal): NodeContext {
	const stopSignal =
		'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined;
	const cancelSignal = stopSignal ? AbortSignal.any([signal, stopSignal]) : signal;
	return Object.create(context, {
		getExecutionCancelSignal: { value: () => cancelSignal },
	}) as NodeContext;
}

/** n8n's `refreshOAuth2Token` throws if no token has been stored yet. */
function withTokenData(context: NodeContext): NodeContext {
	const getCredentials = async () => ({
		oauthTokenData: {},
		...(await context.getCredentials(CREDENTIAL_NAME)),
	});
	return Object.create(context, { getCredentials: { value: getCredentials } }) as NodeContext;
}
