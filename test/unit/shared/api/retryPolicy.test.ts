import { type Repetition, repetitionOf } from '../../../../nodes/shared/api/retryPolicy';
import {
	cancellation,
	failureOfN8n,
	networkFailure,
	redirection,
	refusal,
	type RequestError,
	silence,
	timeOut,
	tokenRefusal,
	unexpectedResponse,
} from '../../../../nodes/shared/errors/requestError';

function unreachable(code: string): RequestError {
	return networkFailure('https://api.enablenow.nl', code);
}

/** What failed; what may be done with a GET or PUT; what with a POST, which must not create twice. */
test.each<[string, RequestError, Repetition, Repetition]>([
	['nothing listens', unreachable('ECONNREFUSED'), 'repeatable', 'repeatable'],
	['an unknown host', unreachable('ENOTFOUND'), 'repeatable', 'repeatable'],
	['a host that cannot be looked up', unreachable('EAI_AGAIN'), 'repeatable', 'repeatable'],
	['a connection that was cut off', unreachable('ECONNRESET'), 'repeatable', 'ambiguous'],
	['a connection that timed out', unreachable('ETIMEDOUT'), 'repeatable', 'ambiguous'],
	['a failure within n8n', failureOfN8n('no node'), 'final', 'ambiguous'],
	['a certificate of its own', unreachable('DEPTH_ZERO_SELF_SIGNED_CERT'), 'final', 'final'],
	['an unknown certificate', unreachable('UNABLE_TO_VERIFY_LEAF_SIGNATURE'), 'final', 'final'],
	['TLS that breaks', unreachable('ERR_SSL_BAD_RECORD_TYPE'), 'final', 'ambiguous'],
	['TLS that breaks, no token', unreachable('EPROTO').asUnsent(), 'repeatable', 'repeatable'],
	['a time-out', timeOut(1_000), 'repeatable', 'ambiguous'],
	['status 400', refusal(400, {}), 'final', 'final'],
	['status 401', refusal(401, {}), 'final', 'final'],
	['status 404', refusal(404, {}), 'final', 'final'],
	['status 409', refusal(409, {}), 'final', 'final'],
	['status 429', refusal(429, {}), 'repeatable', 'repeatable'],
	['status 500', refusal(500, {}), 'final', 'ambiguous'],
	['status 502', refusal(502, {}), 'repeatable', 'ambiguous'],
	['status 503', refusal(503, {}), 'repeatable', 'ambiguous'],
	['status 504', refusal(504, {}), 'repeatable', 'ambiguous'],
	['an unreadable answer', unexpectedResponse('it is odd'), 'final', 'ambiguous'],
	['a redirect', redirection(307), 'final', 'final'],
	['a time-out of the token', timeOut(1_000).asUnsent(), 'repeatable', 'repeatable'],
	['a token cut off', unreachable('ECONNRESET').asUnsent(), 'repeatable', 'repeatable'],
	['a failure within n8n, no token', failureOfN8n('odd').asUnsent(), 'repeatable', 'repeatable'],
	['an unknown certificate, no token', unreachable('CERT').asUnsent(), 'final', 'final'],
	['a refused token, unsent', tokenRefusal('wrong', 400).asUnsent(), 'final', 'final'],
	['a stopped workflow', cancellation(), 'final', 'final'],
	['an EnableNow that is silent', silence(10, 0), 'repeatable', 'repeatable'],
	['a refused token', tokenRefusal('invalid_client', 400), 'final', 'final'],
	['a refused token, status unknown', tokenRefusal('invalid_client'), 'final', 'final'],
	['no token for the moment', tokenRefusal('HTTP status 503', 503), 'repeatable', 'repeatable'],
	['too many tokens asked for', tokenRefusal('HTTP status 429', 429), 'repeatable', 'repeatable'],
])('%s', (_case, failure, harmless, creating) => {
	expect(repetitionOf('GET', failure)).toBe(harmless);
	expect(repetitionOf('PUT', failure)).toBe(harmless);
	expect(repetitionOf('POST', failure)).toBe(creating);
});
