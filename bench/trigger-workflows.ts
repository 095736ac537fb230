import { randomUUID } from 'node:crypto';
import type { INode, INodeParameters } from 'n8n-workflow';
import { chain } from '../scripts/n8n/chain';
import type { Credential } from '../scripts/n8n';
import { MINIMAL_TRIGGER, MINIMAL_TRIGGER_PATH } from './minimal-trigger';
import { node, referenceTo, type BenchWorkflow } from './workflows';

/** The node behind each trigger: it runs once for an execution that has items. */
export const NEXT_NODE = 'Next';

/** Where the webhook of EnableNow Trigger listens, below the node's webhook id. */
const TRIGGER_PATH = 'webhook';

/** Receives events with EnableNow Trigger. */
export function enableNowShareTrigger(
	name: string,
	credential: Credential,
	parameters: INodeParameters,
): BenchWorkflow {
	const type = 'n8n-nodes-enablenow.enableNowShareTrigger';
	const trigger = node('EnableNow Trigger', type, 1, parameters);
	return triggerWorkflow(name, { ...trigger, credentials: referenceTo(credential) }, TRIGGER_PATH);
}

/** Receives events with the least that a community trigger can be. */
export function minimalTrigger(name: string, credential: Credential): BenchWorkflow {
	const trigger = node('Minimal Trigger', MINIMAL_TRIGGER, 1, {});
	const credentials = referenceTo(credential);
	return triggerWorkflow(name, { ...trigger, credentials }, MINIMAL_TRIGGER_PATH);
}

/** Receives events with n8n's own Webhook node, which answers at once. */
export function webhookNode(name: string): BenchWorkflow {
	const webhookId = randomUUID();
	const webhook = node('Webhook', 'n8n-nodes-base.webhook', 2, {
		httpMethod: 'POST',
		path: webhookId,
		responseMode: 'onReceived',
		options: { noResponseBody: true },
	});
	return workflowOf(name, webhookId, { ...webhook, webhookId });
}

function triggerWorkflow(name: string, trigger: INode, webhookPath: string): BenchWorkflow {
	const webhookId = randomUUID();
	return workflowOf(name, `${webhookId}/${webhookPath}`, { ...trigger, webhookId });
}

function workflowOf(name: string, path: string, trigger: INode): BenchWorkflow {
	const next = node(NEXT_NODE, 'n8n-nodes-base.noOp', 1, {});
	// Every execution is saved, as it is by default: what was executed is read from there.
	const settings = { executionOrder: 'v1' as const, saveDataSuccessExecution: 'all' as const };
	return { path, content: { name, ...chain(trigger, next), settings } };
}
