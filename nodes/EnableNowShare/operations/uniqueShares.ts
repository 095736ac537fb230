import type { EnableNowClient } from '../../shared/api/client';
import {
	createShare,
	endsAt,
	type NewShare,
	type Share,
	type ShareLists,
	toShare,
	updateShare,
} from '../../shared/api/shares';
import { RequestError } from '../../shared/errors/requestError';
import { KeyedMutex } from '../../shared/async/keyedMutex';
import { sleepUnlessAborted } from '../../shared/async/sleep';
import { InputError } from '../../shared/errors/inputError';
import { errorMessage } from '../../shared/errors/text';
import { identifierKey } from '../../shared/input/identifiers';
import { ActiveShares, formatShareKey } from './activeShares';
import {
	formatContents,
	isAmbiguousCreate,
	missingCreateError,
	uncheckedCreateError,
} from './ambiguousCreate';

export interface UniqueSharesOptions {
	/** Maximum number of times that a create is sent again after its share was not found. */
	maxRetries: number;
	/** How long EnableNow has to respond, in seconds. */
	timeout: number;
	/** Aborts when the workflow is stopped. */
	stopSignal: AbortSignal | undefined;
}

export interface UniqueShare {
	share: Share;
	alreadyExisted: boolean;
}

/** How long EnableNow gets to finish an ambiguous create before its share is looked for. */
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
	 * exists: that is returned as it is, or updated to end when this one should. After an ambiguous
	 * create, the share is looked for, and created again only if missing.
	 *
	 * @throws InputError if the existing share contains something else
	 * @throws RequestError
	 */
	async create(share: NewShare, ifExists: 'return' | 'update'): Promise<UniqueShare> {
		return await this.mutex.run(formatShareKey(share), async () => {
			const existing = await this.activeShares.find(share);
			return existing
				? await this.reuse(existing, share, ifExists)
				: await this.createNew(share, ifExists);
		});
	}

	private async reuse(
		existing: Share,
		share: NewShare,
		ifExists: 'return' | 'update',
	): Promise<UniqueShare> {
		if (!hasSameContents(existing, share)) throw contentsError(existing, share);
		if (ifExists === 'return' || endsAt(existing, share.expiration)) {
			return { share: existing, alreadyExisted: true };
		}
		const updated = await updateShare(this.client, existing.id, share.expiration);
		this.activeShares.add(updated);
		return { share: updated, alreadyExisted: true };
	}

	private async createNew(share: NewShare, ifExists: 'return' | 'update'): Promise<UniqueShare> {
		let unanswered: RequestError | undefined;
		for (let attempt = 1; ; attempt++) {
			const created = await createShare(this.client, share).catch(async (error: unknown) => {
				if (isAmbiguousCreate(error)) unanswered = error;
				// Its error would say "Nothing was done", which does not hold for the request before it.
				else if (unanswered && isUndone(error)) {
					throw missingCreateError(unanswered, share, attempt - 1);
				}
				return await this.lookFor(share, error, attempt);
			});
			if (created === undefined) continue;
			// A share that was found may have been created by somebody else in the meantime.
			const isOwn = hasSameContents(created, share) && endsAt(created, share.expiration);
			if (!isOwn) return await this.reuse(created, share, ifExists);
			this.activeShares.add(created);
			return { share: toShare(created.id, share), alreadyExisted: false };
		}
	}

	/**
	 * Looks for the share of a create that failed.
	 *
	 * @returns undefined if the share is missing and may be sent again
	 * @throws the error of the create, if it is not ambiguous
	 */
	private async lookFor(
		share: NewShare,
		error: unknown,
		attempts: number,
	): Promise<Share | undefined> {
		if (!isAmbiguousCreate(error)) throw error;
		const { maxRetries, timeout, stopSignal } = this.options;
		const settling = error.kind === 'timedOut' ? Math.min(timeout * 1000, MAX_SETTLING_MS) : 0;
		await sleepUnlessAborted(Math.max(settling, MIN_SETTLING_MS), stopSignal);
		await this.activeShares.refresh().catch((reason: unknown) => {
			throw uncheckedCreateError(error, share, errorMessage(reason));
		});
		const found = await this.activeShares.find(share);
		if (!found && attempts > maxRetries) throw missingCreateError(error, share, attempts);
		return found;
	}
}

/** Whether a request was not sent, or given up, so that its error says nothing of the share. */
function isUndone(error: unknown): boolean {
	return error instanceof RequestError && (error.outcome === 'notSent' || error.isTemporary);
}

function hasSameContents(existing: Share, share: NewShare): boolean {
	return toComparable(existing) === toComparable(share);
}

function toComparable({ consentIds, accountIds, analysisIds }: ShareLists): string {
	const lists = [consentIds, accountIds, analysisIds];
	return JSON.stringify(lists.map((ids) => [...new Set(ids.map(identifierKey))].sort()));
}

function contentsError(existing: Share, share: NewShare): InputError {
	return new InputError(
		`The active share ${existing.id} has the same reference "${share.reference}" for ${share.clientId}, but shares something else`,
		`It shares ${formatContents(existing)}; this item asks for ${formatContents(share)}. What a share contains cannot be changed: give this item another reference, or revoke that share first.`,
	);
}
