import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { EnableNowClient } from '../../shared/api/client';
import type { KeyedMutex } from '../../shared/async/keyedMutex';
import { create, upsert } from './create';
import { get, getAll } from './get';
import { getAccounts, getAnalyses, getConsents } from './getShareable';
import type { ShareOptions } from './parameters';
import type { UniqueShares } from './uniqueShares';
import { revoke, update } from './update';

/** What all items of an execution share. */
export interface ItemServices {
	client: EnableNowClient;
	uniqueShares: UniqueShares;
	/** Keeps updates of the same share in the order of the items; the key is its `identifierKey`. */
	updates: KeyedMutex;
	/** Hints to show beside the output. */
	hints: Set<string>;
}

/** Sends the requests of an item and returns its output. */
export type SendItem = (services: ItemServices) => Promise<IDataObject[]>;

/**
 * One operation of the node: reads and checks all input of an item. Nothing is sent before that.
 *
 * @param itemIndex - counted from 0
 * @throws InputError when the input cannot be used
 */
export type Operation = (
	context: IExecuteFunctions,
	itemIndex: number,
	options: ShareOptions,
) => SendItem;

/** The operations of each resource, by the values in the description. */
export const operations = new Map<unknown, Map<unknown, Operation>>([
	['share', new Map(Object.entries({ create, upsert, get, getAll, revoke, update }))],
	['consent', new Map([['getAll', getConsents]])],
	['account', new Map([['getAll', getAccounts]])],
	['analysis', new Map([['getAll', getAnalyses]])],
]);

/** Those that create or change shares, so that an error must say what has been done. */
export const changingOperations = new Set<Operation>([create, upsert, revoke, update]);
