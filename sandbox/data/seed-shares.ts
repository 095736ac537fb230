import { SANDBOX_CUSTOMERS } from '../customers';
import type { ShareRecord } from '../sharing/share-store';
import { createGuid } from './guid';
import { createRandom, type Random } from './random';
import type { CustomerData } from './records';

const DAY = 86_400_000;

/** The shares that there are from the start: who shares, when that was, and when it ends. */
const SHARES = [
	{ from: 'sharer', createdDaysAgo: 120, expiresInDays: -30, reference: 'hypotheek-2026-0012' },
	{ from: 'sharer', createdDaysAgo: 40, expiresInDays: 50, reference: 'hypotheek-2026-0047' },
	{ from: 'receiver', createdDaysAgo: 31, expiresInDays: 59, reference: 'huurcheck-118' },
	{ from: 'sharer', createdDaysAgo: 28, expiresInDays: 2, reference: 'hypotheek-2026-0051' },
	{ from: 'sharer', createdDaysAgo: 12, expiresInDays: 78, reference: null },
	{ from: 'receiver', createdDaysAgo: 9, expiresInDays: 21, reference: 'huurcheck-131' },
	{ from: 'sharer', createdDaysAgo: 2, expiresInDays: 88, reference: 'hypotheek-2026-0063' },
] as const;

/**
 * Makes the shares that there are from the start, oldest first; one of them has expired, one ends in two
 * days.
 *
 * @param seed - The same seed gives the same identifiers
 * @param now - The present; the shares' dates are whole days from it
 * @param customerData - What there is to share, by client ID
 */
export function createSeedShares(
	seed: number,
	now: Date,
	customerData: ReadonlyMap<string, CustomerData>,
): ShareRecord[] {
	const random = createRandom(seed);
	const today = Math.floor(now.getTime() / DAY) * DAY;
	return SHARES.map(({ from, createdDaysAgo, expiresInDays, reference }) => {
		const sharerClientId = SANDBOX_CUSTOMERS[from].clientId;
		const data = customerData.get(sharerClientId);
		return {
			id: createGuid(random),
			sharerClientId,
			clientId: SANDBOX_CUSTOMERS[from === 'sharer' ? 'receiver' : 'sharer'].clientId,
			reference,
			expirationDateUtc: new Date(today + expiresInDays * DAY),
			consentIds: pickIds(random, data?.consents),
			accountIds: pickIds(random, data?.accounts),
			analysisIds: [],
			createdAt: new Date(today - createdDaysAgo * DAY),
		};
	});
}

/** One or two identifiers. */
function pickIds(random: Random, records: ReadonlyArray<{ readonly id: string }> = []): string[] {
	const ids = Array.from({ length: random.integer(1, 2) }, () => random.pick(records).id);
	return [...new Set(ids)];
}
