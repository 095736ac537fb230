import { identifierKey } from '../../shared/input/identifiers';
import type { Share } from '../../shared/api/shares';
import { SHARE_CREATED, SHARE_UPDATED } from '../description';
import type { TriggerItem } from '../webhook/decision';

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
