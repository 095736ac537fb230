import { AxiosError, AxiosHeaders, type InternalAxiosRequestConfig } from 'axios';
import { NodeApiError, OperationalError, UserError, type JsonObject } from 'n8n-workflow';
import { parseHelperError } from '../../../../nodes/shared/errors/helperError';
import { node } from '../../support';

const nothing = { code: undefined, tokenFailure: undefined, refusal: undefined };

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
function tokenError(code: string, message: string, fields: object = {}): Error {
	return Object.assign(new Error(message), { code, ...fields });
}

/** An error as n8n 2 throws it: the original is the cause. */
function wrapped(error: Error): NodeApiError {
	return new NodeApiError(node, error as unknown as JsonObject);
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
	'ERR_CANCELED',
];

describe('a request that was not answered', () => {
	test.each(networkCodes)('%s, as n8n 2 wraps it', (code) => {
		const thrown = wrapped(new AxiosError(`connect ${code} 127.0.0.1:4010`, code));
		expect(parseHelperError(thrown)).toEqual({ ...nothing, code });
	});

	test.each(networkCodes)('%s, as n8n 1 throws it', (code) => {
		const thrown = thrownByN8n1({ httpCode: code, messages: [`connect ${code}`] });
		expect(parseHelperError(thrown)).toEqual({ ...nothing, code });
	});

	test.each(networkCodes)('%s, while the first token was fetched', (code) => {
		const cause = new AxiosError(`connect ${code}`, code);
		const failed = new OperationalError(`${PREFIX}${cause.message}`, { cause });
		expect(parseHelperError(wrapped(failed))).toEqual({ ...nothing, code });
	});

	test('a connection that ended within the answer with the first token', () => {
		const cause = new AxiosError('stream has been aborted', AxiosError.ERR_BAD_RESPONSE);
		const failed = new OperationalError(`${PREFIX}${cause.message}`, { cause });
		const code = 'ECONNABORTED';
		expect(parseHelperError(wrapped(failed))).toEqual({ ...nothing, code });
		expect(parseHelperError({ messages: [failed.message] })).toEqual({ ...nothing, code });
	});

	test('wrapped twice', () => {
		const cause = wrapped(new AxiosError('connect ECONNREFUSED', 'ECONNREFUSED'));
		expect(parseHelperError(new Error('outer', { cause })).code).toBe('ECONNREFUSED');
	});
});

describe('a token that was not given, as n8n 2 tells it', () => {
	test.each([
		['Client authentication failed (invalid_client)', {}, undefined],
		['Client authentication failed (invalid_client)', { status: 401 }, 401],
	])('%s, %j: status and words of an OAuth error', (message, fields, status) => {
		const { tokenFailure } = parseHelperError(wrapped(tokenError('EAUTH', message, fields)));
		expect(tokenFailure).toEqual({ status, isOAuthError: true, reason: message });
	});

	test.each([404, 407, 429, 503])('status %i without an OAuth error', (status) => {
		const thrown = wrapped(tokenError('ESTATUS', `HTTP status ${status}`, { status, body: {} }));
		const reason = `status ${status}`;
		expect(parseHelperError(thrown).tokenFailure).toEqual({ status, isOAuthError: false, reason });
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
		const thrown = wrapped(tokenError('EAUTH', message, { body: { error } }));
		expect(parseHelperError(thrown).tokenFailure).toEqual({
			status,
			isOAuthError: true,
			reason: message,
		});
	});

	test.each([400, 401, 429, 503])('status %i as axios throws it', (status) => {
		const { tokenFailure } = parseHelperError(wrapped(refusedByAxios(status)));
		const reason = `status ${status}`;
		expect(tokenFailure).toEqual({ status, isOAuthError: false, reason });
	});

	test("without n8n's own words before the reason", () => {
		const cause = tokenError('EAUTH', 'invalid_client');
		const failed = new OperationalError(`${PREFIX}invalid_client`, { cause });
		expect(parseHelperError(wrapped(failed)).tokenFailure?.reason).toBe('invalid_client');
	});

	test("in other words than n8n's where the answer held no token", () => {
		const thrown = wrapped(new Error('Unable to sign without access token'));
		expect(parseHelperError(thrown).tokenFailure).toMatchObject({
			isOAuthError: false,
			reason: 'its answer contains no token',
		});
	});

	test('without any words', () => {
		expect(parseHelperError({ code: 'EAUTH' }).tokenFailure).toEqual({
			status: undefined,
			isOAuthError: true,
			reason: 'no reason was given',
		});
	});
});

describe('a token that was not given, as n8n 1 tells it', () => {
	test('by code', () => {
		const thrown = thrownByN8n1({ httpCode: 'EAUTH', messages: ['invalid_client'] });
		expect(parseHelperError(thrown).tokenFailure).toEqual({
			status: undefined,
			isOAuthError: true,
			reason: 'invalid_client',
		});
	});

	test('by status', () => {
		const thrown = thrownByN8n1({
			httpCode: '503',
			messages: ['HTTP status 503'],
			context: { data: { title: 'Unavailable' } },
		});
		expect(parseHelperError(thrown).tokenFailure).toEqual({
			status: 503,
			isOAuthError: false,
			reason: 'status 503',
		});
	});

	test("without n8n's own words before the reason", () => {
		const messages = [`${PREFIX}invalid_client`];
		const thrown = thrownByN8n1({ httpCode: 'EAUTH', messages });
		expect(parseHelperError(thrown).tokenFailure?.reason).toBe('invalid_client');
	});
});

describe("a token endpoint's answer that is not JSON is not repeated, since it may hold the token", () => {
	const start = '{"access_token":"secret-token","';

	test.each<[string, unknown]>([
		[
			'n8n 2.41',
			wrapped(
				tokenError(
					'ERR',
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
		...['"secret-token" x', start, '"secret-token', ''].map((text): [string, unknown] => {
			const { message } = errorOfParsing(text);
			return [`n8n 1: ${message}`, thrownByN8n1({ messages: [message] })];
		}),
	])('%s', (_version, thrown) => {
		expect(parseHelperError(thrown).tokenFailure).toMatchObject({
			isOAuthError: false,
			reason: 'its answer is not JSON',
		});
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
		const { code, tokenFailure, refusal } = parseHelperError(thrown());
		expect({ code, tokenFailure }).toEqual({ code: undefined, tokenFailure: undefined });
		expect(refusal?.message).toBe(message);
		expect(refusal?.description).toContain(description);
		expect(refusal?.description).toMatch(allowLists);
	});

	test('as a version tells it that keeps the message only', () => {
		const { refusal } = parseHelperError({ messages: [`${PREFIX}${message}`] });
		expect(refusal?.message).toBe(message);
		expect(refusal?.description).toMatch(allowLists);
	});

	test('for another reason', () => {
		const thrown = wrapped(new UserError('No such host', { description: 'Choose another.' }));
		expect(parseHelperError(thrown)).toEqual({
			...nothing,
			refusal: { message: 'No such host', description: 'Choose another.' },
		});
	});

	test('is not what failed for a reason of the network or of the token endpoint', () => {
		const reset = new AxiosError('read ECONNRESET', 'ECONNRESET');
		expect(parseHelperError(wrapped(acquiring(reset))).refusal).toBeUndefined();
		expect(parseHelperError({ messages: [`${PREFIX}invalid_client`] }).refusal).toBeUndefined();
		expect(
			parseHelperError(new OperationalError(`${PREFIX}invalid_client`)).refusal,
		).toBeUndefined();
	});

	function acquiring(cause: Error): Error {
		return new OperationalError(`${PREFIX}${cause.message}`, { cause });
	}
});

describe('what tells nothing', () => {
	const cycle = new Error('a');
	cycle.cause = cycle;

	test.each<[string, unknown]>([
		['undefined', undefined],
		['null', null],
		['a text', 'oops'],
		['a number', 404],
		['an error', new Error('oops')],
		['an error that is its own cause', cycle],
		['a cause that is a text', new Error('oops', { cause: 'oops' })],
		['fields of other types', { response: 'oops', code: 7, httpCode: {}, messages: 'oops' }],
		['a response of other types', { response: { status: '404', headers: null, data: null } }],
		['a code that is no status', { code: '999', httpCode: '' }],
	])('%s', (_case, thrown) => {
		expect(parseHelperError(thrown)).toEqual(nothing);
	});
});

describe('n8n 2.20, which keeps only the message of a first token request that failed', () => {
	test.each([
		['a refusal', 'Client authentication failed', undefined, 'Client authentication failed'],
		[
			'an address where nothing listens',
			'connect ECONNREFUSED 127.0.0.1:1',
			'ECONNREFUSED',
			undefined,
		],
	])('%s', (_case, reason, code, tokenReason) => {
		const thrown = {
			messages: [`Failed to acquire OAuth2 access token: ${reason}`],
			httpCode: null,
		};
		const { code: readCode, tokenFailure } = parseHelperError(thrown);
		expect(readCode).toBe(code);
		expect(tokenFailure?.reason).toBe(tokenReason);
	});
});
