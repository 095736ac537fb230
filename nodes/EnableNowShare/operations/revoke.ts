import { updateShare } from '../../shared/api/shares';
import { identifierKey } from '../../shared/input/identifiers';
import type { Operation } from './index';
import { readShareId } from './parameters';

/** Ends a share now. EnableNow documents no other way than to change its expiration. */
export const revoke: Operation = (context, itemIndex) => {
	const id = readShareId(context, itemIndex);
	return async ({ client, updates }) => {
		const end = async () => await updateShare(client, id, new Date());
		return [await updates.run(identifierKey(id), end)];
	};
};
