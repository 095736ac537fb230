import type { RequestError } from '../errors/requestError';
import type { ApiRequest } from './client';

/**
 * Whether a failed request may be sent again. GET changes nothing and PUT sets the same expiration
 * again, but each POST creates another share.
 */
export function canRetry(method: ApiRequest['method'], error: RequestError): boolean {
	return error.isTemporary && !isAmbiguous(method, error);
}

/** Whether a failed request may have created a share, so that a retry could create a second one. */
export function isAmbiguous(method: ApiRequest['method'], error: RequestError): boolean {
	return method === 'POST' && error.outcome === 'unknown' && error.kind !== 'cancelled';
}
