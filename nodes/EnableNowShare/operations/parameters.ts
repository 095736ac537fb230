import type { IExecuteFunctions } from 'n8n-workflow';

import { parseDate } from '../../shared/input/dates';
import { parseIdentifier } from '../../shared/input/identifiers';
import { FIELD_NAMES } from '../description';

/** @throws InputError when it is not one identifier */
export function readShareId(context: IExecuteFunctions, itemIndex: number): string {
	return parseIdentifier(context.getNodeParameter('shareId', itemIndex), FIELD_NAMES.shareId);
}

/** @throws InputError when it is not a date and time */
export function readExpiration(context: IExecuteFunctions, itemIndex: number): Date {
	const value = context.getNodeParameter('expirationDateUtc', itemIndex);
	return parseDate(value, FIELD_NAMES.expirationDateUtc);
}
