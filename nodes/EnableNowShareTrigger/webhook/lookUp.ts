import { type IWebhookFunctions, sleep } from 'n8n-workflow';

import { createClient, type CredentialSnapshot } from '../../shared/api/client';
import { getCredentialId } from '../../shared/api/credential';
import { parseRetryAfter } from '../../shared/api/retryAfter';
import { getShare, type Share } from '../../shared/api/shares';
import { Semaphore } from '../../shared/async/semaphore';
import { TimeoutError, withTimeout } from '../../shared/async/timeout';
import { InputError } from '../../shared/errors/inputError';
import { RequestError, timeoutError } from '../../shared/errors/requestError';
import { errorMessage, joinSentences } from '../../shared/errors/text';
import { identifierKey } from '../../shared/input/identifiers';
import { SHARE_CREATED } from '../description';

export type LookUpResult =
	/** EnableNow knows the share and lets this app see it. */
	| { outcome: 'found'; share: Share }
	/** EnableNow says that there is no such share, or not for this app. */
	| { outcome: 'denied'; reason: string }
	/** EnableNow could not be asked in time. */
	| { outcome: 'unavailable'; reason: string };

/** The statuses by which EnableNow says that there is no such share, or not for this app. */
const DENIED = [400, 403, 404, 410, 422];

/** The trigger assumes that EnableNow waits 5 seconds for the response to an event. */
const DEADLINE_MS = 4_000;

/** Short enough for a second request to fit. */
const REQUEST_TIMEOUT_SECONDS = 1.8;

/** A request that starts with less time left would hardly be answered in time. */
const MIN_REQUEST_MS = 1_000;

/** Pauses before the retry if EnableNow does not say how long; the long one after 404 and 429. */
const DEFAULT_PAUSE_MS = 250;
const LONG_PAUSE_MS = 1_000;

/** However long EnableNow asks to wait, later events can still be looked up in time. */
const MAX_RATE_LIMIT_PAUSE_MS = 2_000;

const MAX_CONCURRENT_LOOK_UPS = 10;

/**
 * Limits the look-ups of one credential. A burst of events, by a stranger or not, must neither use up
 * the rate limit that workflows need, nor keep n8n so busy that no look-up is answered in time.
 */
class LookUpLimiter {
	private readonly semaphore = new Semaphore(MAX_CONCURRENT_LOOK_UPS);
	/** After a 429, the end of the pause by `performance.now()`. */
	private pause: { until: number; error: unknown } = { until: 0, error: undefined };

	/**
	 * Sends a request when there is room for it and EnableNow is not over its rate limit.
	 *
	 * @throws RequestError a timeout or the last 429, if it would be sent later than `latestStart`
	 */
	async send(latestStart: number, request: () => Promise<Share>): Promise<Share> {
		return await this.semaphore.take(async () => {
			const now = performance.now();
			const { until, error } = this.pause;
			if (until > Math.max(now, latestStart)) throw error;
			if (now > latestStart) throw timeoutError(DEADLINE_MS);
			if (until > now) await sleep(until - now);
			return await request().catch((failure: unknown) => this.rethrow(failure));
		});
	}

	private rethrow(error: unknown): never {
		if (error instanceof RequestError && error.status === 429) {
			const until = performance.now() + Math.min(getPause(error), MAX_RATE_LIMIT_PAUSE_MS);
			if (until > this.pause.until) this.pause = { until, error };
		}
		throw error;
	}
}

/** The limiters by credential. */
const limiters = new Map<string, LookUpLimiter>();

/** The look-ups in flight for shares that were created, by credential and share. */
const inFlight = new Map<string, Promise<LookUpResult>>();

/**
 * Asks EnableNow for the share of an event: anybody can post to a webhook, but only EnableNow knows
 * its shares. A failure that may pass is retried once. Events that say at the same time that a share
 * was created share a look-up; after an update, an earlier look-up may be out of date.
 *
 * @param reading - the credential, as it was read for the event
 * @returns within 4 seconds; never throws
 */
export async function lookUpShare(
	context: IWebhookFunctions,
	shareId: string,
	event: string,
	reading: CredentialSnapshot,
): Promise<LookUpResult> {
	if (event !== SHARE_CREATED) return await requestShare(context, shareId, reading);
	const key = `${getCredentialId(context)} ${identifierKey(shareId)}`;
	const lookUp =
		inFlight.get(key) ??
		requestShare(context, shareId, reading).finally(() => inFlight.delete(key));
	inFlight.set(key, lookUp);
	return await lookUp;
}

async function requestShare(
	context: IWebhookFunctions,
	shareId: string,
	reading: CredentialSnapshot,
): Promise<LookUpResult> {
	const credentialId = getCredentialId(context);
	const limiter = limiters.get(credentialId) ?? new LookUpLimiter();
	limiters.set(credentialId, limiter);
	const latestStart = performance.now() + DEADLINE_MS - MIN_REQUEST_MS;
	const lookUp = async () => {
		const client = await createClient(context, REQUEST_TIMEOUT_SECONDS, reading);
		const request = async () =>
			await limiter.send(latestStart, async () => await getShare(client, shareId));
		return await request().catch(
			async (error: unknown) => await retry(request, error, latestStart),
		);
	};
	try {
		return { outcome: 'found', share: await withTimeout(lookUp, DEADLINE_MS) };
	} catch (error) {
		return toFailedResult(error instanceof TimeoutError ? timeoutError(error.milliseconds) : error);
	}
}

/** Retries a request that failed, if that may help and there is time for it. */
async function retry(
	request: () => Promise<Share>,
	error: unknown,
	latestStart: number,
): Promise<Share> {
	if (!(error instanceof RequestError)) throw error;
	const isNotFound = error.status === 404;
	const pause = getPause(error);
	if (!(error.isTemporary || isNotFound) || performance.now() + pause > latestStart) throw error;
	await sleep(pause);
	if (!isNotFound) return await request();
	// A share may be announced before it can be read. If the retry fails or takes too long, the 404
	// stands: a stranger must not get past it while EnableNow is slow.
	return await withTimeout(request, latestStart - performance.now()).catch(() => {
		throw error;
	});
}

/** How long to wait after a failure, in milliseconds. */
function getPause({ status, retryAfter }: RequestError): number {
	const defaultPause = status === 404 || status === 429 ? LONG_PAUSE_MS : DEFAULT_PAUSE_MS;
	return parseRetryAfter(retryAfter, Date.now()) ?? defaultPause;
}

function toFailedResult(error: unknown): LookUpResult {
	const message = errorMessage(error);
	const isRequestError = error instanceof RequestError;
	if (isRequestError && error.kind === 'refused' && DENIED.includes(error.status ?? 0)) {
		const hint =
			'Check that the credential is that of the app which receives the share, in the same environment.';
		const reason = joinSentences('EnableNow does not confirm the share.', message, hint);
		return { outcome: 'denied', reason };
	}
	const isPermanent = error instanceof InputError || (isRequestError && !error.isTemporary);
	const hint = isPermanent
		? error.description
		: 'Get the share with the EnableNow Share node before you rely on it.';
	const reason = joinSentences('The share could not be looked up.', message, hint);
	return { outcome: 'unavailable', reason };
}
