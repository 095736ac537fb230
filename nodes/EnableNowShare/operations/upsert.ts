import { parseRequiredText } from '../../shared/input/text';
import { FIELD_NAMES } from '../description';
import { toNewShare } from './create';
import type { Operation } from './index';
import { readShareInput } from './parameters';

/** Changes the end of the active share with the item's reference and receiver, or creates one. */
export const upsert: Operation = (context, itemIndex) => {
	const reference = parseRequiredText(
		context.getNodeParameter('reference', itemIndex),
		FIELD_NAMES.reference,
		'Enter a value of its own for each share, such as the ID of your own record.',
	);
	const input = readShareInput(context, itemIndex, reference);
	return async (services) => [
		await services.uniqueShares.create(toNewShare(input, services), 'update'),
	];
};
