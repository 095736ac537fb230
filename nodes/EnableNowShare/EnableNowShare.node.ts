import {
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	NodeConnectionTypes,
} from 'n8n-workflow';

import { properties, subtitle } from './description';
import type { listSearch } from './listSearch';
import type { ListSearch } from './listSearch/picker';

/** A picker whose code is loaded when somebody opens it. */
function lazyPicker(name: keyof typeof listSearch): ListSearch {
	return async function (filter, paginationToken) {
		const pickers = await import('./listSearch');
		return await pickers.listSearch[name].call(this, filter, paginationToken);
	};
}

/** Creates, reads, changes and revokes shares of bank data with another EnableNow customer. */
export class EnableNowShare implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'EnableNow Share',
		name: 'enableNowShare',
		icon: { light: 'file:../../icons/enablenow.svg', dark: 'file:../../icons/enablenow.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle,
		description:
			'Share consents, accounts and analyses with another EnableNow customer, and read, extend or revoke shares',
		defaults: { name: 'EnableNow Share' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'enableNowOAuth2Api', required: true }],
		properties,
	};

	methods = {
		listSearch: {
			searchAccounts: lazyPicker('searchAccounts'),
			searchAnalyses: lazyPicker('searchAnalyses'),
			searchConsents: lazyPicker('searchConsents'),
			searchOwnShares: lazyPicker('searchOwnShares'),
			searchShares: lazyPicker('searchShares'),
		},
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const { execute } = await import('./execute');
		return await execute(this);
	}
}
