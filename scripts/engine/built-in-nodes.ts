import {
	type IDataObject,
	type INodeExecutionData,
	type INodeProperties,
	type INodeType,
	type INodeTypeDescription,
	NodeConnectionTypes,
} from 'n8n-workflow';

/**
 * n8n's own nodes live in a package of several hundred dependencies. What the examples use of them
 * is small, so the in-process engine has these instead; the end-to-end tests run the same examples
 * with the real ones.
 */
export const BUILT_IN_NODES: Record<string, INodeType> = {
	'n8n-nodes-base.manualTrigger': {
		description: descriptionOf('manualTrigger', 'Manual Trigger', []),
		execute: async function () {
			return await Promise.resolve([this.getInputData()]);
		},
	},
	'n8n-nodes-base.noOp': {
		description: descriptionOf('noOp', 'No Operation', []),
		execute: async function () {
			return await Promise.resolve([this.getInputData()]);
		},
	},
	'n8n-nodes-base.stickyNote': { description: descriptionOf('stickyNote', 'Sticky Note', []) },
	/** Edit Fields in its JSON mode: each item becomes the JSON that is written in the node. */
	'n8n-nodes-base.set': {
		description: descriptionOf('set', 'Edit Fields', [
			{ displayName: 'Mode', name: 'mode', type: 'string', default: 'raw' },
			{ displayName: 'JSON', name: 'jsonOutput', type: 'json', default: '{}' },
		]),
		execute: async function () {
			const items = this.getInputData().map((_item, itemIndex): INodeExecutionData => {
				const output = this.getNodeParameter('jsonOutput', itemIndex);
				const json = (typeof output === 'string' ? JSON.parse(output) : output) as IDataObject;
				return { json, pairedItem: { item: itemIndex } };
			});
			return await Promise.resolve([items]);
		},
	},
	/** Split Out: an item for each entry of a list. */
	'n8n-nodes-base.splitOut': {
		description: descriptionOf('splitOut', 'Split Out', [
			{ displayName: 'Field', name: 'fieldToSplitOut', type: 'string', default: '' },
		]),
		execute: async function () {
			const items = this.getInputData().flatMap(({ json }, itemIndex): INodeExecutionData[] => {
				const field = this.getNodeParameter('fieldToSplitOut', itemIndex) as string;
				return (json[field] as IDataObject[]).map((entry) => ({
					json: entry,
					pairedItem: { item: itemIndex },
				}));
			});
			return await Promise.resolve([items]);
		},
	},
};

function descriptionOf(
	name: string,
	displayName: string,
	properties: INodeProperties[],
): INodeTypeDescription {
	return {
		displayName,
		name,
		group: [],
		version: [1, 2, 3, 3.2, 3.3, 3.4],
		description: displayName,
		defaults: { name: displayName },
		inputs: name === 'manualTrigger' ? [] : [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		properties,
	};
}
