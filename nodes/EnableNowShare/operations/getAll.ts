import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { listShares, type ShareFilter } from '../../shared/api/shareList';
import { InputError } from '../../shared/errors/inputError';
import { parseBoolean, parseChoice, parseNumber } from '../../shared/input/options';
import { parseText } from '../../shared/input/text';
import { FIELD_NAMES } from '../description';
import type { Operation } from './operation';

const EXPIRED_VALUES = ['any', 'active', 'expired'] as const;

export const getAll: Operation = {
	changesShares: false,

	readItem(context, itemIndex) {
		const limit = readLimit(context, itemIndex);
		const filter = parseFilter(context.getNodeParameter('filters', itemIndex, {}));
		return async ({ client }) => await listShares(client, filter, limit);
	},
};

function readLimit(context: IExecuteFunctions, itemIndex: number): number {
	const returnAll = parseBoolean(context.getNodeParameter('returnAll', itemIndex), 'Return All');
	if (returnAll) return Number.POSITIVE_INFINITY;
	const limit = parseNumber(context.getNodeParameter('limit', itemIndex));
	if (Number.isInteger(limit) && limit > 0) return limit;
	throw new InputError(
		"'Limit' is not a whole number above 0",
		"Enter the maximum number of shares to return, or switch on 'Return All'.",
	);
}

function parseFilter(filters: IDataObject): ShareFilter {
	return {
		expired: parseChoice(filters['expired'], EXPIRED_VALUES, 'any', 'Expired'),
		clientId: parseText(filters['clientId'], FIELD_NAMES.filterClientId),
		reference: parseText(filters['reference'], FIELD_NAMES.reference),
	};
}
