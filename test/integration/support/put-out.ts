import type { IDataObject } from 'n8n-workflow';

import { formatDate, toMilliseconds } from '../../../nodes/shared/input/dates';

/** A share of EnableNow's as the nodes put it out: one order, nothing missing, its end in UTC. */
export function asPutOut(share: object): IDataObject {
	const { id, clientId, reference, expirationDateUtc, ...others } = share as IDataObject;
	const { consentIds, accountIds, analysisIds, ...unknown } = others;
	const end = toMilliseconds(expirationDateUtc);
	return {
		id,
		clientId,
		reference: reference || null,
		expirationDateUtc: Number.isNaN(end) ? expirationDateUtc : formatDate(new Date(end)),
		consentIds: consentIds ?? [],
		accountIds: accountIds ?? [],
		analysisIds: analysisIds ?? [],
		...unknown,
	};
}
