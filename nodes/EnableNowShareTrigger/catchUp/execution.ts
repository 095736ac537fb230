import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { TriggerItem } from '../webhook/decision';
import { type DeliveryNote, readNote } from './deliveryNote';
import { emissionKeyOf } from './emissionKey';
import { Fingerprints } from './fingerprints';
import { knownTriggerOf } from './liveTriggers';
import { begin } from './marks';
import { isCatchUpOn } from './settings';
import { MOST_EVENTS, readStoredMemory, storeInExecution } from './storedMemory';

/** How executions begin that an event started; others are a person's, who wants to see the items. */
const PRODUCTION_MODES = ['trigger', 'webhook'];

/**
 * What the nodes after the trigger are given: the items with which the execution began, without those
 * that were emitted already.
 *
 * n8n calls this for every execution of the trigger, on the worker in queue mode: the only place
 * where its database can be asked for what was emitted. What is to be remembered is stored by n8n
 * when the execution is over, not before: see decision 8.
 */
export async function beginExecution(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const { note, items } = readNote(context.getInputData());
	const isProduction = PRODUCTION_MODES.includes(context.getMode());
	if (!isProduction || (note === undefined && !isCatchUpOn(context))) return items;
	const keys = items.map(({ json }) => emissionKeyOf(json as TriggerItem));
	// n8n serves webhooks before it starts triggers: then what is stored is known here only.
	const stored = new Fingerprints(MOST_EVENTS, note ? '' : readStoredMemory(context)?.emitted);
	const present = keys.filter((key) => key !== undefined);
	const distinct = [...new Set(present.filter((key) => !stored.has(key)))];
	const begun = await begin(context, distinct, note !== undefined);
	if (note !== undefined) storeWhereSafe(context, note);
	return items.filter((_item, index) => {
		const key = keys[index];
		// Deleted, so that of two items with the same key the first goes on alone.
		return key === undefined || begun.delete(key);
	});
}

/**
 * Stores what is to be remembered, where the trigger is in this process, or was until it was stopped. On
 * a worker it is left to the trigger: n8n 2.41 gives an execution there no static data, and what it
 * stores replaces that of the whole workflow.
 */
function storeWhereSafe(context: IExecuteFunctions, { memory }: DeliveryNote): void {
	const trigger = knownTriggerOf(context);
	if (trigger?.memory.app !== memory.app) return;
	trigger.noteExecutedHere();
	storeInExecution(context, memory);
}
