import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IHttpRequestOptions,
	IN8nHttpFullResponse,
} from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';

import { parseBody, readBody, tryParseJson } from './responseBody';
import {
	CREDENTIAL_NAME,
	getCredentialId,
	parseCredential,
	type EnableNowCredential,
	type NodeContext,
	readCredential,
	readSecrets,
} from './credential';
import { TimeoutError, withTimeout } from '../async/timeout';
import { redact } from '../errors/redaction';
import {
	cancelledError,
	n8nError,
	networkError,
	redirectError,
	responseError,
	RequestError,
	timeoutError,
	tokenError,
} from '../errors/requestError';
import { parseHelperError } from '../errors/helperError';
import { holdsForeignToken, rememberToken } from './tokenOwner';
import { fetchTokenOnce, sendWithFirstToken, tokenCount } from './token';

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
	/** The credential, as it was when the connection was made. */
	credential: EnableNowCredential;
	/**
	 * Sends one request, once; a token that EnableNow refuses is renewed and the request repeated,
	 * since a request that was refused with 401 was not carried out.
	 *
	 * @returns the JSON value of EnableNow's answer, or `undefined` where its body is empty
	 * @throws RequestError in every other case
	 */
	send(request: ApiRequest): Promise<unknown>;
	/**
	 * Takes note of whose token is stored by now, since n8n may have fetched or renewed one. To be
	 * called when the work is done, well or not; it never throws.
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
	const tokensBefore = tokenCount(getCredentialId(context));
	return { fields: await context.getCredentials(CREDENTIAL_NAME), tokensBefore };
}

/**
 * Reads the credential. Its requests see to it that a token which was given to another client is not
 * used, and that one is fetched where n8n would not do it.
 *
 * @param context - the `this` of a node's function
 * @param timeout - how long each request may take, its token included, in seconds
 * @param reading - the credential, where it has been read just before: to read it costs n8n as much
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
	const credential = parseCredential(fields);
	const needsToken = credential.isTokenMissing || holdsForeignToken(credential);
	if (!needsToken) rememberToken(credential);
	const milliseconds = Math.ceil(timeout * 1000);
	const hasFetched = false;
	const connection = { context, credential, tokensBefore, needsToken, hasFetched, milliseconds };
	return {
		credential,
		send: async (request) => await sendInTime(connection, request),
		close: async () => {
			if (mayHaveNewToken(connection)) await rememberStoredToken(connection);
		},
	};
}

/** What the requests of a connection have in common. */
interface Connection {
	context: NodeContext;
	credential: EnableNowCredential;
	/** How many tokens this process had fetched when the credential was read. */
	tokensBefore: number;
	/** Whether a token has to be fetched first: the stored one is another client's, or is none. */
	needsToken: boolean;
	/** Whether one of its requests has had n8n fetch a token with this credential. */
	hasFetched: boolean;
	/** How long a request may take. */
	milliseconds: number;
}

/**
 * Whether a token may have been stored by this connection: n8n fetches one where there is none, and
 * renews one only where it is told to. What another process or node renews is met at the next
 * connection. To read the credential once more costs n8n as much as a request.
 */
function mayHaveNewToken({ context, credential, tokensBefore }: Connection): boolean {
	return (
		credential.accessToken === undefined || tokenCount(getCredentialId(context)) !== tokensBefore
	);
}

async function rememberStoredToken({
	context,
	credential: { accessToken, baseUrl, clientId },
	hasFetched,
}: Connection): Promise<void> {
	try {
		const stored = await readCredential(context);
		// Where the credential was edited meanwhile, whose token it is cannot be known.
		const isSameOwner = stored.baseUrl === baseUrl && stored.clientId === clientId;
		// A token endpoint may give the same token again: this client's then, whatever it says of itself.
		const isOwn = hasFetched || stored.accessToken !== accessToken;
		if (isSameOwner && isOwn) rememberToken(stored);
	} catch {
		// A credential that was deleted meanwhile has no token to remember.
	}
}

/** Has n8n fetch a token and store it with the credential. */
function renewal(context: NodeContext): () => Promise<void> {
	return async () => {
		await context.helpers.refreshOAuth2Token.call(context, CREDENTIAL_NAME);
	};
}

async function sendInTime(connection: Connection, request: ApiRequest): Promise<unknown> {
	const { context, credential, milliseconds } = connection;
	const sentAt = new Date();
	const progress: Progress = { isUnsent: false };
	try {
		return await withTimeout(async (signal) => {
			const response = await fetchResponse(connection, request, signal, progress);
			return answerOf(response, await readBody(response.body, signal));
		}, milliseconds);
	} catch (error) {
		const failure = await failureOf(context, error, credential, sentAt);
		const isUnsent = progress.isUnsent || (await isWithoutToken(connection));
		throw failure instanceof RequestError && isUnsent ? failure.asNotSent() : failure;
	}
}

/** How far a request has come. */
interface Progress {
	/** Whether a token is being fetched for it: it was not sent yet, or refused for its token. */
	isUnsent: boolean;
}

/**
 * Whether there was no token, and is none yet. n8n stores the first token before it sends the request
 * that it has fetched it for.
 */
async function isWithoutToken({ context, credential }: Connection): Promise<boolean> {
	if (credential.accessToken !== undefined) return false;
	try {
		return (await readCredential(context)).accessToken === undefined;
	} catch {
		// A credential that was deleted meanwhile says nothing of what was sent before.
		return false;
	}
}

/** The answer to a request; with a fresh token where EnableNow no longer takes the stored one. */
async function fetchResponse(
	connection: Connection,
	request: ApiRequest,
	signal: AbortSignal,
	progress: Progress,
): Promise<IN8nHttpFullResponse> {
	const { context, credential, tokensBefore, needsToken, milliseconds } = connection;
	const credentialId = getCredentialId(context);
	const renew = renewal(context);
	const fetchToken = async (countBefore: number) => {
		progress.isUnsent = true;
		const isFetched = await fetchTokenOnce(credentialId, countBefore, renew, milliseconds);
		connection.hasFetched ||= isFetched;
	};
	const ask = async () => {
		signal.throwIfAborted();
		progress.isUnsent = false;
		const options: IHttpRequestOptions = {
			...optionsOf(request, credential.baseUrl),
			timeout: milliseconds,
			abortSignal: signal,
		};
		const response = context.helpers.httpRequestWithAuthentication.call(
			context,
			CREDENTIAL_NAME,
			options,
		);
		keepSignal(options, signal);
		return (await response) as IN8nHttpFullResponse;
	};
	if (needsToken) await fetchToken(tokensBefore);
	const tokens = tokenCount(credentialId);
	const response =
		credential.accessToken === undefined
			? await sendWithFirstToken(credentialId, tokensBefore, ask, milliseconds)
			: await ask();
	if (response.statusCode !== 401) return response;
	progress.isUnsent = true;
	await readBody(response.body, signal);
	await fetchToken(tokens);
	return await ask();
}

/**
 * Has a request end by a signal of one's own too. In `execute()`, n8n replaces it by the one that
 * stops the workflow, before anything else. A request that waits for its first token would otherwise
 * be sent when the token comes at last, long after it was given up.
 */
function keepSignal(options: IHttpRequestOptions, signal: AbortSignal): void {
	const { abortSignal } = options;
	if (abortSignal === signal) return;
	options.abortSignal =
		abortSignal instanceof AbortSignal ? AbortSignal.any([signal, abortSignal]) : signal;
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
		// n8n would replace EnableNow's words by its own, and renew the token once for each request.
		ignoreHttpStatusErrors: true,
	};
}

function answerOf({ statusCode, headers }: IN8nHttpFullResponse, text: string): unknown {
	if (statusCode >= 200 && statusCode < 300) return parseBody(text);
	if (statusCode >= 300 && statusCode < 400) throw redirectError(statusCode);
	const retryAfter = headers['retry-after'];
	throw responseError(
		statusCode,
		tryParseJson(text),
		typeof retryAfter === 'string' ? retryAfter : undefined,
	);
}

/** What to throw instead of an error that may hold the request, and with it the token. */
async function failureOf(
	context: NodeContext,
	error: unknown,
	{ baseUrl, accessToken = '' }: EnableNowCredential,
	sentAt = new Date(),
): Promise<unknown> {
	const failure = describeFailure(error, baseUrl);
	if (!(failure instanceof RequestError)) return failure;
	// By now another token may be stored than the one that the request began with.
	const secrets = [...(await readSecrets(context)), accessToken];
	return new RequestError(
		failure.kind,
		redact(failure.message, secrets),
		redact(failure.description, secrets),
		{ ...failure, sentAt },
	);
}

function describeFailure(error: unknown, baseUrl: string): unknown {
	if (error instanceof RequestError) return error;
	if (error instanceof TimeoutError) return timeoutError(error.milliseconds);
	const { code, tokenFailure } = parseHelperError(error);
	if (tokenFailure !== undefined) return tokenError(tokenFailure.reason, tokenFailure.status);
	if (code === 'ERR_CANCELED') return cancelledError();
	if (code !== undefined) return networkError(baseUrl, code);
	// An error of n8n's own, such as a credential that cannot be read, speaks for itself.
	return error instanceof NodeApiError ? n8nError(error.message) : error;
}
