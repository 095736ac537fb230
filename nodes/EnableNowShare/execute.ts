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
 * and checked when its turn comes, so that memory grows with the concurrency only.
 *
 * @returns the output in the order of the input, each item paired with the one that it came from;
 *   with "Continue On Fail", an item that failed gives `{ error }`
 * @throws NodeApiError or NodeOperationError for the first item that failed, without that setting:
 *   no further item is begun then, and the error says what had been done
 */
export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const operation = readOperation(context);
	let options: ShareOptions;
	try {
		options = readOptions(context);
	} catch (error) {
		return [failAll(context, error)];
	}
	const services = new LazyServices(context, options);
	const itemIndexes = context.getInputData().keys();
	const outputs: INodeExecutionData[][] = [];
	const failures: NodeError[] = [];
	/** Takes one item after the other; several of these share the iterator. */
	const work = async () => {
		for (const itemIndex of itemIndexes) {
			if (failures.length > 0) return;
			try {
				const sendItem = operation.readItem(context, itemIndex, options);
				const shares = await sendItem(await services.get());
				outputs[itemIndex] = shares.map((json) => ({ json, pairedItem: { item: itemIndex } }));
			} catch (error) {
				const failure = toNodeError(context.getNode(), error, itemIndex);
				if (context.continueOnFail()) outputs[itemIndex] = [toErrorItem(failure, itemIndex)];
				else if (failures.length === 0 || !isDropped(error)) failures.push(failure);
				if (failures.length > 0) services.stop(operation);
			}
		}
	};
	const concurrency = Math.min(context.getInputData().length, options.maxConcurrentRequests);
	await Promise.all(Array.from({ length: concurrency }, work));
	services.close();
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

/** Whether an item was dropped because another had failed, so that there is nothing to say of it. */
function isDropped(error: unknown): boolean {
	return error instanceof RequestError && error.kind === 'dropped';
}

function failAll(context: IExecuteFunctions, error: unknown): INodeExecutionData[] {
	if (!context.continueOnFail()) throw toNodeError(context.getNode(), error, 0);
	return context
		.getInputData()
		.map((_item, index) => toErrorItem(toNodeError(context.getNode(), error, index), index));
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
	const ids = output.map(({ json }) => json['id']).filter((id) => typeof id === 'string');
	const messages = others.map(({ message }) => message);
	if (ids.length + messages.length === 0) return;
	const add = (entries: string[], what: string, separator: string) => {
		if (entries.length === 0) return;
		const summary = `${entries.length} other ${entries.length === 1 ? 'item was' : 'items were'} ${what}`;
		context.logger.warn(`${context.getNode().name}: ${summary}: ${entries.join(separator)}`);
		const named = entries.slice(0, MAX_NAMED).join(separator);
		const unnamed = entries.length - MAX_NAMED;
		const rest = unnamed > 0 ? ` and ${unnamed} more (see the log of n8n)` : '';
		failure.description = `${failure.description ?? ''} ${summary}: ${named}${rest}.`.trim();
	};
	add(ids, 'done before the node stopped', ', ');
	add(messages, 'under way and failed too', '; ');
	failure.description +=
		' Choose "Continue (using error output)" in the settings of this node to let the other items go on.';
}

/**
 * Makes what all items share when the first item with usable input needs it; where that fails, each
 * item fails for that reason.
 */
class LazyServices {
	private services: Promise<ItemServices> | undefined;
	private client: RetryingClient | undefined;
	private readonly hints = new Set<string>();

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly options: ShareOptions,
	) {}

	async get(): Promise<ItemServices> {
		return await (this.services ??= this.create());
	}

	/** Begins no further change. Reading goes on: it may be what settles whether a share was made. */
	stop({ changesShares }: Operation): void {
		this.client?.stop(changesShares ? 'changes' : 'everything');
	}

	close(): void {
		this.client?.close();
	}

	private async create(): Promise<ItemServices> {
		const stopSignal = this.context.getExecutionCancelSignal();
		this.client = new RetryingClient(
			await createClient(this.context, this.options.timeout),
			this.options,
			stopSignal,
		);
		return {
			client: this.client,
			uniqueShares: new UniqueShares(this.client, { ...this.options, stopSignal }),
			updates: new KeyedMutex(),
			hint: (message) => this.hint(message),
		};
	}

	private hint(message: string): void {
		if (this.hints.has(message)) return;
		this.hints.add(message);
		this.context.addExecutionHints({ message, location: 'outputPane' });
	}
}
