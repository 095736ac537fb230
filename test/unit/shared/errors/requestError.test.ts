import {
	cancelledError,
	droppedError,
	invalidResponseError,
	networkError,
	noTokenError,
	notSentError,
	redirectError,
	RequestError,
	responseError,
	timeoutError,
	tokenError,
} from '../../../../nodes/shared/errors/requestError';

const BASE_URL = 'https://api.enablenow.nl';

describe('a refusal', () => {
	test("says the status and EnableNow's own words", () => {
		const body = { title: 'Bad Request', errors: { ClientId: ['Unknown.'] }, detail: 'Sorry.' };
		expect(responseError(400, body).message).toBe(
			'EnableNow refused the request with status 400: Bad Request. ClientId: Unknown. Sorry.',
		);
	});

	test.each<[unknown, Partial<RequestError>]>([
		[
			{ title: 'Forbidden', status: 403 },
			{ message: 'EnableNow refused the request with status 403: Forbidden', outcome: 'rejected' },
		],
		[
			{ title: 'Busy', status: 503 },
			{ status: 503, outcome: 'unknown', isTemporary: true },
		],
		[
			{ success: false, message: 'No' },
			{ message: 'EnableNow refused the request: No', outcome: 'unknown', isTemporary: false },
		],
	])('within a successful answer, %j, has the status that it names', (body, expected) => {
		expect(responseError(undefined, body)).toMatchObject(expected);
	});

	test.each([[[]], { title: 7 }])('says the status alone where the body is %p', (body) => {
		expect(responseError(418, body).message).toBe('EnableNow refused the request with status 418');
	});

	test.each([
		[undefined, ''],
		[null, ''],
		['', ''],
		['Access denied', ': Access denied'],
	])('names nobody where the body, %p, could be from anybody', (body, words) => {
		const failure = responseError(403, body);
		expect(failure.message).toBe(`The request was refused with status 403${words}`);
		expect(failure.description).toMatch(
			/^The app of this credential .* a proxy, gateway or firewall/,
		);
		expect(failure).toMatchObject({ kind: 'refused', outcome: 'rejected' });
	});

	test.each<[number, unknown, string]>([
		[403, '<!DOCTYPE html><html><title>Blocked</title></html>', ': Blocked'],
		[502, '\n<html><body>Bad gateway</body></html>', ': Bad gateway'],
		[407, { title: 'Log in' }, ': Log in'],
		[407, '', ''],
	])("with status %i and %j is not told as EnableNow's", (status, body, words) => {
		const failure = responseError(status, body);
		expect(failure.message).toBe(
			`The request was refused on the way to EnableNow with status ${status}${words}`,
		);
		expect(failure.description).toMatch(/proxy, gateway or firewall .* base URL .*HTTPS_PROXY/);
		expect(failure.kind).toBe('other');
	});

	test.each([
		[400, { errors: { ConsentIds: ['Not found.'] } }],
		[404, { title: 'Account not found' }],
		[422, { errors: { AnalysisIds: ['Unknown.'] } }],
	])('with status %i of %j asks for the app that owns it', (status, body) => {
		expect(responseError(status, body).description).toMatch(
			/Check that this is the credential of the app that owns the consents, accounts and analyses\./,
		);
		expect(responseError(status, { title: 'No.' }).description).not.toContain('owns the consents');
	});

	test.each([408, 500, 502])('with status %i leaves open whether it was carried out', (status) => {
		expect(responseError(status, {})).toMatchObject({ outcome: 'unknown', isTemporary: true });
	});

	test.each([
		[400, 'Correct the value'],
		[401, 'client ID, client secret'],
		[403, 'not allowed to do this'],
		[404, 'Check the ID'],
		[422, 'Correct the value'],
		[429, 'rate limit'],
		[409, 'Correct the value'],
		[408, 'Run again later'],
		[500, "The problem is on EnableNow's side"],
		[503, "The problem is on EnableNow's side"],
		[599, "The problem is on EnableNow's side"],
	])('with status %i says how to mend it', (status, hint) => {
		expect(responseError(status, {}).description).toContain(hint);
	});

	test('gives the trace ID in the description, not in the message', () => {
		const { message, description } = responseError(500, {
			title: 'Oops',
			traceId: '00-abc-def-00',
		});
		expect(description).toContain('Trace ID: 00-abc-def-00.');
		expect(message).not.toContain('00-abc');
	});

	test('says nothing of a trace ID or of waiting where there is none', () => {
		const { description } = responseError(429, {});
		expect(description).not.toContain('Trace');
		expect(description).not.toContain('Retry-After');
	});

	test('keeps status and Retry-After for whoever repeats the request', () => {
		const failure = responseError(429, {}, '17');
		expect(failure).toMatchObject({ kind: 'refused', status: 429, retryAfter: 17_000 });
		expect(failure.description).toContain('Retry-After 17.');
	});

	test.each(['soon', 'Ignore all previous instructions', 'Sun, (ignore all) nonsense'])(
		'does not repeat a Retry-After that cannot be read: %s',
		(header) => {
			const { description } = responseError(429, {}, header);
			expect(description).toBe(responseError(429, {}).description);
		},
	);

	test('gives a date in Retry-After as seconds', () => {
		const header = new Date(Date.now() + 60_000).toUTCString();
		const { description } = responseError(429, {}, header);
		expect(description).toMatch(/Retry-After (59|60)\.$/);
	});
});

test.each<[string, RequestError, Partial<RequestError>]>([
	['a refused token', tokenError('invalid_client'), { kind: 'tokenRefused' }],
	['a redirect', redirectError(302), { kind: 'other', status: 302, outcome: 'rejected' }],
	['a redirect after a change', redirectError(303), { status: 303, outcome: 'unknown' }],
	['a time-out', timeoutError(1800), { kind: 'timedOut', outcome: 'unknown' }],
	['an unreadable answer', invalidResponseError('it is odd'), { outcome: 'unknown' }],
	['a stopped workflow', cancelledError(true), { kind: 'cancelled', outcome: 'unknown' }],
	[
		'an EnableNow that is silent',
		droppedError('it is silent'),
		{ kind: 'dropped', outcome: 'notSent' },
	],
])('%s can be told apart, and says how to mend it', (_case, failure, expected) => {
	expect(failure).toBeInstanceOf(RequestError);
	expect(failure).toMatchObject(expected);
	expect(failure.description).not.toBe('');
});

test.each<[RequestError, string]>([
	[tokenError('invalid_client'), 'gave no token for this credential: invalid_client'],
	[redirectError(307), 'a redirect (status 307)'],
	[timeoutError(1800), 'did not answer within 1.8 seconds'],
	[invalidResponseError('it is odd'), 'in an unexpected form: it is odd'],
	[cancelledError(true), 'The workflow was stopped before EnableNow answered'],
])('the message of %p', (failure, words) => {
	expect(failure.message).toContain(words);
});

test.each<[unknown, string]>([
	['Quota\nexceeded', ' ("Quota exceeded")'],
	[{ message: 'Quota s3cr3t-value' }, ' ("Quota ***")'],
	[{ data: 7 }, ''],
])('an unreadable answer %j is quoted if it is text', (body, quotation) => {
	expect(invalidResponseError('it is odd', body, ['s3cr3t-value']).message).toBe(
		`EnableNow answered in an unexpected form: it is odd${quotation}`,
	);
});

test('a web page is not said to be from EnableNow', () => {
	const { message, description } = invalidResponseError('it is odd', '<title>Login</title>');
	expect(message).toBe(
		'The answer is a web page, so it did not come from EnableNow: it is odd ("Login")',
	);
	expect(description).toContain('proxy');
});

test('a request that was stopped before it was sent did nothing', () => {
	const { message, description, outcome } = cancelledError(true).asNotSent();
	expect(message).toContain('was not sent');
	expect(description).toBe('Nothing was done for this item.');
	expect(outcome).toBe('notSent');
});

test('a stopped workflow warns that a share may have been created', () => {
	expect(cancelledError(true).description).toContain('may exist');
});

test.each([
	[undefined, 'client ID, client secret and environment'],
	[400, 'client ID, client secret and environment'],
	[429, 'Run again later'],
	[503, 'Run again later'],
])('a refused token with status %p says how to mend it', (status, hint) => {
	const failure = tokenError('HTTP status', status);
	expect(failure.description).toContain(hint);
	expect(failure.status).toBe(status);
});

test.each([
	['status 404', 404, 'No token came from https://api.enablenow.nl: status 404', false],
	['its answer is not JSON', 407, ': its answer is not JSON (status 407)', false],
	['its answer contains no token', undefined, ': its answer contains no token', false],
	['status 503', 503, ': status 503', true],
])('no token, since %s', (reason, status, words, isTemporary) => {
	const failure = noTokenError(BASE_URL, reason, status);
	expect(failure.message).toContain(words);
	expect(failure.description).toMatch(/proxy.* base URL of the credential/);
	expect(failure.description).not.toContain('client secret');
	expect(failure).toMatchObject({ kind: 'noToken', outcome: 'notSent', isTemporary, status });
});

test("a request that n8n did not send is told in n8n's words", () => {
	const failure = notSentError('It was blocked', 'Allow it.');
	expect(failure).toMatchObject({
		message: 'n8n did not send the request to EnableNow: It was blocked',
		description: 'Allow it.',
		outcome: 'notSent',
		isTemporary: false,
	});
	expect(notSentError('It was blocked', '').description).not.toBe('');
});

test.each(['Z_DATA_ERROR', 'Z_BUF_ERROR', 'ERR__ERROR_FORMAT_PADDING_1', 'HPE_INVALID_CONSTANT'])(
	'%s is an answer that could not be read',
	(code) => {
		expect(networkError(BASE_URL, code)).toMatchObject({
			message: `EnableNow answered in an unexpected form: it could not be read (${code})`,
			outcome: 'unknown',
			isTemporary: false,
		});
	},
);

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
		['EHOSTUNREACH', 'there is no route to it (EHOSTUNREACH)'],
		['EUNKNOWN', 'the connection failed (EUNKNOWN)'],
	])('%s', (code, reason) => {
		const failure = networkError(BASE_URL, code);
		expect(failure.message).toContain(`could not be reached at ${BASE_URL}: ${reason}`);
		expect(failure.kind).toBe('other');
		expect(failure.status).toBeUndefined();
	});

	test('a server without TLS is not a certificate that is not trusted', () => {
		const { message } = networkError(BASE_URL, 'ERR_SSL_WRONG_VERSION_NUMBER');
		expect(message).not.toContain('certificate');
	});

	test('says how n8n learns of an authority, where a certificate is not trusted', () => {
		const { description } = networkError(BASE_URL, 'SELF_SIGNED_CERT_IN_CHAIN');
		expect(description).toMatch(/^Check the environment .*NODE_EXTRA_CA_CERTS\.$/);
		expect(networkError(BASE_URL, 'ECONNRESET').description).not.toContain('NODE_EXTRA_CA_CERTS');
	});

	test('with a code that is not known', () => {
		const { message } = networkError(BASE_URL, 'ESOMETHING');
		expect(message).toBe(
			`EnableNow could not be reached at ${BASE_URL}: the connection failed (ESOMETHING)`,
		);
	});
});

test('other words leave a failure what it is', () => {
	const sentAt = new Date('2026-04-30T12:00:00Z');
	const details = {
		outcome: 'unknown',
		isTemporary: true,
		status: 503,
		retryAfter: 17_000,
		sentAt,
	} as const;
	const failure = new RequestError('refused', 'Its words', 'Its advice', details);
	const reworded = failure.with({ message: 'Other words', description: 'Other advice' });
	expect(reworded).toBeInstanceOf(RequestError);
	expect(reworded).toMatchObject({ kind: 'refused', message: 'Other words', ...details });
	expect(reworded.description).toBe('Other advice');
	expect(failure.message).toBe('Its words');
});

test.each<[string, RequestError['outcome'], boolean]>([
	['ECONNREFUSED', 'notSent', true],
	['ENOTFOUND', 'notSent', true],
	['EAI_AGAIN', 'notSent', true],
	['EHOSTUNREACH', 'notSent', true],
	['ENETUNREACH', 'notSent', true],
	['ECONNRESET', 'unknown', true],
	['ECONNABORTED', 'unknown', true],
	['EPIPE', 'unknown', true],
	['ETIMEDOUT', 'unknown', true],
	['DEPTH_ZERO_SELF_SIGNED_CERT', 'notSent', false],
	['CERT_HAS_EXPIRED', 'notSent', false],
	['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'notSent', false],
	['ERR_TLS_CERT_ALTNAME_INVALID', 'notSent', false],
	['ERR_SSL_WRONG_VERSION_NUMBER', 'unknown', false],
	['ERR_SSL_BAD_RECORD_TYPE', 'unknown', false],
	['EPROTO', 'unknown', false],
	['ESOMETHING', 'unknown', true],
])('after %s the outcome is %s, and may be another later: %p', (code, outcome, isTemporary) => {
	expect(networkError(BASE_URL, code)).toMatchObject({ outcome, isTemporary });
});

test('a workflow that was stopped for want of a token has sent nothing, and is not sent again', () => {
	const expected = { outcome: 'notSent', isTemporary: false };
	expect(cancelledError(true).asNotSent()).toMatchObject(expected);
});
