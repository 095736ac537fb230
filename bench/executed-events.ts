import type { StoredExecution } from './n8n-database';
import { NEXT_NODE } from './trigger-workflows';

/** What was executed of the events that were posted. */
export interface ExecutedEvents {
	/** How many of the shares were in an execution that went on to the node after the trigger. */
	shareCount: number;
	/** How many executions went on to that node. */
	executionCount: number;
	/** How many of these had an event that EnableNow Trigger had verified by a look-up. */
	verifiedCount: number;
	/** When the last of them was over, in milliseconds since 1970; 0 where there is none. */
	endedAt: number;
}

/**
 * Looks which of the shares started an execution, by what n8n has stored.
 *
 * @param shareIds those that the events were about
 */
export function executedEvents(
	executions: readonly StoredExecution[],
	shareIds: readonly string[],
): ExecutedEvents {
	const wanted = new Set(shareIds);
	// The stored form is JSON: the record of what ran has the nodes' names as keys.
	const full = executions.filter(({ data }) => data.includes(`"${NEXT_NODE}":`));
	const texts = full.flatMap(({ data }) => data.match(/"[^"]*"/g) ?? []);
	const found = new Set(texts.map((text) => text.slice(1, -1)).filter((id) => wanted.has(id)));
	return {
		shareCount: found.size,
		executionCount: full.length,
		verifiedCount: full.filter(({ data }) => data.includes('"verified":true')).length,
		endedAt: Math.max(0, ...full.map(({ stoppedAt }) => stoppedAt)),
	};
}
