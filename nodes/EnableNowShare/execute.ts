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
import { addInvalidItems, addProgress } from './failures';
import {
	changingOperations,
	type ItemServices,
	type Operation,
	operations,
	type SendItem,
} from './operations';
import { create } from './operations/create';
import { readOptions, type ShareOptions } from './operations/parameters';
import { UniqueShares } from './operations/uniqueShares';

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
	const changesShares = changingOperations.has(operation);
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
		uniqueShares: new UniqueShares(client, options, stopSignal),
		updates: new KeyedMutex(),
		hints: new Set(),
	};
	const outputs: INodeExecutionData[][] = [];
	const failures: NodeError[] = [];
	const fail = (error: unknown, itemIndex: number) => {
		const failure = toFailure(error, itemIndex);
		if (context.continueOnFail()) outputs[itemIndex] = [toErrorItem(failure, itemIndex)];
		else failures.push(failure);
	};
	const sendItems: Array<SendItem | undefined> = [];
	for (const itemIndex of items.keys()) {
		if (itemIndex > 0 && itemIndex % READ_BATCH_SIZE === 0) await sleep(0);
		try {
			sendItems[itemIndex] = operation(context, itemIndex, options);
		} catch (error) {
			fail(error, itemIndex);
		}
	}
	const [invalid, ...othersInvalid] = failures;
	if (invalid !== undefined) {
		if (items.length > 1) addInvalidItems(invalid, othersInvalid);
		throw invalid;
	}
	const pendingItems = sendItems.entries();
	/** Takes one item after the other; all workers share the iterator. */
	const work = async () => {
		for (const [itemIndex, sendItem] of pendingItems) {
			if (failures.length > 0) return;
			if (sendItem === undefined) continue;
			try {
				const output = await sendItem(services);
				outputs[itemIndex] = output.map((json) => ({ json, pairedItem: { item: itemIndex } }));
			} catch (error) {
				if (failures.length === 0 || !isDropped(error)) fail(error, itemIndex);
				// Reading goes on: it may show whether a share was created.
				if (failures.length > 0) client.stop(changesShares ? 'changes' : 'everything');
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
	if (changesShares) addProgress(context, failure, others, output, isRepeated);
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
