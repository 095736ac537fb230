import type { IDataObject, INode } from 'n8n-workflow';
import { SANDBOX_CUSTOMERS, startSandbox, type Sandbox } from '../../../sandbox';
import {
	freePort,
	waitFor,
	type Credential,
	type ProcessLog,
	type Workflow,
} from '../../../scripts/n8n';
import { Collector } from './collector';
import { N8nFolder } from './n8n-folder';
import { N8nUnderTest, type CredentialFields, type WorkflowContent } from './n8n-under-test';
import { chain, TRIGGER, triggerNode } from './nodes';
import { postEvent } from './post-event';

export const CREATED = 'databridge.share.created';
export const UPDATED = 'databridge.share.updated';

/** What EnableNow posts for a new share. */
export function createdEvent(shareId: string): { event: string; data: { shareId: string } } {
	return { event: CREATED, data: { shareId } };
}

/** What the sandbox is told of the shares that the tests make. */
const TO_RECEIVER = { from: 'en-app-ref-001', to: 'en-app-ref-002' };

/** A trigger that is to be published. */
export interface TriggerUnderTest {
	events?: string[];
	lookUpShare?: boolean;
	/** Every minute; on by default. */
	catchUp?: boolean;
	options?: IDataObject;
	/** Default: the app that the shares are for. */
	credential?: CredentialFields;
}

/** A real n8n with a workflow that catches up, and what is around it. */
export class CatchUpN8n {
	n8n!: N8nUnderTest;
	workflow!: Workflow;
	credential!: Credential;

	/** The address to which EnableNow posts events. */
	webhook = '';

	/** Of the n8n that runs, or ran last. */
	log!: ProcessLog;

	/** Settings of n8n besides the usual ones, with which it was started last. */
	environment: NodeJS.ProcessEnv | undefined;

	private constructor(
		readonly folder: N8nFolder,
		readonly sandbox: Sandbox,
		readonly collector: Collector,
		private readonly port: number,
	) {}

	/** Starts all of it, without a workflow. */
	static async start(): Promise<CatchUpN8n> {
		const started = new CatchUpN8n(
			await N8nFolder.create('catch-up'),
			await startSandbox({ seedShares: false }),
			await Collector.start(),
			await freePort(),
		);
		await started.start();
		return started;
	}

	/** Starts n8n where it was before, so that the webhook's address stays. */
	async start(environment?: NodeJS.ProcessEnv): Promise<void> {
		this.environment = environment;
		const running = await this.folder.start({
			port: this.port,
			...(environment && { env: environment }),
		});
		this.log = running.log;
		this.n8n = await N8nUnderTest.signIn(running, this.sandbox.url);
	}

	/** Publishes a workflow that tells the collector of each item, and waits for its first catch-up. */
	async publish(trigger: TriggerUnderTest = {}): Promise<void> {
		const {
			credential = SANDBOX_CUSTOMERS.receiver,
			catchUp = true,
			options,
			...parameters
		} = trigger;
		this.credential = await this.n8n.addCredential('Receiver', credential);
		const node = triggerNode(this.credential, {
			...parameters,
			catchUp,
			options: { catchUpInterval: 1, ...options },
		});
		const content = chain(node, this.collector.node());
		await this.publishContent(content, catchUp ? 1 : 0);
	}

	/**
	 * Publishes a workflow, and waits for the first catch-up of its triggers: what is shared before that
	 * counts as known.
	 *
	 * @param triggers - how many of them catch up
	 */
	async publishContent(content: WorkflowContent, triggers = 1): Promise<void> {
		this.workflow = await this.n8n.addWorkflow(content, 'Catch up');
		const known = this.baselineCount();
		this.webhook = await this.n8n.activate(this.workflow, TRIGGER);
		await this.waitForBaseline(known + triggers);
		await this.collector.waitForSilence();
	}

	/** How often n8n has begun to catch up on an app since it was started. */
	baselineCount(): number {
		return this.log.text().match(/catches up from now on/g)?.length ?? 0;
	}

	/** Waits until n8n has begun so often to catch up on an app, and has stored what was there. */
	async waitForBaseline(count: number): Promise<void> {
		await waitFor('the first catch-up', () => this.baselineCount() >= count, { timeout: 300_000 });
	}

	/** Deactivates the workflow and waits until n8n, which answers before, has done so. */
	async deactivate(): Promise<void> {
		await this.n8n.workflows.deactivate(this.workflow.id);
		await waitFor('the webhook not to be served any more', async () => {
			const { status } = await postEvent(this.webhook, { body: '' });
			return status === 404;
		});
	}

	/** Publishes the workflow with other nodes, as a person does who has edited it. */
	async change(trigger: Partial<INode>): Promise<void> {
		const [node] = this.workflow.nodes as [INode, INode];
		const content = chain({ ...node, ...trigger }, this.collector.node());
		this.workflow = await this.n8n.workflows.update({ ...this.workflow, ...content });
		await this.n8n.activate(this.workflow, content.nodes[0]?.name ?? '');
		await this.collector.waitForSilence();
	}

	/** Puts shares in, of which EnableNow sends no events. */
	async addShares(count: number): Promise<string[]> {
		const shares = await this.sandbox.admin.addShares({ ...TO_RECEIVER, count });
		return shares.map(({ id }) => id);
	}

	/**
	 * Posts the event that EnableNow would send for a share.
	 *
	 * @returns the status of the answer
	 */
	async tellOf(shareId: string): Promise<number> {
		return (await postEvent(this.webhook, { body: createdEvent(shareId) })).status;
	}

	async close(): Promise<void> {
		await this.folder.remove();
		await this.sandbox.close();
		await this.collector.close();
	}
}
