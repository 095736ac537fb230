import type { IDataObject } from 'n8n-workflow';

import { formatDate } from '../input/dates';
import { identifierKey, isIdentifier } from '../input/identifiers';
import { invalidResponseError } from '../errors/requestError';
import type { EnableNowClient } from './client';

/** A share as EnableNow returns it, unknown fields included. EnableNow docs: "Sharing API v1". */
export interface Share extends IDataObject {
	id: string;
	/** The app with which it is shared. */
	clientId: string;
	/** The sharer's own reference. */
	reference?: string | null;
	/** EnableNow writes an offset. */
	expirationDateUtc: string;
	consentIds?: string[];
	accountIds?: string[];
	analysisIds?: string[];
}

const LISTS = ['consentIds', 'accountIds', 'analysisIds'] as const;

export interface NewShare {
	clientId: string;
	/** Empty if there is none. */
	reference: string;
	expiration: Date;
	consentIds: string[];
	accountIds: string[];
	analysisIds: string[];
}

/** Formats the request that creates a share; empty values are left out. */
export function toRequestBody(share: NewShare): IDataObject {
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

/** Formats a new share as Get returns it: EnableNow responds to Create with its identifier only. */
export function toShare(id: string, share: NewShare): Share {
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
 * @throws RequestError; if it `isAmbiguous`, EnableNow may have created the share
 */
export async function createShare(client: EnableNowClient, share: NewShare): Promise<Share> {
	const response = await client.send({
		method: 'POST',
		path: '/shares',
		body: toRequestBody(share),
	});
	// The documentation shows both the identifier itself and an object that contains it.
	const data = getData(response);
	const id = isIdentifier(data) ? data : (Object(data) as IDataObject)['id'];
	if (!isIdentifier(id)) {
		const problem = "it does not contain the new share's identifier";
		throw invalidResponseError(problem, data, client.credential.secrets);
	}
	return toShare(id, share);
}

/**
 * Gets one share.
 *
 * @throws RequestError
 */
export async function getShare(client: EnableNowClient, id: string): Promise<Share> {
	const data = getData(await client.send({ method: 'GET', path: `/shares/${id}` }));
	const share = parseShare(data);
	if (share === undefined || !isSameId(share.id, id)) {
		const other = share === undefined ? '' : `, but ${share.id}`;
		const problem = `it does not contain the requested share${other}`;
		throw invalidResponseError(problem, data, client.credential.secrets);
	}
	return share;
}

/**
 * Changes the expiration of a share.
 *
 * @returns the share, or `undefined` if EnableNow does not return it: the response is not documented
 * @throws RequestError
 */
export async function updateShare(
	client: EnableNowClient,
	id: string,
	expiration: Date,
): Promise<Share | undefined> {
	const response = await client.send({
		method: 'PUT',
		path: `/shares/${id}`,
		body: { expirationDateUtc: formatDate(expiration) },
	});
	const share = parseShare(getData(response));
	return share !== undefined && isSameId(share.id, id) ? share : undefined;
}

/**
 * Parses a share. Lists may be missing; `null` becomes an empty list, since n8n's Split Out node makes
 * an item of `null`.
 *
 * @returns `undefined` if the value is not a share
 */
export function parseShare(value: unknown): Share | undefined {
	const fields = Object(value) as IDataObject;
	// Checked before copying, since the value may be of any size.
	if (!isIdentifier(fields['id'])) return undefined;
	const share = { ...fields };
	for (const list of LISTS) if (share[list] === null) share[list] = [];
	return isShare(share) ? share : undefined;
}

export type ShareLists = Pick<NewShare, (typeof LISTS)[number]>;

/** Adds what EnableNow left out. */
export function withDefaults(share: Share): Share & ShareLists {
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

function isSameId(one: string, other: string): boolean {
	return identifierKey(one) === identifierKey(other);
}

/** The content of a response; it is documented to be under `data`. */
function getData(response: unknown): unknown {
	return (Object(response) as IDataObject)['data'] ?? response;
}
