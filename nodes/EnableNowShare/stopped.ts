import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { NodeError } from '../shared/errors/nodeError';

/** How many shares or failures an error names; n8n's log has all of them. */
const MOST_NAMED = 100;

/**
 * Has the error that stops the node tell which shares exist by now, and what became of the items
 * that were under way, since n8n drops the output of a node that fails.
 *
 * @param context - the `this` of the node's `execute()`
 * @param failure - the error that stops the node; its description is added to
 * @param others - what further items failed with
 * @param output - the output of the items that were done
 */
export function tellWhatWasDone(
	context: IExecuteFunctions,
	failure: NodeError,
	others: NodeError[],
	output: INodeExecutionData[],
): void {
	const ids = output.map(({ json }) => json['id']).filter((id) => typeof id === 'string');
	const lists = [
		{ what: 'done before the node stopped', entries: ids, separator: ', ' },
		{ what: 'under way and failed too', entries: others.map(errorMessage), separator: '; ' },
	].filter(({ entries }) => entries.length > 0);
	if (lists.length === 0) return;
	for (const { what, entries, separator } of lists) {
		const were = `${entries.length} other ${entries.length === 1 ? 'item was' : 'items were'} ${what}`;
		context.logger.warn(`${context.getNode().name}: ${were}: ${entries.join(separator)}`);
		const named = entries.slice(0, MOST_NAMED).join(separator);
		const unnamed = entries.length - MOST_NAMED;
		const rest = unnamed > 0 ? ` and ${unnamed} more (see the log of n8n)` : '';
		failure.description = `${failure.description ?? ''} ${were}: ${named}${rest}.`.trim();
	}
	failure.description +=
		' Choose "Continue (using error output)" in the settings of this node to let the other items go on.';
}

function errorMessage({ message }: NodeError): string {
	return message;
}
