import {
	cancellation,
	isTlsBroken,
	isUntrusted,
	networkFailure,
	outOfPatience,
	redirection,
	refusal,
	RequestError,
	silence,
	timeOut,
	tokenRefusal,
	unexpectedResponse,
} from '../../../../nodes/shared/errors/requestError';

const BASE_URL = 'https://api.enablenow.nl';

describe('a refusal', () => {
	test("says the status and EnableNow's own words", () => {
		const body = { title: 'Bad Request', errors: { ClientId: ['Unknown.'] }, detail: 'Sorry.' };
		expect(refusal(400, body).message).toBe(
			'EnableNow refused the request with status 400: Bad Request. ClientId: Unknown. Sorry.',
		);
	});

	test.each([undefined, null, '', '<html>', [], { title: 7 }])(
		'says the status alone where the body is %p',
		(body) => {
			expect(refusal(418, body).message).toBe('EnableNow refused the request with status 418');
		},
	);

	test.each([
		[400, 'Correct the value'],
		[401, 'client ID, client secret'],
		[403, 'may not do this'],
		[404, 'Check the ID'],
		[409, 'Get operation'],
		[410, 'no longer exists'],
		[413, 'fewer'],
		[415, 'Update this package'],
		[422, 'Correct the value'],
		[429, 'rate limit'],
		[418, 'Check the values'],
		[500, 'The fault lies with EnableNow'],
		[503, 'The fault lies with EnableNow'],
		[599, 'The fault lies with EnableNow'],
	])('with status %i says how to mend it', (status, hint) => {
		expect(refusal(status, {}).description).toContain(hint);
	});

	test('gives the trace ID in the description, not in the message', () => {
		const { message, description } = refusal(500, { title: 'Oops', traceId: '00-abc-def-00' });
		expect(description).toContain('Trace ID: 00-abc-def-00.');
		expect(message).not.toContain('00-abc');
	});

	test('says nothing of a trace ID or of waiting where there is none', () => {
		const { description } = refusal(429, {});
		expect(description).not.toContain('Trace');
		expect(description).not.toContain('Retry-After');
	});

	test('keeps status and Retry-After for whoever repeats the request', () => {
		const failure = refusal(429, {}, '17');
		expect(failure).toMatchObject({ kind: 'refused', status: 429, retryAfter: '17' });
		expect(failure.description).toContain('Retry-After 17.');
	});
});

test.each<[string, RequestError, Partial<RequestError>]>([
	['a refused token', tokenRefusal('invalid_client'), { kind: 'tokenRefused' }],
	['a redirect', redirection(302), { kind: 'redirected', status: 302 }],
	['a time-out', timeOut(1800), { kind: 'timedOut', code: 'ETIMEDOUT' }],
	['an unreadable answer', unexpectedResponse('it is odd'), { kind: 'unreadable' }],
	['a stopped workflow', cancellation(), { kind: 'cancelled', code: 'ERR_CANCELED' }],
	['an EnableNow that is silent', silence(10, 0), { kind: 'unsent', status: undefined }],
])('%s can be told apart, and says how to mend it', (_case, failure, expected) => {
	expect(failure).toBeInstanceOf(RequestError);
	expect(failure).toMatchObject(expected);
	expect(failure.description).not.toBe('');
});

test.each<[RequestError, string]>([
	[tokenRefusal('invalid_client'), 'gave no token for this credential: invalid_client'],
	[redirection(307), 'a redirect (status 307)'],
	[timeOut(1800), 'did not answer within 1.8 seconds'],
	[unexpectedResponse('it is odd'), 'in an unexpected form: it is odd'],
	[cancellation(), 'The workflow was stopped before EnableNow answered'],
])('the message of %p', (failure, words) => {
	expect(failure.message).toContain(words);
});

test('a stopped workflow warns that a share may have been created', () => {
	expect(cancellation().description).toContain('may exist');
});

test.each([
	[undefined, 'client ID, client secret and environment'],
	[400, 'client ID, client secret and environment'],
	[429, 'Run again later'],
	[503, 'Run again later'],
])('a refused token with status %p says how to mend it', (status, hint) => {
	const failure = tokenRefusal('HTTP status', status);
	expect(failure.description).toContain(hint);
	expect(failure.status).toBe(status);
});

describe('an unreachable EnableNow', () => {
	test.each([
		['ECONNREFUSED', 'nothing listens at this address (ECONNREFUSED)'],
		['ECONNRESET', 'the connection was cut off (ECONNRESET)'],
		['ETIMEDOUT', 'the connection timed out (ETIMEDOUT)'],
		['ENOTFOUND', 'its host name is not known (ENOTFOUND)'],
		['EAI_AGAIN', 'its host name could not be looked up (EAI_AGAIN)'],
		['DEPTH_ZERO_SELF_SIGNED_CERT', 'its TLS certificate is not trusted'],
		['SELF_SIGNED_CERT_IN_CHAIN', 'its TLS certificate is not trusted'],
		['CERT_HAS_EXPIRED', 'its TLS certificate is not trusted'],
		['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'its TLS certificate is not trusted'],
		['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'its TLS certificate is not trusted'],
		['ERR_TLS_CERT_ALTNAME_INVALID', 'its TLS certificate is not trusted'],
		['EUNKNOWN', 'the connection failed (EUNKNOWN)'],
	])('%s', (code, reason) => {
		const failure = networkFailure(BASE_URL, code);
		expect(failure.message).toContain(`could not be reached at ${BASE_URL}: ${reason}`);
		expect(failure).toMatchObject({ kind: 'unreachable', code, status: undefined });
	});

	test('a server without TLS is not a certificate that is not trusted', () => {
		const { message } = networkFailure(BASE_URL, 'ERR_SSL_WRONG_VERSION_NUMBER');
		expect(message).not.toContain('certificate');
	});

	test('says how n8n learns of an authority, where a certificate is not trusted', () => {
		const { description } = networkFailure(BASE_URL, 'SELF_SIGNED_CERT_IN_CHAIN');
		expect(description).toMatch(/^Check the environment .*NODE_EXTRA_CA_CERTS\.$/);
		expect(networkFailure(BASE_URL, 'ECONNRESET').description).not.toContain('NODE_EXTRA_CA_CERTS');
	});

	test('with a code that is not known', () => {
		const { message, code } = networkFailure(BASE_URL, 'ESOMETHING');
		expect(message).toBe(
			`EnableNow could not be reached at ${BASE_URL}: the connection failed (ESOMETHING)`,
		);
		expect(code).toBe('ESOMETHING');
	});
});

test('other words leave a failure what it is', () => {
	const sentAt = new Date('2026-04-30T12:00:00Z');
	const details = { status: 503, code: 'ECODE', retryAfter: '17', sentAt };
	const failure = new RequestError('refused', 'Its words', 'Its advice', details);
	const reworded = failure.reworded('Other words', 'Other advice');
	expect(reworded).toBeInstanceOf(RequestError);
	expect(reworded).toMatchObject({ kind: 'refused', message: 'Other words', ...details });
	expect(reworded.description).toBe('Other advice');
	expect(failure.message).toBe('Its words');
});

test('a failure that is not waited for says why, and what it was', () => {
	const failure = outOfPatience(refusal(429, {}, '3600'), 'it asks for too much', true);
	expect(failure).toMatchObject({ kind: 'refused', status: 429, retryAfter: '3600' });
	expect(failure.message).toBe(
		'EnableNow refused the request with status 429. Given up: it asks for too much',
	);
	expect(failure.description).toContain('Nothing was done for this item, so it can be run again');
});

test('a silence says how many requests failed, and for how long', () => {
	jest.useFakeTimers({ now: 100_000 });
	expect(silence(12, 38_600).message).toBe(
		'This item was not sent: EnableNow answered none of the last 12 requests, for 61 seconds',
	);
	jest.useRealTimers();
});

test.each([
	['DEPTH_ZERO_SELF_SIGNED_CERT', true],
	['CERT_HAS_EXPIRED', true],
	['UNABLE_TO_VERIFY_LEAF_SIGNATURE', true],
	['ERR_TLS_CERT_ALTNAME_INVALID', true],
	['ERR_SSL_WRONG_VERSION_NUMBER', false],
	['ECONNRESET', false],
	['', false],
])('%p shows that a server is not trusted: %p', (code, expected) => {
	expect(isUntrusted(code)).toBe(expected);
});

test.each([
	['ERR_SSL_WRONG_VERSION_NUMBER', true],
	['ERR_SSL_BAD_RECORD_TYPE', true],
	['EPROTO', true],
	['ERR_TLS_CERT_ALTNAME_INVALID', false],
	['ECONNRESET', false],
	['', false],
])('%p shows that TLS broke: %p', (code, expected) => {
	expect(isTlsBroken(code)).toBe(expected);
});
