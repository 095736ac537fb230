import { writeTime } from '../times';
import type { ShareRecord } from './share-store';

/** A share in an answer. */
export interface Share {
	id: string;
	/** The app that it is shared with. */
	clientId: string;
	reference: string | null;
	/** ISO 8601 with the offset of the Netherlands. */
	expirationDateUtc: string;
	consentIds: string[];
	accountIds: string[];
	analysisIds: string[];
}

/** Writes a share for an answer. */
export function writeShare(share: ShareRecord): Share {
	return {
		id: share.id,
		clientId: share.clientId,
		reference: share.reference,
		expirationDateUtc: writeTime(share.expirationDateUtc),
		consentIds: [...share.consentIds],
		accountIds: [...share.accountIds],
		analysisIds: [...share.analysisIds],
	};
}
