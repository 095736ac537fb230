import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { type CredentialSnapshot, readCredentialSnapshot } from '../../shared/api/client';
import { parseWebhookSecrets } from '../../shared/api/credential';
import { errorMessage } from '../../shared/errors/text';
import type { Deliveries } from '../catchUp/deliveries';
import { createdKey, emissionKeyOf } from '../catchUp/emissionKey';
import { liveTriggerOf, whenStarted } from '../catchUp/liveTriggers';
import { SHARE_CREATED } from '../description';
import { createDecision, decide, type Decision, type TriggerItem } from './decision';
import { type InvalidEvent, parseEvents, type ReceivedEvent } from './events';
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
		const trigger = await getLiveTrigger(context);
		return respond(context, await decideOnRequest(context, receivedAt, trigger), trigger);
	} catch (error) {
		const problem = `The event could not be handled: ${errorMessage(error)}`;
		return respond(context, [createDecision({ problem }, receivedAt, 503, problem)]);
	}
}

async function decideOnRequest(
	context: IWebhookFunctions,
	receivedAt: Date,
	trigger: Deliveries | undefined,
): Promise<Decision[]> {
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
	const decisions = await Promise.all(
		events.map(async (event) => getKnownDecision(trigger, event) ?? (await decide(event, rules))),
	);
	return decisions.filter((decision) => decision !== null);
}

/** The credential and its webhook secrets, or why it cannot be read. The base URL is the look-up's. */
async function readCredential(
	context: IWebhookFunctions,
): Promise<string | { reading: CredentialSnapshot; secrets: string[] }> {
	try {
		const reading = await readCredentialSnapshot(context);
		return { reading, secrets: parseWebhookSecrets(reading.fields) };
	} catch (error) {
		return `The credential of the trigger cannot be read: ${errorMessage(error)}.`;
	}
}

/** Answers all events of a request at once: with 200 if one of them is accepted. */
function respond(
	context: IWebhookFunctions,
	decisions: Decision[],
	trigger?: Deliveries,
): IWebhookResponseData {
	const accepted = decisions.filter(({ status }) => status === 200);
	const rejected = decisions.filter(({ status }) => status !== 200);
	logRejected(context, rejected);
	// While a person sets the trigger up, rejected events are shown, so that mistakes are found.
	const items = (isTest(context) ? decisions : accepted)
		.map(({ item }) => item)
		.filter((item) => item !== null);
	if (items.length > 0) return startWorkflow(items, trigger);
	const [first] = rejected;
	if (first === undefined || accepted.length > 0) return {};
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
		const reasons = [...new Set(alike.map(({ item }) => item?.reason))]
			.slice(0, MAX_LOGGED_REASONS)
			.join(' ');
		context.logger.warn(
			`${context.getNode().name} refused ${events} with status ${status}: ${reasons}`,
		);
	}
}

// What follows is about the catch-up, which remembers the shares that have started the workflow.

/** The trigger that catches up, where it runs in this process; it may stop at any time. */
async function getLiveTrigger(context: IWebhookFunctions): Promise<Deliveries | undefined> {
	await whenStarted(context);
	return isTest(context) ? undefined : liveTriggerOf(context);
}

/** A share is created once, so its look-up can be spared. An update has to be looked up first. */
function getKnownDecision(
	trigger: Deliveries | undefined,
	event: InvalidEvent | ReceivedEvent,
): Decision | undefined {
	if ('problem' in event || event.name !== SHARE_CREATED || event.shareId === null)
		return undefined;
	const isKnown = trigger?.memory.isKnown(createdKey(event.shareId)) === true;
	return isKnown ? { status: 200, item: null } : undefined;
}

/** A live trigger starts the execution itself, without what was emitted before, to know its end. */
function startWorkflow(
	items: TriggerItem[],
	trigger: Deliveries | undefined,
): IWebhookResponseData {
	const fresh = items.filter((item) => trigger?.memory.isRepetition(item) !== true);
	if (trigger === undefined || !fresh.some((item) => emissionKeyOf(item) !== undefined)) {
		return fresh.length > 0 ? { workflowData: [fresh.map((json) => ({ json }))] } : {};
	}
	trigger.start(fresh);
	return {};
}
