import type { INode } from 'n8n-workflow';
import { ExpressionError, NodeApiError, NodeOperationError } from 'n8n-workflow';

import { InputError } from './inputError';
import { errorMessage, joinSentences } from './text';
import { RequestError } from './requestError';

/** n8n's kinds of error. */
export type NodeError = NodeApiError | NodeOperationError;

/**
 * Makes n8n's kind of error of whatever an operation threw. It carries the message, what to do
 * about it and the item, and nothing of the request that failed.
 *
 * @param node - the node in which it happened
 * @param error - what was thrown
 * @param itemIndex - the item that it happened to, counted from 0; left out where there is none
 */
export function toNodeError(node: INode, error: unknown, itemIndex?: number): NodeError {
	const nodeError = nodeErrorOf(node, error);
	if (itemIndex !== undefined) nodeError.context['itemIndex'] ??= itemIndex;
	if (error instanceof InputError || error instanceof RequestError) {
		// n8n puts a general sentence in the place of a message that names a network code.
		nodeError.message = messageFor(node, error, itemIndex);
	}
	return nodeError;
}

/** What a person or model is shown of an error: n8n shows the description in a run of the node only. */
function messageFor(
	node: INode,
	{ message, description }: InputError | RequestError,
	itemIndex: number | undefined,
): string {
	if (itemIndex === undefined) return joinSentences(message, description);
	const ofItem = `${message} [item ${itemIndex}]`;
	return isTool(node) ? `${ofItem}\n\n${description}` : ofItem;
}

function nodeErrorOf(node: INode, error: unknown): NodeError {
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
