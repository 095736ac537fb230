import { type IWebhookFunctions, sleep } from 'n8n-workflow';

import { createClient, type CredentialSnapshot } from '../../shared/api/client';
import { getCredentialId } from '../../shared/api/credential';
import { parseRetryAfter } from '../../shared/api/retryAfter';
import { getShare, type Share } from '../../shared/api/shares';
import { Semaphore } from '../../shared/async/semaphore';
import { SingleFlight } from '../../shared/async/singleFlight';
import { TimeoutError, withTimeout } from '../../shared/async/timeout';
import { InputError } from '../../shared/errors/inputError';
import { errorMessage, joinSentences } from '../../shared/errors/text';
import { RequestError, timeoutError } from '../../shared/errors/requestError';
import { identifierKey } from '../../shared/input/identifiers';

export type LookUpResult =
	/** EnableNow knows the share, and lets this app see it. */
	| { outcome: 'found'; share: Share }
	/** EnableNow says that there is no such share, or not for this app. */
	| { outcome: 'denied'; reason: string }
	/** EnableNow could not be asked in time. */
	| { outcome: 'unavailable'; reason: string };

/** The statuses by which EnableNow says that there is no such share, or not for this app. */
const DENIED = [400, 403, 404, 410, 422];

/** EnableNow waits for the answer to its event for 5 seconds, as the trigger assumes. */
const DEADLINE_MS = 4_000;

/** Short enough for a second request to fit. */
const REQUEST_TIMEOUT_SECONDS = 1.8;

/** A request that starts with less time left would hardly be answered in time. */
const MIN_REQUEST_MS = 1_000;

/** The pause before the retry where EnableNow does not say how long. */
const DEFAULT_PAUSE_MS = 250;
const RATE_LIMIT_PAUSE_MS = 1_000;

/** However long EnableNow wants to be left alone, later events can still be looked up in time. */
const MAX_RATE_LIMIT_PAUSE_MS = 2_000;

/**
 * For each credential. A burst of events, by a stranger or not, must not use up the rate limit of the
 * workflows, nor n8n's CPU time so that no look-up is answered in time.
 */
interface Limit {
	semaphore: Semaphore;
	/** After an answer 429; `until` is on the clock of `performance.now()`. */
	pause?: { until: number; error: RequestError };
}

const MAX_CONCURRENT_LOOK_UPS = 10;

const limits = new Map<string, Limit>();

/** The look-ups under way, by credential and share. */
const flights = new Map<string, SingleFlight<LookUpResult>>();

/**
 * Asks EnableNow for the share of an event: anybody can post to a webhook, but only EnableNow knows
 * its shares. A temporary failure is retried once. Events that name the same share at the same time
 * share a look-up.
 *
 * @param isNew - whether the share was just created, so that a look-up under way will do. Otherwise
 *   the share may have changed since that one began
 * @param reading - the credential, as it was read for the event
 * @returns within 4 seconds; never throws
 */
export async function lookUpShare(
	context: IWebhookFunctions,
	shareId: string,
	isNew: boolean,
	reading: CredentialSnapshot,
): Promise<LookUpResult> {
	const key = `${getCredentialId(context)} ${identifierKey(shareId)}`;
	const flight =
		flights.get(key) ??
		new SingleFlight(
			async () => await requestShare(context, shareId, reading),
			() => flights.delete(key),
		);
	flights.set(key, flight);
	const join = async () => await ((isNew ? flight.underWay : undefined) ?? flight.run());
	try {
		return await withTimeout(join, DEADLINE_MS);
	} catch (error) {
		return toFailedResult(error instanceof TimeoutError ? timeoutError(error.milliseconds) : error);
	}
}

async function requestShare(
	context: IWebhookFunctions,
	shareId: string,
	reading: CredentialSnapshot,
): Promise<LookUpResult> {
	const latestStart = performance.now() + DEADLINE_MS - MIN_REQUEST_MS;
	const limit = getLimit(getCredentialId(context));
	const client = await createClient(context, REQUEST_TIMEOUT_SECONDS, reading);
	const request = async () =>
		await limited(limit, latestStart, async () => await getShare(client, shareId));
	const share = await request().catch(async (error: unknown) => {
		if (!(error instanceof RequestError) || !error.isTemporary) throw error;
		const pause = getPause(error);
		if (performance.now() + pause > latestStart) throw error;
		await sleep(pause);
		return await request();
	});
	return { outcome: 'found', share };
}

function getLimit(credentialId: string): Limit {
	const limit = limits.get(credentialId) ?? {
		semaphore: new Semaphore(MAX_CONCURRENT_LOOK_UPS),
	};
	limits.set(credentialId, limit);
	return limit;
}

/**
 * Sends a request when one of the credential's slots is free and EnableNow is not over its rate limit.
 *
 * @throws RequestError the last answer 429, or a timeout, where that is later than `latestStart`; what
 *   `send` throws
 */
async function limited(
	limit: Limit,
	latestStart: number,
	send: () => Promise<Share>,
): Promise<Share> {
	return await limit.semaphore.take(async () => {
		const now = performance.now();
		const { pause } = limit;
		if (pause && pause.until > Math.max(now, latestStart)) throw pause.error;
		if (now > latestStart) throw timeoutError(DEADLINE_MS);
		if (pause && pause.until > now) await sleep(pause.until - now);
		const response = send();
		response.catch((error: unknown) => pauseIfRateLimited(limit, error));
		return await response;
	});
}

function pauseIfRateLimited(limit: Limit, error: unknown): void {
	if (!(error instanceof RequestError) || error.status !== 429) return;
	const until = performance.now() + Math.min(getPause(error), MAX_RATE_LIMIT_PAUSE_MS);
	if (until > (limit.pause?.until ?? 0)) limit.pause = { until, error };
}

/** How long EnableNow asks to wait after a failure, in milliseconds. */
function getPause({ status, retryAfter }: RequestError): number {
	const defaultPause = status === 429 ? RATE_LIMIT_PAUSE_MS : DEFAULT_PAUSE_MS;
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
	const isLasting = error instanceof InputError || (isRequestError && !error.isTemporary);
	const hint = isLasting
		? error.description
		: 'Get the share with the EnableNow Share node before you rely on it.';
	const reason = joinSentences('The share could not be looked up.', message, hint);
	return { outcome: 'unavailable', reason };
}
