import type { Locator, Page } from 'playwright-core';
import { chooseOption, labelText, testId } from './browser-locators';

/** What a person enters in the dialog of an EnableNow credential. */
export interface CredentialEntries {
	name?: string;
	baseUrl: string;
	clientId: string;
	clientSecret: string;
	webhookSecret?: string;
}

/** The dialog in which a credential is edited and tested. */
export class CredentialDialog {
	readonly dialog: Locator;

	constructor(private readonly page: Page) {
		this.dialog = testId(page, 'editCredential-modal');
	}

	/** The names of the fields that are shown. */
	async fieldNames(): Promise<string[]> {
		const labels = testId(this.dialog, 'credential-connection-parameter').locator('label');
		await labels.first().waitFor();
		const texts = await labels.allInnerTexts();
		return texts.map((text) => (text.split('\n')[0] ?? '').replace('*', '').trim());
	}

	/** Fills in the fields, those of a sandbox being of the environment "Custom". */
	async fillIn(entries: CredentialEntries): Promise<void> {
		await this.enter('Client ID', entries.clientId);
		await this.enter('Client Secret', entries.clientSecret);
		await this.field('Environment').locator('input').click();
		await chooseOption(this.page, 'Custom');
		await this.enter('Base URL', entries.baseUrl);
		if (entries.webhookSecret) await this.enter('Webhook Secret', entries.webhookSecret);
		if (entries.name) await this.rename(entries.name);
	}

	async enter(label: string, value: string): Promise<void> {
		await this.field(label).locator('input').fill(value);
	}

	async rename(name: string): Promise<void> {
		await testId(this.dialog, 'credential-name').click();
		await this.page.keyboard.press('ControlOrMeta+A');
		await this.page.keyboard.type(name);
		await this.page.keyboard.press('Enter');
	}

	/** Saves the credential, whereupon n8n tests it. */
	async save(): Promise<void> {
		await testId(this.dialog, 'credential-save-button').locator('button').click();
	}

	/** Waits for the green test. */
	async expectSuccess(): Promise<void> {
		await this.dialog.getByText('Connection tested successfully').locator('visible=true').waitFor();
	}

	/** Waits for the red test. */
	async failureDetails(): Promise<string> {
		await this.dialog.getByText('Couldn’t connect with these settings').waitFor();
		await this.dialog.getByText('More details').click();
		return await this.dialog.innerText();
	}

	/** Waits until n8n has closed the dialog, which it does by itself after a success in a node. */
	async expectClosed(): Promise<void> {
		await this.dialog.waitFor({ state: 'hidden' });
	}

	private field(label: string): Locator {
		return testId(this.dialog, 'credential-connection-parameter').filter({
			has: this.page.getByText(labelText(label)),
		});
	}
}
