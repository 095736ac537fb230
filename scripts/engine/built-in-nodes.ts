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
	/** Never run here, but the examples that are run by hand have it too. */
	'n8n-nodes-base.scheduleTrigger': {
		description: descriptionOf('scheduleTrigger', 'Schedule Trigger', []),
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
	'n8n-nodes-base.filter': {
		description: descriptionOf('filter', 'Filter', [
			{
				displayName: 'Conditions',
				name: 'conditions',
				type: 'filter',
				default: {},
				typeOptions: { filter: { version: 2 } },
			},
		]),
		execute: async function () {
			const items = this.getInputData().flatMap((item, itemIndex): INodeExecutionData[] => {
				const options = { extractValue: true };
				const passes = this.getNodeParameter('conditions', itemIndex, false, options) === true;
				return passes ? [{ ...item, pairedItem: { item: itemIndex } }] : [];
			});
			return await Promise.resolve([items]);
		},
	},
	/** Split Out: an item for each entry of a list; an entry that is no object goes into a field. */
	'n8n-nodes-base.splitOut': {
		description: descriptionOf('splitOut', 'Split Out', [
			{ displayName: 'Field', name: 'fieldToSplitOut', type: 'string', default: '' },
			{ displayName: 'Options', name: 'options', type: 'json', default: {} },
		]),
		execute: async function () {
			const items = this.getInputData().flatMap(({ json }, itemIndex): INodeExecutionData[] => {
				const field = this.getNodeParameter('fieldToSplitOut', itemIndex) as string;
				const option = 'options.destinationFieldName';
				const destination = this.getNodeParameter(option, itemIndex, '') as string;
				const entries = getField(json, field) as IDataObject[];
				return entries.map((entry) => ({
					json: destination === '' ? entry : { [destination]: entry },
					pairedItem: { item: itemIndex },
				}));
			});
			return await Promise.resolve([items]);
		},
	},
	/** Aggregate: one item with a list of what a field is in each item. */
	'n8n-nodes-base.aggregate': {
		description: descriptionOf('aggregate', 'Aggregate', [
			{ displayName: 'Fields', name: 'fieldsToAggregate', type: 'json', default: {} },
		]),
		execute: async function () {
			const { fieldToAggregate } = this.getNodeParameter('fieldsToAggregate', 0) as {
				fieldToAggregate: Array<{ fieldToAggregate: string; outputFieldName: string }>;
			};
			const lists = fieldToAggregate.map(({ fieldToAggregate: field, outputFieldName }) => [
				outputFieldName,
				this.getInputData().map(({ json }) => json[field]),
			]);
			return await Promise.resolve([[{ json: Object.fromEntries(lists) as IDataObject }]]);
		},
	},
};

/** @param path e.g. `share.consentIds` */
function getField(json: IDataObject, path: string): unknown {
	return path.split('.').reduce<unknown>((value, name) => (value as IDataObject)[name], json);
}

function descriptionOf(
	name: string,
	displayName: string,
	properties: INodeProperties[],
): INodeTypeDescription {
	return {
		displayName,
		name,
		group: [],
		version: [1, 1.2, 2, 2.2, 3, 3.2, 3.3, 3.4],
		description: displayName,
		defaults: { name: displayName },
		inputs: name.endsWith('Trigger') ? [] : [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		properties,
	};
}
