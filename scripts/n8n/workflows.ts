import { randomUUID } from 'node:crypto';
import type { IConnections, INode, ITaskData, IWorkflowSettings } from 'n8n-workflow';
import { RestError, type RestSession } from './rest-session';
import { majorVersion } from './versions';
import { waitFor } from './wait';

/** A workflow as the editor exports it; whatever else an export holds is left aside. */
export interface NewWorkflow {
	name: string;
	nodes: INode[];
	connections: IConnections;
	settings?: IWorkflowSettings;
}

/** A workflow that n8n holds. */
export interface Workflow extends NewWorkflow {
	id: string;
	/** Of the saved state; changes with each save. */
	versionId: string;
	active: boolean;
}

/** A workflow as it is listed. */
export interface WorkflowSummary extends Pick<Workflow, 'id' | 'name' | 'active'> {
	/** Whether it has been removed, but not for good; n8n 2 has it. */
	isArchived?: boolean;
}

/** The workflows of an n8n. */
export class Workflows {
	constructor(
		private readonly session: RestSession,
		private readonly n8nVersion: string,
	) {}

	async create(workflow: NewWorkflow): Promise<Workflow> {
		const { name, nodes, connections, settings = {} } = workflow;
		return this.session.call('POST', '/workflows', {
			name,
			nodes,
			connections,
			settings,
			// n8n 1 has no default for it.
			active: false,
		});
	}

	/** @returns all of them, without their nodes */
	async list(): Promise<WorkflowSummary[]> {
		return this.session.call('GET', '/workflows');
	}

	async get(id: string): Promise<Workflow> {
		return this.session.call('GET', `/workflows/${id}`);
	}

	/** Saves the workflow's nodes, connections, name and settings. Does not publish them. */
	async update(workflow: Workflow): Promise<Workflow> {
		const { id, name, nodes, connections, settings = {} } = workflow;
		return this.session.call('PATCH', `/workflows/${id}`, { name, nodes, connections, settings });
	}

	/**
	 * Activates (in n8n 2: publishes) the workflow as it is saved. n8n may serve its webhooks a little
	 * later: see waitForWebhook().
	 */
	async activate(id: string): Promise<void> {
		const { versionId } = await this.get(id);
		if (majorVersion(this.n8nVersion) === 1) {
			await this.session.call('PATCH', `/workflows/${id}`, { active: true, versionId });
		} else {
			await this.session.call('POST', `/workflows/${id}/activate`, { versionId });
			await this.waitForPublication(id);
		}
	}

	/**
	 * n8n 2.41 answers before it publishes. Of a workflow that was active it serves the old version
	 * until then, and none for a moment.
	 */
	private async waitForPublication(id: string): Promise<void> {
		await waitFor(`workflow ${id} to be published`, async () => {
			try {
				const path = `/workflows/${id}/publication-status`;
				const { status } = await this.session.call<{ status: string }>('GET', path);
				return status !== 'in_progress';
			} catch (error) {
				// Earlier versions publish before they answer, and have no such path.
				if (error instanceof RestError && error.status === 404) return true;
				throw error;
			}
		});
	}

	async deactivate(id: string): Promise<void> {
		if (majorVersion(this.n8nVersion) === 1) {
			const { versionId } = await this.get(id);
			await this.session.call('PATCH', `/workflows/${id}`, { active: false, versionId });
		} else {
			await this.session.call('POST', `/workflows/${id}/deactivate`, {});
		}
	}

	/**
	 * Presses "Execute workflow", from a trigger that needs no outside event, e.g. a Manual Trigger.
	 *
	 * @param triggerName the name of the trigger node to start from
	 * @returns the id of the execution, which has just begun
	 */
	async run(id: string, triggerName: string): Promise<string> {
		const { executionId } = await this.startManually(id, triggerName);
		if (executionId === undefined) {
			throw new Error(`"${triggerName}" waits for an event; use listenForTestEvent()`);
		}
		return executionId;
	}

	/**
	 * Presses "Listen for test event" of a trigger that has a webhook: its test URL takes one
	 * request within two minutes.
	 *
	 * @param triggerName the name of the trigger node
	 */
	async listenForTestEvent(id: string, triggerName: string): Promise<void> {
		const { executionId } = await this.startManually(id, triggerName);
		if (executionId !== undefined) throw new Error(`"${triggerName}" waits for no event`);
	}

	/**
	 * Sends a message in the chat of the editor.
	 *
	 * @param triggerName the name of the Chat Trigger
	 * @returns the id of the execution, which has just begun
	 */
	async sendChatMessage(id: string, triggerName: string, text: string): Promise<string> {
		const json = { sessionId: randomUUID(), action: 'sendMessage', chatInput: text };
		const data: ITaskData = {
			data: { main: [[{ json }]] },
			executionIndex: 0,
			executionStatus: 'success',
			executionTime: 0,
			source: [],
			startTime: Date.now(),
		};
		const { executionId } = await this.startManually(id, triggerName, data);
		if (executionId === undefined) throw new Error(`"${triggerName}" takes no message`);
		return executionId;
	}

	/** @param output what the trigger is to give, where it does not give that by itself */
	private async startManually(
		id: string,
		triggerName: string,
		output?: ITaskData,
	): Promise<{ executionId?: string }> {
		return this.session.call('POST', `/workflows/${id}/run`, {
			// n8n 1 runs what it is sent, n8n 2 what it has saved.
			workflowData: await this.get(id),
			triggerToStartFrom: { name: triggerName, data: output },
		});
	}
}
