import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { credentialReference } from '../../../../scripts/engine/engine';
import { CREATE } from '../../support/examples';
import { chain, ITEMS, itemsNode, jsonOf, locator, shareNode } from '../../support/workflows';
import type { Bench } from '../bench';
import type { Finding } from '../subject';

/** The node's options in all cells, but for its time-out: small, so that patience is over soon. */
export const OPTIONS = { maxRetries: 1, maxRetryWait: 2 };

/** How often a request is sent at most with these options. */
export const MOST_SENDINGS = OPTIONS.maxRetries + 1;

/** What an item of the node came to. */
export interface ItemResult {
	finding: Finding;
	/** Its output; nothing where it failed. */
	output: IDataObject[];
}

/** Runs the Share node for one item. */
export async function runItem(
	{ engine, name, timeout }: Bench,
	parameters: INodeParameters,
	options: INodeParameters = {},
): Promise<ItemResult> {
	const node = shareNode(
		{ ...parameters, options: { ...OPTIONS, timeout, ...options } },
		{ name, credentials: credentialReference(name) },
	);
	const run = await engine.run(chain(itemsNode, node), { startNode: ITEMS });
	const { error } = run.data.resultData;
	if (error === undefined) return { finding: wellDone(run), output: jsonOf(run, name) };
	// A single item is not numbered.
	expect(error.message).not.toMatch(/ \[item 0\]$/);
	return { finding: failed(error.message, error.description, run), output: [] };
}

/** It did what it is there for. */
export function wellDone(record: unknown): Finding {
	return { isWell: true, outcome: 'works', texts: {}, adviceIn: [], isInDoubt: false, record };
}

/** It failed, and says so in an error. */
export function failed(
	message: string,
	description: string | null | undefined,
	record: unknown,
): Finding {
	return {
		isWell: false,
		outcome: 'fails',
		texts: { Message: message, Description: description ?? '' },
		adviceIn: ['Description'],
		isInDoubt: /may have created the share/.test(`${message} ${description ?? ''}`),
		record,
	};
}

/** Parameters that create a share with a reference. */
export const CREATE_WITH_REFERENCE: INodeParameters = {
	...CREATE,
	additionalFields: { reference: 'order-1001' },
};

/** Parameters that name the share which is there from the start. */
export function existing({ share }: Bench): INodeParameters {
	return { shareId: locator(share.id) };
}
