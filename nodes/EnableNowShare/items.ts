import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { toNodeError } from '../shared/nodeError';
import { connect, type EnableNowApi } from '../shared/transport';
import type { Operation } from './operations/operation';
import { readOptions } from './options';

/**
 * Does an operation for every input item, one after the other.
 *
 * @param context - the `this` of the node's `execute()`
 * @returns the output items in the order of the input, each paired with the item that it came from;
 *   with "Continue On Fail", an item that failed gives `{ error }`
 * @throws NodeApiError or NodeOperationError for the first item that failed, without that setting
 */
export async function runItems(
	context: IExecuteFunctions,
	operation: Operation,
): Promise<INodeExecutionData[]> {
	const output: INodeExecutionData[] = [];
	// One connection serves all items. It is made for the first item with usable input, and where it
	// cannot be made every item fails with that reason.
	let connection: Promise<EnableNowApi> | undefined;
	const connectOnce = async () =>
		await (connection ??= connect(context, readOptions(context).timeout));
	try {
		for (const itemIndex of context.getInputData().keys()) {
			output.push(...(await runItem(context, operation, itemIndex, connectOnce)));
		}
	} finally {
		await (await connection?.catch(() => undefined))?.close();
	}
	return output;
}

async function runItem(
	context: IExecuteFunctions,
	operation: Operation,
	itemIndex: number,
	connectOnce: () => Promise<EnableNowApi>,
): Promise<INodeExecutionData[]> {
	const pairedItem = { item: itemIndex };
	try {
		const sendItem = operation.prepare(context, itemIndex);
		const shares = await sendItem(await connectOnce());
		return shares.map((json) => ({ json, pairedItem }));
	} catch (error) {
		const nodeError = toNodeError(context.getNode(), error, itemIndex);
		if (!context.continueOnFail()) throw nodeError;
		// Only so n8n adds the fields of the input item on the error output: an `error` property of the
		// item, or another key beside this one, would replace or hide them.
		return [{ json: { error: nodeError.message }, pairedItem }];
	}
}
