import { RequestError } from '../errors/requestError';
import type { ApiRequest } from './client';

/** The wait after a poll that failed, in milliseconds; doubled each time. */
const MIN_POLL_WAIT_MS = 2_000;
const MAX_POLL_WAIT_MS = 30_000;

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

/**
 * How long to wait after a poll that failed, in milliseconds: as EnableNow asks, or longer each time;
 * for ever after a wrong client secret, since an app that goes on could be locked out.
 *
 * @param failures - how many polls before this one failed in a row
 */
export function getPollWait(error: unknown, failures: number): number {
	const wait = Math.min(MIN_POLL_WAIT_MS * 2 ** failures, MAX_POLL_WAIT_MS);
	if (!(error instanceof RequestError)) return wait;
	if (error.kind === 'tokenRefused' && !error.isTemporary) return Number.POSITIVE_INFINITY;
	return Math.max(wait, error.retryAfter ?? 0);
}
