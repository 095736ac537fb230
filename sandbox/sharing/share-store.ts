/** A share, as EnableNow keeps it; times are UTC. */
export interface ShareRecord {
	readonly id: string;
	/** The app that made the share. */
	readonly sharerClientId: string;
	/** The app that it is shared with. */
	readonly clientId: string;
	readonly reference: string | null;
	expirationDateUtc: Date;
	readonly consentIds: readonly string[];
	readonly accountIds: readonly string[];
	readonly analysisIds: readonly string[];
	readonly createdAt: Date;
}

/** All shares of all apps, in the order of their creation. */
export class ShareStore {
	private readonly shares = new Map<string, ShareRecord>();

	/** Keeps a new share. */
	add(share: ShareRecord): void {
		this.shares.set(share.id, share);
	}

	/** The share with this identifier, in either case. */
	find(id: string): ShareRecord | undefined {
		return this.shares.get(id.toLowerCase());
	}

	/** All shares, oldest first. */
	all(): ShareRecord[] {
		return [...this.shares.values()];
	}
}

/** Whether a share has ended. */
export function isExpired(share: ShareRecord, now: Date): boolean {
	return share.expirationDateUtc <= now;
}

/**
 * Whether an app is shown a share.
 *
 * @param receiverSeesShares - Whether the app that a share targets is shown it, too
 */
export function isVisibleTo(
	share: ShareRecord,
	clientId: string,
	receiverSeesShares: boolean,
): boolean {
	return share.sharerClientId === clientId || (receiverSeesShares && share.clientId === clientId);
}
