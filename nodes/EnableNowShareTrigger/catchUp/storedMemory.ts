import type { IDataObject, ITriggerFunctions } from 'n8n-workflow';

import type { NodeContext } from '../../shared/api/credential';
import { appendPacked, appendPackedPairs } from './fingerprints';

/** How many shares are remembered. */
export const MOST_SHARES = 100_000;

/** How many emitted events are remembered. */
export const MOST_EVENTS = 20_000;

/**
 * What a trigger remembers, or a part of it, as n8n stores it with the workflow. All of it is
 * fingerprints of identifiers and times: no identifier can be read from it.
 */
export interface StoredMemory extends IDataObject {
	/** The EnableNow, the app and the receiver that it is about. */
	app: string;
	/** The shares that need no catch-up any more. */
	listed: string;
	/** The events that have been executed. */
	emitted: string;
	/** When shares end, as far as it is known. */
	ends: string;
	/** Whether the list has been read once. */
	hasBaseline: boolean;
	/** Whether a share for the receiver was ever in the list. */
	hasMatched: boolean;
}

/** What n8n has stored for the node of a context; nothing where there is none, or something else. */
export function readStoredMemory(context: NodeContext): StoredMemory | undefined {
	const stored: unknown = context.getWorkflowStaticData('global')[keyOf(context)];
	const { app, listed, emitted, ends } = Object(stored) as Partial<StoredMemory>;
	const isWhole = [app, listed, emitted, ends].every((text) => typeof text === 'string');
	return isWhole ? { ...(stored as StoredMemory) } : undefined;
}

/**
 * Forgets what is stored. To be called while n8n activates the workflow, which stores it when that is
 * done.
 */
export function forgetStoredMemory(context: NodeContext): void {
	if (readStoredMemory(context) !== undefined) {
		delete context.getWorkflowStaticData('global')[keyOf(context)];
	}
}

/**
 * Adds a part to what is stored. To be called in an execution: n8n then stores it when the execution
 * is over, so that a crash in between leaves it as it was.
 */
export function storeInExecution(context: NodeContext, part: StoredMemory): void {
	const stored = readStoredMemory(context);
	context.getWorkflowStaticData('global')[keyOf(context)] = merged(stored, part);
}

/**
 * Stores all that is remembered, with the next execution that the trigger starts. To be called in the
 * trigger, and only where executions cannot store: n8n saves what the static data of the whole workflow
 * was when the trigger was activated, with this in it.
 */
export function storeInTrigger(context: ITriggerFunctions, whole: StoredMemory): void {
	context.getWorkflowStaticData('global')[keyOf(context)] = whole;
}

/** What is stored after a part was added: only the part where it is about another app. */
export function merged(stored: StoredMemory | undefined, part: StoredMemory): StoredMemory {
	if (stored?.app !== part.app) return part;
	return {
		...stored,
		...part,
		hasBaseline: stored.hasBaseline === true || part.hasBaseline,
		hasMatched: stored.hasMatched === true || part.hasMatched,
		listed: appendPacked(stored.listed, part.listed, MOST_SHARES),
		emitted: appendPacked(stored.emitted, part.emitted, MOST_EVENTS),
		ends: appendPackedPairs(stored.ends, part.ends, MOST_SHARES),
	};
}

/** By the node's ID, which stays when the node is renamed. */
function keyOf(context: NodeContext): string {
	return `enableNowShareTrigger ${context.getNode().id}`;
}
