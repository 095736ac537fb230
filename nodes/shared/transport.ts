import type { IDataObject, IHttpRequestOptions, IN8nHttpFullResponse } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';

import { parseBody, readBody, tryParseJson } from './answerBody';
import {
	CREDENTIAL_NAME,
	type EnableNowCredential,
	type NodeContext,
	readCredential,
	readSecrets,
} from './credential';
import { DeadlineExceeded, withDeadline } from './deadline';
import { redact } from './redaction';
import {
	cancellation,
	networkFailure,
	redirection,
	refusal,
	RequestFailure,
	timeOut,
	tokenRefusal,
} from './requestFailure';
import { readThrownError } from './thrownError';
import { holdsForeignToken, rememberToken } from './tokenOwner';

/** How long a request may take where nothing else is said, in seconds. */
export const DEFAULT_TIMEOUT = 30;

/** How long the body of a thrown answer is waited for, in milliseconds. */
const LEFTOVER_TIMEOUT = 2000;

/** A request to EnableNow. */
export interface ApiRequest {
	method: 'GET' | 'POST' | 'PUT';
	/** The path below the base URL, with a leading slash and identifiers already checked. */
	path: string;
	query?: Record<string, boolean | number | string>;
	body?: IDataObject;
}

/** EnableNow, with the credential of a node. */
export interface EnableNowApi {
	/** The credential, as it was when the connection was made. */
	credential: EnableNowCredential;
	/**
	 * Sends one request, once; a token that EnableNow refuses is renewed and the request repeated,
	 * since a request that was refused with 401 was not carried out.
	 *
	 * @returns the JSON value of EnableNow's answer, or `undefined` where its body is empty
	 * @throws RequestFailure in every other case
	 */
	send(request: ApiRequest): Promise<unknown>;
	/**
	 * Takes note of whose token is stored by now, since n8n may have fetched or renewed one. To be
	 * called when the work is done, well or not; it never throws.
	 */
	close(): Promise<void>;
}

/**
 * Reads the credential and sees to it that a token which was given to another client is not used.
 *
 * @param context - the `this` of a node's function
 * @param timeout - how long each request may take, its token included, in seconds
 * @throws InvalidInput when the credential's base URL is not usable; RequestFailure when a token
 *   had to be renewed and EnableNow gave none
 */
export async function connect(
	context: NodeContext,
	timeout: number = DEFAULT_TIMEOUT,
): Promise<EnableNowApi> {
	const credential = await readCredential(context);
	const milliseconds = timeout * 1000;
	if (holdsForeignToken(credential)) await renewToken(context, credential, milliseconds);
	else rememberToken(credential);
	return {
		credential,
		send: async (request) => await sendWithin(milliseconds, context, credential, request),
		close: async () => await rememberStoredToken(context, credential),
	};
}

async function rememberStoredToken(
	context: NodeContext,
	{ accessToken, baseUrl, clientId }: EnableNowCredential,
): Promise<void> {
	try {
		const stored = await readCredential(context);
		// Where the credential was edited meanwhile, whose token it is cannot be known.
		const isSameOwner = stored.baseUrl === baseUrl && stored.clientId === clientId;
		if (isSameOwner && stored.accessToken !== accessToken) rememberToken(stored);
	} catch {
		// A credential that was deleted meanwhile has no token to remember.
	}
}

async function renewToken(
	context: NodeContext,
	{ baseUrl }: EnableNowCredential,
	milliseconds: number,
): Promise<void> {
	try {
		await withDeadline(async () => {
			await context.helpers.refreshOAuth2Token.call(context, CREDENTIAL_NAME);
		}, milliseconds);
	} catch (error) {
		throw await failureOf(context, error, baseUrl);
	}
}

async function sendWithin(
	milliseconds: number,
	context: NodeContext,
	{ baseUrl }: EnableNowCredential,
	request: ApiRequest,
): Promise<unknown> {
	try {
		return await withDeadline(async (signal) => {
			const response = await fetchResponse(
				context,
				{ ...optionsOf(request, baseUrl), timeout: milliseconds, abortSignal: signal },
				signal,
			);
			return answerOf(response, await readBody(response.body, signal));
		}, milliseconds);
	} catch (error) {
		throw await failureOf(context, error, baseUrl);
	}
}

function optionsOf(
	{ method, path, query, body }: ApiRequest,
	baseUrl: string,
): IHttpRequestOptions {
	return {
		method,
		url: `${baseUrl}${path}`,
		...(query && { qs: query }),
		...(body && { body }),
		json: true,
		// A stream is the one form of a body whose size and duration can be bounded.
		encoding: 'stream',
		returnFullResponse: true,
		disableFollowRedirect: true,
		// A 401 has to be thrown, since only then n8n renews the token. All else is read as it comes.
		ignoreHttpStatusErrors: { ignore: true, except: [401] },
	};
}

async function fetchResponse(
	context: NodeContext,
	options: IHttpRequestOptions,
	signal: AbortSignal,
): Promise<IN8nHttpFullResponse> {
	const request = async (requestOptions: IHttpRequestOptions) =>
		(await context.helpers.httpRequestWithAuthentication.call(
			context,
			CREDENTIAL_NAME,
			requestOptions,
		)) as IN8nHttpFullResponse;
	const response = await request({ ...options });
	if (response.statusCode !== 401) return response;
	// An n8n that does not know `except` ignores every status: ask again so that it throws and renews.
	await readBody(response.body, signal);
	return await request({ ...options, ignoreHttpStatusErrors: false });
}

function answerOf({ statusCode, headers }: IN8nHttpFullResponse, text: string): unknown {
	if (statusCode >= 200 && statusCode < 300) return parseBody(text);
	if (statusCode >= 300 && statusCode < 400) throw redirection(statusCode);
	const retryAfter = headers['retry-after'];
	throw refusal(
		statusCode,
		tryParseJson(text),
		typeof retryAfter === 'string' ? retryAfter : undefined,
	);
}

/** What to throw instead of an error that may hold the request, and with it the token. */
async function failureOf(context: NodeContext, error: unknown, baseUrl: string): Promise<unknown> {
	const failure = await describeFailure(error, baseUrl);
	return failure instanceof RequestFailure ? await withoutSecrets(context, failure) : failure;
}

async function describeFailure(error: unknown, baseUrl: string): Promise<unknown> {
	if (error instanceof RequestFailure) return error;
	if (error instanceof DeadlineExceeded) return timeOut(error.milliseconds);
	const { status, code, body, retryAfter, tokenReason } = readThrownError(error);
	if (tokenReason !== undefined) return tokenRefusal(tokenReason);
	if (status !== undefined)
		return refusal(status, tryParseJson(await readLeftover(body)), retryAfter);
	if (code === 'ERR_CANCELED') return cancellation();
	// An error of n8n's own, such as a credential that cannot be read, speaks for itself.
	if (code === undefined && !(error instanceof NodeApiError)) return error;
	return networkFailure(baseUrl, code);
}

/** The body of an answer that n8n threw away, as far as it can be had quickly. */
async function readLeftover(body: unknown): Promise<string> {
	try {
		return await withDeadline(async (signal) => await readBody(body, signal), LEFTOVER_TIMEOUT);
	} catch {
		return '';
	}
}

/** EnableNow's words could repeat what was sent to it. */
async function withoutSecrets(
	context: NodeContext,
	failure: RequestFailure,
): Promise<RequestFailure> {
	const secrets = await readSecrets(context);
	const { kind, status, code, retryAfter } = failure;
	return new RequestFailure(
		kind,
		redact(failure.message, secrets),
		redact(failure.description, secrets),
		{ status, code, retryAfter },
	);
}
