import axios from 'axios';
import { waitFor, type WaitOptions } from './wait';
import type { NewWorkflow } from './workflows';

/**
 * The URL that a webhook trigger of a package (not n8n's own Webhook node) listens at.
 *
 * @param n8n its address
 * @param triggerName the name of the trigger node in the workflow
 * @param webhookPath the path that the node type declares for its webhook
 * @param kind production (answers while the workflow is active) or test (while the editor listens)
 * @throws Error when the workflow has no such node, or the node no webhook id
 */
export function webhookUrl(
	n8n: { url: string },
	workflow: NewWorkflow,
	triggerName: string,
	webhookPath = 'webhook',
	kind: 'production' | 'test' = 'production',
): string {
	const webhookId = workflow.nodes.find((node) => node.name === triggerName)?.webhookId;
	if (!webhookId) throw new Error(`"${workflow.name}" has no "${triggerName}" with a webhook id`);
	const prefix = kind === 'production' ? 'webhook' : 'webhook-test';
	return `${n8n.url}/${prefix}/${webhookId}/${webhookPath}`;
}

/**
 * Waits until n8n serves a production webhook: it answers 404 for up to some seconds after an
 * activation or a restart. Asks for the allowed methods, which starts no execution.
 *
 * @param url the production URL
 * @param method an HTTP method of the webhook
 * @throws Error when the time is up
 */
export async function waitForWebhook(
	url: string,
	method = 'POST',
	options?: WaitOptions,
): Promise<void> {
	await waitFor(
		`${method} ${url} to be served`,
		async () => {
			const { headers } = await axios.request({
				method: 'OPTIONS',
				url,
				headers: { Origin: new URL(url).origin },
				validateStatus: () => true,
				proxy: false,
			});
			const allowed = String(headers['access-control-allow-methods'] ?? '');
			return allowed.split(', ').includes(method);
		},
		options,
	);
}
