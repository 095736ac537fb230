/** The filters that consents and accounts have in common. */
export interface OwnerQuery {
	ConsentId?: string;
	UserId?: string;
	ExternalUserId?: string;
}

/** Whether something belongs to the consent and the end user that a query asks for. */
export function belongsTo(
	owner: { consentId: string; userId: string; externalUserId: string },
	query: OwnerQuery,
): boolean {
	return (
		(query.ConsentId === undefined || owner.consentId === query.ConsentId.toLowerCase()) &&
		(query.UserId === undefined || owner.userId === query.UserId.toLowerCase()) &&
		(query.ExternalUserId === undefined || owner.externalUserId === query.ExternalUserId)
	);
}
