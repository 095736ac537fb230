import type { INode, INodeParameters } from 'n8n-workflow';
import { randomUUID } from 'node:crypto';
import type { Credential } from '../../../scripts/n8n';
import type { WorkflowContent } from './n8n-under-test';

export { chain } from '../../../scripts/n8n/chain';

export const MANUAL_TRIGGER = 'Run by hand';
export const TRIGGER = 'EnableNow Trigger';
export const SHARE = 'EnableNow Share';
export const NEXT = 'Next';

/** Where a workflow that is run by hand begins. */
export function manualTrigger(): INode {
	return node(MANUAL_TRIGGER, 'n8n-nodes-base.manualTrigger', {});
}

/** An EnableNow Share node. */
export function shareNode(
	credential: Credential,
	parameters: INodeParameters,
	name: string = SHARE,
): INode {
	return {
		...node(name, 'n8n-nodes-enablenow.enableNowShare', parameters),
		credentials: referenceTo(credential),
	};
}

/** An EnableNow Trigger node, with an address of its own. */
export function triggerNode(credential: Credential, parameters: INodeParameters = {}): INode {
	return {
		...node(TRIGGER, 'n8n-nodes-enablenow.enableNowShareTrigger', parameters),
		credentials: referenceTo(credential),
		webhookId: randomUUID(),
	};
}

/** A node of n8n's own that passes its items on. */
export function nextNode(): INode {
	return node(NEXT, 'n8n-nodes-base.noOp', {});
}

/** Two nodes that give the items they hold. */
export function itemNodes(items: object[]): [INode, INode] {
	return [
		node(
			'List',
			'n8n-nodes-base.set',
			{ mode: 'raw', jsonOutput: JSON.stringify({ items }), options: {} },
			3.4,
		),
		node('Items', 'n8n-nodes-base.splitOut', { fieldToSplitOut: 'items', options: {} }),
	];
}

/** A node of any type. */
export function node(
	name: string,
	type: string,
	parameters: INodeParameters,
	typeVersion = 1,
): INode {
	return { id: randomUUID(), name, type, typeVersion, position: [0, 0], parameters };
}

/** The part of a node that names its credential. */
export function referenceTo({ id, name }: Credential): NonNullable<INode['credentials']> {
	return { enableNowOAuth2Api: { id, name } };
}

/** A workflow in which all nodes follow the first. */
export function fan(first: INode, ...others: INode[]): WorkflowContent {
	const targets = others.map(({ name }) => ({ node: name, type: 'main' as const, index: 0 }));
	return { nodes: [first, ...others], connections: { [first.name]: { main: [targets] } } };
}
