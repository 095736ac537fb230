/**
 * What can be learnt from an error that n8n's request helper threw. The helper wraps the original
 * error, and how it does so differs between n8n versions: recent ones keep it as the `cause`, n8n 1
 * keeps only a code or status and the response's body.
 */
export interface ThrownError {
	/** HTTP status of the answer, where there was one. */
	status: number | undefined;
	/** Node's or axios's code, such as ECONNRESET. */
	code: string | undefined;
	/** The answer's body: with `encoding: 'stream'` a stream. */
	body: unknown;
	/** EnableNow's Retry-After header. */
	retryAfter: string | undefined;
	/** Why no token could be had, where that is what failed. */
	tokenReason: string | undefined;
}

/** How deep errors are wrapped at most, with a little to spare. */
const DEEPEST_CAUSE = 6;

/** Codes of the errors of n8n's OAuth 2.0 client: no token was given. */
const TOKEN_CODES = ['EAUTH', 'ESTATUS'];

/** How n8n begins the message when a credential's first token could not be fetched. */
const TOKEN_MESSAGE = /^Failed to acquire OAuth2 access token: /;

/** Reads an error of n8n's request helper. It never throws. */
export function readThrownError(thrown: unknown): ThrownError {
	const chain = causes(thrown);
	const responses = chain.map(({ response }) => asRecord(response));
	const codes = chain.flatMap(({ code, httpCode }) => [code, httpCode]).filter(isText);
	return {
		status: firstOf([
			...responses.map(({ status }) => status).filter(isNumber),
			...codes.filter((code) => /^[1-5]\d\d$/.test(code)).map(Number),
		]),
		code: firstOf(codes.filter((code) => /^[A-Z][A-Z0-9_]+$/.test(code))),
		body:
			firstOf(responses.map(({ data }) => data).filter(isPresent)) ??
			firstOf(chain.map(({ context }) => asRecord(context)['data']).filter(isPresent)),
		retryAfter: firstOf(
			responses.map(({ headers }) => asRecord(headers)['retry-after']).filter(isText),
		),
		tokenReason: tokenReasonOf(chain),
	};
}

/**
 * The token endpoint's words, without what n8n puts before them; none where the network failed, which
 * is told like any other failure of the network.
 */
function tokenReasonOf(chain: Array<Record<string, unknown>>): string | undefined {
	const refused = chain.find(({ code, httpCode }) =>
		TOKEN_CODES.includes(String(code ?? httpCode)),
	);
	if (refused === undefined) return undefined;
	const messages = [refused['message'], ...asArray(refused['messages'])].filter(isText);
	// n8n replaces the message of a wrapped error by a general one and keeps the original in a list.
	return (messages.at(-1) ?? 'no reason was given').replace(TOKEN_MESSAGE, '');
}

function causes(thrown: unknown): Array<Record<string, unknown>> {
	const chain: Array<Record<string, unknown>> = [];
	let error = thrown;
	while (typeof error === 'object' && error !== null && chain.length < DEEPEST_CAUSE) {
		chain.push(error as Record<string, unknown>);
		error = (error as { cause?: unknown }).cause;
	}
	return chain;
}

function asRecord(value: unknown): Record<string, unknown> {
	return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function asArray(value: unknown): unknown[] {
	return Array.isArray(value) ? value : [];
}

function firstOf<Value>(values: Value[]): Value | undefined {
	return values[0];
}

function isText(value: unknown): value is string {
	return typeof value === 'string' && value !== '';
}

function isNumber(value: unknown): value is number {
	return typeof value === 'number';
}

function isPresent(value: unknown): boolean {
	return value !== undefined && value !== null;
}
