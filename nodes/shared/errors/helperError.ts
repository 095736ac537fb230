/**
 * What can be learnt from an error that n8n's request helper threw. It throws where there is no
 * answer from EnableNow's API: the network failed, or no token was to be had. How it wraps the
 * original error differs between n8n versions: recent ones keep it as the `cause`, n8n 1 keeps a
 * code or status and a list of messages.
 */
export interface HelperError {
	/** Node's or axios's code, such as ECONNRESET. */
	code: string | undefined;
	/** Why there is no token, where that is what failed. */
	tokenFailure: TokenFailure | undefined;
}

/** Why EnableNow gave no token. */
export interface TokenFailure {
	/** HTTP status of the token endpoint, where n8n says it. */
	status: number | undefined;
	/** The token endpoint's words, or n8n's. */
	reason: string;
}

/** How deep errors are wrapped at most, with a little to spare. */
const DEEPEST_CAUSE = 6;

/** Codes of the errors of n8n's OAuth 2.0 client. */
const TOKEN_CODES = ['EAUTH', 'ESTATUS'];

/** What Node calls the failures of a network. */
const NETWORK_CODE =
	/\b(?:ECONNREFUSED|ECONNRESET|ECONNABORTED|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EPIPE)\b/;

/** How n8n begins the message when a credential's first token could not be fetched. */
const TOKEN_MESSAGE = /^Failed to acquire OAuth2 access token: /;

/** What n8n says when the token endpoint's answer held no token. */
const NO_TOKEN_MESSAGE = /without access token/;

/** What axios says, under a code of its own, when a connection ends within an answer. */
const CUT_OFF_MESSAGE = /\bstream has been aborted$/;

/**
 * What n8n, or Node in older versions of it, says of a token endpoint's answer that is not JSON. Both
 * repeat a part of the answer, which may hold the token.
 */
const NOT_JSON_MESSAGE =
	/^Expected JSON response from OAuth2 token endpoint|\bJSON at position \d|\bend of JSON input$|\bis not valid JSON$/;

/**
 * How token endpoints say that they give none at the moment, by what status they mean: where their
 * answer has an `error`, n8n keeps its words alone.
 */
const PASSING_TROUBLES: Array<[number, RegExp]> = [
	[429, /too[ _]?many[ _]?requests|rate[ _]?limit|slow_down|throttl/i],
	// The second in the words that n8n puts in the place of the first.
	[503, /temporarily_unavailable|temporary overloading/i],
];

type Cause = Record<string, unknown>;

/** Reads an error of n8n's request helper. It never throws. */
export function parseHelperError(thrown: unknown): HelperError {
	const chain = causesOf(thrown);
	const message = innermostMessage(chain);
	// n8n 2.20 keeps neither cause nor code of a token request that failed, only the message.
	const [networkCode] = NETWORK_CODE.exec(message) ?? [];
	const codes = [CUT_OFF_MESSAGE.test(message) ? 'ECONNABORTED' : undefined]
		.concat(
			chain.flatMap(({ code, httpCode }) => [code, httpCode] as string[]),
			networkCode,
		)
		.filter(isText);
	const code = codes.find((candidate) => /^[A-Z][A-Z0-9_]+$/.test(candidate));
	const hasNoAnswer = code !== undefined && NETWORK_CODE.test(code);
	return {
		code,
		tokenFailure: hasNoAnswer ? undefined : tokenFailureOf(chain, codes, message),
	};
}

/** Only the token endpoint's status is ever thrown: the API's answers are read as they come. */
function tokenFailureOf(
	chain: Cause[],
	codes: string[],
	message: string,
): TokenFailure | undefined {
	const status = [
		...chain.map(({ response }) => asRecord(response)['status']),
		...chain.map(({ status: own }) => own),
		...codes.filter((code) => /^[1-5]\d\d$/.test(code)).map(Number),
	].find((candidate) => typeof candidate === 'number');
	const reason = message.replace(TOKEN_MESSAGE, '');
	// n8n parses no other answer than the token endpoint's: those of the API are asked for as streams.
	const isNoJson = NOT_JSON_MESSAGE.test(reason);
	const isAboutToken =
		isNoJson ||
		codes.some((code) => TOKEN_CODES.includes(code)) ||
		TOKEN_MESSAGE.test(message) ||
		NO_TOKEN_MESSAGE.test(message);
	if (status === undefined && !isAboutToken) return undefined;
	const words = [reason, ...chain.map(({ body }) => asRecord(body)['error'])].filter(isText);
	const trouble = PASSING_TROUBLES.find(([, form]) => words.some((text) => form.test(text)));
	return {
		status: status ?? trouble?.[0],
		reason: isNoJson ? 'its answer is not JSON' : inPlainWords(reason),
	};
}

function inPlainWords(reason: string): string {
	return NO_TOKEN_MESSAGE.test(reason) ? 'its answer holds no token' : reason;
}

/** n8n puts a general sentence in the place of a wrapped message and keeps the original in a list. */
function innermostMessage(chain: Cause[]): string {
	const messages = chain.flatMap(({ message, messages: originals }) => [
		message,
		...(Array.isArray(originals) ? (originals as unknown[]) : []),
	]);
	return messages.filter(isText).at(-1) ?? 'no reason was given';
}

function causesOf(thrown: unknown): Cause[] {
	const chain: Cause[] = [];
	let error = thrown;
	while (typeof error === 'object' && error !== null && chain.length < DEEPEST_CAUSE) {
		chain.push(error as Cause);
		error = (error as Cause)['cause'];
	}
	return chain;
}

function asRecord(value: unknown): Record<string, unknown> {
	return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function isText(value: unknown): value is string {
	return typeof value === 'string' && value !== '';
}
