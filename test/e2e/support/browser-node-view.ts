import type { Locator, Page } from 'playwright-core';
import { chooseOption, labelText, testId } from './browser-locators';
import { Picker } from './browser-picker';

/** A row of an output table by column, as it is written there. */
export type OutputRow = Record<string, string>;

/** The view of one node: its input, its parameters and its output. */
export class NodeView {
	readonly view: Locator;
	readonly output: Locator;
	readonly parameters: Locator;

	constructor(private readonly page: Page) {
		this.view = testId(page, 'ndv');
		this.output = testId(page, 'output-panel');
		this.parameters = testId(page, 'node-parameters');
	}

	async expectOpen(): Promise<void> {
		await this.view.waitFor();
	}

	async close(): Promise<void> {
		await testId(this.page, 'ndv-close-button').click();
		await this.view.waitFor({ state: 'hidden' });
	}

	/** The part of the view that holds a parameter and its label. */
	parameter(label: string): Locator {
		// The innermost: n8n nests some parameters in the item of another.
		return testId(this.parameters, 'parameter-item')
			.filter({ has: this.page.getByText(labelText(label)) })
			.last();
	}

	picker(label: string): Picker {
		return new Picker(this.page, this.parameter(label));
	}

	/** Enters a text or a date in a field. */
	async enter(label: string, value: string): Promise<void> {
		const input = testId(this.parameter(label), 'parameter-input').locator('input');
		await input.fill(value);
		// Takes a date over and closes the calendar.
		await input.press('Enter');
	}

	async choose(label: string, option: string): Promise<void> {
		await testId(this.parameter(label), 'parameter-input').locator('input').click();
		await chooseOption(this.page, option);
	}

	/** What is chosen in a field that has a fixed list of choices. */
	async chosen(label: string): Promise<string> {
		return await testId(this.parameter(label), 'parameter-input').locator('input').inputValue();
	}

	/** Replaces the text of a code field. */
	async enterCode(label: string, code: string): Promise<void> {
		await this.replaceCode(this.parameter(label), code);
	}

	/** Gives a node items of which it says that it put them out. */
	async setMockData(items: object[]): Promise<void> {
		await this.output.getByText('set mock data').click();
		await this.replaceCode(this.output, JSON.stringify(items));
		await this.output.getByText('Save', { exact: true }).click();
		await testId(this.output, 'ndv-data-container').waitFor();
	}

	/** Turns a switch. */
	async turn(label: string): Promise<void> {
		// The switch itself is drawn around an invisible input.
		await this.switch(label).locator('..').click();
	}

	async isOn(label: string): Promise<boolean> {
		return (await this.switch(label).getAttribute('aria-checked')) === 'true';
	}

	/** Adds a field of a collection, found by the text on its button, e.g. "Add Option". */
	async add(button: string, field: string): Promise<void> {
		await this.collection(button).click();
		await chooseOption(this.page, field);
	}

	/** Adds the field of a collection that has no other. */
	async addOnly(button: string): Promise<void> {
		await this.parameters.getByText(button, { exact: true }).click();
	}

	/** The fields that a collection offers to add. */
	async offered(button: string): Promise<string[]> {
		await this.collection(button).click();
		const fields = this.page.getByRole('option').locator('visible=true');
		await fields.first().waitFor();
		const names = await fields.allInnerTexts();
		await this.page.keyboard.press('Escape');
		await fields.first().waitFor({ state: 'hidden' });
		return names;
	}

	/** Chooses what the node does at an error, on the tab "Settings". */
	async chooseOnError(choice: string): Promise<void> {
		await this.view.getByRole('tab', { name: 'Settings' }).click();
		await this.choose('On Error', choice);
		await this.view.getByRole('tab', { name: 'Parameters' }).click();
	}

	/** Shows one of several outputs, by the text on its tab, e.g. "Error Branch (1 item)". */
	async showBranch(text: string): Promise<void> {
		await this.output.getByText(text, { exact: true }).click();
	}

	/** Leaves the expression of a parameter for a fixed value. */
	async makeFixed(label: string): Promise<void> {
		const parameter = this.parameter(label);
		await parameter.hover();
		await testId(parameter, 'radio-button-fixed').click();
	}

	/** Drags a field of the input onto a parameter, by the mouse. */
	async dragInputField(field: string, label: string): Promise<void> {
		const target = this.parameter(label).locator('[data-test-id^="parameter-input-"]').first();
		await this.drag(field, target);
		await this.parameter(label)
			.locator('.cm-content', { hasText: `{{ $json.${field} }}` })
			.waitFor();
	}

	/** Drags a field of the input into the Edit Fields node. */
	async dragInputFieldToAssignments(field: string): Promise<void> {
		await this.drag(field, testId(this.page, 'assignment-collection-drop-area'));
		await this.parameters.locator('.cm-content', { hasText: `{{ $json.${field} }}` }).waitFor();
	}

	/** Presses "Execute step", or "Test this trigger". */
	async execute(): Promise<void> {
		await testId(this.page, 'node-execute-button').click();
	}

	/** Waits until the node can be executed again. */
	async expectIdle(): Promise<void> {
		await testId(this.view, 'node-execute-button')
			.getByText('Execute step')
			.locator('visible=true')
			.waitFor();
	}

	/** The rows of the output, as soon as there is one whose column holds the text. */
	async outputRows(column: string, text: string): Promise<OutputRow[]> {
		const table = this.output.locator('table', { hasText: column });
		await table.locator('td', { hasText: text }).first().waitFor();
		const cells = async (row: Locator): Promise<string[]> =>
			await row.locator('> th, > td').allInnerTexts();
		const [head, ...rows] = await table.locator('> thead > tr, > tbody > tr').all();
		const columns = head === undefined ? [] : await cells(head);
		return await Promise.all(
			rows.map(async (row) => {
				const texts = await cells(row);
				const entries = columns.map((name, index) => [name.trim(), texts[index]?.trim() ?? '']);
				return Object.fromEntries(entries) as OutputRow;
			}),
		);
	}

	/** Message and description of the error that the node failed with. */
	async error(): Promise<{ message: string; description: string }> {
		const message = testId(this.output, 'node-error-message');
		await message.waitFor();
		return {
			message: (await message.innerText()).trim(),
			description: (await testId(this.output, 'node-error-description').innerText()).trim(),
		};
	}

	/** The name of the credential that is chosen. */
	async credentialName(): Promise<string> {
		return await testId(this.view, 'node-credentials-select').locator('input').inputValue();
	}

	async chooseCredential(name: string): Promise<void> {
		await this.openCredentials();
		await this.page
			.locator('[data-test-id^="node-credentials-select-item"]', { hasText: name })
			.locator('visible=true')
			.click();
	}

	/** Begins a new credential; its dialog opens. */
	async createCredential(): Promise<void> {
		await this.openCredentials();
		await testId(this.page, 'node-credentials-select-item-new').locator('visible=true').click();
	}

	/** Opens the webhook's addresses and reads one of them. */
	async webhookUrl(kind: 'production' | 'test'): Promise<string> {
		const tab = testId(this.view, `radio-button-${kind}`);
		if (!(await tab.isVisible())) {
			await this.view.getByText('Webhook URLs', { exact: true }).click();
		}
		await tab.click();
		const part = kind === 'test' ? '/webhook-test/' : '/webhook/';
		const url = this.view.locator('.webhook-url', { hasText: part });
		return (await url.innerText()).replace(/\s+/g, '');
	}

	private switch(label: string): Locator {
		return this.parameter(label).getByRole('switch');
	}

	private collection(button: string): Locator {
		return this.parameters.getByPlaceholder(button);
	}

	private async replaceCode(field: Locator, code: string): Promise<void> {
		await field.locator('.cm-content').click();
		await this.page.keyboard.press('ControlOrMeta+A');
		await this.page.keyboard.insertText(code);
	}

	private async openCredentials(): Promise<void> {
		await testId(this.view, 'node-credentials-select').click();
	}

	private async drag(field: string, target: Locator): Promise<void> {
		const fields = testId(testId(this.page, 'ndv-input-panel'), 'run-data-schema-node-name');
		const source = fields.getByText(field, { exact: true });
		await source.hover();
		await this.page.mouse.down();
		// In steps: n8n takes a drop where it has seen the mouse come. What is dragged lies between.
		await target.hover({ force: true });
		const box = await target.boundingBox();
		if (box === null) throw new Error(`There is nowhere to drop "${field}"`);
		await this.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 10 });
		await this.page.mouse.up();
	}
}
