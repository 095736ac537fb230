import { redact } from './redaction';
import {
	cancelledError,
	n8nError,
	networkError,
	noTokenError,
	notSentError,
	type RequestError,
	tokenError,
} from './requestError';
import { errorMessage } from './text';

/** Deeper than errors are nested in any version. */
const MAX_CAUSES = 6;

const NETWORK_CODE =
	/\b(?:ECONNREFUSED|ECONNRESET|ECONNABORTED|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EPIPE)\b/;

/** axios's message, with a code of its own, when the connection ends within a response. */
const CUT_OFF_MESSAGE = /\bstream has been aborted$/;

/** n8n's prefix when it could not fetch the first token. */
const TOKEN_MESSAGE = /^Failed to acquire OAuth2 access token: /;

/** Of a token endpoint's error status without an OAuth error, n8n or axios tells the status only. */
const STATUS_MESSAGE = /^(?:HTTP status|Request failed with status code) (\d{3})$/;

/**
 * The message of n8n, or of Node in older versions, when the token endpoint's response is not JSON. It
 * is not shown, since it repeats a part of the response, which may contain the token.
 */
const NOT_JSON_MESSAGE =
	/^Expected JSON response from OAuth2 token endpoint|^Unsupported content type|\bJSON at position \d|\bend of JSON input$|\bis not valid JSON$/;

const NO_TOKEN_MESSAGE = /without access token/;

/** n8n's code of an OAuth error, which only EnableNow's token endpoint answers with. */
const OAUTH_CODE = 'EAUTH';

/** The status behind an OAuth error: n8n keeps its text only. */
const TEMPORARY_REASONS: Array<[status: number, pattern: RegExp]> = [
	[429, /too[ _]?many[ _]?requests|rate[ _]?limit|slow_down|throttl/i],
	// n8n turns the first into the second.
	[503, /temporarily_unavailable|temporary overloading/i],
];

/** n8n's SSRF protection. */
const BLOCKED_MESSAGE = /^The request was blocked because\b/;
const ALLOW_LIST =
	'The allow lists of n8n are N8N_SSRF_ALLOWED_HOSTNAMES and N8N_SSRF_ALLOWED_IP_RANGES.';

type Fields = Record<string, unknown>;

/**
 * Converts what n8n's request helper threw; never throws itself. The helper throws when the network
 * failed, n8n got no token, or n8n itself refused to send; error statuses of the API are not thrown. How
 * it wraps the original error depends on the version: recent ones keep it as `cause`, n8n 1 keeps a code
 * or status and a list of messages.
 *
 * @param secrets - values to remove from the texts
 */
export function helperError(thrown: unknown, baseUrl: string, secrets: string[]): RequestError {
	const chain = getCauses(thrown);
	const message = getInnermostMessage(chain);
	const codes = chain.flatMap(({ code, httpCode }) => [code, httpCode]).filter(isText);
	const code = CUT_OFF_MESSAGE.test(message)
		? 'ECONNABORTED'
		: // Of a failed token request, n8n 2.20 keeps neither cause nor code, only the message.
			(codes.find((text) => /^[A-Z][A-Z0-9_]+$/.test(text)) ?? NETWORK_CODE.exec(message)?.[0]);
	if (code !== undefined && NETWORK_CODE.test(code)) return networkError(baseUrl, code, message);
	const refusal = code === undefined ? toRefusal(chain, message, secrets) : undefined;
	const failure = refusal ?? toTokenFailure(chain, message, baseUrl, secrets);
	if (failure !== undefined) return failure;
	if (code === 'ERR_CANCELED') return cancelledError(true);
	return code === undefined
		? n8nError(redact(errorMessage(thrown), secrets))
		: networkError(baseUrl, code, message);
}

/**
 * n8n's own errors have a level and tags. Nothing was sent then: those of a request that was sent are
 * Node's or axios's.
 */
function toRefusal(chain: Fields[], message: string, secrets: string[]): RequestError | undefined {
	const text = message.replace(TOKEN_MESSAGE, '');
	const isBlocked = BLOCKED_MESSAGE.test(text);
	const error = chain.at(-1);
	const isOwn = error?.['name'] !== 'NodeApiError' && isText(error?.['level']) && 'tags' in error;
	if (!isBlocked && (!isOwn || text !== message)) return undefined;
	const advice = [error?.['description'], isBlocked ? ALLOW_LIST : ''].filter(isText);
	return notSentError(redact(text, secrets), redact(advice.join(' '), secrets));
}

function toTokenFailure(
	chain: Fields[],
	message: string,
	baseUrl: string,
	secrets: string[],
): RequestError | undefined {
	const text = message.replace(TOKEN_MESSAGE, '');
	const errors = chain.map(({ body }) => (Object(body) as Fields)['error']);
	const temporary = TEMPORARY_REASONS.find(([, pattern]) =>
		[text, ...errors].some((reason) => isText(reason) && pattern.test(reason)),
	)?.[0];
	// A status is the token endpoint's: those of the API are not thrown.
	const statuses = [
		...chain.flatMap(({ status, httpCode }) => [status, httpCode]),
		STATUS_MESSAGE.exec(text)?.[1],
	];
	const status = statuses.find(isStatus);
	const toldStatus = status === undefined ? temporary : Number(status);
	if (chain.some(({ code, httpCode }) => [code, httpCode].includes(OAUTH_CODE))) {
		return tokenError(redact(text, secrets), toldStatus);
	}
	if (NOT_JSON_MESSAGE.test(text)) {
		return noTokenError(baseUrl, 'its answer is not JSON', toldStatus);
	}
	if (NO_TOKEN_MESSAGE.test(text)) return noTokenError(baseUrl, 'its answer contains no token');
	if (status !== undefined) return noTokenError(baseUrl, `status ${status}`, toldStatus);
	return text === message ? undefined : tokenError(redact(text, secrets), toldStatus);
}

/** n8n replaces a wrapped message with a general one and keeps the original in `messages`. */
function getInnermostMessage(chain: Fields[]): string {
	const messages = chain.flatMap(({ message, messages: originals }) => [
		message,
		...(Array.isArray(originals) ? (originals as unknown[]) : []),
	]);
	return messages.filter(isText).at(-1) ?? 'no reason was given';
}

function getCauses(thrown: unknown): Fields[] {
	const chain: Fields[] = [];
	let error = thrown;
	while (typeof error === 'object' && error !== null && chain.length < MAX_CAUSES) {
		chain.push(error as Fields);
		error = (error as Fields)['cause'];
	}
	return chain;
}

function isStatus(value: unknown): value is number | string {
	return (typeof value === 'number' || isText(value)) && /^[1-5]\d\d$/.test(String(value));
}

function isText(value: unknown): value is string {
	return typeof value === 'string' && value !== '';
}
