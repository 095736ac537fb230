import { type IWebhookFunctions, sleep } from 'n8n-workflow';

import { createClient, type CredentialSnapshot } from '../../shared/api/client';
import { getCredentialId } from '../../shared/api/credential';
import { getShare, type Share } from '../../shared/api/shares';
import { isTimeout, withTimeout } from '../../shared/async/abort';
import { InputError } from '../../shared/errors/inputError';
import { RequestError } from '../../shared/errors/requestError';
import { errorMessage, joinSentences } from '../../shared/errors/text';
import { identifierKey } from '../../shared/input/identifiers';
import { SHARE_CREATED } from '../description';
import { getPause, type LookUpAllowance, LookUpLimiter } from './lookUpLimiter';

export type LookUpResult =
	/** EnableNow knows the share and lets this app see it. */
	| { outcome: 'found'; share: Share }
	/** EnableNow says that there is no such share, or not for this app. */
	| { outcome: 'denied'; reason: string }
	/** EnableNow could not be asked in time. */
	| { outcome: 'unavailable'; reason: string };

/** The statuses by which EnableNow says that there is no such share, or not for this app. */
const DENIED = [400, 403, 404, 410, 422];

/** What is known about the request that an event came with. */
export interface EventOrigin {
	/** The credential, as it was read for the request. */
	reading: CredentialSnapshot;
	isSecretPresented: boolean;
	/** By `performance.now()`: when the request must be answered. */
	deadline: number;
}

/** Short enough for a second request to fit. */
const REQUEST_TIMEOUT_SECONDS = 1.8;

/** A request that starts with less time left would hardly be answered in time. */
const MIN_REQUEST_MS = 1_000;

/** The limiters by credential. */
const limiters = new Map<string, LookUpLimiter>();

/** The look-ups in flight for shares that were created, by credential and share. */
const inFlight = new Map<string, Promise<LookUpResult>>();

/**
 * Asks EnableNow for the share of an event: anybody can post to a webhook, but only EnableNow knows
 * its shares. A failure that may pass is retried once. Events that say at the same time that a share
 * was created share a look-up; after an update, an earlier look-up may be out of date.
 *
 * @returns before the deadline; never throws
 */
export async function lookUpShare(
	context: IWebhookFunctions,
	shareId: string,
	event: string,
	origin: EventOrigin,
): Promise<LookUpResult> {
	if (event !== SHARE_CREATED) return await requestShare(context, shareId, origin);
	const key = `${getCredentialId(context)} ${identifierKey(shareId)}`;
	const lookUp =
		inFlight.get(key) ?? requestShare(context, shareId, origin).finally(() => inFlight.delete(key));
	inFlight.set(key, lookUp);
	return await lookUp;
}

async function requestShare(
	context: IWebhookFunctions,
	shareId: string,
	{ reading, isSecretPresented, deadline }: EventOrigin,
): Promise<LookUpResult> {
	const credentialId = getCredentialId(context);
	const limiter = limiters.get(credentialId) ?? new LookUpLimiter();
	limiters.set(credentialId, limiter);
	const allowance = { latestStart: deadline - MIN_REQUEST_MS, isSecretPresented };
	const lookUp = async () => {
		const client = await createClient(context, REQUEST_TIMEOUT_SECONDS, reading);
		const getShareOnce = async () => await getShare(client, shareId);
		const request = async () => await limiter.send(allowance, getShareOnce);
		return await request().catch(async (error: unknown) => await retry(request, error, allowance));
	};
	try {
		const milliseconds = Math.max(deadline - performance.now(), 0);
		return { outcome: 'found', share: await withTimeout(lookUp, milliseconds) };
	} catch (error) {
		return toFailedResult(
			isTimeout(error) ? new Error('EnableNow did not answer within the time allowed') : error,
		);
	}
}

/**
 * Retries a request that failed, if that may help and there is time for it: once, and after a 404 as long as
 * there is time, since a share may be announced before it can be read.
 */
async function retry(
	request: () => Promise<Share>,
	error: unknown,
	allowance: LookUpAllowance,
): Promise<Share> {
	const { latestStart } = allowance;
	if (!(error instanceof RequestError)) throw error;
	const isMissing = isNotFound(error);
	const pause = getPause(error);
	if (!(error.isTemporary || isMissing) || performance.now() + pause > latestStart) throw error;
	await sleep(pause);
	const timeLeft = Math.max(latestStart - performance.now(), 0);
	return await (isMissing ? withTimeout(request, timeLeft) : request()).catch(
		async (again: unknown) => {
			if (isNotFound(again)) return await retry(request, again, allowance);
			// A 404 stands if the retry fails or takes too long: a stranger must not get past it while
			// EnableNow is slow.
			throw isMissing ? error : again;
		},
	);
}

function isNotFound(error: unknown): boolean {
	return error instanceof RequestError && error.kind === 'refused' && error.status === 404;
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
