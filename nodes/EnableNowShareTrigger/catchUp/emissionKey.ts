import { toMilliseconds } from '../../shared/input/dates';
import { identifierKey } from '../../shared/input/identifiers';
import type { Share } from '../../shared/api/shares';
import { SHARE_CREATED, SHARE_UPDATED } from '../description';
import type { TriggerItem } from '../webhook/decision';

/** By what the creation of a share is told apart from others. */
export function createdKey(shareId: string): string {
	return `created ${identifierKey(shareId)}`;
}

/** By what a change of a share's end is told apart from others. */
export function updatedKey(shareId: string, end: string): string {
	return `updated ${identifierKey(shareId)} ${end}`;
}

/** When a share ends, in a form that does not depend on the offset in which it was written. */
export function endOf({ expirationDateUtc }: Share): string {
	const milliseconds = toMilliseconds(expirationDateUtc);
	return Number.isNaN(milliseconds) ? expirationDateUtc : String(Math.floor(milliseconds / 1000));
}

/**
 * By what an item is known again. Only what EnableNow confirmed has such a key: nobody else can make
 * the trigger take an event for a repetition, or fill its memory.
 */
export function emissionKeyOf({
	event,
	shareId,
	verified,
	share,
}: TriggerItem): string | undefined {
	if (!verified || shareId === null || share === null) return undefined;
	if (event === SHARE_CREATED) return createdKey(shareId);
	if (event === SHARE_UPDATED) return updatedKey(shareId, endOf(share));
	return undefined;
}
