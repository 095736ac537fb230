import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { type CredentialReading, readForConnection } from '../../shared/api/client';
import { parseWebhookSecrets } from '../../shared/api/credential';
import { errorMessage } from '../../shared/errors/text';
import { getCache } from '../catchUp/triggerCache';
import { SHARE_CREATED } from '../description';
import { createDecision, decide, type Decision, type TriggerItem } from './decision';
import { parseEvents } from './events';
import { lookUpShare } from './lookUp';
import { presentsSecret } from './secret';
import { readWebhookSettings } from './settings';

/**
 * What the sender of a rejected request is told. The reason is for n8n's log only: it may name
 * addresses and quote EnableNow, which is no business of a stranger.
 */
const ANSWERS: Record<number, string> = {
	400: 'This is not an event that the trigger understands.',
	401: 'The webhook secret is missing or wrong.',
	403: 'EnableNow does not confirm this share.',
	503: 'The event cannot be verified at the moment.',
};

/** How many reasons a line of the log gives. */
const MAX_LOGGED_REASONS = 3;

/**
 * Answers a webhook request and returns the items that the nodes after the trigger run with. It never
 * throws, whatever a stranger sends: n8n would answer 500 and record a failed execution.
 */
export async function receiveEvents(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const receivedAt = new Date();
	try {
		return respond(context, await decideOnRequest(context, receivedAt));
	} catch (error) {
		const problem = `The event could not be handled: ${errorMessage(error)}`;
		return respond(context, [createDecision({ problem }, receivedAt, 503, problem)]);
	}
}

async function decideOnRequest(context: IWebhookFunctions, receivedAt: Date): Promise<Decision[]> {
	const headers = context.getHeaderData() as IDataObject;
	const { rawBody } = context.getRequestObject() as { rawBody?: unknown };
	const events = parseEvents(headers['content-type'], context.getBodyData(), rawBody);
	const rejectAll = (status: Decision['status'], reason: string) =>
		events.map((event) => createDecision(event, receivedAt, status, reason));

	const credential = await readCredential(context);
	if (typeof credential === 'string') return rejectAll(503, credential);
	const { reading, secrets } = credential;
	const isSecretPresented = presentsSecret(secrets, context.getQueryData(), headers);
	if (secrets.length > 0 && !isSecretPresented) {
		return rejectAll(401, 'The request does not present the webhook secret of the credential.');
	}

	const { selection, isLookUpOn, onLookupUnavailable } = readWebhookSettings(context);
	const lookUp = async (shareId: string, event: string) =>
		await lookUpShare(context, shareId, event === SHARE_CREATED, reading);
	const rules = {
		selection,
		lookUp: isLookUpOn ? lookUp : undefined,
		onLookupUnavailable,
		isSecretPresented,
		receivedAt,
	};
	const decisions = await Promise.all(events.map(async (event) => await decide(event, rules)));
	return decisions.filter((decision) => decision !== null);
}

/** The credential and its webhook secrets, or why it cannot be read. The base URL is the look-up's. */
async function readCredential(
	context: IWebhookFunctions,
): Promise<string | { reading: CredentialReading; secrets: string[] }> {
	try {
		const reading = await readForConnection(context);
		return { reading, secrets: parseWebhookSecrets(reading.fields) };
	} catch (error) {
		return `The credential of the trigger cannot be read: ${errorMessage(error)}.`;
	}
}

/** Answers all events of a request at once: with 200 if one of them is accepted. */
function respond(context: IWebhookFunctions, decisions: Decision[]): IWebhookResponseData {
	const accepted = decisions.filter(({ status }) => status === 200);
	const rejected = decisions.filter(({ status }) => status !== 200);
	logRejected(context, rejected);
	// While a person sets the trigger up, rejected events are shown, so that mistakes are found.
	const items = (isTest(context) ? decisions : accepted).map(({ item }) => item);
	if (items.length > 0) return startWorkflow(context, items);
	const [first] = rejected;
	if (first === undefined) return {};
	context.getResponseObject().status(first.status).json({ message: ANSWERS[first.status] });
	return { noWebhookResponse: true };
}

/** Whether a person listens for a test event in the editor. */
function isTest(context: IWebhookFunctions): boolean {
	return context.getMode() === 'manual';
}

/**
 * Logs reasons without the body, which is a stranger's, or somebody's bank data. One line per status:
 * a request may hold many events, and anybody can send one.
 */
function logRejected(context: IWebhookFunctions, rejected: Decision[]): void {
	for (const status of new Set(rejected.map((decision) => decision.status))) {
		const alike = rejected.filter((decision) => decision.status === status);
		const events = alike.length === 1 ? 'an event' : `${alike.length} events`;
		const reasons = [...new Set(alike.map(({ item }) => item.reason))]
			.slice(0, MAX_LOGGED_REASONS)
			.join(' ');
		context.logger.warn(
			`${context.getNode().name} refused ${events} with status ${status}: ${reasons}`,
		);
	}
}

/**
 * Answers at once: n8n would answer when the execution begins, which takes until others have ended where
 * the number of executions is limited.
 */
function startWorkflow(context: IWebhookFunctions, items: TriggerItem[]): IWebhookResponseData {
	const workflowData = [items.map((json) => ({ json }))];
	if (isTest(context)) return { workflowData };
	// With "Execute Once", n8n keeps the first item alone.
	const started = context.getNode().executeOnce === true ? items.slice(0, 1) : items;
	getCache(context)?.addWaiting(started);
	context.getResponseObject().status(200).end();
	return { noWebhookResponse: true, workflowData };
}
