import type { IDataObject } from 'n8n-workflow';
import { SANDBOX_CUSTOMERS } from '../../../sandbox';
import {
	waitFor,
	webhookUrl,
	type Execution,
	type ExecutionSummary,
	type Workflow,
} from '../../../scripts/n8n';
import {
	TRIGGERS,
	type AnsweringTrigger,
	type EventRequest,
	type TriggerName,
} from './answer-table';
import type { AnsweringN8n, Answers } from './answering-n8n';
import { itemsOf, type N8nUnderTest } from './n8n-under-test';
import { chain, NEXT, nextNode, TRIGGER, triggerNode } from './nodes';
import { postEvent } from './post-event';

/** A workflow whose trigger is served. */
interface ActiveTrigger {
	workflow: Workflow;
	url: string;
	testUrl: string;
	/** The executions that have been looked at. */
	seen: Set<string>;
}

/** A trigger that lets everything in, to see that what came before it has been dealt with. */
const MARKER: AnsweringTrigger = { parameters: { lookUpShare: false }, webhookSecret: '' };

/** A real n8n, with an active workflow for each trigger of the answer table. */
export class AnsweringRealN8n implements AnsweringN8n {
	private constructor(
		private readonly n8n: N8nUnderTest,
		private readonly triggers: Map<TriggerName, ActiveTrigger>,
		private readonly marker: ActiveTrigger,
	) {}

	static async start(n8n: N8nUnderTest): Promise<AnsweringRealN8n> {
		const triggers = new Map<TriggerName, ActiveTrigger>();
		// One after the other: n8n 1 mixes up what it saves in SQLite at the same time.
		for (const [name, trigger] of Object.entries(TRIGGERS)) {
			triggers.set(name as TriggerName, await activate(n8n, name, trigger));
		}
		const marker = await activate(n8n, 'marker', MARKER);
		return new AnsweringRealN8n(n8n, triggers, marker);
	}

	async deliver(name: TriggerName, request: EventRequest): Promise<Answers> {
		const trigger = this.trigger(name);
		const { id } = trigger.workflow;
		await this.n8n.workflows.listenForTestEvent(id, TRIGGER);
		try {
			const [production, test] = await Promise.all([
				postEvent(trigger.url, request),
				postEvent(trigger.testUrl, request),
			]);
			const started = await this.startedExecutions(trigger);
			return {
				production: {
					status: production.status,
					body: production.data,
					executions: outputs(started.filter(({ mode }) => mode !== 'manual')),
				},
				test: {
					status: test.status,
					body: test.data,
					executions: outputs(started.filter(({ mode }) => mode === 'manual')),
				},
			};
		} finally {
			// What starts no execution leaves n8n listening.
			await this.n8n.session.call('DELETE', `/test-webhook/${id}`);
		}
	}

	async executionCount(): Promise<number> {
		await this.everythingBefore();
		const executions = await Promise.all(
			[...this.triggers].map(async ([name, { workflow }]) => {
				return name === 'catchingUp' ? [] : await this.n8n.executions.list(workflow.id);
			}),
		);
		return executions.flat().filter(({ mode }) => mode !== 'manual').length;
	}

	async close(): Promise<void> {
		for (const { workflow } of [...this.triggers.values(), this.marker]) {
			await this.n8n.workflows.deactivate(workflow.id);
		}
	}

	/** n8n answers before it starts an execution, so what is not there yet may still come. */
	private async startedExecutions(trigger: ActiveTrigger): Promise<Execution[]> {
		const executions: Execution[] = [];
		let isMarked = false;
		for (;;) {
			const found = await this.newExecutions(trigger);
			if (found.length === 0 && (isMarked || executions.length > 0)) return executions;
			if (found.length === 0) {
				await this.everythingBefore();
				isMarked = true;
			}
			for (const { id } of found.reverse()) {
				trigger.seen.add(id);
				executions.push(await this.n8n.endOf(id));
			}
		}
	}

	/** Waits until an event that is posted now has been executed. */
	private async everythingBefore(): Promise<void> {
		await postEvent(this.marker.url, {
			body: { event: 'databridge.share.created', data: { marker: true } },
		});
		const [execution] = await waitFor('the execution of the marker', async () => {
			const found = await this.newExecutions(this.marker);
			return found.length > 0 && found;
		});
		if (execution === undefined) return;
		this.marker.seen.add(execution.id);
		await this.n8n.endOf(execution.id);
	}

	private async newExecutions({ workflow, seen }: ActiveTrigger): Promise<ExecutionSummary[]> {
		const executions = await this.n8n.executions.list(workflow.id);
		// One that ends while n8n looks is listed twice, as running and as ended.
		const byId = new Map(executions.map((execution) => [execution.id, execution]));
		return [...byId.values()].filter(({ id }) => !seen.has(id));
	}

	private trigger(name: TriggerName): ActiveTrigger {
		const trigger = this.triggers.get(name);
		if (!trigger) throw new Error(`There is no trigger "${name}"`);
		return trigger;
	}
}

function outputs(executions: Execution[]): IDataObject[][] {
	return executions
		.map((execution) => itemsOf(execution, NEXT).map(({ json }) => json))
		.filter((items) => items.length > 0);
}

async function activate(
	n8n: N8nUnderTest,
	name: string,
	{ parameters, webhookSecret, isCredentialDeleted }: AnsweringTrigger,
): Promise<ActiveTrigger> {
	const fields = { ...SANDBOX_CUSTOMERS.receiver, webhookSecret };
	const credential = await n8n.addCredential(`Answers: ${name}`, fields);
	const content = chain(triggerNode(credential, { ...parameters }), nextNode());
	const workflow = await n8n.addWorkflow(content, `Answers: ${name}`);
	const url = await n8n.activate(workflow, TRIGGER);
	if (isCredentialDeleted) await n8n.credentials.remove(credential.id);
	return {
		workflow,
		url,
		testUrl: webhookUrl(n8n, workflow, TRIGGER, undefined, 'test'),
		seen: new Set(),
	};
}
