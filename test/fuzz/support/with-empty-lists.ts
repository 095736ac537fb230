import type { IDataObject } from 'n8n-workflow';

const LISTS = ['consentIds', 'accountIds', 'analysisIds'];

/** A share as the nodes give it: with an empty list where EnableNow gives `null`. */
export function withEmptyLists(share: IDataObject): IDataObject {
	return Object.fromEntries(
		Object.entries(share).map(([key, value]) => [
			key,
			value === null && LISTS.includes(key) ? [] : value,
		]),
	);
}
