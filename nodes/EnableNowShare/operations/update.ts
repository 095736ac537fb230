import { updateShare } from '../../shared/api/shares';
import { identifierKey } from '../../shared/input/identifiers';
import type { Operation, SendItem } from './index';
import { type Expiration, readExpiration, readShareId } from './parameters';

export const update: Operation = (context, itemIndex) =>
	sendUpdate(readShareId(context, itemIndex), readExpiration(context, itemIndex));

/** Ends a share now. EnableNow documents no other way than to change its expiration. */
export const revoke: Operation = (context, itemIndex) =>
	sendUpdate(readShareId(context, itemIndex), (sentAt) => sentAt);

/** Of several items with the same share, the last one decides. */
function sendUpdate(id: string, expiration: Expiration): SendItem {
	return async ({ client, updates }) => {
		const update = async () => await updateShare(client, id, expiration(new Date()));
		return [await updates.run(identifierKey(id), update)];
	};
}
