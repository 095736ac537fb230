import type { RequestError } from '../errors/requestError';
import type { ApiRequest } from './client';

/**
 * Whether a failed request may be sent again. GET changes nothing and PUT sets the same end of a
 * share again; POST creates a share each time that it is carried out.
 */
export function canRetry(method: ApiRequest['method'], error: RequestError): boolean {
	return error.isTemporary && !isAmbiguous(method, error);
}

/** Whether a failed request may have created a share, so that another one could create it twice. */
export function isAmbiguous(method: ApiRequest['method'], error: RequestError): boolean {
	return method === 'POST' && error.outcome === 'unknown' && error.kind !== 'cancelled';
}
