import { toMilliseconds } from '../../shared/input/dates';
import { identifierKey } from '../../shared/input/identifiers';
import type { Share } from '../../shared/api/shares';
import { SHARE_CREATED, SHARE_UPDATED } from '../description';
import type { TriggerItem } from '../webhook/decision';

/** Identifies the creation of a share. */
export function createdKey({ id }: Pick<Share, 'id'>): string {
	return `created ${identifierKey(id)}`;
}

/** Identifies a change of a share's end, as {@link formatEnd} gives it. */
export function updatedKey(share: Share, end: string = formatEnd(share)): string {
	return `updated ${identifierKey(share.id)} ${end}`;
}

/** When a share ends, in a form that does not depend on the offset in which it was written. */
export function formatEnd({ expirationDateUtc }: Share): string {
	const milliseconds = toMilliseconds(expirationDateUtc);
	return Number.isNaN(milliseconds) ? expirationDateUtc : String(Math.floor(milliseconds / 1000));
}

/**
 * Identifies the events that items are about. Only what EnableNow confirmed has a key: nobody else can
 * make the trigger take an event for one that has started the workflow already.
 */
export function getEventKeys(items: TriggerItem[]): string[] {
	return items.flatMap(({ event, verified, share }) => {
		if (!verified || share === null) return [];
		if (event === SHARE_CREATED) return [createdKey(share)];
		return event === SHARE_UPDATED ? [updatedKey(share)] : [];
	});
}
