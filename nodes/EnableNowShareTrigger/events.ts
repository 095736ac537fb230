import type { IDataObject } from 'n8n-workflow';

import type { Share } from '../shared/api/shares';
import { identifierKey } from '../shared/input/identifiers';
import { ANY_EVENT, SHARE_CREATED, SHARE_UPDATED } from './description';

/** What the trigger gives to the nodes after it, for one event. */
export interface TriggerItem extends IDataObject {
	/** The event's name; null only for an invalid event, while n8n listens for a test event. */
	event: string | null;
	shareId: string | null;
	/** True only when EnableNow confirmed the share. */
	verified: boolean;
	/** Why it is not verified; null when it is. */
	reason: string | null;
	/** The share as EnableNow gave it, or null. */
	share: Share | null;
	/** The event's data, untouched. */
	data: IDataObject | null;
	/** When the event arrived, ISO 8601 in UTC. */
	receivedAt: string;
	source: 'catchUp' | 'webhook';
}

/** Whether the event is about a share, so that EnableNow can be asked for it. */
export function isShareEvent(name: string): boolean {
	return name === SHARE_CREATED || name === SHARE_UPDATED;
}

/** Whether the event was selected on the node; names are case-sensitive. */
export function isSelected(name: string, selection: string[]): boolean {
	return selection.includes(name) || selection.includes(ANY_EVENT);
}

/** Identifies the creation of a share. */
export function createdKey({ id }: Pick<Share, 'id'>): string {
	return `created ${identifierKey(id)}`;
}

/** Identifies a change of a share's end; all ends are written in UTC. */
export function updatedKey({ id, expirationDateUtc }: Share): string {
	return `updated ${identifierKey(id)} ${expirationDateUtc}`;
}

/**
 * Identifies the event that an item is about. Only what EnableNow confirmed has a key: nobody else can
 * make the trigger take an event for one that has started the workflow already.
 */
export function toEventKey({ event, verified, share }: TriggerItem): string | undefined {
	if (!verified || share === null) return undefined;
	if (event === SHARE_CREATED) return createdKey(share);
	return event === SHARE_UPDATED ? updatedKey(share) : undefined;
}
