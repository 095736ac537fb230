import {
	type IExecuteFunctions,
	type INodeExecutionData,
	NodeOperationError,
	sleep,
} from 'n8n-workflow';

import { createClient } from '../shared/api/client';
import { RetryingClient } from '../shared/api/retryingClient';
import { KeyedMutex } from '../shared/async/keyedMutex';
import { formatExcerpt } from '../shared/errors/inputError';
import { type NodeError, toNodeError } from '../shared/errors/nodeError';
import { RequestError } from '../shared/errors/requestError';
import { type ItemServices, type Operation, operations, type SendItem } from './operations';
import { create } from './operations/create';
import { readOptions, type ShareOptions } from './operations/options';
import { UniqueShares } from './operations/uniqueShares';

/** Maximum number of items that an error names; n8n's log has all that were sent. */
const MAX_NAMED_FAILURES = 10;
const MAX_NAMED_SHARES = 100;

/** Number of items that are read at once; n8n's process does nothing else meanwhile. */
const READ_BATCH_SIZE = 100;

/**
 * Carries out the node's operation for every input item, several at a time.
 *
 * @returns the output in the order of the input, each item paired with the one that it came from;
 *   with "Continue On Fail", an item that failed gives `{ error }`
 * @throws NodeApiError or NodeOperationError without that setting: if an item has invalid input, before
 *   anything is sent; otherwise for the first item that failed, and it says what has been done by then
 */
export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const operation = readOperation(context);
	const items = context.getInputData();
	const stopSignal = context.getExecutionCancelSignal();
	const toFailure = (error: unknown, itemIndex: number) =>
		toNodeError(context.getNode(), error, itemIndex, items.length);
	let options: ShareOptions;
	let client: RetryingClient;
	try {
		options = readOptions(context);
		client = new RetryingClient(await createClient(context, options.timeout), options, stopSignal);
	} catch (error) {
		if (!context.continueOnFail()) throw toFailure(error, 0);
		return [items.map((_item, itemIndex) => toErrorItem(toFailure(error, itemIndex), itemIndex))];
	}
	const services: ItemServices = {
		client,
		uniqueShares: new UniqueShares(client, { ...options, stopSignal }),
		updates: new KeyedMutex(),
		hints: new Set(),
	};
	let readItem = (itemIndex: number) => operation.readItem(context, itemIndex, options);
	if (!context.continueOnFail()) {
		const sendItems = await readAll(items.length, readItem, toFailure);
		readItem = (itemIndex) => sendItems[itemIndex] as SendItem;
	}
	const itemIndexes = items.keys();
	const outputs: INodeExecutionData[][] = [];
	const failures: NodeError[] = [];
	/** Takes one item after the other; all workers share the iterator. */
	const work = async () => {
		for (const itemIndex of itemIndexes) {
			if (failures.length > 0) return;
			try {
				const output = await readItem(itemIndex)(services);
				outputs[itemIndex] = output.map((json) => ({ json, pairedItem: { item: itemIndex } }));
			} catch (error) {
				const failure = toFailure(error, itemIndex);
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
	const isRepeated = operation === create && !options.preventDuplicates;
	if (operation.changesShares) addProgress(context, failure, others, output, isRepeated);
	throw failure;
}

function readOperation(context: IExecuteFunctions): Operation {
	const resource: unknown = context.getNodeParameter('resource', 0);
	const name: unknown = context.getNodeParameter('operation', 0);
	const operation = operations.get(resource)?.get(name);
	if (operation !== undefined) return operation;
	throw new NodeOperationError(
		context.getNode(),
		`There is no operation ${formatExcerpt(name)} for the resource ${String(resource)}`,
		{ description: 'Choose resource and operation from their lists.', itemIndex: 0 },
	);
}

/**
 * Reads the input of all items, so that none is sent if one of them is invalid.
 *
 * @throws the error of the first invalid item, which names the others too
 */
async function readAll(
	itemCount: number,
	readItem: (itemIndex: number) => SendItem,
	toFailure: (error: unknown, itemIndex: number) => NodeError,
): Promise<SendItem[]> {
	const sendItems: SendItem[] = [];
	const failures: NodeError[] = [];
	let failureCount = 0;
	for (let itemIndex = 0; itemIndex < itemCount; itemIndex++) {
		if (itemIndex > 0 && itemIndex % READ_BATCH_SIZE === 0) await sleep(0);
		try {
			sendItems.push(readItem(itemIndex));
		} catch (error) {
			failureCount++;
			if (failures.length < MAX_NAMED_FAILURES) failures.push(toFailure(error, itemIndex));
		}
	}
	const [failure, ...others] = failures;
	if (failure === undefined) return sendItems;
	if (itemCount > 1) {
		const named = others
			.map(({ message, context }) =>
				// The errors of n8n's own expressions do not name the item.
				message.includes('[item ')
					? message
					: `${message} [item ${context['itemIndex'] as number}]`,
			)
			.join('; ');
		const unnamed = failureCount - failures.length;
		const rest = unnamed > 0 ? `; and ${unnamed} more` : '';
		const also = named === '' ? '' : ` Other items cannot be sent either: ${named}${rest}.`;
		failure.description = `${failure.description ?? ''}${also} Nothing was sent.`.trim();
	}
	throw failure;
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
 * Adds to the error that stops the node which items were sent and what else failed, since n8n drops the
 * output of a node that fails.
 *
 * @param isRepeated - whether a second run would do the same again
 */
function addProgress(
	context: IExecuteFunctions,
	failure: NodeError,
	others: NodeError[],
	output: INodeExecutionData[],
	isRepeated: boolean,
): void {
	const add = (entries: string[], what: string, separator: string) => {
		const summary = `${entries.length} other ${entries.length === 1 ? 'item was' : 'items were'} ${what}`;
		context.logger.warn(`${context.getNode().name}: ${summary}: ${entries.join(separator)}`);
		const named = entries.slice(0, MAX_NAMED_SHARES).join(separator);
		const unnamed = entries.length - MAX_NAMED_SHARES;
		const rest = unnamed > 0 ? ` and ${unnamed} more (see the log of n8n)` : '';
		failure.description = `${failure.description ?? ''} ${summary}: ${named}${rest}.`.trim();
	};
	const sent = output.map(formatSent);
	if (sent.length > 0) add(sent, 'sent before the node stopped', ', ');
	const messages = others.map(({ message }) => message);
	if (messages.length > 0) add(messages, 'in progress and failed too', '; ');
	if (sent.length + messages.length === 0) return;
	if (sent.length > 0 && isRepeated) {
		failure.description +=
			" A second run would create these shares again, unless 'Prevent Duplicates' is on.";
	}
	failure.description +=
		' Choose "Continue (using error output)" in the settings of this node to let the other items go on.';
}

/** Such as `item 3 (reference "loan-7", share 53520156-8459-425b-3370-08de95423420)`. */
function formatSent({ json, pairedItem }: INodeExecutionData): string {
	const { item } = pairedItem as { item: number };
	const reference =
		json['reference'] === null ? '' : `reference ${formatExcerpt(json['reference'])}, `;
	return `item ${item} (${reference}share ${json['id'] as string})`;
}
