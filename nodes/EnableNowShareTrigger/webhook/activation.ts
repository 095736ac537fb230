import type { IHookFunctions } from 'n8n-workflow';

import { parseWebhookSecrets } from '../../shared/api/credential';
import { InputError } from '../../shared/errors/inputError';
import { toNodeError } from '../../shared/errors/nodeError';
import { getPage } from '../../shared/api/pages';
import { canRetry } from '../../shared/api/retryPolicy';
import { RequestError } from '../../shared/errors/requestError';
import { createClient, readForConnection } from '../../shared/api/client';
import { failureInWords } from '../logMessage';

/** How long the check of the credential may take, in seconds: a person is waiting. */
const CHECK_TIMEOUT = 5;

/** The activations that no person is waiting for: n8n starts, or another main takes over. */
const UNATTENDED = ['init', 'leadershipChange'];

/**
 * Checks the credential when a person activates the workflow or listens for a test event. There is
 * nothing to register: EnableNow has no API for webhooks, its Customer Portal is the place.
 *
 * At a start of n8n nothing is checked and nothing throws: n8n would leave the webhook unregistered,
 * and every event until somebody noticed would be lost.
 *
 * @throws NodeApiError or NodeOperationError when EnableNow refuses the credential or the credential
 *   is not usable; not when EnableNow cannot be reached
 */
export async function checkActivation(context: IHookFunctions): Promise<void> {
	if (UNATTENDED.includes(context.getActivationMode())) return;
	warnOfLocalUrl(context);
	try {
		const reading = await readForConnection(context);
		parseWebhookSecrets(reading.fields);
		const api = await createClient(context, CHECK_TIMEOUT, reading);
		await getPage(api, '/shares', { page: 1, pageSize: 1 }).finally(api.close);
	} catch (error) {
		if (isCredentialRefused(error)) throw toNodeError(context.getNode(), error);
		context.logger.warn(
			`${context.getNode().name} could not check its credential and is activated all the same: ${failureInWords(error)}`,
		);
	}
}

function isCredentialRefused(error: unknown): boolean {
	if (error instanceof InputError) return true;
	if (!(error instanceof RequestError)) return false;
	const { kind, status } = error;
	if (kind === 'tokenRefused') return !canRetry('GET', error);
	return kind === 'refused' && (status === 401 || status === 403);
}

function warnOfLocalUrl(context: IHookFunctions): void {
	const url = context.getNodeWebhookUrl('default') ?? '';
	if (!URL.canParse(url)) return;
	if (/^(localhost|127(\.\d+){3}|\[::1\]|0\.0\.0\.0)$/.test(new URL(url).hostname)) {
		context.logger.warn(
			`${context.getNode().name} listens at ${new URL(url).origin}, which EnableNow cannot reach. Set N8N_WEBHOOK_URL (before n8n 2.35: WEBHOOK_URL) to the address by which n8n is reached from the internet.`,
		);
	}
}
