import { type IExecuteFunctions, type INodeExecutionData, NodeOperationError } from 'n8n-workflow';

import { createClient } from '../shared/api/client';
import { RetryingClient } from '../shared/api/retryingClient';
import { KeyedMutex } from '../shared/async/keyedMutex';
import { formatExcerpt } from '../shared/errors/inputError';
import { type NodeError, toNodeError } from '../shared/errors/nodeError';
import { RequestError } from '../shared/errors/requestError';
import { operations } from './operations';
import type { ItemServices, Operation } from './operations/operation';
import { readOptions, type ShareOptions } from './operations/options';
import { UniqueShares } from './operations/uniqueShares';

/** Maximum number of shares or failures that an error names; n8n's log has all of them. */
const MAX_NAMED = 100;

/**
 * Carries out the node's operation for every input item, several at a time. An item's input is read
 * only when it is about to be sent, so that memory grows with the concurrency and not with the input.
 *
 * @returns the output in the order of the input, each item paired with the one that it came from;
 *   with "Continue On Fail", an item that failed gives `{ error }`
 * @throws NodeApiError or NodeOperationError for the first item that failed, without that setting:
 *   no further item is started then, and the error says what has been done
 */
export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const operation = readOperation(context);
	const items = context.getInputData();
	const stopSignal = context.getExecutionCancelSignal();
	let options: ShareOptions;
	let client: RetryingClient;
	try {
		options = readOptions(context);
		client = new RetryingClient(await createClient(context, options.timeout), options, stopSignal);
	} catch (error) {
		const toFailure = (itemIndex: number) => toNodeError(context.getNode(), error, itemIndex);
		if (!context.continueOnFail()) throw toFailure(0);
		return [items.map((_item, itemIndex) => toErrorItem(toFailure(itemIndex), itemIndex))];
	}
	const services: ItemServices = {
		client,
		uniqueShares: new UniqueShares(client, { ...options, stopSignal }),
		updates: new KeyedMutex(),
		hints: new Set(),
	};
	const itemIndexes = items.keys();
	const outputs: INodeExecutionData[][] = [];
	const failures: NodeError[] = [];
	/** Takes one item after the other; all workers share the iterator. */
	const work = async () => {
		for (const itemIndex of itemIndexes) {
			if (failures.length > 0) return;
			try {
				const sendItem = operation.readItem(context, itemIndex, options);
				const shares = await sendItem(services);
				outputs[itemIndex] = shares.map((json) => ({ json, pairedItem: { item: itemIndex } }));
			} catch (error) {
				const failure = toNodeError(context.getNode(), error, itemIndex);
				if (context.continueOnFail()) outputs[itemIndex] = [toErrorItem(failure, itemIndex)];
				else if (failures.length === 0 || !isDropped(error)) failures.push(failure);
				// Reading goes on: it may show whether a share was created.
				if (failures.length > 0) client.stop(operation.changesShares ? 'changes' : 'everything');
			}
		}
	};
	const concurrency = Math.min(items.length, options.maxConcurrentRequests);
	await Promise.all(Array.from({ length: concurrency }, work));
	client.close();
	for (const message of services.hints) {
		context.addExecutionHints({ message, location: 'outputPane' });
	}
	const output = outputs.flat();
	const [failure, ...others] = failures;
	if (failure === undefined) return [output];
	if (operation.changesShares) addProgress(context, failure, others, output);
	throw failure;
}

function readOperation(context: IExecuteFunctions): Operation {
	const name: unknown = context.getNodeParameter('operation', 0);
	const operation = operations.get(name);
	if (operation !== undefined) return operation;
	const excerpt = formatExcerpt(name).replaceAll('"', '');
	throw new NodeOperationError(context.getNode(), `There is no operation "${excerpt}"`, {
		description: `Choose one of ${[...operations.keys()].join(', ')}.`,
		itemIndex: 0,
	});
}

/** Whether an item was not sent because another had failed, so that its error adds nothing. */
function isDropped(error: unknown): boolean {
	return error instanceof RequestError && error.kind === 'dropped';
}

/**
 * The output of an item that failed. n8n adds the fields of the input item on the error output only
 * in this form: an `error` property of the item, or a second key in `json`, would hide them.
 */
function toErrorItem({ message }: NodeError, itemIndex: number): INodeExecutionData {
	return { json: { error: message }, pairedItem: { item: itemIndex } };
}

/**
 * Adds to the error that stops the node which shares exist by now and what else failed, since n8n
 * drops the output of a node that fails.
 */
function addProgress(
	context: IExecuteFunctions,
	failure: NodeError,
	others: NodeError[],
	output: INodeExecutionData[],
): void {
	const add = (entries: string[], what: string, separator: string) => {
		const summary = `${entries.length} other ${entries.length === 1 ? 'item was' : 'items were'} ${what}`;
		context.logger.warn(`${context.getNode().name}: ${summary}: ${entries.join(separator)}`);
		const named = entries.slice(0, MAX_NAMED).join(separator);
		const unnamed = entries.length - MAX_NAMED;
		const rest = unnamed > 0 ? ` and ${unnamed} more (see the log of n8n)` : '';
		failure.description = `${failure.description ?? ''} ${summary}: ${named}${rest}.`.trim();
	};
	const ids = output.map(({ json }) => json['id']).filter((id) => typeof id === 'string');
	if (ids.length > 0) add(ids, 'done before the node stopped', ', ');
	const messages = others.map(({ message }) => message);
	if (messages.length > 0) add(messages, 'in progress and failed too', '; ');
	if (ids.length + messages.length === 0) return;
	failure.description +=
		' Choose "Continue (using error output)" in the settings of this node to let the other items go on.';
}
