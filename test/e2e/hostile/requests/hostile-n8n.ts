import { randomUUID } from 'node:crypto';
import type { INode } from 'n8n-workflow';
import { SANDBOX_CUSTOMERS, startSandbox, type Sandbox } from '../../../../sandbox';
import { querySqlite, waitFor, waitForWebhook, type RunningN8n } from '../../../../scripts/n8n';
import { N8nFolder } from '../../support/n8n-folder';
import { N8nUnderTest } from '../../support/n8n-under-test';
import { chain, nextNode, node, triggerNode } from '../../support/nodes';
import { GOOD_MARK } from './good-events';
import { N8nMemory, type Memory } from './n8n-memory';
import { openConnections } from './open-connections';
import type { Target } from './raw-request';

const SECRET = 'a-secret-that-hostile-requests-may-guess';

const SHARE_EVENTS = ['databridge.share.created', 'databridge.share.updated'];

/** The triggers that are asked, from the strictest to the one that lets everything in. */
const TRIGGERS = [
	{ name: 'secret', webhookSecret: `another, ${SECRET}`, parameters: { events: SHARE_EVENTS } },
	{ name: 'no secret', webhookSecret: '', parameters: { events: SHARE_EVENTS } },
	{
		name: 'any event',
		webhookSecret: '',
		parameters: { events: ['*'], lookUpShare: false },
	},
] as const;

/** A workflow that is asked, and where. */
export interface AskedWorkflow {
	workflowId: string;
	target: Target;
}

/** A real n8n with the trigger in several settings, and n8n's own Webhook node beside it. */
export class HostileN8n {
	readonly triggers: AskedWorkflow[] = [];

	webhook!: AskedWorkflow;

	private constructor(
		private readonly folder: N8nFolder,
		readonly sandbox: Sandbox,
		private readonly running: RunningN8n,
		private readonly n8n: N8nUnderTest,
		private readonly probe: N8nMemory,
	) {}

	static async start(): Promise<HostileN8n> {
		const folder = await N8nFolder.create('hostile-requests');
		const sandbox = await startSandbox({ seedShares: false });
		const running = await folder.start({ env: await N8nMemory.environment(folder.path) });
		const n8n = await N8nUnderTest.signIn(running, sandbox.url);
		const probe = await N8nMemory.of(running, folder.path);
		const started = new HostileN8n(folder, sandbox, running, n8n, probe);
		await started.activateAll();
		return started;
	}

	get port(): number {
		return Number(new URL(this.running.url).port);
	}

	/** Waits until nothing is under way: no execution, and no connection. */
	async settle(): Promise<void> {
		const underWay = "SELECT id FROM execution_entity WHERE status IN ('new', 'running')";
		await waitFor('all executions to end', async () => (await this.query(underWay)).length === 0, {
			timeout: 120_000,
			interval: 300,
		});
	}

	/** How many connections n8n holds; those to the REST API, which are kept, among them. */
	async connections(): Promise<number> {
		return await openConnections(this.port);
	}

	async memory(): Promise<Memory> {
		return await this.probe.measure();
	}

	/** How many executions of a workflow there were, by their status. */
	async executions({ workflowId }: AskedWorkflow): Promise<Record<string, number>> {
		const rows = await this.query<{ status: string; count: number }>(
			'SELECT status, count(*) AS count FROM execution_entity WHERE workflowId = ? GROUP BY status',
			workflowId,
		);
		return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
	}

	/** The data of the executions that good events have started. */
	async goodExecutions({ workflowId }: AskedWorkflow): Promise<string[]> {
		const rows = await this.query<{ data: string }>(
			`SELECT data FROM execution_data JOIN execution_entity ON executionId = id
			 WHERE execution_entity.workflowId = ? AND status = 'success' AND instr(data, ?)`,
			workflowId,
			GOOD_MARK,
		);
		return rows.map(({ data }) => data);
	}

	async close(): Promise<void> {
		await this.folder.remove();
		await this.sandbox.close();
	}

	private async activateAll(): Promise<void> {
		for (const { name, webhookSecret, parameters } of TRIGGERS) {
			const fields = { ...SANDBOX_CUSTOMERS.receiver, webhookSecret };
			const credential = await this.n8n.addCredential(name, fields);
			const trigger = triggerNode(credential, { ...parameters, events: [...parameters.events] });
			this.triggers.push(await this.activate(name, trigger, `${trigger.webhookId}/webhook`));
		}
		const path = randomUUID();
		// Version 1, as the trigger's: n8n reads the bodies of later versions of a node in another way.
		const parameters = { httpMethod: 'POST', path, responseMode: 'onReceived', options: {} };
		const webhook = node('Webhook', 'n8n-nodes-base.webhook', parameters);
		this.webhook = await this.activate('webhook', { ...webhook, webhookId: path }, path);
	}

	private async activate(name: string, trigger: INode, path: string): Promise<AskedWorkflow> {
		const { id } = await this.n8n.addWorkflow(chain(trigger, nextNode()), name);
		await this.n8n.workflows.activate(id);
		await waitForWebhook(`${this.running.url}/webhook/${path}`);
		const target = { port: this.port, path: `/webhook/${path}`, secret: SECRET };
		return { workflowId: id, target };
	}

	private async query<Row>(sql: string, ...values: string[]): Promise<Row[]> {
		return await querySqlite<Row>(this.running.userFolder, sql, values);
	}
}
