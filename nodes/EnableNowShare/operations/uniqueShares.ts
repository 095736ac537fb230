import { formatDate, toMilliseconds } from '../../shared/input/dates';
import { identifierKey } from '../../shared/input/identifiers';
import { InputError } from '../../shared/errors/inputError';
import { KeyedMutex } from '../../shared/async/keyedMutex';
import { errorMessage } from '../../shared/errors/text';
import { ActiveShares, formatShareKey } from './activeShares';
import {
	withDefaults,
	createShare,
	type NewShare,
	type Share,
	type ShareLists,
	toShare,
	updateShare,
} from '../../shared/api/shares';
import { sleepUnlessAborted } from '../../shared/async/sleep';
import type { EnableNowClient } from '../../shared/api/client';
import { isUnsettled, missingCreate, unfoundCreate } from './unsettledCreate';

/** What to do if the share already exists. */
export const ON_DUPLICATE_VALUES = ['return', 'fail', 'update'] as const;

export type OnDuplicate = (typeof ON_DUPLICATE_VALUES)[number];

export interface UniqueShare {
	share: Share;
	alreadyExisted: boolean;
}

export interface UniqueSharesOptions {
	onDuplicate: OnDuplicate;
	/** How many times a create is sent again after its share was not found. */
	maxRetries: number;
	/** How long EnableNow has to respond, in seconds. */
	timeout: number;
	/** Aborts when the workflow is stopped. */
	stopSignal: AbortSignal | undefined;
}

/** How long EnableNow gets to complete a create whose response was lost, before it is looked for. */
const MIN_SETTLING_MS = 3_000;
const MAX_SETTLING_MS = 30_000;

/** Creates shares, at most one active share for each receiver and reference. */
export class UniqueShares {
	private readonly activeShares: ActiveShares;
	private readonly mutex = new KeyedMutex();

	constructor(
		private readonly client: EnableNowClient,
		private readonly options: UniqueSharesOptions,
	) {
		this.activeShares = new ActiveShares(client);
	}

	/**
	 * Creates a share with a reference, unless an active share with the same receiver and reference
	 * exists. If the response is lost, the share is looked for, and created again only if it is missing.
	 *
	 * @throws InputError if the share exists and `onDuplicate` says so, or it shares something else
	 * @throws RequestError
	 */
	async create(share: NewShare): Promise<UniqueShare> {
		return await this.mutex.run(formatShareKey(share), async () => {
			const existing = await this.activeShares.find(share);
			if (existing !== undefined) return await this.reuse(existing, share);
			return await this.createNew(share);
		});
	}

	private async reuse(existing: Share, share: NewShare): Promise<UniqueShare> {
		if (!hasSameContents(existing, share)) throw differentContents(existing, share);
		const { onDuplicate } = this.options;
		if (onDuplicate === 'fail') throw duplicateShare(existing, share);
		const mustUpdate = onDuplicate === 'update' && !hasSameExpiration(existing, share);
		const result = mustUpdate ? await this.update(existing, share) : existing;
		return { share: withDefaults(result), alreadyExisted: true };
	}

	private async update(existing: Share, { expiration }: NewShare): Promise<Share> {
		const response = await updateShare(this.client, existing.id, expiration);
		const updated = response ?? { ...existing, expirationDateUtc: formatDate(expiration) };
		this.activeShares.add(updated);
		return updated;
	}

	private async createNew(share: NewShare): Promise<UniqueShare> {
		for (let sent = 1; ; sent++) {
			const created = await createShare(this.client, share).catch(
				async (error: unknown) => await this.lookFor(share, error, sent),
			);
			if (created === undefined) continue;
			// A share that was found may have been created by somebody else in the meantime.
			const isOwn = hasSameContents(created, share) && hasSameExpiration(created, share);
			if (!isOwn) return await this.reuse(created, share);
			this.activeShares.add(created);
			return { share: toShare(created.id, share), alreadyExisted: false };
		}
	}

	/**
	 * Looks for a share whose create had no response.
	 *
	 * @param failure - the error of the create; rethrown if it leaves nothing open
	 * @param sent - how many times it has been sent
	 * @returns undefined if it is missing and may be sent again
	 */
	private async lookFor(
		share: NewShare,
		failure: unknown,
		sent: number,
	): Promise<Share | undefined> {
		if (!isUnsettled(failure)) throw failure;
		const { maxRetries, timeout, stopSignal } = this.options;
		const settling = failure.kind === 'timedOut' ? Math.min(timeout * 1000, MAX_SETTLING_MS) : 0;
		await sleepUnlessAborted(Math.max(settling, MIN_SETTLING_MS), stopSignal);
		await this.activeShares.refresh().catch((error: unknown) => {
			throw unfoundCreate(failure, share, errorMessage(error));
		});
		const found = await this.activeShares.find(share);
		if (found === undefined && sent > maxRetries) throw missingCreate(failure, share, sent);
		return found;
	}
}

function hasSameExpiration({ expirationDateUtc }: Share, { expiration }: NewShare): boolean {
	return Math.floor(toMilliseconds(expirationDateUtc) / 1000) * 1000 === expiration.getTime();
}

function hasSameContents(existing: Share, share: NewShare): boolean {
	return JSON.stringify(getContents(withDefaults(existing))) === JSON.stringify(getContents(share));
}

/** The identifiers of each list, comparable: each once, sorted, in lower case. */
function getContents({ consentIds, accountIds, analysisIds }: ShareLists): string[][] {
	return [consentIds, accountIds, analysisIds].map((ids) =>
		[...new Set(ids.map(identifierKey))].sort(),
	);
}

function differentContents(existing: Share, share: NewShare): InputError {
	return new InputError(
		`The active share ${existing.id} has the same reference "${share.reference}" for ${share.clientId}, but shares something else`,
		`It shares ${formatContents(withDefaults(existing))}; this item asks for ${formatContents(share)}. What a share holds cannot be changed: give this item another reference, or revoke that share first (Update, with a time that is past).`,
	);
}

function formatContents({ consentIds, accountIds, analysisIds }: ShareLists): string {
	return Object.entries({ consents: consentIds, accounts: accountIds, analyses: analysisIds })
		.filter(([, ids]) => ids.length > 0)
		.map(([name, ids]) => `${name} ${ids.join(', ')}`)
		.join('; ');
}

function duplicateShare(existing: Share, share: NewShare): InputError {
	return new InputError(
		`There is already an active share with the reference "${share.reference}" for ${share.clientId}: ${existing.id}`,
		`It ends at ${existing.expirationDateUtc}. Give this item another reference, or have 'On Duplicate' return or update the share that is there.`,
	);
}
