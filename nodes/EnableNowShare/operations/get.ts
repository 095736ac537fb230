import { getShare } from '../../shared/shares';
import { readShareId, shareField } from './fields';
import type { Operation } from './operation';

export const get: Operation = {
	description: [shareField('get')],

	changesShares: false,

	prepare(context, itemIndex) {
		const id = readShareId(context, itemIndex);
		return async ({ api }) => [await getShare(api, id)];
	},
};
