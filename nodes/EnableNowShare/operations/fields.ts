import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { parseDate } from '../../shared/input/dates';
import { parseIdentifier } from '../../shared/input/identifiers';

/** What the fields are called in the editor, and so in messages about them. */
export const FIELD_NAMES = {
	clientId: 'Share With (Client ID)',
	expirationDateUtc: 'Expiration Date (UTC)',
	consentIds: 'Consents',
	accountIds: 'Accounts',
	analysisIds: 'Analyses',
	reference: 'Reference',
	shareId: 'Share',
} as const;

/**
 * What a model is told of an operation, where the node is a tool of an AI agent. Without this field,
 * n8n tells it the description of the node, which is the same for all operations.
 */
export function toolDescriptionField(operation: string, text: string): INodeProperties {
	return {
		displayName: 'Tool Description',
		name: 'toolDescription',
		type: 'string',
		typeOptions: { rows: 4 },
		default: text,
		required: true,
		displayOptions: { show: { '@tool': [true], operation: [operation] } },
		description: 'What the model is told of this tool',
	};
}

/** The field that picks one share, for the operations that work on one. */
export function shareField(operation: string): INodeProperties {
	return {
		displayName: FIELD_NAMES.shareId,
		name: 'shareId',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		required: true,
		displayOptions: { show: { operation: [operation] } },
		description: 'The share: choose it from the list, or give its ID',
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: 'Choose a share…',
				typeOptions: { searchListMethod: 'searchShares', searchable: true },
			},
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: 'e.g. 53520156-8459-425b-3370-08de95423420',
				hint: 'The ID of one share. For several shares, give this node one item for each',
			},
		],
	};
}

/**
 * The field that says when a share ends.
 *
 * @param description - what the time does
 * @param hint - what to do where a fixed time is a mistake; n8n shows it while the time is a fixed one
 */
export function expirationField(
	operation: string,
	description: string,
	hint: string,
): INodeProperties {
	return {
		displayName: FIELD_NAMES.expirationDateUtc,
		name: 'expirationDateUtc',
		type: 'dateTime',
		default: '',
		required: true,
		placeholder: 'e.g. 2026-04-30T12:00:00',
		displayOptions: { show: { operation: [operation] } },
		description,
		hint,
	};
}

/** The share that an item names. */
export function readShareId(context: IExecuteFunctions, itemIndex: number): string {
	return parseIdentifier(context.getNodeParameter('shareId', itemIndex), FIELD_NAMES.shareId);
}

/** The expiration that an item names. */
export function readExpiration(context: IExecuteFunctions, itemIndex: number): Date {
	const value = context.getNodeParameter('expirationDateUtc', itemIndex);
	return parseDate(value, FIELD_NAMES.expirationDateUtc);
}
