import type {
	ExecutionError,
	IDataObject,
	INode,
	INodeExecutionData,
	INodeParameters,
	IRun,
	ITaskData,
} from 'n8n-workflow';

import { credentialReference } from '../../../scripts/engine/engine';

export { chain } from '../../../scripts/n8n/chain';

/** The names of the nodes of a workflow with one Share node. */
export const ITEMS = 'Items';
export const SHARE = 'Share';

/** The node that hands the items of a test on, so that later nodes have something to pair with. */
export const itemsNode: INode = {
	id: 'items',
	name: ITEMS,
	type: 'n8n-nodes-base.manualTrigger',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

/** A node of n8n's own that passes its items on. */
export function passNode(name: string): INode {
	return { ...itemsNode, id: name, name, type: 'n8n-nodes-base.noOp' };
}

/** An EnableNow Share node with the credential `sharer`. */
export function shareNode(parameters: INodeParameters, changes: Partial<INode> = {}): INode {
	return {
		id: 'share',
		name: SHARE,
		type: 'n8n-nodes-enablenow.enableNowShare',
		typeVersion: 1,
		position: [220, 0],
		parameters,
		credentials: credentialReference('sharer'),
		...changes,
	};
}

/** An EnableNow Trigger node with the credential `receiver`. */
export function triggerNode(parameters: INodeParameters = {}): INode {
	return {
		id: 'trigger',
		name: 'EnableNow Trigger',
		type: 'n8n-nodes-enablenow.enableNowShareTrigger',
		typeVersion: 1,
		position: [0, 0],
		parameters,
		credentials: credentialReference('receiver'),
		webhookId: '5d2c1f4e-7a3b-4c1d-9e8f-0a1b2c3d4e5f',
	};
}

/** A resource locator as the editor saves it. */
export function locator(value: unknown, mode: 'id' | 'list' = 'id'): INodeParameters[string] {
	return { __rl: true, mode, value } as INodeParameters[string];
}

/** What n8n recorded of a node's only run. */
export function taskOf(run: IRun, nodeName: string): ITaskData {
	const [task] = run.data.resultData.runData[nodeName] ?? [];
	if (!task) throw new Error(`The node ${nodeName} did not run`);
	return task;
}

/** The items of one of a node's outputs. */
export function itemsOf(run: IRun, nodeName: string, output = 0): INodeExecutionData[] {
	return taskOf(run, nodeName).data?.['main']?.[output] ?? [];
}

/** The data of the items of one of a node's outputs. */
export function jsonOf(run: IRun, nodeName: string, output = 0): IDataObject[] {
	return itemsOf(run, nodeName, output).map(({ json }) => json);
}

/** The error that ended an execution. */
export function errorOf(run: IRun): ExecutionError {
	const { error } = run.data.resultData;
	if (!error) throw new Error('The execution did not fail');
	return error;
}
