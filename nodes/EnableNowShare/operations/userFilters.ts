import type { IDataObject } from 'n8n-workflow';

import { parseIdentifier } from '../../shared/input/identifiers';
import { isEmpty } from '../../shared/input/options';
import { parseText } from '../../shared/input/text';
import { FIELD_NAMES } from '../description';

/**
 * Parses the filters that consents and accounts have in common into EnableNow's query parameters.
 *
 * @throws InputError when one cannot be used
 */
export function parseUserFilters(filters: IDataObject): Record<string, string> {
	const userId = parseText(filters['userId'], FIELD_NAMES.userId);
	const externalUserId = parseText(filters['externalUserId'], FIELD_NAMES.externalUserId);
	const { consentId } = filters;
	return {
		...(userId !== '' && { UserId: userId }),
		...(externalUserId !== '' && { ExternalUserId: externalUserId }),
		...(!isEmpty(consentId) && { ConsentId: parseIdentifier(consentId, FIELD_NAMES.consentId) }),
	};
}
