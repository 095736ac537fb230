import { type IDataObject, sleep } from 'n8n-workflow';

import { formatDate, toMilliseconds } from '../input/dates';
import { identifierKey, isIdentifier } from '../input/identifiers';
import {
	invalidResponseError,
	missingUpdateError,
	RequestError,
	uncheckedUpdateError,
} from '../errors/requestError';
import type { EnableNowClient } from './client';

/**
 * A share in the one shape and order in which the nodes put it out, with the fields that this version does
 * not know at the end. EnableNow docs: "Sharing API v1".
 */
export interface Share extends IDataObject {
	id: string;
	/** The app with which it is shared. */
	clientId: string;
	/** The sharer's own reference. */
	reference: string | null;
	/** UTC, `YYYY-MM-DDTHH:mm:ssZ`; as EnableNow wrote it where that is not a date and time. */
	expirationDateUtc: string;
	consentIds: string[];
	accountIds: string[];
	analysisIds: string[];
}

const READ_AGAIN_AFTER_MS = 1_000;

export type ShareLists = Pick<Share, 'consentIds' | 'accountIds' | 'analysisIds'>;

export interface NewShare extends ShareLists {
	clientId: string;
	/** Empty if there is none. */
	reference: string;
	expiration: Date;
}

/** Formats the request that creates a share; empty values are left out. */
function toRequestBody(share: NewShare): IDataObject {
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

/**
 * Creates a share. EnableNow's response is its identifier only.
 *
 * @throws RequestError; if it `isAmbiguous`, EnableNow may have created the share
 */
export async function createShare(client: EnableNowClient, share: NewShare): Promise<Share> {
	const body = toRequestBody(share);
	const response = await client.send({ method: 'POST', path: '/shares', body });
	// The documentation shows both the identifier itself and an object that contains it.
	const data = getData(response);
	const id = isIdentifier(data) ? data : (Object(data) as IDataObject)['id'];
	const created = parseShare({ id, ...body });
	if (created !== undefined) return created;
	const problem = "it does not contain the new share's identifier";
	throw invalidResponseError(problem, data, client.credential.secrets);
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
 * Changes when a share ends. What EnableNow responds is not documented: unless it is the share with its
 * new end, the share is read to see whether it has changed.
 *
 * @returns the share with its new end
 * @throws RequestError, also when the share still has another end
 */
export async function updateShare(
	client: EnableNowClient,
	id: string,
	expiration: Date,
): Promise<Share> {
	const expirationDateUtc = formatDate(expiration);
	const response = await client.send({
		method: 'PUT',
		path: `/shares/${id}`,
		body: { expirationDateUtc },
	});
	const isDone = (share: Share) => isSameId(share.id, id) && endsAt(share, expiration);
	const updated = parseShare(getData(response));
	if (updated !== undefined && isDone(updated) && hasContents(updated)) return updated;
	const read = async () =>
		await getShare(client, id).catch((error: unknown) => {
			throw error instanceof RequestError ? uncheckedUpdateError(error, expirationDateUtc) : error;
		});
	let share = await read();
	if (!isDone(share)) {
		// A read just after a change may not show it yet.
		await sleep(READ_AGAIN_AFTER_MS);
		share = await read();
	}
	if (isDone(share)) return share;
	throw missingUpdateError(expirationDateUtc, share.expirationDateUtc);
}

/** Whether it is the whole share: each has at least one identifier. */
function hasContents({ consentIds, accountIds, analysisIds }: Share): boolean {
	return consentIds.length + accountIds.length + analysisIds.length > 0;
}

/** Whether a share ends at this moment, to the second. */
export function endsAt({ expirationDateUtc }: Share, expiration: Date): boolean {
	return expirationDateUtc === formatDate(expiration);
}

/**
 * Parses a share as EnableNow returns it, in which lists and reference may be missing or `null`, and times
 * have any offset.
 *
 * @returns `undefined` if the value is not a share
 */
export function parseShare(value: unknown): Share | undefined {
	const fields = Object(value) as IDataObject;
	// Checked before copying, since the value may be of any size.
	if (!isIdentifier(fields['id'])) return undefined;
	const { id, clientId, reference, expirationDateUtc, ...others } = fields;
	const { consentIds, accountIds, analysisIds, ...unknown } = others;
	const lists = [consentIds ?? [], accountIds ?? [], analysisIds ?? []];
	if (typeof clientId !== 'string' || typeof expirationDateUtc !== 'string') return undefined;
	if (typeof (reference ?? '') !== 'string' || !lists.every(isTextList)) return undefined;
	const [consents = [], accounts = [], analyses = []] = lists;
	return {
		id,
		clientId,
		reference: ((reference ?? '') || null) as string | null,
		expirationDateUtc: toUtc(expirationDateUtc),
		consentIds: consents,
		accountIds: accounts,
		analysisIds: analyses,
		...unknown,
	};
}

function toUtc(time: string): string {
	const milliseconds = toMilliseconds(time);
	return Number.isNaN(milliseconds) ? time : formatDate(new Date(milliseconds));
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
