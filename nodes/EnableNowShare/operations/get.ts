import type { IDataObject } from 'n8n-workflow';

import { readList } from '../../shared/api/listReader';
import { selectShares, type ShareFilter, SHARES } from '../../shared/api/shareList';
import { getShare } from '../../shared/api/shares';
import { parseChoice } from '../../shared/input/options';
import { parseClientId, parseText } from '../../shared/input/text';
import type { Operation } from './index';
import { readFilters, readLimit, readShareId } from './parameters';

const STATUSES = ['any', 'active', 'expired'] as const;
const DIRECTIONS = ['any', 'made', 'received'] as const;

export const get: Operation = (context, itemIndex) => {
	const id = readShareId(context, itemIndex);
	return async ({ client }) => [await getShare(client, id)];
};

export const getAll: Operation = (context, itemIndex) => {
	const limit = readLimit(context, itemIndex);
	const filter = parseFilter(readFilters(context, itemIndex));
	return async ({ client }) => await readList(client, SHARES, selectShares(client, filter), limit);
};

function parseFilter(filters: IDataObject): ShareFilter {
	return {
		status: parseChoice(filters['status'], STATUSES, 'any', 'Status'),
		direction: parseChoice(filters['direction'], DIRECTIONS, 'any', 'Direction'),
		clientId: parseClientId(filters['clientId'], 'Receiving App (Client ID)'),
		reference: parseText(filters['reference'], 'Reference'),
	};
}
