import type { INode } from 'n8n-workflow';
import { ExpressionError, NodeApiError, NodeOperationError } from 'n8n-workflow';

import { InputError } from './inputError';
import { RequestError } from './requestError';
import { errorMessage, joinSentences, toSingleLine } from './text';

export type NodeError = NodeApiError | NodeOperationError;

const MAX_MESSAGE_LENGTH = 500;

/**
 * Converts whatever was thrown into an error of n8n, with message, description and item, and nothing
 * of the request that failed.
 *
 * @param itemIndex - from 0; `undefined` if there is no item
 * @param itemCount - of a single item, the message does not give the index
 */
export function toNodeError(
	node: INode,
	error: unknown,
	itemIndex?: number,
	itemCount?: number,
): NodeError {
	const nodeError = createNodeError(node, error);
	if (itemIndex !== undefined) nodeError.context['itemIndex'] ??= itemIndex;
	if (error instanceof InputError || error instanceof RequestError) {
		// n8n replaces a message that contains a network code with a general one.
		nodeError.message = formatMessage(node, error, itemIndex, itemCount);
	} else if (nodeError !== error && itemIndex !== undefined) {
		nodeError.message = addItemIndex(nodeError.message, itemIndex, itemCount);
	}
	return nodeError;
}

/** Formats an error for n8n's log: what happened and what to do. */
export function formatLogMessage(error: unknown): string {
	if (!(error instanceof RequestError)) return errorMessage(error);
	const hint = error.isTemporary
		? 'Test the credential when EnableNow can be reached.'
		: error.description;
	return joinSentences(error.message, hint);
}

/** n8n shows the description only when a node runs: not in a picker, and not to a model. */
function formatMessage(
	node: INode,
	error: InputError | RequestError,
	itemIndex: number | undefined,
	itemCount: number | undefined,
): string {
	const { message, description } = error;
	if (itemIndex === undefined) return joinSentences(message, description);
	const withItem = addItemIndex(message, itemIndex, itemCount);
	if (!isTool(node)) return withItem;
	return `${withItem}\n\n${error instanceof InputError ? error.advice : toToolAdvice(error)}`;
}

/** A model cannot open a credential. */
function toToolAdvice({ kind, status = 0, description }: RequestError): string {
	const isForUser = ['tokenRefused', 'noToken'].includes(kind) || [401, 403, 407].includes(status);
	return isForUser ? `Tell the user: ${description}` : description;
}

function addItemIndex(message: string, itemIndex: number, itemCount: number | undefined): string {
	// Some errors of n8n's expressions name the item.
	const isNamed = itemCount === 1 || message.includes('[item ');
	return isNamed ? message : `${message} [item ${itemIndex}]`;
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
	// Lets n8n show where in the expression the mistake is.
	if (error instanceof ExpressionError) return new NodeOperationError(node, error);
	// The error itself may contain a request, and with it the token.
	return new NodeOperationError(node, toSingleLine(errorMessage(error), MAX_MESSAGE_LENGTH));
}

/** Whether the node is an AI agent's tool: n8n then adds "Tool" to its type. */
function isTool({ type }: INode): boolean {
	return type.endsWith('Tool');
}
