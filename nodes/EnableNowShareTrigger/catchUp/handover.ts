import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { isPast } from '../../shared/input/dates';
import type { Share } from '../../shared/api/shares';
import { SHARE_CREATED, SHARE_UPDATED } from '../webhook/events';
import type { TriggerItem } from '../webhook/judgement';

/**
 * What the running trigger has listed, handed over to an execution: only an execution can ask the ledger
 * what of it is to start the workflow.
 */
export interface Handover extends IDataObject {
	/** The EnableNow, the app and the receiver that the shares were listed for. */
	app: string;
	/** When the list was read, ISO 8601 in UTC; the same where the execution runs again. */
	listedAt: string;
	/** In the order of the list. */
	shares: Share[];
	/** Whether new shares start the workflow. */
	isCreatedSelected: boolean;
	/** Whether changes of a share's end start the workflow. */
	isUpdatedSelected: boolean;
	/** Whether the shares start the workflow that are there the first time. */
	existing: boolean;
	/** Whether shares that have ended start the workflow. */
	expired: boolean;
}

/** All in one item: with "Execute Once", n8n keeps the first item of an execution alone. */
export function toExecutionItem(handover: Handover): INodeExecutionData {
	return { json: { handover } };
}

/** The handover with which an execution began; nothing where it began with events. */
export function readHandover([item]: INodeExecutionData[]): Handover | undefined {
	return item?.json['handover'] as Handover | undefined;
}

/** Whether a share has ended, and such shares do not start the workflow. */
export function isLeftOut({ expired }: Handover, { expirationDateUtc }: Share): boolean {
	return !expired && isPast(expirationDateUtc);
}

/** What the ledger does not hold of a handover. */
export interface News {
	/** Whether the list is read the first time, for new shares and for changes. */
	isFirst: { created: boolean; updated: boolean };
	isNewShare: (share: Share) => boolean;
	isNewEnd: (share: Share) => boolean;
}

/** The items that are to start the workflow, in the order of the list. */
export function toMissedItems(handover: Handover, news: News): TriggerItem[] {
	const { isFirst, isNewShare, isNewEnd } = news;
	const { isCreatedSelected, isUpdatedSelected, existing } = handover;
	const toEvent = (share: Share): string | undefined => {
		if (isLeftOut(handover, share)) return undefined;
		if (isNewShare(share)) {
			return isCreatedSelected && (existing || !isFirst.created) ? SHARE_CREATED : undefined;
		}
		const isChange = isUpdatedSelected && !isFirst.updated && isNewEnd(share);
		return isChange ? SHARE_UPDATED : undefined;
	};
	return handover.shares.flatMap((share) => {
		const event = toEvent(share);
		return event === undefined ? [] : toItems(handover, event, [share]);
	});
}

/** What the nodes after the trigger are given for shares of which no event told. */
export function toItems({ listedAt }: Handover, event: string, shares: Share[]): TriggerItem[] {
	return shares.map((share) => ({
		event,
		shareId: share.id,
		verified: true,
		reason: null,
		share,
		data: null,
		receivedAt: listedAt,
		source: 'catchUp',
	}));
}
