import type { Locator, Page } from 'playwright-core';
import { waitFor } from '../../../scripts/n8n';
import { chooseOption, testId } from './browser-locators';

/** Further than any list is long, pixels. */
const TO_THE_END = 100_000;

/** A parameter that is picked from a searchable list, or given by ID. */
export class Picker {
	constructor(
		private readonly page: Page,
		private readonly field: Locator,
	) {}

	/** Opens the list and waits for its first page. */
	async open(): Promise<void> {
		await testId(this.field, 'rlc-input').click();
		await this.entries().first().waitFor();
	}

	/** The names of the entries that are there so far. */
	async names(): Promise<string[]> {
		return await this.entries().allInnerTexts();
	}

	/** Scrolls to the end of the list until there are so many entries. */
	async scrollUntil(count: number): Promise<void> {
		await this.entries().first().hover();
		await waitFor(`${count} entries of the list`, async () => {
			await this.page.mouse.wheel(0, TO_THE_END);
			return (await this.entries().count()) >= count;
		});
	}

	/** Types into the search field and waits until all entries contain the text. */
	async search(text: string): Promise<void> {
		await testId(this.page, 'rlc-search').locator('visible=true').fill(text);
		await waitFor(`a list with nothing but "${text}"`, async () => {
			const names = await this.names();
			return names.length > 0 && names.every((name) => name.includes(text));
		});
	}

	/** Picks the entry at a position, from 0. */
	async pick(position: number): Promise<void> {
		await this.entries().nth(position).click();
		await this.entries().first().waitFor({ state: 'hidden' });
	}

	async chooseMode(mode: 'From list' | 'By ID'): Promise<void> {
		await testId(this.field, 'rlc-mode-selector').click();
		await chooseOption(this.page, mode);
	}

	async enter(value: string): Promise<void> {
		await testId(this.field, 'rlc-input').fill(value);
	}

	/** What the field shows: the name of what was picked, or the identifier. */
	async value(): Promise<string> {
		return await testId(this.field, 'rlc-input').inputValue();
	}

	/** The field, the search and the first entries, for an image. */
	shown(): Locator[] {
		return [this.field, testId(this.page, 'rlc-search'), this.entries().nth(5)];
	}

	private entries(): Locator {
		return testId(this.page, 'rlc-item').locator('visible=true');
	}
}
