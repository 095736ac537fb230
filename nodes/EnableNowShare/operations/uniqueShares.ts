import type { EnableNowClient } from '../../shared/api/client';
import {
	createShare,
	endsAt,
	type NewShare,
	type Share,
	type ShareLists,
	updateShare,
} from '../../shared/api/shares';
import { RequestError } from '../../shared/errors/requestError';
import { errorMessage } from '../../shared/errors/text';
import { KeyedMutex } from '../../shared/async/keyedMutex';
import { sleepUnlessAborted } from '../../shared/async/abort';
import { InputError } from '../../shared/errors/inputError';
import { identifierKey } from '../../shared/input/identifiers';
import { ActiveShares, formatShareKey } from './activeShares';
import {
	formatContents,
	isAmbiguousCreate,
	missingCreateError,
	uncheckedCreateError,
} from './ambiguousCreate';
import type { ShareOptions } from './parameters';

export type UniqueShare = Share & { alreadyExisted: boolean };

/** How long EnableNow gets to finish an ambiguous create before its share is looked for. */
const MIN_SETTLING_MS = 3_000;
const MAX_SETTLING_MS = 30_000;

/** Creates shares, at most one active share for each receiver and reference. */
export class UniqueShares {
	private readonly activeShares: ActiveShares;
	private readonly mutex = new KeyedMutex();

	/**
	 * @param options - `maxRetries`: how often a create is sent again after its share was not found
	 * @param stopSignal - fires when the workflow is stopped
	 */
	constructor(
		private readonly client: EnableNowClient,
		private readonly options: Pick<ShareOptions, 'maxRetries'>,
		private readonly stopSignal: AbortSignal | undefined,
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
			return { ...existing, alreadyExisted: true };
		}
		const updated = await updateShare(this.client, existing.id, share.expiration);
		this.activeShares.add(updated);
		return { ...updated, alreadyExisted: true };
	}

	private async createNew(share: NewShare, ifExists: 'return' | 'update'): Promise<UniqueShare> {
		let unanswered: RequestError | undefined;
		for (let attempt = 1; ; attempt++) {
			const result = await createShare(this.client, share).catch((error: unknown) => {
				if (isAmbiguousCreate(error)) return error;
				// Its error would say "Nothing was done", which does not hold for the request before it.
				throw unanswered && isUndone(error)
					? missingCreateError(unanswered, share, attempt - 1)
					: error;
			});
			if (!(result instanceof RequestError)) {
				this.activeShares.add(result);
				return { ...result, alreadyExisted: false };
			}
			unanswered = result;
			const found = await this.lookFor(share, result);
			if (found) {
				// It may have been created by somebody else in the meantime.
				const isOwn = hasSameContents(found, share) && endsAt(found, share.expiration);
				return isOwn
					? { ...found, alreadyExisted: false }
					: await this.reuse(found, share, ifExists);
			}
			if (attempt > this.options.maxRetries) throw missingCreateError(result, share, attempt);
		}
	}

	/** Looks for the share of an ambiguous create, after as long as the request took. */
	private async lookFor(share: NewShare, error: RequestError): Promise<Share | undefined> {
		const { sentAt = new Date() } = error;
		const settling = Math.min(Date.now() - sentAt.getTime(), MAX_SETTLING_MS);
		await sleepUnlessAborted(Math.max(settling, MIN_SETTLING_MS), this.stopSignal);
		await this.activeShares.refresh().catch((reason: unknown) => {
			throw uncheckedCreateError(error, share, errorMessage(reason));
		});
		return await this.activeShares.find(share);
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
