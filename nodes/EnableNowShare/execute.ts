import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { KeyedMutex } from '../shared/async/keyedMutex';
import { type NodeError, toNodeError } from '../shared/errors/nodeError';
import { type PatientApi, patientApi } from '../shared/api/retryingClient';
import { RequestError } from '../shared/errors/requestError';
import { createClient } from '../shared/api/client';
import { UniqueShares } from './operations/uniqueShares';
import type { ItemServices, Operation } from './operations/operation';
import { readOptions, type ShareOptions } from './operations/options';
import { tellWhatWasDone } from './stopped';

/**
 * Does an operation for every input item, several at a time. An item's input is read and checked
 * when its turn comes, so that what is held in memory grows with the concurrency.
 *
 * @param context - the `this` of the node's `execute()`
 * @returns the output items in the order of the input, each paired with the item that it came from;
 *   with "Continue On Fail", an item that failed gives `{ error }`
 * @throws NodeApiError or NodeOperationError for the first item that failed, without that setting:
 *   no further item is begun then, and the error tells what had been done
 */
export async function runItems(
	context: IExecuteFunctions,
	operation: Operation,
): Promise<INodeExecutionData[]> {
	let options: ShareOptions;
	try {
		options = readOptions(context);
	} catch (error) {
		return failAll(context, error);
	}
	const itemIndexes = context.getInputData().keys();
	const outputs: INodeExecutionData[][] = [];
	const failures: NodeError[] = [];
	const services = new SharedServices(context, options);
	/** Takes one item after the other; several of these share the items that are left. */
	const work = async () => {
		for (const itemIndex of itemIndexes) {
			if (failures.length > 0) return;
			try {
				const sendItem = operation.prepare(context, itemIndex, options);
				const shares = await sendItem(await services.open());
				outputs[itemIndex] = shares.map((json) => ({ json, pairedItem: { item: itemIndex } }));
			} catch (error) {
				const failure = toNodeError(context.getNode(), error, itemIndex);
				if (context.continueOnFail()) outputs[itemIndex] = [failedItem(failure, itemIndex)];
				else if (failures.length === 0 || !wasNotSent(error)) failures.push(failure);
				if (failures.length > 0) services.stopSending(operation);
			}
		}
	};
	const concurrency = Math.min(context.getInputData().length, options.maxConcurrentRequests);
	await Promise.all(Array.from({ length: concurrency }, work));
	await services.close();
	const output = outputs.flat();
	const [failure, ...others] = failures;
	if (failure === undefined) return output;
	if (operation.changesShares) tellWhatWasDone(context, failure, others, output);
	throw failure;
}

/** Whether nothing has become of an item, so that there is nothing to tell of it. */
function wasNotSent(error: unknown): boolean {
	return error instanceof RequestError && error.kind === 'dropped';
}

/** Fails every item for the same reason. */
function failAll(context: IExecuteFunctions, error: unknown): INodeExecutionData[] {
	if (!context.continueOnFail()) throw toNodeError(context.getNode(), error, 0);
	return context
		.getInputData()
		.map((_item, index) => failedItem(toNodeError(context.getNode(), error, index), index));
}

/**
 * The output of an item that failed. Only so n8n adds the fields of the input item on the error
 * output: an `error` property of the item, or another key beside this one, would replace or hide them.
 */
function failedItem({ message }: NodeError, itemIndex: number): INodeExecutionData {
	return { json: { error: message }, pairedItem: { item: itemIndex } };
}

/**
 * What serves all items. It is made for the first item with usable input; where it cannot be made,
 * each item fails with that reason.
 */
class SharedServices {
	private services: Promise<ItemServices> | undefined;
	private api: PatientApi | undefined;
	private readonly hints = new Set<string>();

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly options: ShareOptions,
	) {}

	async open(): Promise<ItemServices> {
		return await (this.services ??= this.make());
	}

	/** Begins no change any more. Reading goes on: it may be what settles whether a share was made. */
	stopSending({ changesShares }: Operation): void {
		this.api?.stopSending(({ method }) => !changesShares || method !== 'GET');
	}

	async close(): Promise<void> {
		await this.api?.close();
	}

	private async make(): Promise<ItemServices> {
		const stopSignal = this.context.getExecutionCancelSignal();
		const connection = await createClient(this.context, this.options.timeout);
		const api = patientApi(connection, this.options, stopSignal);
		this.api = api;
		return {
			api,
			uniqueShares: new UniqueShares(api, { ...this.options, stopSignal }),
			changes: new KeyedMutex(),
			hint: (message) => this.hint(message),
		};
	}

	private hint(message: string): void {
		if (this.hints.has(message)) return;
		this.hints.add(message);
		this.context.addExecutionHints({ message, location: 'outputPane' });
	}
}
