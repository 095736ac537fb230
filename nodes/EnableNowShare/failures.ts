import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { formatExcerpt } from '../shared/errors/inputError';
import type { NodeError } from '../shared/errors/nodeError';
import { joinFirst } from '../shared/errors/text';

/** Maximum number of items that an error names; n8n's log has all that were sent. */
const MAX_NAMED_FAILURES = 10;
const MAX_NAMED_SENT = 100;

/** Adds to the error of the first item with invalid input that nothing was sent, and what else is invalid. */
export function addInvalidItems(failure: NodeError, others: NodeError[]): void {
	const messages = others.map(({ message }) => message);
	const named = joinFirst(messages, MAX_NAMED_FAILURES - 1, '; ');
	const also = named === '' ? '' : `Other items cannot be sent either: ${named}.`;
	addSentences(failure, [also, 'Nothing was sent.']);
}

/**
 * Adds to the error that stops the node which items were sent and what else failed, since n8n drops the
 * output of a node that fails.
 *
 * @param isRepeated - whether a second run would do the same again
 */
export function addProgress(
	context: IExecuteFunctions,
	failure: NodeError,
	others: NodeError[],
	output: INodeExecutionData[],
	isRepeated: boolean,
): void {
	const summarize = (entries: string[], what: string): string => {
		if (entries.length === 0) return '';
		const summary = `${entries.length} other ${entries.length === 1 ? 'item was' : 'items were'} ${what}`;
		context.logger.warn(`${context.getNode().name}: ${summary}: ${entries.join('; ')}`);
		const rest = entries.length > MAX_NAMED_SENT ? " n8n's log names them all." : '';
		return `${summary}: ${joinFirst(entries, MAX_NAMED_SENT, '; ')}.${rest}`;
	};
	const sent = summarize(output.map(formatSent), 'completed before the node stopped');
	const failed = summarize(
		others.map(({ message }) => message),
		'in progress and failed too',
	);
	if (sent + failed === '') return;
	addSentences(failure, [
		sent,
		failed,
		sent !== '' && isRepeated
			? "A second run would create these shares again, unless 'Prevent Duplicates' is on."
			: '',
		'Choose "Continue (using error output)" in the settings of this node to let the other items go on.',
	]);
}

function addSentences(failure: NodeError, sentences: string[]): void {
	failure.description = [failure.description, ...sentences].filter(Boolean).join(' ');
}

/** Such as `item 3 (reference "loan-7", share 53520156-8459-425b-3370-08de95423420)`. */
function formatSent({ json, pairedItem }: INodeExecutionData): string {
	const { item } = pairedItem as { item: number };
	const reference =
		json['reference'] === null ? '' : `reference ${formatExcerpt(json['reference'])}, `;
	return `item ${item} (${reference}share ${json['id'] as string})`;
}
