import { SingleFlight } from '../../shared/async/singleFlight';
import { isPast, toMilliseconds } from '../../shared/input/dates';
import { identifierKey } from '../../shared/input/identifiers';
import { ShareListing } from '../../shared/api/shareListing';
import type { Share } from '../../shared/api/shares';
import type { EnableNowClient } from '../../shared/api/client';

/** By what a share is looked for. */
export type ShareKey = Pick<Share, 'clientId'> & { reference: string };

/** The active shares that have a reference, by receiver and reference. */
export class ShareIndex {
	private readonly shares = new Map<string, Share[]>();
	private readonly reading: SingleFlight<void>;
	private isLoaded = false;

	constructor(api: EnableNowClient) {
		const listing = new ShareListing(api);
		this.reading = new SingleFlight(async () => {
			for (const share of await listing.readNew()) this.add(share);
			this.isLoaded = true;
		});
	}

	/**
	 * The active share with this receiver and reference; of several, the one that expires last.
	 *
	 * @throws RequestError when the shares cannot be listed, which the first search does
	 */
	async find(key: ShareKey): Promise<Share | undefined> {
		if (!this.isLoaded) await (this.reading.underWay ?? this.refresh());
		return (this.shares.get(shareKeyOf(key)) ?? [])
			.filter(isActive)
			.sort((one, other) => expirationOf(other) - expirationOf(one))[0];
	}

	/** Takes note of a share that was made, or changed. */
	add(share: Share): void {
		const { id, clientId, reference } = share;
		if (typeof reference !== 'string' || reference === '') return;
		const key = shareKeyOf({ clientId, reference });
		const others = (this.shares.get(key) ?? []).filter(
			(other) => identifierKey(other.id) !== identifierKey(id),
		);
		const shares = isActive(share) ? [...others, share] : others;
		if (shares.length > 0) this.shares.set(key, shares);
		else this.shares.delete(key);
	}

	/**
	 * Reads the shares that were made since the last time. Those who ask while it is being done share
	 * the next reading: the one under way may have passed the place by then.
	 *
	 * @throws RequestError
	 */
	async refresh(): Promise<void> {
		await this.reading.run();
	}
}

/** By what shares are told apart: receiver and reference, to the letter. */
export function shareKeyOf({ clientId, reference }: ShareKey): string {
	return JSON.stringify([clientId, reference]);
}

function isActive(share: Share): boolean {
	// An expiration that cannot be read is taken for one to come: rather none than two shares.
	return !isPast(share.expirationDateUtc);
}

function expirationOf({ expirationDateUtc }: Share): number {
	return toMilliseconds(expirationDateUtc);
}
