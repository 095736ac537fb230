import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parse as parseForm } from 'node:querystring';

import express from 'express';
import { WebhookContext } from 'n8n-core';
import type { INode, IWebhookData, IWebhookResponseData, WorkflowActivateMode } from 'n8n-workflow';

import type { Engine, WorkflowJson } from './engine';
import { type StartedExecution, startTrigger } from './trigger-host';

/** n8n gives each trigger an ID of its own when it is added to a workflow. */
const WEBHOOK_ID = '5d2c1f4e-7a3b-4c1d-9e8f-0a1b2c3d4e5f';

/** n8n's own default limit. */
const LARGEST_BODY = '16mb';

/**
 * The part of n8n that serves webhooks, which is not in n8n-core: it parses requests, calls the
 * trigger, answers, and starts executions as n8n 2 does. The end-to-end tests hold it against a
 * real n8n.
 */
export class WebhookHost {
	/** The executions that requests and the trigger itself have started, oldest first. */
	readonly executions: StartedExecution[] = [];

	private stopTrigger: () => Promise<void> = async () => await Promise.resolve();

	private constructor(
		private readonly engine: Engine,
		private readonly worker: Engine,
		private readonly workflow: WorkflowJson,
		private readonly trigger: INode,
		private readonly server: Server,
	) {}

	/**
	 * Activates a workflow with a trigger, starts that, and serves its webhook on a free port.
	 *
	 * @param worker - carries the executions out: the same engine, or in queue mode another one
	 * @throws what the trigger's activation throws
	 */
	static async start(
		engine: Engine,
		workflow: WorkflowJson,
		activation: WorkflowActivateMode = 'activate',
		worker = engine,
	): Promise<WebhookHost> {
		const host = await WebhookHost.serve(engine, workflow, worker);
		const { trigger } = host;
		try {
			await engine.activate(workflow, trigger, activation, `${host.url}/webhook`);
			host.stopTrigger = await startTrigger(
				engine,
				workflow,
				trigger,
				activation,
				worker,
				(execution) => host.executions.push(execution),
			);
		} catch (error) {
			await host.close();
			throw error;
		}
		return host;
	}

	/** Serves the webhook of an active workflow whose trigger runs elsewhere: n8n's webhook processor. */
	static async serve(
		engine: Engine,
		workflow: WorkflowJson,
		worker = engine,
	): Promise<WebhookHost> {
		const trigger = workflow.nodes.find((node) => node.type.endsWith('Trigger'));
		if (!trigger) throw new Error('The workflow has no trigger');
		const application = express();
		const server = application.listen(0, '127.0.0.1');
		await new Promise((resolve) => server.once('listening', resolve));
		const host = new WebhookHost(engine, worker, workflow, trigger, server);
		application.use(express.raw({ type: () => true, limit: LARGEST_BODY }));
		application.post('/webhook/:id/webhook', host.handlerFor('webhook'));
		application.post('/webhook-test/:id/webhook', host.handlerFor('manual'));
		return host;
	}

	/** What executions wait for, as where n8n limits how many there are at the same time. */
	slot = Promise.resolve();

	/** The address of the server. */
	get url(): string {
		return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
	}

	/** Where an event starts the workflow. */
	get productionUrl(): string {
		return `${this.url}/webhook/${WEBHOOK_ID}/webhook`;
	}

	/** Where an event is shown to a person who listens for a test event. */
	get testUrl(): string {
		return `${this.url}/webhook-test/${WEBHOOK_ID}/webhook`;
	}

	/** Leaves it as a SIGKILL of its engine does; nothing is waited for. */
	abandon(): void {
		void this.stopTrigger();
		this.server.closeAllConnections();
		this.server.close();
	}

	/** Stops serving, and waits for the executions that were started. */
	async close(): Promise<void> {
		await this.stopTrigger();
		this.server.closeAllConnections();
		await new Promise((resolve) => this.server.close(resolve));
		await Promise.all(this.executions.map(({ run }) => run));
	}

	private handlerFor(mode: 'manual' | 'webhook'): express.RequestHandler {
		return async (request, response) => {
			try {
				// n8n keeps what was sent beside what it was parsed to.
				Object.assign(request, { rawBody: request.body as unknown });
				request.body = parseBody(request.headers['content-type'], request.body);
			} catch {
				response.status(422).json({ message: 'Failed to parse request body' });
				return;
			}
			try {
				await this.answer(mode, response, await this.callTrigger(mode, request, response));
			} catch (error) {
				response.status(500).json({ message: String(error) });
			}
		};
	}

	private async callTrigger(
		mode: 'manual' | 'webhook',
		request: express.Request,
		response: express.Response,
	): Promise<IWebhookResponseData> {
		const workflow = this.engine.workflowOf(this.workflow);
		const node = workflow.getNode(this.trigger.name)!;
		const nodeType = this.engine.nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
		const additionalData = {
			...this.engine.additionalData(mode),
			httpRequest: request,
			httpResponse: response,
		};
		const webhookData: IWebhookData = {
			httpMethod: 'POST',
			node: node.name,
			path: 'webhook',
			webhookDescription: nodeType.description.webhooks![0]!,
			workflowId: workflow.id,
			workflowExecuteAdditionalData: additionalData,
			isTest: mode === 'manual',
		};
		const context = new WebhookContext(workflow, node, additionalData, mode, webhookData, [], null);
		return await nodeType.webhook!.call(context);
	}

	private async answer(
		mode: 'manual' | 'webhook',
		response: express.Response,
		{ noWebhookResponse, webhookResponse, workflowData }: IWebhookResponseData,
	): Promise<void> {
		const items = workflowData?.[0];
		if (items) {
			const executionId = this.engine.database.nextExecutionId();
			const options = { startNode: this.trigger.name, input: items, mode, executionId };
			const run = this.slot.then(async () => await this.worker.run(this.workflow, options));
			this.executions.push({ executionId, items, run });
		}
		if (noWebhookResponse) return;
		// n8n answers when it has begun the execution.
		if (items) await this.slot;
		if (items) response.status(200).end();
		else response.status(200).json(webhookResponse ?? { message: 'Webhook call received' });
	}
}

/** A body as n8n parses it: by the exact content type, and not at all where it is empty. */
function parseBody(contentType: string | undefined, raw: unknown): unknown {
	if (!Buffer.isBuffer(raw) || raw.length === 0) return undefined;
	const [type, charset = 'utf-8'] = contentType?.split(/;\s*charset=/i) ?? [];
	const text = raw.toString(charset as BufferEncoding).replace(/^\uFEFF/, '');
	switch (type?.split(';')[0]?.trim().toLowerCase()) {
		case 'application/json':
			return JSON.parse(text) as unknown;
		case 'application/x-www-form-urlencoded':
			return parseForm(text);
		case 'text/plain':
			return text;
		case undefined:
		default:
			return undefined;
	}
}
