import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { credentialFields, Engine } from '../../../scripts/engine/engine';
import {
	chain,
	errorOf,
	ITEMS,
	itemsNode,
	itemsOf,
	SHARE,
	shareNode,
} from '../../integration/support/workflows';
import { type FuzzedEnableNow, startFuzzedEnableNow, TOKEN_START } from './enablenow';
import { expectCleanPrototypes } from './prototypes';
import { textOf } from './text';

const CLIENT_SECRET = 'client-secret-of-the-sharer';

/** n8n's engine, and an EnableNow of the test's own, for the properties of a file. */
export class ShareBed {
	enableNow!: FuzzedEnableNow;
	private engine!: Engine;

	/** Call it at the top of a test file. */
	static prepare(): ShareBed {
		const bed = new ShareBed();
		beforeAll(async () => {
			bed.enableNow = await startFuzzedEnableNow();
			bed.engine = new Engine();
			const customer = { clientId: 'en-app-ref-001', clientSecret: CLIENT_SECRET };
			bed.engine.credentials.save('sharer', credentialFields(bed.enableNow.url, customer));
		});
		afterAll(async () => await bed.enableNow.close());
		return bed;
	}

	/**
	 * Runs the built Share node on items, each of which may fail alone.
	 *
	 * @returns the outputs of each item
	 */
	async run(parameters: INodeParameters, items: IDataObject[]): Promise<IDataObject[][]> {
		this.enableNow.requests.length = 0;
		this.engine.log.length = 0;
		const workflow = chain(itemsNode, shareNode(parameters, { onError: 'continueRegularOutput' }));
		const input = items.map((json): INodeExecutionData => ({ json }));
		const run = await this.engine.run(workflow, { startNode: ITEMS, input });
		if (run.status !== 'success') throw errorOf(run);
		const outputs = itemsOf(run, SHARE);
		this.expectNoSecrets([outputs, this.engine.log]);
		expectCleanPrototypes();
		const byItem = items.map((): IDataObject[] => []);
		for (const { json, pairedItem } of outputs) {
			byItem[(pairedItem as { item: number }).item]!.push(json);
		}
		return byItem;
	}

	private expectNoSecrets(value: unknown): void {
		const text = JSON.stringify(value);
		expect(text).not.toContain(TOKEN_START);
		expect(text).not.toContain(CLIENT_SECRET);
	}
}

/**
 * Expects that an item failed as is fitting: with a sentence that names the item. What fails by
 * accident, within this package, is not given the item's number.
 */
export function expectFailure(outputs: IDataObject[], itemIndex: number): void {
	expect(outputs).toEqual([{ error: expect.stringMatching(/\w/) as string }]);
	const message = textOf(outputs[0]?.['error']);
	// Of a single item, the message does not give the index.
	if (itemIndex > 0) expect(message).toMatch(new RegExp(`\\[item ${itemIndex}\\]$`));
	expect(message).not.toMatch(/[\p{Cc}\p{Cs}]/u);
}
