import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { type CredentialSnapshot, readCredentialSnapshot } from '../../shared/api/client';
import { parseWebhookSecrets } from '../../shared/api/credential';
import { isTimeout, withTimeout } from '../../shared/async/abort';
import { errorMessage, joinSentences } from '../../shared/errors/text';
import { getCache, getTriggerKey } from '../catchUp/triggerCache';
import type { TriggerItem } from '../events';
import { readWebhookSettings } from '../settings';
import { createDecision, decide, type Decision } from './decision';
import { waitForExecution } from './executionStart';
import { lookUpShare } from './lookUp';
import { parseEvents } from './parseEvents';
import { presentsSecret } from './secret';

/** What the sender is told. The reason goes to n8n's log only: it may name addresses and quote EnableNow. */
const REJECTIONS: Record<number, string> = {
	400: 'This is not an event that the trigger understands.',
	401: 'The webhook secret is missing or wrong.',
	403: 'EnableNow does not confirm this share.',
	503: 'The event cannot be verified at the moment.',
};

/** The trigger assumes that EnableNow waits 5 seconds for the response to an event. */
const DEADLINE_MS = 4_000;

/** How long an answer waits for its execution to begin. */
const MAX_WAIT_MS = 1_000;

/** Maximum number of reasons in one line of the log. */
const MAX_LOGGED_REASONS = 3;

/**
 * Answers a webhook request and returns the items that the nodes after the trigger run with. It never
 * throws, whatever a stranger sends: n8n would answer 500 and record a failed execution.
 */
export async function receiveEvents(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const receivedAt = new Date();
	const deadline = performance.now() + DEADLINE_MS;
	try {
		return respond(context, await decideOnRequest(context, receivedAt, deadline), deadline);
	} catch (error) {
		const problem = `The event could not be handled: ${errorMessage(error)}`;
		return respond(context, [createDecision({ problem }, receivedAt, 503, problem)], deadline);
	}
}

async function decideOnRequest(
	context: IWebhookFunctions,
	receivedAt: Date,
	deadline: number,
): Promise<Decision[]> {
	const rejectRequest = (status: Decision['status'], problem: string) => [
		createDecision({ problem }, receivedAt, status, problem),
	];
	const credential = await readCredential(context).catch(errorMessage);
	if (typeof credential === 'string') {
		const problem = `The credential of the trigger cannot be read: ${credential}`;
		return rejectRequest(503, joinSentences(problem, 'Open the trigger and test its credential.'));
	}
	const { reading, secrets } = credential;
	const headers = context.getHeaderData() as IDataObject;
	const isSecretPresented = presentsSecret(secrets, context.getQueryData(), headers);
	if (secrets.length > 0 && !isSecretPresented) {
		return rejectRequest(401, 'The request does not present the webhook secret of the credential.');
	}

	// Only now is the body looked at: strangers can make it large.
	const { rawBody } = context.getRequestObject() as { rawBody?: unknown };
	const events = parseEvents(headers['content-type'], context.getBodyData(), rawBody);
	if (events.length > 1 && !isSecretPresented) {
		return rejectRequest(400, 'A request without a webhook secret may contain only one event.');
	}
	const { isLookUpOn, ...settings } = readWebhookSettings(context);
	const lookUp = async (shareId: string, event: string) =>
		await lookUpShare(context, shareId, event, { reading, isSecretPresented, deadline });
	const rules = {
		...settings,
		lookUp: isLookUpOn ? lookUp : undefined,
		isSecretPresented,
		receivedAt,
	};
	const decisions = await Promise.all(events.map(async (event) => await decide(event, rules)));
	return decisions.filter((decision) => decision !== null);
}

/** The base URL is not checked here, since only the look-up needs it. */
async function readCredential(
	context: IWebhookFunctions,
): Promise<{ reading: CredentialSnapshot; secrets: string[] }> {
	const read = async () => await readCredentialSnapshot(context);
	const reading = await withTimeout(read, DEADLINE_MS).catch((error: unknown) => {
		throw isTimeout(error) ? new Error('n8n did not return it in time') : error;
	});
	return { reading, secrets: parseWebhookSecrets(reading.fields) };
}

/** Answers all events of a request at once: with 200 if one of them is accepted. */
function respond(
	context: IWebhookFunctions,
	decisions: Decision[],
	deadline: number,
): IWebhookResponseData {
	const accepted = decisions.filter(({ status }) => status === 200);
	const rejected = decisions.filter(({ status }) => status !== 200);
	logRejected(context, rejected);
	// While a person sets the trigger up, rejected events are shown, so that mistakes are found.
	const items = (isTest(context) ? decisions : accepted).map(({ item }) => item);
	if (items.length > 0) return startWorkflow(context, items, deadline);
	const [first] = rejected;
	if (first === undefined) return {};
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
		const reasons = [...new Set(alike.map(({ item }) => item.reason))];
		context.logger.warn(
			`${context.getNode().name} refused ${events} with status ${status}: ${reasons.slice(0, MAX_LOGGED_REASONS).join(' ')}`,
		);
	}
}

/**
 * Answers when the execution has begun, or in time: n8n itself would wait where the number of executions is
 * limited, until others have ended.
 */
function startWorkflow(
	context: IWebhookFunctions,
	items: TriggerItem[],
	deadline: number,
): IWebhookResponseData {
	const workflowData = [items.map((json) => ({ json }))];
	if (isTest(context)) return { workflowData };
	// With "Execute Once", n8n keeps the first item alone.
	const started = context.getNode().executeOnce === true ? items.slice(0, 1) : items;
	getCache(context)?.addWaiting(started);
	const response = context.getResponseObject();
	const wait = Math.min(deadline - performance.now(), MAX_WAIT_MS);
	// Not awaited: n8n starts the execution when this has returned.
	void waitForExecution(getTriggerKey(context), wait).then(() => response.status(200).end());
	return { noWebhookResponse: true, workflowData };
}
