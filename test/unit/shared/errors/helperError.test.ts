import { AxiosError, AxiosHeaders, type InternalAxiosRequestConfig } from 'axios';
import { NodeApiError, OperationalError, UserError, type JsonObject } from 'n8n-workflow';
import { helperError } from '../../../../nodes/shared/errors/helperError';
import {
	cancelledError,
	n8nError,
	networkError,
	noTokenError,
	notSentError,
	type RequestError,
	tokenError,
} from '../../../../nodes/shared/errors/requestError';
import { node } from '../../support';

const BASE_URL = 'https://api.enablenow.nl';

const SECRET = 's3cr3t-value';

/** What n8n puts before the reason when a first token could not be fetched. */
const PREFIX = 'Failed to acquire OAuth2 access token: ';

/** The error that axios throws for an answer. */
function refusedByAxios(status: number): AxiosError {
	const config: InternalAxiosRequestConfig = {
		headers: new AxiosHeaders({ Authorization: 'Bearer secret-token' }),
	};
	return new AxiosError(
		`Request failed with status code ${status}`,
		status < 500 ? AxiosError.ERR_BAD_REQUEST : AxiosError.ERR_BAD_RESPONSE,
		config,
		{},
		{ status, statusText: '', data: '', headers: new AxiosHeaders(), config },
	);
}

/** The error of n8n's OAuth 2.0 client. */
function thrownByOAuth(code: string, message: string, fields: object = {}): Error {
	return Object.assign(new Error(message), { code, ...fields });
}

function read(thrown: unknown): RequestError {
	return helperError(thrown, BASE_URL, [SECRET]);
}

/** Both say the same, and allow the same. */
function expectSame(failure: RequestError, expected: RequestError): void {
	expect({ ...failure, message: failure.message }).toEqual({
		...expected,
		message: expected.message,
	});
}

/** An error as n8n 2 throws it: the original is the cause. */
function wrapped(error: Error): NodeApiError {
	return new NodeApiError(node, error as unknown as JsonObject);
}

/** An error as n8n 2 throws it where there was no token yet. */
function acquiring(cause: Error): Error {
	return new OperationalError(`${PREFIX}${cause.message}`, { cause });
}

/** An error as n8n 1 throws it: without a cause. */
function thrownByN8n1(fields: object): Error {
	return Object.assign(new Error('The service was not able to process your request'), {
		name: 'NodeApiError',
		httpCode: null,
		messages: [],
		context: {},
		...fields,
	});
}

const networkCodes = [
	'ECONNREFUSED',
	'ECONNRESET',
	'ECONNABORTED',
	'ETIMEDOUT',
	'ENOTFOUND',
	'EAI_AGAIN',
	'DEPTH_ZERO_SELF_SIGNED_CERT',
];

describe('a request that was not answered', () => {
	test.each(networkCodes)('%s, as n8n 2 wraps it', (code) => {
		const thrown = wrapped(new AxiosError(`connect ${code} 127.0.0.1:4010`, code));
		expectSame(read(thrown), networkError(BASE_URL, code, 'connect E'));
	});

	test.each(networkCodes)('%s, as n8n 1 throws it', (code) => {
		const thrown = thrownByN8n1({ httpCode: code, messages: [`connect ${code}`] });
		expectSame(read(thrown), networkError(BASE_URL, code, 'connect E'));
	});

	test.each(networkCodes)('%s, while the first token was fetched', (code) => {
		const cause = new AxiosError(`connect ${code}`, code);
		expectSame(read(wrapped(acquiring(cause))), networkError(BASE_URL, code, 'connect E'));
	});

	test.each([
		['read', 'EHOSTUNREACH', 'unknown'],
		['write', 'ENETUNREACH', 'unknown'],
		['connect', 'EHOSTUNREACH', 'notSent'],
		['connect', 'ETIMEDOUT', 'notSent'],
		['read', 'ETIMEDOUT', 'unknown'],
	])('%s %s: its outcome is %s', (call, code, outcome) => {
		const message = `${call} ${code} 127.0.0.1:4010`;
		const cause = Object.assign(new Error(message), { code });
		expect(read(wrapped(cause))).toMatchObject({ outcome, isTemporary: true });
		const byN8n1 = thrownByN8n1({ httpCode: code, messages: [message] });
		expect(read(byN8n1)).toMatchObject({ outcome, isTemporary: true });
	});

	test('since the workflow was stopped', () => {
		const thrown = wrapped(new AxiosError('canceled', 'ERR_CANCELED'));
		expectSame(read(thrown), cancelledError(true));
		const byN8n1 = thrownByN8n1({ httpCode: 'ERR_CANCELED', messages: ['canceled'] });
		expectSame(read(byN8n1), cancelledError(true));
	});

	test('a connection that ended within the answer with the first token', () => {
		const cause = new AxiosError('stream has been aborted', AxiosError.ERR_BAD_RESPONSE);
		const expected = networkError(BASE_URL, 'ECONNABORTED');
		expectSame(read(wrapped(acquiring(cause))), expected);
		expectSame(read({ messages: [acquiring(cause).message] }), expected);
	});

	test('wrapped twice', () => {
		const cause = wrapped(new AxiosError('connect ECONNREFUSED', 'ECONNREFUSED'));
		expectSame(
			read(new Error('outer', { cause })),
			networkError(BASE_URL, 'ECONNREFUSED', 'connect E'),
		);
	});
});

describe('a token that was not given, as n8n 2 tells it', () => {
	test('words of an OAuth error', () => {
		const message = 'Client authentication failed (invalid_client)';
		expectSame(read(wrapped(thrownByOAuth('EAUTH', message))), tokenError(message));
	});

	test.each([404, 407, 429, 503])('status %i without an OAuth error', (status) => {
		const thrown = wrapped(thrownByOAuth('ESTATUS', `HTTP status ${status}`, { status, body: {} }));
		expectSame(read(thrown), noTokenError(BASE_URL, `status ${status}`, status));
	});

	// n8n keeps no status where the answer of the token endpoint has an `error`.
	test.each([
		['Too Many Requests', undefined, 429],
		['rate_limit_exceeded', undefined, 429],
		['Wait a little.', 'slow_down', 429],
		['Wait a little.', 'temporarily_unavailable', 503],
		// n8n's own words for that.
		['It cannot answer due to a temporary overloading or maintenance.', undefined, 503],
		['Client authentication failed', 'invalid_client', undefined],
		['Too many failed attempts with a wrong secret.', 'account_locked', undefined],
		['The contract of the app temporary-works has ended.', 'client_disabled', undefined],
		['too_many_scopes', 'too_many_scopes', undefined],
	])('%s (%p): what its words mean', (message, error, status) => {
		const thrown = wrapped(thrownByOAuth('EAUTH', message, { body: { error } }));
		expectSame(read(thrown), tokenError(message, status));
	});

	test.each([400, 401, 429, 503])('status %i as axios throws it', (status) => {
		const expected = noTokenError(BASE_URL, `status ${status}`, status);
		expectSame(read(wrapped(refusedByAxios(status))), expected);
		expectSame(read(wrapped(acquiring(refusedByAxios(status)))), expected);
	});

	test("without n8n's own words before the reason", () => {
		const cause = thrownByOAuth('EAUTH', 'invalid_client');
		expectSame(read(wrapped(acquiring(cause))), tokenError('invalid_client'));
	});

	test("in other words than n8n's where the answer held no token", () => {
		const thrown = wrapped(new Error('Unable to sign without access token'));
		expectSame(read(thrown), noTokenError(BASE_URL, 'its answer contains no token'));
	});

	test('without any words', () => {
		expectSame(read({ code: 'EAUTH' }), tokenError('no reason was given'));
	});

	test('without the secret that its words repeat', () => {
		const thrown = wrapped(thrownByOAuth('EAUTH', `${SECRET} is wrong`));
		expectSame(read(thrown), tokenError('*** is wrong'));
	});
});

describe('a token that was not given, as n8n 1 tells it', () => {
	test('by code', () => {
		const thrown = thrownByN8n1({ httpCode: 'EAUTH', messages: ['invalid_client'] });
		expectSame(read(thrown), tokenError('invalid_client'));
	});

	test('by status', () => {
		const thrown = thrownByN8n1({
			httpCode: '503',
			messages: ['HTTP status 503'],
			context: { data: { title: 'Unavailable' } },
		});
		expectSame(read(thrown), noTokenError(BASE_URL, 'status 503', 503));
	});

	test('by the content type of a page', () => {
		const messages = ['Unsupported content type: text/html'];
		const thrown = thrownByN8n1({ httpCode: '404', messages });
		expectSame(read(thrown), noTokenError(BASE_URL, 'its answer is not JSON', 404));
	});

	test("without n8n's own words before the reason", () => {
		const messages = [`${PREFIX}invalid_client`];
		const thrown = thrownByN8n1({ httpCode: 'EAUTH', messages });
		expectSame(read(thrown), tokenError('invalid_client'));
	});
});

describe("a token endpoint's answer that is not JSON is not repeated, since it may hold the token", () => {
	const start = '{"access_token":"secret-token","';

	test.each<[string, unknown]>([
		[
			'n8n 2.41',
			wrapped(
				thrownByOAuth(
					'ESTATUS',
					`Expected JSON response from OAuth2 token endpoint (content-type: none) but received: ${start}`,
					{ status: 200, body: start },
				),
			),
		],
		[
			'n8n 2.20',
			{
				messages: [
					`${PREFIX}Expected JSON response from OAuth2 token endpoint but received: ${start}\n…`,
				],
			},
		],
		[
			'n8n 2.20, of a page',
			{ messages: [`${PREFIX}Unsupported content type: text/html; charset=utf-8`] },
		],
		...['"secret-token" x', start, '"secret-token', ''].map((text): [string, unknown] => {
			const { message } = errorOfParsing(text);
			return [`n8n 1: ${message}`, thrownByN8n1({ messages: [message] })];
		}),
	])('%s', (_version, thrown) => {
		const { message, kind, isTemporary } = read(thrown);
		expect(message).toBe(`No token came from ${BASE_URL}: its answer is not JSON`);
		expect({ kind, isTemporary }).toEqual({ kind: 'noToken', isTemporary: false });
	});

	function errorOfParsing(text: string): Error {
		try {
			throw new Error(`${JSON.parse(text)} is JSON`);
		} catch (error) {
			return error as Error;
		}
	}
});

describe('a request that n8n refused to send', () => {
	const message = 'The request was blocked because it resolves to a restricted IP address';
	const description = 'Ask your n8n administrator to allowlist the hostname.';
	const blocked = () => Object.assign(new UserError(message, { description }), { name: 'Ssrf' });
	const allowLists = /N8N_SSRF_ALLOWED_HOSTNAMES and N8N_SSRF_ALLOWED_IP_RANGES/;

	test.each<[string, () => unknown]>([
		['with a stored token', () => wrapped(blocked())],
		['for its first token', () => wrapped(acquiring(blocked()))],
		['for another token', blocked],
	])('%s: in its own words, and with its advice', (_case, thrown) => {
		const failure = read(thrown());
		expect(failure.message).toBe(`n8n did not send the request to EnableNow: ${message}`);
		expect(failure.description).toContain(description);
		expect(failure.description).toMatch(allowLists);
		expect(failure).toMatchObject({ outcome: 'notSent', isTemporary: false });
	});

	test('as a version tells it that keeps the message only', () => {
		const failure = read({ messages: [`${PREFIX}${message}`] });
		expect(failure.message).toContain(`n8n did not send the request to EnableNow: ${message}`);
		expect(failure.description).toMatch(allowLists);
	});

	test('for another reason', () => {
		const thrown = wrapped(new UserError('No such host', { description: 'Choose another.' }));
		expectSame(read(thrown), notSentError('No such host', 'Choose another.'));
		expectSame(read(wrapped(new UserError('No such host'))), notSentError('No such host', ''));
	});

	test('without a secret', () => {
		const thrown = wrapped(new UserError(`No ${SECRET}`, { description: `Not ${SECRET}.` }));
		expectSame(read(thrown), notSentError('No ***', 'Not ***.'));
	});

	test('is not what failed for a reason of the network or of the token endpoint', () => {
		const reset = new AxiosError('read ECONNRESET', 'ECONNRESET');
		expectSame(read(wrapped(acquiring(reset))), networkError(BASE_URL, 'ECONNRESET'));
		const expected = tokenError('invalid_client');
		expectSame(read({ messages: [`${PREFIX}invalid_client`] }), expected);
		expectSame(read(new OperationalError(`${PREFIX}invalid_client`)), expected);
	});
});

describe('what tells nothing', () => {
	const cycle = new Error('a');
	cycle.cause = cycle;

	test.each<[string, unknown, string]>([
		['undefined', undefined, 'unknown error'],
		['null', null, 'unknown error'],
		['a text', 'oops', 'oops'],
		['a number', 404, 'unknown error'],
		['an error', new Error('oops'), 'oops'],
		['an error that holds a secret', new Error(`oops ${SECRET}`), 'oops ***'],
		['an error that is its own cause', cycle, 'a'],
		['a cause that is a text', new Error('oops', { cause: 'oops' }), 'oops'],
		['fields of other types', { code: 7, httpCode: {}, messages: 'oops' }, 'unknown error'],
		['a code that is no status', { code: '999', httpCode: '' }, 'unknown error'],
		['a status of another type', { status: [404], httpCode: { a: 1 } }, 'unknown error'],
	])('%s', (_case, thrown, reason) => {
		expectSame(read(thrown), n8nError(reason));
	});
});

describe('n8n 2.20, which keeps only the message of a first token request that failed', () => {
	const keepsMessage = (reason: string) => ({ messages: [`${PREFIX}${reason}`], httpCode: null });

	test.each([
		['a refusal', 'Client authentication failed', tokenError('Client authentication failed')],
		[
			'an address where nothing listens',
			'connect ECONNREFUSED 127.0.0.1:1',
			networkError(BASE_URL, 'ECONNREFUSED'),
		],
		['a status', 'HTTP status 404', noTokenError(BASE_URL, 'status 404', 404)],
		[
			"axios's status",
			'Request failed with status code 503',
			noTokenError(BASE_URL, 'status 503', 503),
		],
	])('%s', (_case, reason, expected) => {
		expectSame(read(keepsMessage(reason)), expected);
	});
});
