import type { IDataObject } from 'n8n-workflow';

import { formatDate } from '../input/dates';
import { identifierKey, isIdentifier } from '../input/identifiers';
import { invalidResponseError } from '../errors/requestError';
import type { EnableNowClient } from './client';

/**
 * A share as EnableNow's Sharing API gives it. Fields that this version does not know are kept.
 * EnableNow docs: "Sharing API v1".
 */
export interface Share extends IDataObject {
	id: string;
	/** The app that it is shared with. */
	clientId: string;
	/** The sharer's own reference. */
	reference?: string | null;
	/** When it ends; EnableNow writes an offset. */
	expirationDateUtc: string;
	consentIds?: string[];
	accountIds?: string[];
	analysisIds?: string[];
}

/** The lists of what is shared. */
const LISTS = ['consentIds', 'accountIds', 'analysisIds'] as const;

/** What makes a share. Lists without identifiers are not sent. */
export interface NewShare {
	clientId: string;
	/** Empty where there is none; it is not sent then. */
	reference: string;
	expiration: Date;
	consentIds: string[];
	accountIds: string[];
	analysisIds: string[];
}

/** The body of a request that creates a share. */
export function bodyOf(share: NewShare): IDataObject {
	const { clientId, reference, expiration, consentIds, accountIds, analysisIds } = share;
	return {
		clientId,
		...(reference !== '' && { reference }),
		expirationDateUtc: formatDate(expiration),
		...(consentIds.length > 0 && { consentIds }),
		...(accountIds.length > 0 && { accountIds }),
		...(analysisIds.length > 0 && { analysisIds }),
	};
}

/** A new share in the shape that Get returns: EnableNow itself answers with its identifier only. */
export function shareOf(id: string, share: NewShare): Share {
	return {
		id,
		clientId: share.clientId,
		reference: share.reference === '' ? null : share.reference,
		expirationDateUtc: formatDate(share.expiration),
		consentIds: share.consentIds,
		accountIds: share.accountIds,
		analysisIds: share.analysisIds,
	};
}

/**
 * Creates a share.
 *
 * @throws RequestError; where it `isAmbiguous`, EnableNow may have created the share
 */
export async function createShare(api: EnableNowClient, share: NewShare): Promise<Share> {
	const answer = await api.send({ method: 'POST', path: '/shares', body: bodyOf(share) });
	// The documentation describes `data` both as the identifier and as an object that holds it.
	const data = dataOf(answer);
	const id = isIdentifier(data) ? data : (Object(data) as IDataObject)['id'];
	if (!isIdentifier(id)) throw invalidResponseError("it does not hold the new share's identifier");
	return shareOf(id, share);
}

/**
 * Gets one share.
 *
 * @throws RequestError
 */
export async function getShare(api: EnableNowClient, id: string): Promise<Share> {
	const share = readShare(dataOf(await api.send({ method: 'GET', path: `/shares/${id}` })));
	if (share === undefined || !isSame(share.id, id)) {
		throw invalidResponseError('it does not hold the share that was asked for');
	}
	return share;
}

/**
 * Sets when a share ends.
 *
 * @returns the share where EnableNow answers with it, otherwise nothing: what the answer holds is
 *   not documented
 * @throws RequestError
 */
export async function updateShare(
	api: EnableNowClient,
	id: string,
	expiration: Date,
): Promise<Share | undefined> {
	const answer = await api.send({
		method: 'PUT',
		path: `/shares/${id}`,
		body: { expirationDateUtc: formatDate(expiration) },
	});
	const share = readShare(dataOf(answer));
	return share !== undefined && isSame(share.id, id) ? share : undefined;
}

/**
 * Reads a share as EnableNow gives it. A list may be left out, and one that is `null` is given as an
 * empty one: n8n's Split Out makes an item of `null`.
 *
 * @returns nothing where the value has not a share's identifier, receiver, end and lists of texts
 */
export function readShare(value: unknown): Share | undefined {
	const fields = Object(value) as IDataObject;
	// Before it is copied, since it may be anything of any length.
	if (!isIdentifier(fields['id'])) return undefined;
	const share = { ...fields };
	for (const list of LISTS) if (share[list] === null) share[list] = [];
	return isShare(share) ? share : undefined;
}

/** What is shared. */
export type ShareLists = Pick<NewShare, (typeof LISTS)[number]>;

/** A share with all that Get returns, also what EnableNow left out. */
export function completed(share: Share): Share & ShareLists {
	return { reference: null, consentIds: [], accountIds: [], analysisIds: [], ...share };
}

function isShare(value: IDataObject): value is Share {
	const { clientId, reference, expirationDateUtc } = value;
	return (
		typeof clientId === 'string' &&
		(typeof reference === 'string' || reference === null || reference === undefined) &&
		typeof expirationDateUtc === 'string' &&
		LISTS.every((list) => isTextList(value[list] ?? []))
	);
}

function isTextList(value: unknown): value is string[] {
	return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}

function isSame(one: string, other: string): boolean {
	return identifierKey(one) === identifierKey(other);
}

/** What an answer holds; it is documented to be under `data`. */
function dataOf(answer: unknown): unknown {
	return (Object(answer) as IDataObject)['data'] ?? answer;
}
