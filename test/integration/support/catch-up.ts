import axios from 'axios';
import type {
	INode,
	INodeExecutionData,
	INodeParameters,
	IRun,
	WorkflowExecuteMode,
} from 'n8n-workflow';

import { type Share, SANDBOX_CUSTOMERS } from '../../../sandbox';
import type { WorkflowJson } from '../../../scripts/engine/engine';
import { WebhookHost } from '../../../scripts/engine/webhook-host';
import type { TestBed } from './test-bed';
import { waitUntil } from './wait-until';
import { chain, jsonOf, passNode, triggerNode } from './workflows';
import { post } from './trigger';

export const CREATED = 'databridge.share.created';
export const UPDATED = 'databridge.share.updated';

/** What the node after the trigger was given. */
export interface EmittedItem {
	event: string;
	shareId: string;
	verified: boolean;
	source: string;
	share: Share | null;
}

/** What makes a trigger special. */
export interface TriggerChanges {
	catchUp?: boolean | string;
	options?: INodeParameters;
	events?: string[];
	lookUpShare?: boolean;
	node?: Partial<INode>;
	/** The nodes after the trigger; one that passes its items on where they are left out. */
	next?: INode[];
}

/** A trigger that catches up, for the tests of a file; it can be killed and started again. */
export class CatchUpTrigger {
	host!: WebhookHost;
	private readonly hosts: WebhookHost[] = [];
	private changes: TriggerChanges = {};

	private constructor(private readonly bed: TestBed) {}

	/** Call it at the top of a test file, before the test bed is prepared. */
	static prepare(bed: TestBed): CatchUpTrigger {
		const trigger = new CatchUpTrigger(bed);
		afterEach(async () => {
			await Promise.all(trigger.hosts.splice(0).map(async (host) => await host.close()));
		});
		return trigger;
	}

	/** Activates the trigger, and waits for its first catch-up. */
	async start(changes: TriggerChanges = {}): Promise<void> {
		this.changes = changes;
		await this.startHost('activate');
		await this.caughtUp();
	}

	/** Deactivates the trigger. */
	async stop(): Promise<void> {
		await this.host.close();
	}

	/** Ends n8n as a SIGKILL does. */
	kill(): void {
		const database = this.bed.engine.kill();
		this.host.abandon();
		this.hosts.length = 0;
		// What the package remembers is gone with the process.
		jest.resetModules();
		this.bed.startEngine(database);
	}

	/** Starts n8n, and waits for the catch-up. */
	async startAgain(changes: Partial<TriggerChanges> = {}): Promise<void> {
		this.changes = { ...this.changes, ...changes };
		await this.startHost('init');
		await this.caughtUp();
	}

	/** Kills n8n and starts it again. */
	async restart(changes?: Partial<TriggerChanges>): Promise<void> {
		this.kill();
		await this.startAgain(changes);
	}

	/** Starts n8n and waits for nothing. */
	async startHost(activation: 'activate' | 'init'): Promise<void> {
		this.host = await WebhookHost.start(this.bed.engine, this.workflow, activation);
		this.hosts.push(this.host);
	}

	/** Starts n8n, which serves webhooks before it starts triggers; it does not come to that. */
	async startServing(): Promise<void> {
		this.host = await WebhookHost.serve(this.bed.engine, this.workflow);
		this.hosts.push(this.host);
	}

	/** Runs an execution that begins with these items at the trigger. */
	async run(input: INodeExecutionData[], mode: WorkflowExecuteMode): Promise<IRun> {
		const options = { startNode: 'EnableNow Trigger', input, mode };
		return await this.bed.engine.run(this.workflow, options);
	}

	private get workflow(): WorkflowJson {
		const { options = {}, node, next = [passNode('Next')], ...parameters } = this.changes;
		const trigger = {
			...triggerNode({ catchUp: true, ...parameters, options }),
			...node,
		};
		return chain(trigger, ...next);
	}

	/** Waits until all that the trigger started is over, and nothing follows. */
	async caughtUp(): Promise<void> {
		const { admin } = this.bed;
		for (let before = ''; ;) {
			await new Promise((resolve) => setTimeout(resolve, 150));
			await Promise.all(this.host.executions.map(async ({ run }) => await run));
			const now = `${this.host.executions.length} ${(await admin.requests()).length}`;
			if (now === before) return;
			before = now;
		}
	}

	/** Posts an event. */
	async post(shareId: string, event = CREATED, query = ''): Promise<number> {
		return (await post(this.host.productionUrl, { event, data: { shareId } }, { query })).status;
	}

	/** What the node after the trigger was given since n8n was started, in order. */
	async items(nodeName = 'Next'): Promise<EmittedItem[]> {
		await waitUntil(() => this.host !== undefined);
		const runs = await Promise.all(this.host.executions.map(async ({ run }) => await run));
		return runs.flatMap((run) => {
			expect(run.data.resultData.error).toBeUndefined();
			const hasRun = run.data.resultData.runData[nodeName] !== undefined;
			return hasRun ? (jsonOf(run, nodeName) as unknown as EmittedItem[]) : [];
		});
	}

	/** The shares of what the node after the trigger was given, in order. */
	async shareIds(): Promise<string[]> {
		return (await this.items()).map(({ shareId }) => shareId);
	}

	/** Shares that target the receiver, without events; the oldest first. */
	async addShares(count: number, changes: object = {}): Promise<string[]> {
		const batch = { count, from: 'en-app-ref-001', to: 'en-app-ref-002', ...changes };
		return (await this.bed.admin.addShares(batch)).map(({ id }) => id);
	}

	/** Changes when a share ends, as its sharer does. */
	async update(shareId: string, expirationDateUtc: string): Promise<void> {
		const { clientId, clientSecret } = SANDBOX_CUSTOMERS.sharer;
		const { url } = this.bed.sandbox;
		const { data } = await axios.post<{ access_token: string }>(
			`${url}/cfa/connect/token`,
			new URLSearchParams({
				client_id: clientId,
				client_secret: clientSecret,
				scope: 'customer-api',
				grant_type: 'client_credentials',
			}),
			{ proxy: false },
		);
		await axios.put(
			`${url}/shares/${shareId}`,
			{ expirationDateUtc },
			{ proxy: false, headers: { Authorization: `Bearer ${data.access_token}` } },
		);
	}
}
