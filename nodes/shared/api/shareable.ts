import type { IDataObject } from 'n8n-workflow';

import { isObject } from '../errors/text';
import { identifierKey, isIdentifier } from '../input/identifiers';
import type { List } from './listReader';

// What can be shared. EnableNow docs: "Account information", "Analysis". Entries are passed on as they come.

export const CONSENTS: List<IDataObject> = {
	path: '/cfa/v2/consents',
	// 100 is the documented maximum.
	paging: { page: 'Page', pageSize: 'PageSize', maxPageSize: 100 },
	parse: parseObject,
	getKey,
};

export const ACCOUNTS: List<IDataObject> = {
	path: '/cfa/accounts',
	// The default is 10; a maximum is not documented.
	paging: { page: 'Page', pageSize: 'Size', maxPageSize: 50 },
	parse: parseObject,
	getKey,
};

export const ANALYSES: List<IDataObject> = {
	path: '/cfa/analysis-jobs',
	parse: parseObject,
	getKey,
};

/** Whether a status is the wanted one; case does not matter. */
export function hasStatus({ status }: IDataObject, wanted: string): boolean {
	return typeof status === 'string' && status.toUpperCase() === wanted.toUpperCase();
}

function parseObject(value: unknown): IDataObject | undefined {
	return isObject(value) ? (value as IDataObject) : undefined;
}

function getKey(entry: IDataObject): string {
	return isIdentifier(entry['id']) ? identifierKey(entry['id']) : JSON.stringify(entry);
}
