import type { IDataObject } from 'n8n-workflow';

/** A share as the nodes give it: with an empty list where EnableNow gives none. */
export function withLists(share: IDataObject): IDataObject {
	const { consentIds, accountIds, analysisIds } = share;
	return {
		...share,
		consentIds: consentIds ?? [],
		accountIds: accountIds ?? [],
		analysisIds: analysisIds ?? [],
	};
}
