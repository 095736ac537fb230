import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { type CredentialReading, readForConnection } from '../../shared/api/client';
import { parseWebhookSecrets } from '../../shared/api/credential';
import { errorMessage, joinSentences } from '../../shared/errors/text';
import type { Deliveries } from '../catchUp/deliveries';
import { createdKey, emissionKeyOf } from '../catchUp/emissionKey';
import { liveTriggerOf, whenStarted } from '../catchUp/liveTriggers';
import { SHARE_CREATED } from '../description';
import { createDecision, decide, type Decision, type TriggerItem } from './decision';
import { type InvalidEvent, parseEvents, type ReceivedEvent } from './events';
import { lookUpShare } from './lookUp';
import { presentsSecret } from './secret';
import { readWebhookSettings } from './settings';

/** The reason goes to n8n's log only: it may name addresses and quote EnableNow. */
const REJECTIONS: Record<number, string> = {
	400: 'This is not an event that the trigger understands.',
	401: 'The webhook secret is missing or wrong.',
	403: 'EnableNow does not confirm this share.',
	503: 'The event cannot be verified at the moment.',
};

/** Maximum number of reasons in one line of the log. */
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

	const credential = await readCredential(context).catch(errorMessage);
	if (typeof credential === 'string') {
		const problem = `The credential of the trigger cannot be read: ${credential}`;
		return rejectAll(503, joinSentences(problem, 'Open the trigger and test its credential.'));
	}
	const { reading, secrets } = credential;
	const isSecretPresented = presentsSecret(secrets, context.getQueryData(), headers);
	if (secrets.length > 0 && !isSecretPresented) {
		return rejectAll(401, 'The request does not present the webhook secret of the credential.');
	}

	const { isLookUpOn, ...settings } = readWebhookSettings(context);
	const lookUp = async (shareId: string) => await lookUpShare(context, shareId, reading);
	const rules = {
		...settings,
		lookUp: isLookUpOn ? lookUp : undefined,
		isSecretPresented,
		receivedAt,
	};
	const decisions = await Promise.all(
		events.map(async (event) => getKnownDecision(trigger, event) ?? (await decide(event, rules))),
	);
	return decisions.filter((decision) => decision !== null);
}

/** The base URL is not checked here, since only the look-up needs it. */
async function readCredential(
	context: IWebhookFunctions,
): Promise<{ reading: CredentialReading; secrets: string[] }> {
	const reading = await readForConnection(context);
	return { reading, secrets: parseWebhookSecrets(reading.fields) };
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
	context.getResponseObject().status(first.status).json({ message: REJECTIONS[first.status] });
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
		const reasons = [...new Set(alike.map(({ item }) => item?.reason))];
		context.logger.warn(
			`${context.getNode().name} refused ${events} with status ${status}: ${reasons.slice(0, MAX_LOGGED_REASONS).join(' ')}`,
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
