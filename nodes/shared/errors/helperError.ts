/**
 * What can be learnt from an error that n8n's request helper threw. It throws where there is no
 * answer from EnableNow's API: the network failed, or n8n got no token. How it wraps the original
 * error differs between versions: recent ones keep it as the `cause`, n8n 1 keeps a code or status
 * and a list of messages.
 */
export interface HelperError {
	/** Node's or axios's code, such as ECONNRESET. */
	code: string | undefined;
	/** Why there is no token, if that is what failed. */
	tokenFailure: TokenFailure | undefined;
}

export interface TokenFailure {
	/** HTTP status of the token endpoint, where n8n says it. */
	status: number | undefined;
	/** The token endpoint's words, or n8n's. */
	reason: string;
}

/** How deep errors are wrapped at most, with a little to spare. */
const MAX_CAUSES = 6;

/** Codes of the errors of n8n's OAuth 2.0 client. */
const TOKEN_CODES = ['EAUTH', 'ESTATUS'];

/** Node's codes of network failures. */
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
 * What token endpoints say when they give no token at the moment, and the status that it stands for:
 * where their answer has an `error`, n8n keeps the words alone.
 */
const TEMPORARY_REASONS: Array<[status: number, words: RegExp]> = [
	[429, /too[ _]?many[ _]?requests|rate[ _]?limit|slow_down|throttl/i],
	// The second is what n8n makes of the first.
	[503, /temporarily_unavailable|temporary overloading/i],
];

type Fields = Record<string, unknown>;

/** Reads an error of n8n's request helper. It never throws. */
export function parseHelperError(thrown: unknown): HelperError {
	const chain = getCauses(thrown);
	const message = getInnermostMessage(chain);
	const codes = chain.flatMap(({ code, httpCode }) => [code, httpCode]).filter(isText);
	const code = CUT_OFF_MESSAGE.test(message)
		? 'ECONNABORTED'
		: // n8n 2.20 keeps neither cause nor code of a token request that failed, only the message.
			(codes.find((text) => /^[A-Z][A-Z0-9_]+$/.test(text)) ?? NETWORK_CODE.exec(message)?.[0]);
	const hasNoAnswer = code !== undefined && NETWORK_CODE.test(code);
	return {
		code,
		tokenFailure: hasNoAnswer ? undefined : parseTokenFailure(chain, codes, message),
	};
}

function parseTokenFailure(
	chain: Fields[],
	codes: string[],
	message: string,
): TokenFailure | undefined {
	// Only the token endpoint's answers are thrown and parsed by n8n: the API's are read as streams.
	const status = [
		...chain.map(({ response }) => toFields(response)['status']),
		...chain.map(({ status: own }) => own),
		...codes.filter((code) => /^[1-5]\d\d$/.test(code)).map(Number),
	].find((candidate) => typeof candidate === 'number');
	const reason = message.replace(TOKEN_MESSAGE, '');
	const isNotJson = NOT_JSON_MESSAGE.test(reason);
	const isWithoutToken = NO_TOKEN_MESSAGE.test(reason);
	const isAboutToken =
		isNotJson ||
		isWithoutToken ||
		TOKEN_MESSAGE.test(message) ||
		codes.some((code) => TOKEN_CODES.includes(code));
	if (status === undefined && !isAboutToken) return undefined;
	const texts = [reason, ...chain.map(({ body }) => toFields(body)['error'])].filter(isText);
	const temporary = TEMPORARY_REASONS.find(([, words]) => texts.some((text) => words.test(text)));
	return {
		status: status ?? temporary?.[0],
		reason: isNotJson
			? 'its answer is not JSON'
			: isWithoutToken
				? 'its answer holds no token'
				: reason,
	};
}

/** n8n puts a general sentence in the place of a wrapped message and keeps the original in a list. */
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
