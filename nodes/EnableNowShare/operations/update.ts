import { updateShare } from '../../shared/api/shares';
import { identifierKey } from '../../shared/input/identifiers';
import type { Operation } from './index';
import { readExpiration, readShareId } from './parameters';

export const update: Operation = (context, itemIndex) => {
	const id = readShareId(context, itemIndex);
	const expiration = readExpiration(context, itemIndex);
	return async ({ client, updates }) => {
		// Of several items with the same share, the last one decides.
		const update = async () => await updateShare(client, id, expiration(new Date()));
		return [await updates.run(identifierKey(id), update)];
	};
};
