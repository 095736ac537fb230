import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { errorMessage } from '../../shared/errors/message';
import type { TriggerItem } from '../webhook/judgement';
import { isCatchUpOn } from '../settings';
import { LedgerEntries } from './entries';
import { readHandover } from './handover';
import { claimEvents, claimHandover } from './ledger';

/** How executions begin that an event starts; others are a person's, who wants to see the items. */
const PRODUCTION_MODES = ['trigger', 'webhook'];

/**
 * What the nodes after the trigger are given: what the execution began with, without what has started
 * the workflow already. n8n calls this for every execution of the trigger, on the worker in queue mode.
 */
export async function beginExecution(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const input = context.getInputData();
	const handover = readHandover(input);
	if (handover !== undefined) {
		return (await claimHandover(context, handover)).map((json) => ({ json }));
	}
	if (!PRODUCTION_MODES.includes(context.getMode())) return input;
	try {
		if (isCatchUpOn(context)) {
			const items = await claimEvents(
				context,
				input.map(({ json }) => json as TriggerItem),
			);
			return input.filter(({ json }) => items.includes(json as TriggerItem));
		}
		// What comes from now on is not recorded, and would be taken for missed if it was on again.
		await LedgerEntries.clear(context);
	} catch (error) {
		context.logger.warn(
			`${context.getNode().name} could not look whether an event has started the workflow before, and starts it: ${errorMessage(error)}`,
		);
	}
	return input;
}
