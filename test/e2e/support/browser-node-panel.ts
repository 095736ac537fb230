import type { Locator, Page } from 'playwright-core';
import { waitFor } from '../../../scripts/n8n';
import { testId } from './browser-locators';

/** A node as the panel offers it. */
export interface OfferedNode {
	name: string;
	description: string;
	hasIcon: boolean;
}

/** The panel at the right in which a person searches for a node. */
export class NodePanel {
	constructor(private readonly page: Page) {}

	/** Searches for nodes that contain a text, which is in lower case. */
	async search(text: string): Promise<void> {
		await testId(this.page, 'node-creator-search-bar').fill(text);
		await waitFor(`nodes for "${text}" and no others`, async () => {
			const found = await this.items().allInnerTexts();
			return found.length > 0 && found.every((item) => item.toLowerCase().includes(text));
		});
	}

	/** Searches for a word that need not be in what is shown of a node, until these come first. */
	async expectFirstFor(word: string, names: string[]): Promise<void> {
		await testId(this.page, 'node-creator-search-bar').fill(word);
		await waitFor(`${names.join(', ')} for "${word}"`, async () => {
			const found = await testId(this.page, 'node-creator-item-name').allInnerTexts();
			return names.every((name, index) => found[index]?.trim() === name);
		});
	}

	/** The nodes that were found, all of which have an image as their icon. */
	async found(): Promise<OfferedNode[]> {
		const offered: OfferedNode[] = [];
		for (const item of await this.items().all()) {
			offered.push({
				name: (await testId(item, 'node-creator-item-name').innerText()).trim(),
				description: (await testId(item, 'node-creator-item-description').innerText()).trim(),
				hasIcon: await hasLoaded(item.locator('img').first()),
			});
		}
		return offered;
	}

	/** Chooses a node by a part of its entry, e.g. its description. */
	async choose(text: string): Promise<void> {
		await this.items().filter({ hasText: text }).first().click();
	}

	/** The events and the actions of the node that was chosen, in this order. */
	async actionNames(): Promise<string[]> {
		// Until the list of nodes has slid away.
		await testId(this.page, 'node-creator-item-description').first().waitFor({ state: 'detached' });
		await this.items().first().waitFor();
		await this.expandCategories();
		const names = await testId(this.page, 'node-creator-item-name').allInnerTexts();
		return names.map((name) => name.trim());
	}

	/** n8n folds the actions where a trigger is looked for, and the triggers elsewhere. */
	private async expandCategories(): Promise<void> {
		const folded = this.page.locator('[data-category-collapsed="true"]');
		while ((await folded.count()) > 0) await folded.first().click();
	}

	async chooseAction(name: string): Promise<void> {
		await this.items().first().waitFor();
		await this.expandCategories();
		await testId(this.page, 'node-creator-item-name').getByText(name, { exact: true }).click();
	}

	private items(): Locator {
		return testId(this.page, 'item-iterator-item');
	}
}

/** Whether an image is there and could be decoded. */
async function hasLoaded(image: Locator): Promise<boolean> {
	await image.waitFor();
	return await image.evaluate(async (element) => {
		const picture = element as unknown as { decode(): Promise<void>; naturalWidth: number };
		await picture.decode();
		return picture.naturalWidth > 0;
	});
}
