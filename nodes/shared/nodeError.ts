import type { INode } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';

import { InvalidInput } from './invalidInput';
import { RequestFailure } from './requestFailure';

/**
 * Makes n8n's kind of error of whatever an operation threw. It carries the message, what to do
 * about it and the item, and nothing of the request that failed.
 *
 * @param node - the node in which it happened
 * @param error - what was thrown
 * @param itemIndex - the item that it happened to, counted from 0; left out where there is none
 */
export function toNodeError(
	node: INode,
	error: unknown,
	itemIndex?: number,
): NodeApiError | NodeOperationError {
	const item = itemIndex === undefined ? {} : { itemIndex };
	const suffix = itemIndex === undefined ? '' : ` [item ${itemIndex}]`;
	if (error instanceof InvalidInput) {
		const { message, description } = error;
		return new NodeOperationError(node, `${message}${suffix}`, { description, ...item });
	}
	if (error instanceof RequestFailure) {
		const message = `${error.message}${suffix}`;
		const nodeError = new NodeApiError(
			node,
			{},
			{
				message,
				description: error.description,
				...(error.status !== undefined && { httpCode: String(error.status) }),
				...item,
			},
		);
		// n8n puts a general sentence in the place of a message that names a network code.
		nodeError.message = message;
		return nodeError;
	}
	if (error instanceof NodeApiError || error instanceof NodeOperationError) return error;
	return new NodeOperationError(node, error instanceof Error ? error : String(error), item);
}
