import type { IHookFunctions } from 'n8n-workflow';

import { createClient, readCredentialSnapshot } from '../../shared/api/client';
import { parseWebhookSecrets } from '../../shared/api/credential';
import { readPage } from '../../shared/api/listReader';
import { SHARES } from '../../shared/api/shareList';
import { InputError } from '../../shared/errors/inputError';
import { formatLogMessage, toNodeError } from '../../shared/errors/nodeError';
import { RequestError } from '../../shared/errors/requestError';
import { isShareEvent } from '../events';
import { readWebhookSettings } from '../settings';

/** Short, since a person is waiting. */
const CHECK_TIMEOUT_SECONDS = 5;

/** n8n starts, or another main takes over. */
const UNATTENDED_MODES = ['init', 'leadershipChange'];

/**
 * Checks the credential when a person activates the workflow or listens for a test event. There is
 * nothing to register: EnableNow has no API for webhooks, only its Customer Portal.
 *
 * Unattended activations are not checked and never throw: n8n would leave the webhook unregistered,
 * and every event until somebody noticed would be lost.
 *
 * @throws NodeApiError or NodeOperationError when EnableNow refuses the token or the credential is not
 *   usable; not when EnableNow cannot be reached, or does not let the app list shares
 */
export async function checkActivation(context: IHookFunctions): Promise<void> {
	if (UNATTENDED_MODES.includes(context.getActivationMode())) return;
	try {
		const reading = await readCredentialSnapshot(context);
		if (parseWebhookSecrets(reading.fields).length === 0) warnAboutUnprovenEvents(context);
		const client = await createClient(context, CHECK_TIMEOUT_SECONDS, reading);
		await readPage(client, SHARES, {}, 1, 1);
	} catch (error) {
		if (isCredentialRefused(error)) throw toNodeError(context.getNode(), error);
		context.logger.warn(
			`${context.getNode().name} could not check its credential and is activated anyway: ${formatLogMessage(error)}`,
		);
	}
}

function isCredentialRefused(error: unknown): boolean {
	if (error instanceof InputError) return true;
	if (!(error instanceof RequestError)) return false;
	const { kind, status, isTemporary } = error;
	if (kind === 'tokenRefused' || kind === 'noToken') return !isTemporary;
	// An app that only receives shares may not be allowed to list them (403).
	return kind === 'refused' && status === 401;
}

/** Only the look-up or a webhook secret proves that an event is EnableNow's. */
function warnAboutUnprovenEvents(context: IHookFunctions): void {
	const { selection, isLookUpOn } = readWebhookSettings(context);
	const unproven = selection.filter((name) => !isLookUpOn || !isShareEvent(name));
	if (unproven.length === 0) return;
	context.logger.warn(
		`${context.getNode().name} cannot tell whether these events are from EnableNow: ${unproven.join(', ')}. Anybody who knows the URL can send them. Set a webhook secret in the credential, and add it to the URL.`,
	);
}
