import { CUSTOMER_LIST } from '../customers';
import type { CustomerData } from '../data/records';
import { Problem, type FieldErrors } from '../problem-details';
import { readTime } from '../times';
import type { ShareRecord } from './share-store';

/** The body of `POST /shares`, which has been validated against the contract. */
export interface ShareCreation {
	clientId: string;
	expirationDateUtc: string;
	consentIds?: string[];
	accountIds?: string[];
	analysisIds?: string[];
	reference?: string | null;
}

/** What a request says about a new share. */
export type RequestedShare = Omit<ShareRecord, 'id' | 'sharerClientId' | 'createdAt'>;

/**
 * Checks what the contract cannot: that the app and the identifiers exist, and that the expiration
 * is still to come.
 *
 * @param creation - The body of the request
 * @param owned - What the sharer has to share
 * @param now - The present
 * @throws Problem 400 with all the fields at fault
 */
export function readShareCreation(
	creation: ShareCreation,
	owned: CustomerData,
	now: Date,
): RequestedShare {
	const errors: FieldErrors = {};
	if (!CUSTOMER_LIST.some(({ clientId }) => clientId === creation.clientId)) {
		errors['ClientId'] = [`There is no app with the client ID '${creation.clientId}'.`];
	}
	const expiration = readTime(creation.expirationDateUtc);
	if (expiration === null) {
		errors['ExpirationDateUtc'] = [
			`The value '${creation.expirationDateUtc}' is not valid for ExpirationDateUtc.`,
		];
	} else if (expiration <= now) {
		errors['ExpirationDateUtc'] = ['The expiration date has to be in the future.'];
	}
	const consentIds = readIds('ConsentIds', creation.consentIds, owned.consents, errors);
	const accountIds = readIds('AccountIds', creation.accountIds, owned.accounts, errors);
	const analysisIds = readIds('AnalysisIds', creation.analysisIds, owned.analyses, errors);
	if (
		!creation.consentIds?.length &&
		!creation.accountIds?.length &&
		!creation.analysisIds?.length
	) {
		errors['ConsentIds'] = [
			'At least one identifier is required in ConsentIds, AccountIds or AnalysisIds.',
		];
	}
	if (expiration === null || Object.keys(errors).length > 0) throw new Problem(400, { errors });
	return {
		clientId: creation.clientId,
		reference: creation.reference ?? null,
		expirationDateUtc: expiration,
		consentIds,
		accountIds,
		analysisIds,
	};
}

/**
 * The identifiers of one list, each of them once and in lower case, as .NET writes them
 * (assumption). Those that are not the sharer's are added to `errors`.
 */
function readIds(
	field: string,
	ids: readonly string[] = [],
	owned: ReadonlyArray<{ readonly id: string }>,
	errors: FieldErrors,
): string[] {
	const ownedIds = new Set(owned.map(({ id }) => id));
	const wanted = ids.map((id) => id.toLowerCase());
	wanted.forEach((id, position) => {
		if (ownedIds.has(id)) return;
		errors[`${field}[${String(position)}]`] = [`The identifier '${id}' was not found.`];
	});
	return [...new Set(wanted)];
}
