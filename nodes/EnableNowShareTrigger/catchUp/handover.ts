import type { IDataObject } from 'n8n-workflow';

import { isPast } from '../../shared/input/dates';
import type { Share } from '../../shared/api/shares';
import type { TriggerItem } from '../webhook/judgement';

/**
 * What the running trigger has listed, handed over to an execution, which alone can ask the ledger. It is
 * one item, since n8n keeps the first item alone with "Execute Once".
 */
export interface Handover extends IDataObject {
	/** The EnableNow, the app and the receiver that the shares were listed for. */
	app: string;
	/** When the list was read, ISO 8601 in UTC; the same where the execution runs again. */
	listedAt: string;
	/** In the order of the list. */
	shares: Share[];
	/** The names of the events that start the workflow. */
	selection: string[];
	/** Whether what is there the first time starts the workflow. */
	existing: boolean;
	/** Whether shares that have ended start the workflow. */
	expired: boolean;
}

/** Whether a share has ended, and such shares do not start the workflow. */
export function isLeftOut({ expired }: Handover, { expirationDateUtc }: Share): boolean {
	return !expired && isPast(expirationDateUtc);
}

/** What the nodes after the trigger are given for a share of which no event told. */
export function toItem({ listedAt }: Handover, event: string, share: Share): TriggerItem {
	return {
		...{ event, shareId: share.id, verified: true, reason: null, share, data: null },
		...{ receivedAt: listedAt, source: 'catchUp' },
	};
}
