import { getShare } from '../../shared/api/shares';
import { readShareId, shareField, toolDescriptionField } from './fields';
import type { Operation } from './operation';

export const get: Operation = {
	description: [
		toolDescriptionField('get', 'Gets one share of bank data by its ID, a UUID.'),
		shareField('get'),
	],

	changesShares: false,

	prepare(context, itemIndex) {
		const id = readShareId(context, itemIndex);
		return async ({ api }) => [await getShare(api, id)];
	},
};
