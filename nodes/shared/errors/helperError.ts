/**
 * What an error of n8n's request helper says. The helper throws when the network failed or n8n got no
 * token; error statuses of the API are not thrown. How it wraps the original error depends on the
 * version: recent ones keep it as `cause`, n8n 1 keeps a code or status and a list of messages.
 */
export interface HelperError {
	/** Node's or axios's code, such as ECONNRESET. */
	code: string | undefined;
	/** Set if n8n got no token. */
	tokenFailure: TokenFailure | undefined;
	/** Set if n8n itself refused to send the request: its SSRF protection, for example. */
	refusal: N8nRefusal | undefined;
}

/** In n8n's own words. */
export interface N8nRefusal {
	message: string;
	/** How to fix it; may be empty. */
	description: string;
}

export interface TokenFailure {
	/** HTTP status of the token endpoint, if n8n gives it. */
	status: number | undefined;
	/** Whether it is an OAuth error, which only EnableNow's token endpoint answers with. */
	isOAuthError: boolean;
	/** In the words of the token endpoint or n8n. */
	reason: string;
}

/** Deeper than errors are nested in any version. */
const MAX_CAUSES = 6;

/** Error codes of n8n's OAuth 2.0 client. */
const TOKEN_CODES = ['EAUTH', 'ESTATUS'];

const NETWORK_CODE =
	/\b(?:ECONNREFUSED|ECONNRESET|ECONNABORTED|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EPIPE)\b/;

/** n8n's prefix when it could not fetch the first token. */
const TOKEN_MESSAGE = /^Failed to acquire OAuth2 access token: /;

const NO_TOKEN_MESSAGE = /without access token/;

/** Of a response without an OAuth error, n8n or axios tells the status only. */
const STATUS_MESSAGE = /^(?:HTTP status|Request failed with status code) (?=(\d{3})$)/;

/** n8n's SSRF protection. */
const BLOCKED_MESSAGE = /^The request was blocked because\b/;
const ALLOW_LIST =
	'The allow lists of n8n are N8N_SSRF_ALLOWED_HOSTNAMES and N8N_SSRF_ALLOWED_IP_RANGES.';

/** axios's message, with a code of its own, when the connection ends within a response. */
const CUT_OFF_MESSAGE = /\bstream has been aborted$/;

/**
 * The message of n8n, or of Node in older versions, when the token endpoint's response is not JSON. It
 * is not shown, since it repeats a part of the response, which may contain the token.
 */
const NOT_JSON_MESSAGE =
	/^Expected JSON response from OAuth2 token endpoint|\bJSON at position \d|\bend of JSON input$|\bis not valid JSON$/;

/** The status behind an error text: if the response has an `error`, n8n keeps only that text. */
const TEMPORARY_REASONS: Array<[status: number, pattern: RegExp]> = [
	[429, /too[ _]?many[ _]?requests|rate[ _]?limit|slow_down|throttl/i],
	// n8n turns the first into the second.
	[503, /temporarily_unavailable|temporary overloading/i],
];

type Fields = Record<string, unknown>;

/** Parses what n8n's request helper threw; never throws itself. */
export function parseHelperError(thrown: unknown): HelperError {
	const chain = getCauses(thrown);
	const message = getInnermostMessage(chain);
	const codes = chain.flatMap(({ code, httpCode }) => [code, httpCode]).filter(isText);
	const code = CUT_OFF_MESSAGE.test(message)
		? 'ECONNABORTED'
		: // Of a failed token request, n8n 2.20 keeps neither cause nor code, only the message.
			(codes.find((text) => /^[A-Z][A-Z0-9_]+$/.test(text)) ?? NETWORK_CODE.exec(message)?.[0]);
	const hasNoAnswer = code !== undefined && NETWORK_CODE.test(code);
	const refusal = code === undefined ? parseRefusal(chain, message) : undefined;
	const isAboutToken = !hasNoAnswer && refusal === undefined;
	const tokenFailure = isAboutToken ? parseTokenFailure(chain, codes, message) : undefined;
	return { code, tokenFailure, refusal };
}

/**
 * n8n's own errors have a level and tags. Nothing was sent then: those of a request that was sent are
 * Node's or axios's.
 */
function parseRefusal(chain: Fields[], message: string): N8nRefusal | undefined {
	const text = message.replace(TOKEN_MESSAGE, '');
	const isBlocked = BLOCKED_MESSAGE.test(text);
	const error = chain.at(-1);
	const isOwn = error?.['name'] !== 'NodeApiError' && isText(error?.['level']) && 'tags' in error;
	if (!isBlocked && (!isOwn || text !== message)) return undefined;
	const advice = [error?.['description'], isBlocked ? ALLOW_LIST : ''].filter(isText);
	return { message: text, description: advice.join(' ') };
}

function parseTokenFailure(
	chain: Fields[],
	codes: string[],
	message: string,
): TokenFailure | undefined {
	// A status is the token endpoint's: those of the API are not thrown.
	const reason = message.replace(TOKEN_MESSAGE, '');
	const toldStatus = STATUS_MESSAGE.exec(reason)?.[1];
	const status = [
		...chain.map(({ response }) => toFields(response)['status']),
		...chain.map(({ status: own }) => own),
		...codes.filter((code) => /^[1-5]\d\d$/.test(code)).map(Number),
		...(toldStatus === undefined ? [] : [Number(toldStatus)]),
	].find((candidate) => typeof candidate === 'number');
	const isNotJson = NOT_JSON_MESSAGE.test(reason);
	const isWithoutToken = NO_TOKEN_MESSAGE.test(reason);
	const isAboutToken =
		isNotJson ||
		isWithoutToken ||
		TOKEN_MESSAGE.test(message) ||
		codes.some((code) => TOKEN_CODES.includes(code));
	if (status === undefined && !isAboutToken) return undefined;
	const texts = [reason, ...chain.map(({ body }) => toFields(body)['error'])].filter(isText);
	const temporary = TEMPORARY_REASONS.find(([, pattern]) =>
		texts.some((text) => pattern.test(text)),
	);
	return {
		status: status ?? temporary?.[0],
		isOAuthError:
			codes.includes('EAUTH') || (!isNotJson && !isWithoutToken && status === undefined),
		reason: isNotJson
			? 'its answer is not JSON'
			: isWithoutToken
				? 'its answer contains no token'
				: reason.replace(STATUS_MESSAGE, 'status '),
	};
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

function toFields(value: unknown): Fields {
	return Object(value) as Fields;
}

function isText(value: unknown): value is string {
	return typeof value === 'string' && value !== '';
}
