import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IHttpRequestOptions,
	IN8nHttpFullResponse,
} from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';

import { TimeoutError, withTimeout } from '../async/timeout';
import { parseHelperError } from '../errors/helperError';
import { redact } from '../errors/redaction';
import {
	cancelledError,
	n8nError,
	networkError,
	redirectError,
	RequestError,
	responseError,
	timeoutError,
	tokenError,
} from '../errors/requestError';
import {
	CREDENTIAL_NAME,
	type EnableNowCredential,
	getCredentialId,
	type NodeContext,
	parseCredential,
	readCredential,
} from './credential';
import { parseBody, readBody, tryParseJson } from './responseBody';
import { countTokens, fetchTokenOnce, sendWithFirstToken } from './token';
import { isForeignToken, rememberToken } from './tokenOwner';

/** How long a request may take where nothing else is said, in seconds. */
export const DEFAULT_TIMEOUT = 30;

/** A request to EnableNow. */
export interface ApiRequest {
	method: 'GET' | 'POST' | 'PUT';
	/** The path below the base URL, with a leading slash and identifiers already checked. */
	path: string;
	query?: Record<string, boolean | number | string>;
	body?: IDataObject;
}

/** EnableNow, with the credential of a node. */
export interface EnableNowClient {
	/** The credential, as it was when the client was made. */
	credential: EnableNowCredential;
	/**
	 * Sends one request. Where EnableNow refuses the token (401), it is renewed and the request
	 * repeated once, since it was not carried out.
	 *
	 * @returns the JSON value of EnableNow's answer, or `undefined` where its body is empty
	 * @throws RequestError in every other case
	 */
	send(request: ApiRequest): Promise<unknown>;
	/**
	 * Notes whose token is stored by now, since n8n may have fetched or renewed one. Call it when the
	 * work is done, well or not; it never throws.
	 */
	close: () => Promise<void>;
}

/** A credential as it was at a moment. */
export interface CredentialReading {
	fields: ICredentialDataDecryptedObject;
	/** How many tokens this process had fetched before. */
	tokensBefore: number;
}

/**
 * Reads the credential of a node, to {@link createClient} with it a little later.
 *
 * @throws n8n's own error where it cannot be read
 */
export async function readForConnection(context: NodeContext): Promise<CredentialReading> {
	const tokensBefore = countTokens(getCredentialId(context));
	return { fields: await context.getCredentials(CREDENTIAL_NAME), tokensBefore };
}

/**
 * Makes a client that uses no token of another app, and fetches one where n8n would not.
 *
 * @param context - the `this` of a node's function
 * @param timeout - how long each request may take, its token included, in seconds
 * @param reading - the credential, where it has been read just before: reading it costs n8n as much
 *   as a request
 * @throws InputError when the credential's base URL is not usable; n8n's own error where the
 *   credential cannot be read
 */
export async function createClient(
	context: NodeContext,
	timeout: number = DEFAULT_TIMEOUT,
	reading?: CredentialReading,
): Promise<EnableNowClient> {
	const { fields, tokensBefore } = reading ?? (await readForConnection(context));
	return new Client(context, parseCredential(fields), tokensBefore, Math.ceil(timeout * 1000));
}

class Client implements EnableNowClient {
	private readonly credentialId: string;

	/** Whether a token has to be fetched first: the stored one is another app's, or is none. */
	private needsToken: boolean;

	constructor(
		private readonly context: NodeContext,
		readonly credential: EnableNowCredential,
		/** How many tokens this process had fetched when `credential.accessToken` was read. */
		private tokensBefore: number,
		private readonly timeout: number,
	) {
		this.credentialId = getCredentialId(context);
		this.needsToken = credential.isTokenMissing || isForeignToken(credential);
		if (!this.needsToken) rememberToken(credential);
	}

	readonly send = async (request: ApiRequest): Promise<unknown> => {
		const sentAt = new Date();
		let isSent = false;
		const sendOnce = async (signal: AbortSignal) => {
			signal.throwIfAborted();
			isSent = true;
			return await this.sendWithToken(request, signal);
		};
		try {
			return await withTimeout(async (signal) => {
				if (this.needsToken) await this.fetchToken(this.tokensBefore);
				const tokens = countTokens(this.credentialId);
				let response = await this.afterFirstToken(async () => await sendOnce(signal));
				if (response.statusCode === 401) {
					isSent = false;
					await readBody(response.body, signal);
					await this.fetchToken(tokens);
					response = await sendOnce(signal);
				}
				return await this.parseResponse(response, await readBody(response.body, signal));
			}, this.timeout);
		} catch (thrown) {
			const error = await this.toRequestError(thrown);
			if (!(error instanceof RequestError)) throw error;
			const isNotSent = !isSent || (await this.isWithoutToken());
			throw (isNotSent ? error.asNotSent() : error).with({ sentAt });
		}
	};

	readonly close = async (): Promise<void> => {
		if (!this.mayHaveNewToken()) return;
		const { baseUrl, clientId, accessToken } = this.credential;
		const stored = await this.readAgain();
		// Where the credential was edited meanwhile, whose token it is cannot be known.
		if (stored?.baseUrl !== baseUrl || stored.clientId !== clientId) return;
		if (stored.accessToken !== accessToken) rememberToken(stored);
	};

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
			// A stream is the one form of a body whose size and duration can be limited.
			encoding: 'stream',
			returnFullResponse: true,
			disableFollowRedirect: true,
			// n8n would replace EnableNow's words by its own, and renew the token once for each request.
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

	/** Sends a request; where no token is stored, many at once have n8n fetch one token only. */
	private async afterFirstToken<Response>(send: () => Promise<Response>): Promise<Response> {
		if (this.credential.accessToken !== undefined) return await send();
		return await sendWithFirstToken(this.credentialId, this.tokensBefore, send, this.timeout);
	}

	/** Has n8n fetch a token and store it, unless that was done since there were so many. */
	private async fetchToken(countBefore: number): Promise<void> {
		const fetch = async () => {
			const { context } = this;
			const data: unknown = await context.helpers.refreshOAuth2Token.call(context, CREDENTIAL_NAME);
			const accessToken = (Object(data) as { access_token?: unknown }).access_token;
			if (typeof accessToken !== 'string') return;
			this.credential.secrets.push(accessToken);
			// The token endpoint may give the same one again: this app's then, whatever it says of itself.
			rememberToken({ ...this.credential, accessToken });
		};
		await fetchTokenOnce(this.credentialId, countBefore, fetch, this.timeout);
		this.needsToken = false;
	}

	private async parseResponse(
		{ statusCode, headers }: IN8nHttpFullResponse,
		text: string,
	): Promise<unknown> {
		if (statusCode >= 200 && statusCode < 300) return parseBody(text);
		if (statusCode >= 300 && statusCode < 400) throw redirectError(statusCode);
		const header = headers['retry-after'];
		const retryAfter = typeof header === 'string' ? header : undefined;
		throw responseError(statusCode, tryParseJson(text), retryAfter, await this.redaction());
	}

	/** What to throw instead of an error that may hold the request, and with it the token. */
	private async toRequestError(error: unknown): Promise<unknown> {
		if (error instanceof RequestError) return error;
		if (error instanceof TimeoutError) return timeoutError(error.milliseconds);
		const { code, tokenFailure } = parseHelperError(error);
		if (tokenFailure !== undefined) {
			const withoutSecrets = await this.redaction();
			return tokenError(withoutSecrets(tokenFailure.reason), tokenFailure.status);
		}
		if (code === 'ERR_CANCELED') return cancelledError();
		if (code !== undefined) return networkError(this.credential.baseUrl, code);
		// An error of n8n's own, such as a credential that cannot be read, speaks for itself.
		if (!(error instanceof NodeApiError)) return error;
		const withoutSecrets = await this.redaction();
		return n8nError(withoutSecrets(error.message));
	}

	/** Takes secrets out of a text, the token included that n8n may have stored meanwhile. */
	private async redaction(): Promise<(text: string) => string> {
		const stored = this.mayHaveNewToken() ? await this.readAgain() : undefined;
		const secrets = [...this.credential.secrets, ...(stored?.secrets ?? [])];
		return (text) => redact(text, secrets);
	}

	/**
	 * Whether there was no token, and is none yet. n8n stores the first token before it sends the
	 * request that it has fetched it for.
	 */
	private async isWithoutToken(): Promise<boolean> {
		if (this.credential.accessToken !== undefined) return false;
		const stored = await this.readAgain();
		return stored !== undefined && stored.accessToken === undefined;
	}

	/**
	 * Whether another token may be stored than the one that was read: n8n fetches one where there is
	 * none, and renews one only where this package has it do so. What another process renews is met by
	 * the next client.
	 */
	private mayHaveNewToken(): boolean {
		return (
			this.credential.accessToken === undefined ||
			countTokens(this.credentialId) !== this.tokensBefore
		);
	}

	/** The credential as it is by now; nothing where it was deleted or cannot be used any more. */
	private async readAgain(): Promise<EnableNowCredential | undefined> {
		try {
			return await readCredential(this.context);
		} catch {
			return undefined;
		}
	}
}

/**
 * A node's context with a signal that ends requests. In `execute()`, n8n replaces the signal of a
 * request's options by that of the context: a request that waits for its first token would otherwise
 * be sent when the token comes at last, long after it was given up.
 */
function withCancelSignal(context: NodeContext, signal: AbortSignal): NodeContext {
	const stopSignal =
		'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined;
	const cancelSignal = stopSignal ? AbortSignal.any([signal, stopSignal]) : signal;
	return Object.create(context, {
		getExecutionCancelSignal: { value: () => cancelSignal },
	}) as NodeContext;
}
