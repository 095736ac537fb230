import { parseProblemDetails } from './problemDetails';
import { redact } from './redaction';
import { parseRetryAfter } from './retryAfter';

/** What callers tell apart. */
export type FailureKind =
	/** EnableNow answered with an error status. */
	| 'refused'
	/** EnableNow did not give n8n a token. */
	| 'tokenRefused'
	/** The token endpoint's answer is not one of EnableNow's. */
	| 'noToken'
	/** No complete response in time. */
	| 'timedOut'
	/** The workflow was stopped. */
	| 'cancelled'
	/** Dropped from the queue before it was sent. */
	| 'dropped'
	/** The network, n8n itself, something on the way, or a response that cannot be used. */
	| 'other';

type RequestErrorDetails = Pick<RequestError, 'outcome' | 'isTemporary'> &
	Partial<Pick<RequestError, 'status' | 'retryAfter' | 'sentAt'>>;

/**
 * A request that failed. `message` says what happened, with EnableNow's own text where it gave one;
 * `description` says how to fix it. It keeps nothing of the original error, which contains the
 * Authorization header.
 */
export class RequestError extends Error {
	/**
	 * What became of the request: nothing of it left n8n, EnableNow answered that it did not carry it
	 * out, or it may have been carried out.
	 */
	declare readonly outcome: 'notSent' | 'rejected' | 'unknown';
	/** Whether the same request may succeed later. */
	declare readonly isTemporary: boolean;
	/** HTTP status of EnableNow's response, if there was one. */
	declare readonly status: number | undefined;
	/** How long EnableNow asks to wait, in milliseconds. */
	declare readonly retryAfter: number | undefined;
	/** When the request was sent, or would have been. */
	declare readonly sentAt: Date | undefined;

	constructor(
		readonly kind: FailureKind,
		message: string,
		readonly description: string,
		details: RequestErrorDetails,
	) {
		super(message);
		this.name = 'RequestError';
		Object.assign(this, details);
	}

	/** A copy with some fields changed. */
	with(changes: Partial<RequestError>): RequestError {
		const copy = new RequestError(this.kind, this.message, this.description, this);
		return Object.assign(copy, changes);
	}

	/** A copy for a request that cannot have left n8n; at most one for a token has. */
	asNotSent(): RequestError {
		if (this.kind === 'cancelled') return cancelledError(false);
		const isTemporary = this.isTemporary || this.outcome === 'unknown';
		return this.with({ outcome: 'notSent', isTemporary });
	}
}

const CLIENT_HINT = 'Correct the value that EnableNow names, then run again.';

const TOKEN_HINT =
	'Open the credential, check client ID, client secret and environment, and test it.';

const STATUS_HINTS: Record<number, string> = {
	400: `${CLIENT_HINT} If the client ID was not found, check 'Share With (Client ID)' and the environment of the credential.`,
	401: `EnableNow did not accept the token of this credential, nor a fresh one. ${TOKEN_HINT}`,
	403: 'The app of this credential is not allowed to do this. Only the app that created a share can change it. Check in the Customer Portal that the app has the Sharing API and owns the data.',
	404: 'Check the ID, and whether this credential is for the right app and environment.',
	429: "EnableNow's rate limit is reached. Run again later, or with fewer items at a time.",
};

/** An app can share only what it owns. */
const OWNER_HINT =
	'Check that this is the credential of the app that owns the consents, accounts and analyses.';

const PROXY_HINT =
	'The answer may come from a proxy, gateway or firewall on the way, or from another server. Check the base URL of the credential, and the proxy that n8n uses (HTTP_PROXY, HTTPS_PROXY, NO_PROXY).';

const SERVER_HINT =
	"The problem is on EnableNow's side. Run again later; if it persists, contact EnableNow's support.";

/**
 * EnableNow's refusal of a request.
 *
 * @param statusCode - of the response; `undefined` if it is a successful one that holds an error
 * @param body - the JSON value of the response, or its text if it is not JSON
 * @param retryAfterHeader - as received: seconds or an HTTP date
 * @param secrets - values to remove from EnableNow's text
 */
export function responseError(
	statusCode: number | undefined,
	body: unknown,
	retryAfterHeader?: string,
	secrets: string[] = [],
): RequestError {
	const problem = parseProblemDetails(body);
	const status = statusCode ?? problem.status;
	const text = redact(problem.text, secrets);
	const isForeign = status === 407 || isWebPage(body);
	// An empty body or plain text may come from anywhere.
	const isOwn = statusCode === undefined || (typeof body === 'object' && body !== null);
	const refusal = isForeign
		? 'The request was refused on the way to EnableNow with status'
		: isOwn
			? 'EnableNow refused the request with status'
			: 'The request was refused with status';
	const message = status === undefined ? 'EnableNow refused the request' : `${refusal} ${status}`;
	const retryAfter = parseRetryAfter(retryAfterHeader, Date.now());
	const description = [
		isForeign ? getForeignHint(status) : getHint(status, text),
		isForeign || isOwn ? '' : PROXY_HINT,
		// In seconds: whatever else the header holds is not shown, since an AI agent would read it.
		retryAfter === undefined
			? ''
			: `EnableNow asks to wait: Retry-After ${Math.ceil(retryAfter / 1000)}.`,
		problem.traceId === undefined ? '' : `Trace ID: ${redact(problem.traceId, secrets)}.`,
	];
	const isRejected = status !== undefined && status < 500 && status !== 408;
	return new RequestError(
		isForeign ? 'other' : 'refused',
		text === '' ? message : `${message}: ${text}`,
		description.filter(Boolean).join(' '),
		{
			outcome: isRejected ? 'rejected' : 'unknown',
			isTemporary: isPassing(status),
			status,
			retryAfter,
		},
	);
}

/** HTML or XML: EnableNow answers in JSON. */
function isWebPage(body: unknown): boolean {
	return typeof body === 'string' && /^\s*</.test(body);
}

function getHint(status = 0, text = ''): string {
	const hint = STATUS_HINTS[status] ?? (isPassing(status) ? SERVER_HINT : CLIENT_HINT);
	const isAboutContents = [400, 404, 422].includes(status) && /consent|account|analys/i.test(text);
	return isAboutContents ? `${hint} ${OWNER_HINT}` : hint;
}

function getForeignHint(status: number | undefined): string {
	return isPassing(status) ? `Run again later. ${PROXY_HINT}` : PROXY_HINT;
}

/**
 * EnableNow gave no token, with an OAuth error.
 *
 * @param status - of the token endpoint, if it is known
 */
export function tokenError(reason: string, status?: number): RequestError {
	return new RequestError(
		'tokenRefused',
		`EnableNow gave no token for this credential: ${reason}`,
		isPassing(status) ? getHint(status) : TOKEN_HINT,
		{ outcome: 'notSent', isTemporary: isPassing(status), status },
	);
}

/** The token endpoint's answer is neither a token nor an OAuth error, so it may not be EnableNow's. */
export function noTokenError(baseUrl: string, reason: string, status?: number): RequestError {
	const isTold = (status ?? 0) < 300 || reason.includes(String(status));
	return new RequestError(
		'noToken',
		`No token came from ${baseUrl}: ${reason}${isTold ? '' : ` (status ${status})`}`,
		getForeignHint(status),
		{ outcome: 'notSent', isTemporary: isPassing(status), status },
	);
}

/** Whether the same request may succeed later. */
function isPassing(status = 0): boolean {
	return status === 408 || status === 429 || status >= 500;
}

/** A redirect. It is never followed, since the token would be sent along to any host. */
export function redirectError(status: number): RequestError {
	return new RequestError(
		'other',
		`EnableNow answered with a redirect (status ${status}), which is not followed`,
		'Check the environment and the base URL of the credential. A redirect could take its token to another host.',
		// See Other may be the answer to a create that was carried out.
		{ outcome: status === 303 ? 'unknown' : 'rejected', isTemporary: false, status },
	);
}

export function timeoutError(milliseconds: number): RequestError {
	return new RequestError(
		'timedOut',
		`EnableNow did not answer within ${milliseconds / 1000} seconds`,
		"Run again later. EnableNow Share waits longer with a higher 'Timeout' in its options.",
		{ outcome: 'unknown', isTemporary: true },
	);
}

/**
 * A response that cannot be used.
 *
 * @param problem - completes the sentence, such as "its body is not JSON"
 * @param body - the JSON value of the response, or its text; what it says is quoted
 * @param secrets - values to remove from the quotation
 */
export function invalidResponseError(
	problem: string,
	body?: unknown,
	secrets: string[] = [],
): RequestError {
	const text = redact(parseProblemDetails(body).text, secrets);
	const isForeign = isWebPage(body);
	const what = isForeign
		? 'The answer is a web page, so it did not come from EnableNow'
		: 'EnableNow answered in an unexpected form';
	return new RequestError(
		'other',
		`${what}: ${problem}${text === '' ? '' : ` ("${text}")`}`,
		isForeign
			? PROXY_HINT
			: 'Check the environment and the base URL of the credential. If they are right, EnableNow may have changed its API: look for a newer version of this package.',
		{ outcome: 'unknown', isTemporary: false },
	);
}

/** The share still has another end after EnableNow accepted the change. */
export function missingUpdateError(expected: string, actual: string): RequestError {
	return new RequestError(
		'other',
		`EnableNow accepted the change, but did not make it: the share still ends at ${redact(actual, [])}`,
		`It should end at ${expected}. Run this item again, which does no harm. If it keeps happening, contact EnableNow's support.`,
		{ outcome: 'unknown', isTemporary: false },
	);
}

/** EnableNow accepted a change of a share, and the share could not be read to see whether it was made. */
export function uncheckedUpdateError(error: RequestError, expected: string): RequestError {
	return error.with({
		kind: 'other',
		message: `EnableNow accepted the change, but whether it was made could not be checked: reading the share failed (${error.message})`,
		description: `Get the share to see whether it ends at ${expected}, or run this item again, which does no harm.`,
		outcome: 'unknown',
	});
}

const ADDRESS_HINT =
	'Check the environment and the base URL of the credential, and whether n8n can reach this address (network, proxy, firewall).';

const CERTIFICATE_HINT =
	'Check the environment and the base URL of the credential. If they are right, n8n does not know the authority of its certificate, such as that of a proxy: pass its file to n8n in NODE_EXTRA_CA_CERTS.';

/** Codes of answers that Node cannot decompress or parse. */
const UNREADABLE = /^(?:Z_|HPE_|ERR__|ERR_BROTLI|ERR_ZSTD|ZSTD|ERR_ENCODING)/;

/** What a code means: the first pattern that matches. Node's message may tell the outcome better. */
const NETWORK_FAILURES: Array<
	[
		codes: RegExp,
		reason: string,
		outcome: RequestError['outcome'],
		isTemporary: boolean,
		hint?: string,
	]
> = [
	[
		/CERT|SIGNATURE|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE/,
		'its TLS certificate is not trusted',
		'notSent',
		false,
		CERTIFICATE_HINT,
	],
	[/SSL|TLS|EPROTO/, 'it does not speak a TLS version that n8n supports', 'unknown', false],
	[/^ECONNREFUSED$/, 'nothing listens at this address', 'notSent', true],
	[/^ENOTFOUND$/, 'its host name is not known', 'notSent', true],
	[/^EAI_AGAIN$/, 'its host name could not be looked up', 'notSent', true],
	[/^E(?:HOST|NET)UNREACH$/, 'there is no route to it', 'notSent', true],
	[/^(?:ECONNRESET|ECONNABORTED|EPIPE)$/, 'the connection was cut off', 'unknown', true],
	[/^ETIMEDOUT$/, 'the connection timed out', 'unknown', true],
	[/^/, 'the connection failed', 'unknown', true],
];

/**
 * No response, or none that Node can read, for a reason that Node gives as a code.
 *
 * @param message - Node's; it may begin with the system call, such as `connect ETIMEDOUT`
 */
export function networkError(baseUrl: string, code: string, message = ''): RequestError {
	if (UNREADABLE.test(code)) return invalidResponseError(`it could not be read (${code})`);
	const failure = NETWORK_FAILURES.find(([codes]) => codes.test(code))!;
	const [, reason, usualOutcome, isTemporary, hint = ADDRESS_HINT] = failure;
	// Without a connection, nothing was sent.
	const outcome = /^connect E/.test(message)
		? 'notSent'
		: /^(?:read|write) E/.test(message)
			? 'unknown'
			: usualOutcome;
	return new RequestError(
		'other',
		`EnableNow could not be reached at ${baseUrl}: ${reason} (${code})`,
		hint,
		{ outcome, isTemporary },
	);
}

/** A request that failed inside n8n, not in the network. */
export function n8nError(reason: string): RequestError {
	return new RequestError('other', `The request to EnableNow failed in n8n: ${reason}`, N8N_HINT, {
		outcome: 'unknown',
		isTemporary: false,
	});
}

/**
 * A request that n8n itself refused to send.
 *
 * @param description - n8n's own advice; may be empty
 */
export function notSentError(reason: string, description: string): RequestError {
	return new RequestError(
		'other',
		`n8n did not send the request to EnableNow: ${reason}`,
		description === '' ? N8N_HINT : description,
		{ outcome: 'notSent', isTemporary: false },
	);
}

const N8N_HINT = 'Open the node, choose its credential again, and test the credential.';

export function cancelledError(isSent: boolean): RequestError {
	return new RequestError(
		'cancelled',
		isSent
			? 'The workflow was stopped before EnableNow answered'
			: 'The request was not sent: the workflow was stopped',
		isSent
			? 'If a share was being created, look for it with Get Many before you run this again: it may exist.'
			: 'Nothing was done for this item.',
		{ outcome: isSent ? 'unknown' : 'notSent', isTemporary: false },
	);
}

/** A request that is not sent because of what became of others. */
export function droppedError(reason: string): RequestError {
	return new RequestError(
		'dropped',
		`The request was not sent: ${reason}`,
		'Nothing was done for this item, so it can be run again later.',
		{ outcome: 'notSent', isTemporary: true },
	);
}
