import { TriggerContext } from 'n8n-core';
import type { INode, INodeExecutionData, IRun, WorkflowActivateMode } from 'n8n-workflow';

import type { Engine, WorkflowJson } from './engine';

/** An execution that a trigger started. */
export interface StartedExecution {
	executionId: string;
	/** The items with which it began. */
	items: INodeExecutionData[];
	/** The end of the execution. */
	run: Promise<IRun>;
}

/**
 * The part of n8n that runs triggers, which is not in n8n-core: it starts the trigger of a workflow
 * and executes what that emits, as n8n 2 does.
 *
 * @param worker - carries the executions out: the same engine, or in queue mode another one
 * @param onStarted - told of each execution
 * @returns stops the trigger
 */
export async function startTrigger(
	engine: Engine,
	json: WorkflowJson,
	trigger: INode,
	activation: WorkflowActivateMode,
	worker: Engine,
	onStarted: (execution: StartedExecution) => void,
): Promise<() => Promise<void>> {
	const nodeType = engine.nodeTypes.getByNameAndVersion(trigger.type, trigger.typeVersion);
	const workflow = engine.workflowOf(json);
	const node = workflow.getNode(trigger.name);
	if (nodeType.trigger === undefined || node === null) return async () => await Promise.resolve();
	const emit = (
		[items = []]: INodeExecutionData[][],
		_response?: unknown,
		done?: { resolve: (run: IRun) => void; reject: (error: Error) => void },
	) => {
		engine.saveStaticData(workflow);
		const executionId = engine.database.nextExecutionId();
		const options = {
			startNode: trigger.name,
			input: items,
			mode: 'trigger',
			executionId,
		} as const;
		const run = worker.run(json, options);
		if (done) run.then(done.resolve, done.reject);
		onStarted({ executionId, items, run });
	};
	const context = new TriggerContext(
		workflow,
		node,
		engine.additionalData('trigger'),
		'trigger',
		activation,
		emit,
	);
	const response = await nodeType.trigger.call(context);
	engine.saveStaticData(workflow);
	return async () => await response?.closeFunction?.();
}
