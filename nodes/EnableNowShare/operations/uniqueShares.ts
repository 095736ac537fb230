import { formatDate, toMilliseconds } from '../../shared/input/dates';
import { identifierKey } from '../../shared/input/identifiers';
import { InputError } from '../../shared/errors/inputError';
import { KeyedMutex } from '../../shared/async/keyedMutex';
import { errorMessage } from '../../shared/errors/text';
import { shareKeyOf, ShareIndex } from './shareIndex';
import {
	completed,
	createShare,
	type NewShare,
	type Share,
	type ShareLists,
	shareOf,
	updateShare,
} from '../../shared/api/shares';
import { sleepUnlessAborted } from '../../shared/async/sleep';
import type { EnableNowClient } from '../../shared/api/client';
import { isUnsettled, missingCreate, unfoundCreate } from './unsettledCreate';

/** What to do where the share is there already. */
export const ON_DUPLICATE_VALUES = ['return', 'fail', 'update'] as const;

export type OnDuplicate = (typeof ON_DUPLICATE_VALUES)[number];

/** A share, and whether somebody made it before. */
export interface UniqueShare {
	share: Share;
	alreadyExisted: boolean;
}

/** How to make shares of which there shall be one each. */
export interface UniqueSharesOptions {
	onDuplicate: OnDuplicate;
	/** How often a create is sent again at most that was surely not carried out. */
	maxRetries: number;
	/** How long EnableNow is given to answer, in seconds. */
	timeout: number;
	/** Fires when the workflow is stopped. */
	stopSignal: AbortSignal | undefined;
}

/** How long to wait before a create without an answer is looked for, in milliseconds. */
const SETTLING = { least: 3_000, most: 30_000 };

/** Makes shares so that there is at most one active share with a receiver and reference. */
export class UniqueShares {
	private readonly index: ShareIndex;
	/** By receiver and reference. */
	private readonly queue = new KeyedMutex();

	constructor(
		private readonly api: EnableNowClient,
		private readonly options: UniqueSharesOptions,
	) {
		this.index = new ShareIndex(api);
	}

	/**
	 * Creates a share with a reference, unless there is an active one with the same receiver and
	 * reference. Where the answer is lost, the share is looked for, and created again only where it is
	 * not there.
	 *
	 * @throws InputError when the share is there and `onDuplicate` says so, or shares something else
	 * @throws RequestError
	 */
	async create(share: NewShare): Promise<UniqueShare> {
		return await this.queue.run(shareKeyOf(share), async () => await this.createAlone(share));
	}

	/** While this is done, nobody else of this execution works on the same receiver and reference. */
	private async createAlone(share: NewShare): Promise<UniqueShare> {
		const existing = await this.index.find(share);
		return existing === undefined ? await this.createNew(share) : await this.reuse(existing, share);
	}

	private async reuse(existing: Share, share: NewShare): Promise<UniqueShare> {
		if (!hasSameContents(existing, share)) throw otherContents(existing, share);
		const { onDuplicate } = this.options;
		if (onDuplicate === 'fail') throw duplicate(existing, share);
		const isUpdated = onDuplicate === 'update' && !hasSameEnd(existing, share);
		const result = isUpdated ? await this.update(existing, share) : existing;
		return { share: completed(result), alreadyExisted: true };
	}

	private async update(existing: Share, { expiration }: NewShare): Promise<Share> {
		const answer = await updateShare(this.api, existing.id, expiration);
		const updated = answer ?? { ...existing, expirationDateUtc: formatDate(expiration) };
		this.index.add(updated);
		return updated;
	}

	private async createNew(share: NewShare): Promise<UniqueShare> {
		for (let sent = 1; ; sent++) {
			const created = await createShare(this.api, share).catch(
				async (error: unknown) => await this.lookFor(share, error, sent),
			);
			if (created === undefined) continue;
			// One that was found may still have come from elsewhere in the meantime.
			if (!isAsAskedFor(created, share)) return await this.reuse(created, share);
			this.index.add(created);
			return { share: shareOf(created.id, share), alreadyExisted: false };
		}
	}

	/**
	 * Looks for a share whose create had no answer, once EnableNow has had time to settle it.
	 *
	 * @param failure - what the create ended with
	 * @param sent - how often it has been sent
	 * @returns nothing where it is not there and may be sent again
	 */
	private async lookFor(
		share: NewShare,
		failure: unknown,
		sent: number,
	): Promise<Share | undefined> {
		if (!isUnsettled(failure)) throw failure;
		const { maxRetries, timeout, stopSignal } = this.options;
		const settling = failure.kind === 'timedOut' ? Math.min(timeout * 1000, SETTLING.most) : 0;
		await sleepUnlessAborted(Math.max(settling, SETTLING.least), stopSignal);
		await this.index.refresh().catch((error: unknown) => {
			throw unfoundCreate(failure, share, errorMessage(error));
		});
		const found = await this.index.find(share);
		if (found === undefined && sent > maxRetries) throw missingCreate(failure, share, sent);
		return found;
	}
}

function isAsAskedFor(existing: Share, share: NewShare): boolean {
	return hasSameContents(existing, share) && hasSameEnd(existing, share);
}

function hasSameEnd({ expirationDateUtc }: Share, { expiration }: NewShare): boolean {
	return Math.floor(toMilliseconds(expirationDateUtc) / 1000) * 1000 === expiration.getTime();
}

function hasSameContents(existing: Share, share: NewShare): boolean {
	const { consentIds, accountIds, analysisIds } = completed(existing);
	return (
		hasSameIds(consentIds, share.consentIds) &&
		hasSameIds(accountIds, share.accountIds) &&
		hasSameIds(analysisIds, share.analysisIds)
	);
}

function otherContents(existing: Share, share: NewShare): InputError {
	return new InputError(
		`The active share ${existing.id} has the same reference "${share.reference}" for ${share.clientId}, but shares something else`,
		`It shares ${described(completed(existing))}; this item asks for ${described(share)}. What a share holds cannot be changed: give this item another reference, or revoke that share first (Update, with a time that is past).`,
	);
}

function described({ consentIds, accountIds, analysisIds }: ShareLists): string {
	const lists = Object.entries({
		consents: consentIds,
		accounts: accountIds,
		analyses: analysisIds,
	});
	return lists
		.filter(([, ids]) => ids.length > 0)
		.map(([name, ids]) => `${name} ${ids.join(', ')}`)
		.join('; ');
}

function hasSameIds(one: string[], other: string[]): boolean {
	const keysOfOne = keysOf(one);
	const keysOfOther = keysOf(other);
	return keysOfOne.size === keysOfOther.size && [...keysOfOne].every((key) => keysOfOther.has(key));
}

function keysOf(ids: string[]): Set<string> {
	return new Set(ids.map(identifierKey));
}

function duplicate(existing: Share, share: NewShare): InputError {
	return new InputError(
		`There is already an active share with the reference "${share.reference}" for ${share.clientId}: ${existing.id}`,
		`It ends at ${existing.expirationDateUtc}. Give this item another reference, or have 'On Duplicate' return or update the share that is there.`,
	);
}
