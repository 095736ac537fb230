import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { parseWebhookSecrets } from '../../shared/api/credential';
import { errorMessage } from '../../shared/errors/message';
import { type CredentialReading, readForConnection } from '../../shared/api/client';
import { presentsSecret } from './secret';
import { getCache } from '../catchUp/triggerCache';
import { parseEvents, SHARE_CREATED } from './events';
import { judge, type Refusal, refuseAll, type TriggerItem, type Verdict } from './judgement';
import { lookUpShare } from './lookUp';
import { readSettings } from '../settings';

/**
 * What the sender of a refused request is told. The reason itself is for n8n's log: it may name
 * addresses and repeat EnableNow's words, which are no business of a stranger.
 */
const ANSWERS: Record<number, string> = {
	400: 'This is not an event that the trigger understands.',
	401: 'The webhook secret is missing or wrong.',
	403: 'EnableNow does not confirm this share.',
	503: 'The event cannot be judged at the moment.',
};

/** How many reasons a line of the log gives. */
const MOST_REASONS = 3;

/**
 * Answers a webhook request and says what the nodes after the trigger run with. Whatever a stranger
 * sends, it does not throw: n8n would answer 500 and record a failed execution.
 */
export async function receiveEvents(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const receivedAt = new Date();
	try {
		return answer(context, await judgeRequest(context, receivedAt));
	} catch (error) {
		const problem = `The event could not be judged: ${errorMessage(error)}`;
		return answer(context, refuseAll([{ problem }], 503, problem, receivedAt));
	}
}

async function judgeRequest(context: IWebhookFunctions, receivedAt: Date): Promise<Verdict[]> {
	const headers = context.getHeaderData() as IDataObject;
	const { rawBody } = context.getRequestObject() as { rawBody?: unknown };
	const events = parseEvents(headers['content-type'], context.getBodyData(), rawBody);
	const reading = await readingOf(context);
	if (typeof reading === 'string') return refuseAll(events, 503, reading, receivedAt);
	const { webhookSecrets } = reading;
	const isSecretPresented = presentsSecret(webhookSecrets, context.getQueryData(), headers);
	if (webhookSecrets.length > 0 && !isSecretPresented) {
		const reason = 'The request does not present the webhook secret of the credential.';
		return refuseAll(events, 401, reason, receivedAt);
	}
	const { selection, isLookUpOn, onLookupUnavailable } = readSettings(context);
	const lookUp = async (shareId: string, event: string) =>
		await lookUpShare(context, shareId, event === SHARE_CREATED, reading);
	const rules = {
		selection,
		lookUp: isLookUpOn ? lookUp : undefined,
		onLookupUnavailable,
		isSecretPresented,
		receivedAt,
	};
	return await Promise.all(events.map(async (event) => await judge(event, rules)));
}

/** The credential and its secrets, or why they cannot be read. Its base URL is the look-up's business. */
async function readingOf(
	context: IWebhookFunctions,
): Promise<string | (CredentialReading & { webhookSecrets: string[] })> {
	try {
		const reading = await readForConnection(context);
		return { ...reading, webhookSecrets: parseWebhookSecrets(reading.fields) };
	} catch (error) {
		return `The credential of the trigger cannot be read: ${errorMessage(error)}.`;
	}
}

/** One answer for all events of a request: where one of them is let in, it is 200. */
function answer(context: IWebhookFunctions, verdicts: Verdict[]): IWebhookResponseData {
	const refusals = verdicts.filter((verdict): verdict is Refusal => verdict.kind === 'refused');
	logRefusals(context, refusals);
	// While a person sets the trigger up, what would be refused is shown, so that mistakes are found.
	const items = verdicts.flatMap((verdict) =>
		verdict.kind === 'accepted' || (isTest(context) && verdict.kind === 'refused')
			? [verdict.item]
			: [],
	);
	if (items.length > 0) return isTest(context) ? run(items) : startProduction(context, items);
	const [refusal] = refusals;
	return refusal === undefined ? {} : refuse(context, refusal.status);
}

/** Whether a person listens for a test event in the editor. */
function isTest(context: IWebhookFunctions): boolean {
	return context.getMode() === 'manual';
}

/**
 * Answers at once: n8n would answer when the execution begins, which takes until others have ended where
 * the number of executions is limited.
 */
function startProduction(context: IWebhookFunctions, items: TriggerItem[]): IWebhookResponseData {
	// With "Execute Once", n8n keeps the first item alone.
	const started = context.getNode().executeOnce === true ? items.slice(0, 1) : items;
	getCache(context)?.addWaiting(started);
	context.getResponseObject().status(200).end();
	return { noWebhookResponse: true, ...run(items) };
}

function run(items: TriggerItem[]): IWebhookResponseData {
	return { workflowData: [items.map((json) => ({ json }))] };
}

function refuse(context: IWebhookFunctions, status: number): IWebhookResponseData {
	context.getResponseObject().status(status).json({ message: ANSWERS[status] });
	return { noWebhookResponse: true };
}

/**
 * The reasons without the body, which is a stranger's, or somebody's bank data. One line for each status
 * with a few of them: a request may hold many events, and anybody can send one.
 */
function logRefusals(context: IWebhookFunctions, refusals: Refusal[]): void {
	for (const status of new Set(refusals.map((refusal) => refusal.status))) {
		const alike = refusals.filter((refusal) => refusal.status === status);
		const events = alike.length === 1 ? 'an event' : `${alike.length} events`;
		const reasons = [...new Set(alike.map(({ reason }) => reason))]
			.slice(0, MOST_REASONS)
			.join(' ');
		context.logger.warn(
			`${context.getNode().name} refused ${events} with status ${status}: ${reasons}`,
		);
	}
}
