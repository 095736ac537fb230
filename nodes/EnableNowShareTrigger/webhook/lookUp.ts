import { type IWebhookFunctions, sleep } from 'n8n-workflow';

import { SingleFlight } from '../../shared/async/singleFlight';
import { getCredentialId, type NodeContext } from '../../shared/api/credential';
import { TimeoutError, withTimeout } from '../../shared/async/timeout';
import { identifierKey } from '../../shared/input/identifiers';
import { InputError } from '../../shared/errors/inputError';
import { errorMessage, joinSentences } from '../../shared/errors/text';
import { canRetry } from '../../shared/api/retryPolicy';
import { RequestError, timeoutError } from '../../shared/errors/requestError';
import { parseRetryAfter } from '../../shared/api/retryAfter';
import { getShare, type Share } from '../../shared/api/shares';
import { createClient, type CredentialReading } from '../../shared/api/client';
import { LookUpTurns } from './lookUpTurns';

/** What EnableNow says of a share that an event names. */
export type LookUpResult =
	/** EnableNow knows it, and lets this app see it. */
	| { outcome: 'found'; share: Share }
	/** EnableNow says that there is no such share, or not for this app. */
	| { outcome: 'denied'; reason: string }
	/** EnableNow could not be asked. */
	| { outcome: 'unavailable'; reason: string };

/** The statuses by which EnableNow says that there is no such share, or not for this app. */
const DENIALS = [400, 403, 404, 410, 422];

/** How long a look-up may take in all, in milliseconds: EnableNow waits for the answer. */
const PATIENCE = 4000;

/** How long one request of a look-up may take, in seconds, so that a second one fits. */
const REQUEST_TIMEOUT = 1.8;

/** What has to be left of the patience for a request to be worth it, in milliseconds. */
const LEAST_TIME = 1000;

/** How long to wait before the second request where EnableNow does not say, in milliseconds. */
const PAUSE = 250;

/** The look-ups that are under way, by credential and share. */
const lookUps = new Map<string, SingleFlight<LookUpResult>>();

/** Whose turn it is, by credential, of which an n8n has few. */
const turns = new Map<string, LookUpTurns>();

/**
 * Asks EnableNow for the share that an event names: anybody can post to a webhook, but only
 * EnableNow knows its shares. Where EnableNow cannot be asked it is tried once more. Events that name
 * the same share at the same time share a look-up, so that a flood of them costs little.
 *
 * @param isNew - whether the share has just been made: then a look-up that is under way will do.
 *   Otherwise the share may have been changed since that one began
 * @param reading - the credential, as the event was judged by it
 * @returns within 4 seconds, and never throws
 */
export async function lookUpShare(
	context: IWebhookFunctions,
	shareId: string,
	isNew: boolean,
	reading: CredentialReading,
): Promise<LookUpResult> {
	const lookUp = sharedLookUp(context, shareId, reading);
	try {
		return await withTimeout(
			async () => await ((isNew ? lookUp.underWay : undefined) ?? lookUp.run()),
			PATIENCE,
		);
	} catch (error) {
		return resultOf(error);
	}
}

function sharedLookUp(
	context: NodeContext,
	shareId: string,
	reading: CredentialReading,
): SingleFlight<LookUpResult> {
	const key = `${getCredentialId(context)} ${identifierKey(shareId)}`;
	const known = lookUps.get(key);
	if (known !== undefined) return known;
	let firstReading: CredentialReading | undefined = reading;
	const work = async () => {
		const credential = firstReading;
		// The look-ups that follow are for events that come later.
		firstReading = undefined;
		return await tryTwice(context, shareId, credential);
	};
	const lookUp = new SingleFlight(work, () => lookUps.delete(key));
	lookUps.set(key, lookUp);
	return lookUp;
}

async function tryTwice(
	context: NodeContext,
	shareId: string,
	reading: CredentialReading | undefined,
): Promise<LookUpResult> {
	// A request that begins later would hardly be answered in time.
	const latest = Date.now() + PATIENCE - LEAST_TIME;
	const tryOnce = async (known?: CredentialReading) =>
		await turnsOf(context).take(async () => await ask(context, shareId, known), latest);
	try {
		return await tryOnce(reading);
	} catch (error) {
		const pause = pauseAfter(error);
		if (pause === undefined || Date.now() + pause > latest) return resultOf(error);
		await sleep(pause);
		return await tryOnce();
	}
}

function turnsOf(context: NodeContext): LookUpTurns {
	const credentialId = getCredentialId(context);
	const known = turns.get(credentialId) ?? new LookUpTurns(PATIENCE);
	turns.set(credentialId, known);
	return known;
}

async function ask(
	context: NodeContext,
	shareId: string,
	reading: CredentialReading | undefined,
): Promise<LookUpResult> {
	const api = await createClient(context, REQUEST_TIMEOUT, reading);
	return { outcome: 'found', share: await getShare(api, shareId).finally(api.close) };
}

/** How long to wait before trying again, in milliseconds; none where that would not help. */
function pauseAfter(error: unknown): number | undefined {
	if (!(error instanceof RequestError) || !canRetry('GET', error)) {
		return undefined;
	}
	return parseRetryAfter(error.retryAfter, Date.now()) ?? PAUSE;
}

/** What to do where EnableNow denies the share. */
const DENIAL_HINT =
	'Check that the credential is that of the app which receives the share, in the same environment.';

/** What to do where it will be possible later to ask for the share. */
const LATER_HINT = 'Get the share with the EnableNow Share node before you rely on it.';

function resultOf(error: unknown): LookUpResult {
	const said = wordsOf(error);
	if (error instanceof RequestError && error.kind === 'refused' && isDenial(error.status)) {
		const reason = joinSentences('EnableNow does not confirm the share.', said, DENIAL_HINT);
		return { outcome: 'denied', reason };
	}
	const reason = joinSentences('The share could not be looked up.', said, hintOf(error));
	return { outcome: 'unavailable', reason };
}

/** How to mend what lasts; what passes needs no mending. */
function hintOf(error: unknown): string {
	const isLasting = error instanceof RequestError && !canRetry('GET', error);
	return isLasting || error instanceof InputError ? error.description : LATER_HINT;
}

function wordsOf(error: unknown): string {
	if (error instanceof TimeoutError) return timeoutError(error.milliseconds).message;
	return errorMessage(error);
}

function isDenial(status: number | undefined): boolean {
	return status !== undefined && DENIALS.includes(status);
}
