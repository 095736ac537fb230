import { canRetry, isAmbiguous } from '../../../../nodes/shared/api/retryPolicy';
import {
	cancelledError,
	n8nError,
	networkError,
	noTokenError,
	notSentError,
	redirectError,
	responseError,
	type RequestError,
	droppedError,
	timeoutError,
	tokenError,
	invalidResponseError,
} from '../../../../nodes/shared/errors/requestError';

function unreachable(code: string): RequestError {
	return networkError('https://api.enablenow.nl', code);
}

type Decision = 'retry' | 'find out' | 'give up';

/** What failed; what may be done with a GET or PUT; what with a POST, which must not create twice. */
test.each<[string, RequestError, Decision, Decision]>([
	['nothing listens', unreachable('ECONNREFUSED'), 'retry', 'retry'],
	['an unknown host', unreachable('ENOTFOUND'), 'retry', 'retry'],
	['a host that cannot be looked up', unreachable('EAI_AGAIN'), 'retry', 'retry'],
	['a connection that was cut off', unreachable('ECONNRESET'), 'retry', 'find out'],
	['a connection that timed out', unreachable('ETIMEDOUT'), 'retry', 'find out'],
	['a failure within n8n', n8nError('no node'), 'give up', 'find out'],
	['a certificate of its own', unreachable('DEPTH_ZERO_SELF_SIGNED_CERT'), 'give up', 'give up'],
	['an unknown certificate', unreachable('UNABLE_TO_VERIFY_LEAF_SIGNATURE'), 'give up', 'give up'],
	['TLS that breaks', unreachable('ERR_SSL_BAD_RECORD_TYPE'), 'give up', 'find out'],
	['TLS that breaks, no token', unreachable('EPROTO').asNotSent(), 'retry', 'retry'],
	['a time-out', timeoutError(1_000), 'retry', 'find out'],
	['status 400', responseError(400, {}), 'give up', 'give up'],
	['status 401', responseError(401, {}), 'give up', 'give up'],
	['status 404', responseError(404, {}), 'give up', 'give up'],
	['status 409', responseError(409, {}), 'give up', 'give up'],
	['status 429', responseError(429, {}), 'retry', 'retry'],
	['status 408', responseError(408, {}), 'retry', 'find out'],
	['status 500', responseError(500, {}), 'retry', 'find out'],
	['status 502', responseError(502, {}), 'retry', 'find out'],
	['status 503', responseError(503, {}), 'retry', 'find out'],
	['status 504', responseError(504, {}), 'retry', 'find out'],
	['an unreadable answer', invalidResponseError('it is odd'), 'give up', 'find out'],
	['a proxy', responseError(407, '<html>'), 'give up', 'give up'],
	['an answer that cannot be read', unreachable('Z_DATA_ERROR'), 'give up', 'find out'],
	["n8n's SSRF protection", notSentError('blocked', ''), 'give up', 'give up'],
	['a token endpoint that is not there', noTokenError('', 'status 404', 404), 'give up', 'give up'],
	['a redirect', redirectError(307), 'give up', 'give up'],
	['a time-out of the token', timeoutError(1_000).asNotSent(), 'retry', 'retry'],
	['a token cut off', unreachable('ECONNRESET').asNotSent(), 'retry', 'retry'],
	['a failure within n8n, no token', n8nError('odd').asNotSent(), 'retry', 'retry'],
	['an unknown certificate, no token', unreachable('CERT').asNotSent(), 'give up', 'give up'],
	['a refused token, unsent', tokenError('wrong', 400).asNotSent(), 'give up', 'give up'],
	['a stopped workflow', cancelledError(true), 'give up', 'give up'],
	['an EnableNow that is silent', droppedError('it is silent'), 'retry', 'retry'],
	['a refused token', tokenError('invalid_client', 400), 'give up', 'give up'],
	['a refused token, status unknown', tokenError('invalid_client'), 'give up', 'give up'],
	['no token for the moment', tokenError('HTTP status 503', 503), 'retry', 'retry'],
	['too many tokens asked for', tokenError('HTTP status 429', 429), 'retry', 'retry'],
])('%s', (_case, error, harmless, creating) => {
	for (const method of ['GET', 'PUT'] as const) {
		expect(canRetry(method, error)).toBe(harmless === 'retry');
		expect(isAmbiguous(method, error)).toBe(false);
	}
	expect(canRetry('POST', error)).toBe(creating === 'retry');
	expect(isAmbiguous('POST', error)).toBe(creating === 'find out');
});
