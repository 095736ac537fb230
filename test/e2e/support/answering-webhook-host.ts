import { SANDBOX_CUSTOMERS } from '../../../sandbox';
import { credentialFields, Engine } from '../../../scripts/engine/engine';
import { WebhookHost } from '../../../scripts/engine/webhook-host';
import { jsonOf } from '../../integration/support/workflows';
import {
	TRIGGERS,
	type AnsweringTrigger,
	type EventRequest,
	type TriggerName,
} from './answer-table';
import type { Answer, AnsweringN8n, Answers } from './answering-n8n';
import { chain, NEXT, nextNode, triggerNode } from './nodes';
import { postEvent } from './post-event';

/** n8n's execution engine in this process, with a WebhookHost for each trigger. */
export class AnsweringWebhookHost implements AnsweringN8n {
	private productionCount = 0;

	private constructor(private readonly hosts: Map<string, WebhookHost>) {}

	static async start(sandboxUrl: string): Promise<AnsweringWebhookHost> {
		const engine = new Engine();
		const hosts = new Map<string, WebhookHost>();
		const triggers: Array<[string, AnsweringTrigger]> = Object.entries(TRIGGERS);
		for (const [name, { parameters, webhookSecret, isCredentialDeleted }] of triggers) {
			const fields = credentialFields(sandboxUrl, SANDBOX_CUSTOMERS.receiver, webhookSecret);
			engine.credentials.save(name, fields);
			const credential = { id: name, name, type: 'enableNowOAuth2Api' };
			const workflow = chain(triggerNode(credential, { ...parameters }), nextNode());
			hosts.set(name, await WebhookHost.start(engine, workflow));
			if (isCredentialDeleted) engine.credentials.remove(name);
		}
		return new AnsweringWebhookHost(hosts);
	}

	async deliver(name: TriggerName, request: EventRequest): Promise<Answers> {
		const host = this.hosts.get(name);
		if (!host) throw new Error(`There is no trigger "${name}"`);
		const [production, test] = await Promise.all([
			post(host, 'webhook', request),
			post(host, 'manual', request),
		]);
		if (name !== 'catchingUp') this.productionCount += production.executions.length;
		return { production, test };
	}

	async executionCount(): Promise<number> {
		return await Promise.resolve(this.productionCount);
	}

	async close(): Promise<void> {
		for (const host of this.hosts.values()) await host.close();
	}
}

async function post(
	host: WebhookHost,
	mode: 'manual' | 'webhook',
	request: EventRequest,
): Promise<Answer> {
	const countBefore = host.executions.length;
	const url = mode === 'manual' ? host.testUrl : host.productionUrl;
	const { status, data } = await postEvent(url, request);
	const runs = await Promise.all(
		host.executions.slice(countBefore).map(async ({ run }) => await run),
	);
	const executions = runs.filter((run) => run.mode === mode && NEXT in run.data.resultData.runData);
	return { status, body: data, executions: executions.map((run) => jsonOf(run, NEXT)) };
}
