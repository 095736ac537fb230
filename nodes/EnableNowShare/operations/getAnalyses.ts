import type { IDataObject } from 'n8n-workflow';

import { readList } from '../../shared/api/listReader';
import { ANALYSES, hasStatus } from '../../shared/api/shareable';
import { parseText } from '../../shared/input/text';
import { FIELD_NAMES } from '../description';
import type { Operation } from './index';
import { readFilters, readLimit } from './parameters';

export const getAnalyses: Operation = (context, itemIndex) => {
	const limit = readLimit(context, itemIndex);
	const filters = readFilters(context, itemIndex);
	const status = parseText(filters['status'], 'Status');
	const reference = parseText(filters['reference'], FIELD_NAMES.reference);
	const matches = (analysis: IDataObject) =>
		(status === '' || hasStatus(analysis, status)) &&
		(reference === '' || analysis['reference'] === reference);
	return async ({ client }) => await readList(client, ANALYSES, { matches }, limit);
};
