import { getShare } from '../../shared/api/shares';
import type { Operation } from './index';
import { readShareId } from './parameters';

export const get: Operation = (context, itemIndex) => {
	const id = readShareId(context, itemIndex);
	return async ({ client }) => [await getShare(client, id)];
};
