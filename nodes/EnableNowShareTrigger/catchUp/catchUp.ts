import { isPast } from '../../shared/input/dates';
import { identifierKey } from '../../shared/input/identifiers';
import type { EnableNowClient } from '../../shared/api/client';
import { listAllShares, listNewShares } from '../../shared/api/shareList';
import type { Share } from '../../shared/api/shares';
import { SHARE_CREATED, SHARE_UPDATED } from '../description';
import { isSelected } from '../webhook/events';
import type { TriggerItem } from '../webhook/decision';
import type { Deliveries } from './deliveries';
import { createdKey, endOf, updatedKey } from './emissionKey';
import type { Fingerprints } from './fingerprints';
import type { CatchUpSettings } from './settings';

/** After so many shares that need no catch-up, they are stored, so that they are not read again. */
const SHARES_PER_CHECKPOINT = 1_000;

/** What becomes of a share that EnableNow lists. */
type Finding =
	/** The trigger has missed this event about it. */
	| { kind: 'missed'; event: string }
	/** An event about it is being executed: to be looked at again. */
	| { kind: 'underWay' }
	/** Nothing is to be done about it. */
	| { kind: 'known' }
	/** It has ended, and nobody wants to know of what has ended. */
	| { kind: 'ended' };

/** Starts executions for the shares, and changes of their ends, that no event has told of. */
export class CatchUp {
	private readonly areUpdatesWanted: boolean;

	/** Shares that were being executed when they were read. */
	private pending: Share[] = [];

	/**
	 * @param clientId - the app whose shares are caught up
	 * @param selection - the names of the events that were chosen
	 */
	constructor(
		private readonly deliveries: Deliveries,
		private readonly clientId: string,
		private readonly selection: string[],
		private readonly settings: CatchUpSettings,
	) {
		this.areUpdatesWanted = this.isWanted(SHARE_UPDATED);
	}

	/**
	 * Reads what EnableNow lists, starts an execution for each event that was missed, and waits until
	 * they are over. The first time, what is there is taken for known.
	 *
	 * @param seen - the shares that were listed before; those that are listed now are added
	 * @returns how many executions it started
	 * @throws RequestError when EnableNow cannot be asked; it can be run again then
	 */
	async run(client: EnableNowClient, seen: Fingerprints): Promise<number> {
		const { memory } = this.deliveries;
		await this.deliveries.startAgain();
		// Where only new shares matter, the rest of the list need not be read again.
		const shares = this.areUpdatesWanted
			? await listAllShares(client)
			: await listNewShares(client, seen);
		for (const { id } of shares) seen.add(identifierKey(id));
		const items = this.missedItems(this.areUpdatesWanted ? shares : [...this.pending, ...shares]);
		memory.hasBaseline = true;
		if (!memory.isBaselineStored) await this.deliveries.store();
		await this.deliveries.startEach(items);
		if (memory.unstoredShareCount > SHARES_PER_CHECKPOINT) await this.deliveries.store();
		return items.length;
	}

	/** The items for what was missed; takes note of all other shares. */
	private missedItems(shares: Share[]): TriggerItem[] {
		const { memory } = this.deliveries;
		const items: TriggerItem[] = [];
		this.pending = [];
		for (const share of shares) {
			const isForReceiver = share.clientId === this.clientId;
			memory.hasMatched ||= isForReceiver;
			const finding: Finding = isForReceiver ? this.judge(share) : { kind: 'known' };
			switch (finding.kind) {
				case 'missed':
					items.push(caughtUpItem(finding.event, share));
					break;
				case 'underWay':
					this.pending.push(share);
					break;
				case 'known':
					memory.addListed(share);
					if (isForReceiver && this.areUpdatesWanted) memory.setEnd(share);
					break;
				case 'ended':
					memory.addListed(share);
					// The end that was last told of stays: if the share goes on after all, that is a change.
					if (!memory.isEndKnown(share)) memory.setEnd(share);
			}
		}
		return items;
	}

	private judge(share: Share): Finding {
		const { memory } = this.deliveries;
		const created = createdKey(share.id);
		const updated = updatedKey(share.id, endOf(share));
		if (memory.isUnderWay(created) || memory.isUnderWay(updated)) return { kind: 'underWay' };
		const isBaseline = !memory.hasBaseline && !this.settings.existing;
		if (isBaseline) return { kind: 'known' };
		if (isPast(share.expirationDateUtc) && !this.settings.expired) return { kind: 'ended' };
		if (!memory.isListed(share) && !memory.isKnown(created) && this.isWanted(SHARE_CREATED)) {
			return { kind: 'missed', event: SHARE_CREATED };
		}
		const isChanged = memory.isEndKnown(share) && !memory.hasEnd(share);
		return isChanged && this.areUpdatesWanted
			? { kind: 'missed', event: SHARE_UPDATED }
			: { kind: 'known' };
	}

	private isWanted(event: string): boolean {
		return isSelected({ name: event }, this.selection);
	}
}

/** What the nodes after the trigger are given for a share that no event told of. */
function caughtUpItem(event: string, share: Share): TriggerItem {
	return {
		event,
		shareId: share.id,
		verified: true,
		reason: null,
		share,
		data: null,
		receivedAt: new Date().toISOString(),
		source: 'catchUp',
	};
}
