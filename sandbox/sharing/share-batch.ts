import { CUSTOMER_LIST } from '../customers';
import { dataOf } from '../caller';
import { createGuid } from '../data/guid';
import type { SandboxState } from '../state';
import { readTime } from '../times';
import type { ShareRecord } from './share-store';

const DEFAULT_LIFETIME = 30 * 86_400_000;

/** Shares to put in without a call for each, and without events. */
export interface ShareBatch {
	/** How many. */
	count: number;
	/** The client ID of the app that shares. */
	from: string;
	/** The client ID of the app that it shares with. */
	to: string;
	/** ISO 8601, may be past; 30 days from now if absent. */
	expirationDateUtc?: string;
	/** The same for each share; `bulk-1`, `bulk-2` and so on if absent. */
	reference?: string | null;
}

/**
 * Puts shares in, each of one of the sharer's consents.
 *
 * @throws Error for an app that does not exist, or a time that is none
 */
export function addShares(state: SandboxState, batch: ShareBatch): ShareRecord[] {
	for (const clientId of [batch.from, batch.to]) {
		if (!CUSTOMER_LIST.some((customer) => customer.clientId === clientId)) {
			throw new Error(`There is no app with the client ID '${clientId}'`);
		}
	}
	const now = new Date();
	const expiration = readExpiration(batch.expirationDateUtc, now);
	const { consents } = dataOf(state, batch.from);
	return Array.from({ length: batch.count }, (_, position) => {
		const share: ShareRecord = {
			id: createGuid(state.random),
			sharerClientId: batch.from,
			clientId: batch.to,
			reference: batch.reference === undefined ? `bulk-${String(position + 1)}` : batch.reference,
			expirationDateUtc: expiration,
			consentIds: [state.random.pick(consents).id],
			accountIds: [],
			analysisIds: [],
			createdAt: now,
		};
		state.shares.add(share);
		return share;
	});
}

function readExpiration(text: string | undefined, now: Date): Date {
	if (text === undefined) return new Date(now.getTime() + DEFAULT_LIFETIME);
	const expiration = readTime(text);
	if (expiration === null) throw new Error(`'${text}' is not a time`);
	return expiration;
}
