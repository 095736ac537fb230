import { readList } from '../../shared/api/listReader';
import { ACCOUNTS } from '../../shared/api/shareable';
import type { Operation } from './index';
import { parseUserFilters, readFilters, readLimit } from './parameters';

export const getAccounts: Operation = (context, itemIndex) => {
	const limit = readLimit(context, itemIndex);
	const query = parseUserFilters(readFilters(context, itemIndex));
	return async ({ client }) => await readList(client, ACCOUNTS, { query }, limit);
};
