import type { ExecutionStatus, INodeExecutionData, IRunExecutionData } from 'n8n-workflow';
import type { RestSession } from './rest-session';
import { waitFor, type WaitOptions } from './wait';

const ENDED: readonly ExecutionStatus[] = ['success', 'error', 'crashed', 'canceled'];

/** A line of the executions list. */
export interface ExecutionSummary {
	id: string;
	workflowId: string;
	status: ExecutionStatus;
	/** 'webhook', 'manual', 'trigger', … */
	mode: string;
}

/** An execution with all that its nodes put out. */
export interface Execution extends ExecutionSummary {
	data: IRunExecutionData;
}

/** The executions of an n8n. */
export class Executions {
	constructor(private readonly session: RestSession) {}

	/**
	 * @param workflowId only this workflow's; default: all
	 * @param limit at most so many; n8n takes up to 100
	 * @returns the newest first
	 */
	async list(workflowId?: string, limit = 100): Promise<ExecutionSummary[]> {
		const query = new URLSearchParams({
			limit: String(limit),
			filter: JSON.stringify({ ...(workflowId !== undefined && { workflowId }) }),
		});
		const page = await this.session.call<{ results: ExecutionSummary[] }>(
			'GET',
			`/executions?${query.toString()}`,
		);
		return page.results;
	}

	/** @returns the execution; while it runs, with what there is so far */
	async get(id: string): Promise<Execution> {
		const execution = await this.session.call<ExecutionSummary & { data: string }>(
			'GET',
			`/executions/${id}`,
		);
		// An ES module: it cannot be imported otherwise from here.
		const { parse } = await import('flatted');
		// Stored and sent in flatted form, since the data of an execution may hold cycles.
		return { ...execution, data: parse(execution.data) as IRunExecutionData };
	}

	/** Stops an execution that runs, as the editor's button does. */
	async stop(id: string): Promise<void> {
		await this.session.call('POST', `/executions/${id}/stop`);
	}

	/** Retries an execution that failed or crashed, as the button of the executions list does. */
	async retry(id: string): Promise<void> {
		await this.session.call('POST', `/executions/${id}/retry`, { loadWorkflow: false });
	}

	/**
	 * Waits until an execution of the workflow has ended and meets the condition.
	 *
	 * @param isWanted default: any execution is
	 * @returns the newest that is
	 * @throws Error when the time is up
	 */
	async waitFor(
		workflowId: string,
		isWanted: (execution: Execution) => boolean = () => true,
		options?: WaitOptions,
	): Promise<Execution> {
		const unwanted = new Set<string>();
		return waitFor(
			`an execution of workflow ${workflowId}`,
			async () => {
				for (const { id, status } of await this.list(workflowId)) {
					if (!ENDED.includes(status) || unwanted.has(id)) continue;
					const execution = await this.get(id);
					if (isWanted(execution)) return execution;
					unwanted.add(id);
				}
				return undefined;
			},
			options,
		);
	}

	/**
	 * Waits until the execution has ended, well or not.
	 *
	 * @throws Error when the time is up
	 */
	async waitForEnd(id: string, options?: WaitOptions): Promise<Execution> {
		await waitFor(
			`the end of execution ${id}`,
			async () => {
				const { status } = await this.session.call<ExecutionSummary>('GET', `/executions/${id}`);
				return ENDED.includes(status);
			},
			options,
		);
		return this.get(id);
	}
}

/**
 * @param nodeName a node of the workflow
 * @param output the index of its output; the second of a node with an error output is 1
 * @returns the items that the node put out in its last run; none when it did not run
 */
export function outputItems(
	execution: Execution,
	nodeName: string,
	output = 0,
): INodeExecutionData[] {
	const lastRun = execution.data.resultData.runData[nodeName]?.at(-1);
	return lastRun?.data?.['main']?.[output] ?? [];
}

/** @returns the message of the error that ended the execution, or undefined */
export function executionError(execution: Execution): string | undefined {
	return execution.data.resultData.error?.message;
}
