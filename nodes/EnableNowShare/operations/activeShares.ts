import type { EnableNowClient } from '../../shared/api/client';
import { listNewShares } from '../../shared/api/shareList';
import type { Share } from '../../shared/api/shares';
import { isPast, toMilliseconds } from '../../shared/input/dates';
import { identifierKey } from '../../shared/input/identifiers';

/** What makes a share unique: receiver and reference, both case-sensitive. */
export type ShareKey = Pick<Share, 'clientId'> & { reference: string };

export function formatShareKey({ clientId, reference }: ShareKey): string {
	return JSON.stringify([clientId, reference]);
}

/** The active shares that have a reference, by receiver and reference. */
export class ActiveShares {
	private readonly shares = new Map<string, Share[]>();
	private readonly listed = new Set<string>();
	private loading: Promise<void> | undefined;

	constructor(private readonly client: EnableNowClient) {}

	/**
	 * Finds the active share with this receiver and reference; of several, the one that expires last.
	 * The first call lists all shares.
	 *
	 * @throws RequestError when the shares cannot be listed
	 */
	async find(key: ShareKey): Promise<Share | undefined> {
		this.loading ??= this.refresh().catch((error: unknown) => {
			this.loading = undefined;
			throw error;
		});
		await this.loading;
		const found = (this.shares.get(formatShareKey(key)) ?? []).filter(isActive);
		const getEnd = ({ expirationDateUtc }: Share) => toMilliseconds(expirationDateUtc);
		return found.sort((one, other) => getEnd(other) - getEnd(one))[0];
	}

	/** Adds a share that was created, or replaces one that was changed. */
	add(share: Share): void {
		const { id, clientId, reference } = share;
		if (reference === null || reference === '') return;
		const key = formatShareKey({ clientId, reference });
		const known = this.shares.get(key) ?? [];
		const others = known.filter((other) => identifierKey(other.id) !== identifierKey(id));
		this.shares.set(key, isActive(share) ? [...others, share] : others);
	}

	/**
	 * Lists the shares that were created since the last time.
	 *
	 * @throws RequestError
	 */
	async refresh(): Promise<void> {
		// Several may run at once: each has its own copy of what was known, and the first one counts.
		const before = [...this.listed];
		const known = new Set(before);
		for (const share of await listNewShares(this.client, known)) {
			const key = identifierKey(share.id);
			if (!this.listed.has(key)) this.add(share);
			this.listed.add(key);
		}
		for (const key of before) if (!known.has(key)) this.listed.delete(key);
	}
}

/** A share whose expiration cannot be read counts as active: better no second share than two. */
function isActive({ expirationDateUtc }: Share): boolean {
	return !isPast(expirationDateUtc);
}
