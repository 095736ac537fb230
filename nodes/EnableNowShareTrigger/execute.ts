import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { errorMessage } from '../shared/errors/text';
import { getCache, getTriggerKey } from './catchUp/triggerCache';
import type { TriggerItem } from './events';
import { noteExecution } from './webhook/executionStart';
import { claimEvents, claimHandover, clearLedger, type Handover } from './catchUp/ledger';
import { isCatchUpOn } from './settings';

/** The modes of executions that events start; in others, a person wants to see the items. */
const PRODUCTION_MODES = ['trigger', 'webhook'];

/**
 * Returns the items that the execution began with, except those that have already started the workflow.
 * n8n calls this for every execution of the trigger, on the worker in queue mode.
 */
export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const input = context.getInputData();
	// One item, since n8n keeps the first alone with "Execute Once".
	const handover = input[0]?.json['handover'] as Handover | undefined;
	if (handover !== undefined) return toOutput(await claimHandover(context, handover));
	if (!PRODUCTION_MODES.includes(context.getMode())) return [input];
	try {
		// It may have been switched on since this execution was stored.
		if (isCatchUpOn(context) || getCache(context) !== undefined) {
			const items = input.map(({ json }) => json as TriggerItem);
			return toOutput(await claimEvents(context, items));
		}
		// What comes from now on is not recorded, and would count as missed if it was on again.
		await clearLedger(context);
	} catch (error) {
		const { name } = context.getNode();
		context.logger.warn(
			`${name} could not use its record of events, so it starts the workflow: ${errorMessage(error)}`,
		);
	} finally {
		noteExecution(getTriggerKey(context));
	}
	return [input];
}

function toOutput(jsons: TriggerItem[]): INodeExecutionData[][] {
	return [jsons.map((json) => ({ json }))];
}
