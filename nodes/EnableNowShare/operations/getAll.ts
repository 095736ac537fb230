import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { InputError } from '../../shared/errors/inputError';
import { parseNumber, parseChoice, parseBoolean } from '../../shared/input/options';
import { listShares, type ShareFilter } from '../../shared/api/shareList';
import { parseText } from '../../shared/input/text';
import { FIELD_NAMES, toolDescriptionField } from './fields';
import type { Operation } from './operation';

const show = { operation: ['getAll'] };

const EXPIRED_VALUES = ['any', 'active', 'expired'] as const;

export const getAll: Operation = {
	description: [
		toolDescriptionField(
			'getAll',
			'Lists shares of bank data. An empty answer means that there are none.',
		),
		{
			displayName: 'Return All',
			name: 'returnAll',
			type: 'boolean',
			default: false,
			displayOptions: { show },
			description: 'Whether to return all results or only up to a given limit',
		},
		{
			displayName: 'Limit',
			name: 'limit',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 50,
			displayOptions: { show: { ...show, returnAll: [false] } },
			description: 'Max number of results to return',
		},
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add Filter',
			default: {},
			displayOptions: { show },
			options: [
				{
					displayName: 'Expired',
					name: 'expired',
					type: 'options',
					options: [
						{ name: 'Any', value: 'any', description: 'Active and expired shares' },
						{ name: 'Active', value: 'active', description: 'Shares that have not ended' },
						{ name: 'Expired', value: 'expired', description: 'Shares that have ended' },
					],
					default: 'any',
					description: 'Whether the shares have ended',
				},
				{
					displayName: FIELD_NAMES.reference,
					name: 'reference',
					type: 'string',
					default: '',
					placeholder: 'e.g. my-internal-reference-001',
					description: 'Only shares with exactly this reference',
				},
				{
					displayName: 'Receiving App (Client ID)',
					name: 'clientId',
					type: 'string',
					default: '',
					placeholder: 'e.g. en-app-ref-002',
					description: 'Only shares with the app of this client ID',
				},
			],
		},
	],

	changesShares: false,

	prepare(context, itemIndex) {
		const limit = readLimit(context, itemIndex);
		const filter = readFilter(context.getNodeParameter('filters', itemIndex));
		return async ({ api }) => await listShares(api, filter, limit);
	},
};

function readLimit(context: IExecuteFunctions, itemIndex: number): number {
	const isUnlimited = parseBoolean(context.getNodeParameter('returnAll', itemIndex), 'Return All');
	if (isUnlimited) return Number.POSITIVE_INFINITY;
	const limit = parseNumber(context.getNodeParameter('limit', itemIndex));
	if (Number.isInteger(limit) && limit > 0) return limit;
	throw new InputError(
		"'Limit' is not a whole number above 0",
		"Enter how many shares to return at most, or switch on 'Return All'.",
	);
}

function readFilter(filters: IDataObject): ShareFilter {
	return {
		expired: parseChoice(filters['expired'], EXPIRED_VALUES, 'any', 'Expired'),
		clientId: parseText(filters['clientId'], 'Receiving App (Client ID)'),
		reference: parseText(filters['reference'], FIELD_NAMES.reference),
	};
}
