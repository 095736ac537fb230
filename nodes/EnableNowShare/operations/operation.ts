import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { KeyedMutex } from '../../shared/async/keyedMutex';
import type { EnableNowClient } from '../../shared/api/client';
import type { UniqueShares } from './uniqueShares';
import type { ShareOptions } from './options';

/** What all items of an execution share. */
export interface ItemServices {
	api: EnableNowClient;
	/** Makes shares of which there shall be one each. */
	uniqueShares: UniqueShares;
	/** Keeps changes of the same share in the order of the items; the key is `identifierKey`. */
	changes: KeyedMutex;
	/** Shows a hint beside the output, once. */
	hint: (message: string) => void;
}

/** What an operation does for one item, once all of the item's input has been checked. */
export type PreparedItem = (services: ItemServices) => Promise<IDataObject[]>;

/** One operation of the node: its fields, and what it does with an item. */
export interface Operation {
	/** Its fields in the editor; each shows only while the operation is chosen. */
	description: INodeProperties[];
	/** Whether it creates or changes shares, so that what has been done must be told. */
	changesShares: boolean;
	/**
	 * Reads and checks all input of an item. Nothing has been sent when it throws.
	 *
	 * @param context - the `this` of the node's `execute()`
	 * @param itemIndex - the item, counted from 0
	 * @param options - the node's options, which hold for all items
	 * @returns what to do for the item; it gives the item's output
	 * @throws InputError when the input cannot be used
	 */
	prepare(context: IExecuteFunctions, itemIndex: number, options: ShareOptions): PreparedItem;
}
