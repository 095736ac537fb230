import {
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	NodeConnectionTypes,
	NodeOperationError,
} from 'n8n-workflow';

import { formatExcerpt } from '../shared/errors/inputError';
import { runItems } from './execute';
import { listSearch } from './listSearch';
import { create } from './operations/create';
import { get } from './operations/get';
import { getAll } from './operations/getAll';
import type { Operation } from './operations/operation';
import { update } from './operations/update';
import { optionsField, optionsHint } from './operations/options';

const operations = new Map<unknown, Operation>(Object.entries({ create, get, getAll, update }));

/** Creates, reads and updates shares of bank data with another EnableNow customer. */
export class EnableNowShare implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'EnableNow Share',
		name: 'enableNowShare',
		icon: { light: 'file:../../icons/enablenow.svg', dark: 'file:../../icons/enablenow.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: '={{ $parameter["operation"].replace("getAll", "get many") + ": share" }}',
		description:
			'Share consents, accounts and analyses with another EnableNow customer, and read, extend or revoke shares',
		defaults: { name: 'EnableNow Share' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'enableNowOAuth2Api', required: true }],
		hints: [optionsHint],
		properties: [
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				options: [
					{
						name: 'Create',
						value: 'create',
						description: 'Share bank data with another EnableNow customer',
						action: 'Create a share',
					},
					{
						name: 'Get',
						value: 'get',
						description: 'Get one share',
						action: 'Get a share',
					},
					{
						name: 'Get Many',
						value: 'getAll',
						description: 'List the shares of your app',
						action: 'Get many shares',
					},
					{
						name: 'Update',
						value: 'update',
						description: 'Change when a share ends: extend it, or revoke it now',
						action: 'Update a share',
					},
				],
				default: 'create',
			},
			...create.description,
			...get.description,
			...getAll.description,
			...update.description,
			optionsField,
		],
	};

	methods = { listSearch };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const name: unknown = this.getNodeParameter('operation', 0);
		const operation = operations.get(name);
		if (operation === undefined) {
			const excerpt = formatExcerpt(name).replaceAll('"', '');
			throw new NodeOperationError(this.getNode(), `There is no operation "${excerpt}"`, {
				description: `Choose one of ${[...operations.keys()].join(', ')}.`,
				itemIndex: 0,
			});
		}
		return [await runItems(this, operation)];
	}
}
