import { getShare } from '../../shared/api/shares';
import type { Operation } from './operation';
import { readShareId } from './parameters';

export const get: Operation = {
	changesShares: false,

	readItem(context, itemIndex) {
		const id = readShareId(context, itemIndex);
		return async ({ client }) => [await getShare(client, id)];
	},
};
