import type { IDataObject } from 'n8n-workflow';

import { readList } from '../../shared/api/listReader';
import { ACCOUNTS, ANALYSES, CONSENTS, hasStatus } from '../../shared/api/shareable';
import { formatDate, parseDate } from '../../shared/input/dates';
import { isEmpty, parseChoice } from '../../shared/input/options';
import { parseText } from '../../shared/input/text';
import { CONSENT_STATUSES } from '../description';
import type { Operation } from './index';
import { parseUserFilters, readFilters, readLimit } from './parameters';

// The Get Many of what can be shared.

const STATUSES = CONSENT_STATUSES.map(({ value }) => value);

export const getConsents: Operation = (context, itemIndex) => {
	const limit = readLimit(context, itemIndex);
	const filters = readFilters(context, itemIndex);
	const { fromDate } = filters;
	const query = {
		...parseUserFilters(filters),
		...(!isEmpty(fromDate) && {
			FromDate: formatDate(parseDate(fromDate, 'From Date (UTC)')),
		}),
	};
	const status = parseChoice(filters['status'], STATUSES, 'any', 'Status');
	const selection = {
		query,
		...(status !== 'any' && { matches: (consent: IDataObject) => hasStatus(consent, status) }),
	};
	return async ({ client }) => await readList(client, CONSENTS, selection, limit);
};

export const getAccounts: Operation = (context, itemIndex) => {
	const limit = readLimit(context, itemIndex);
	const query = parseUserFilters(readFilters(context, itemIndex));
	return async ({ client }) => await readList(client, ACCOUNTS, { query }, limit);
};

export const getAnalyses: Operation = (context, itemIndex) => {
	const limit = readLimit(context, itemIndex);
	const filters = readFilters(context, itemIndex);
	const status = parseText(filters['status'], 'Status');
	const reference = parseText(filters['reference'], 'Reference');
	const matches = (analysis: IDataObject) =>
		(status === '' || hasStatus(analysis, status)) &&
		(reference === '' || analysis['reference'] === reference);
	return async ({ client }) => await readList(client, ANALYSES, { matches }, limit);
};
