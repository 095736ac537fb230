import type { INode } from 'n8n-workflow';
import { ExpressionError, NodeApiError, NodeOperationError } from 'n8n-workflow';

import { InputError } from './inputError';
import { errorMessage, joinSentences } from './text';
import { RequestError } from './requestError';

/** n8n's kinds of error. */
export type NodeError = NodeApiError | NodeOperationError;

/**
 * Turns whatever an operation threw into n8n's kind of error. It carries the message, how to fix it
 * and the item, and nothing of the request that failed.
 *
 * @param itemIndex - counted from 0; left out where there is no item
 */
export function toNodeError(node: INode, error: unknown, itemIndex?: number): NodeError {
	const nodeError = createNodeError(node, error);
	if (itemIndex !== undefined) nodeError.context['itemIndex'] ??= itemIndex;
	if (error instanceof InputError || error instanceof RequestError) {
		// n8n puts a general sentence in the place of a message that names a network code.
		nodeError.message = formatMessage(node, error, itemIndex);
	}
	return nodeError;
}

/** n8n shows the description in a run of the node only: not for a picker, and not to a model. */
function formatMessage(
	node: INode,
	{ message, description }: InputError | RequestError,
	itemIndex: number | undefined,
): string {
	if (itemIndex === undefined) return joinSentences(message, description);
	const withItem = `${message} [item ${itemIndex}]`;
	return isTool(node) ? `${withItem}\n\n${description}` : withItem;
}

function createNodeError(node: INode, error: unknown): NodeError {
	if (error instanceof InputError) {
		return new NodeOperationError(node, error.message, { description: error.description });
	}
	if (error instanceof RequestError) {
		const { message, description, status } = error;
		const httpCode = status === undefined ? {} : { httpCode: String(status) };
		return new NodeApiError(node, {}, { message, description, ...httpCode });
	}
	if (error instanceof NodeOperationError) return error;
	// n8n shows where in an expression the fault is.
	if (error instanceof ExpressionError) return new NodeOperationError(node, error);
	// The error itself may hold a request, and with it the token.
	return new NodeOperationError(node, errorMessage(error));
}

/** Whether a node is a tool of an AI agent. n8n makes its type of the node's by adding "Tool". */
function isTool({ type }: INode): boolean {
	return type.endsWith('Tool');
}
