import type { Page } from 'playwright-core';

/**
 * What this package puts into the editor: its name (in node types, icons and texts), the names of
 * its parameters, and the answers of its pickers.
 */
const OURS =
	/enablenow|consentIds|accountIds|analysisIds|expirationDateUtc|shareId|lookUpShare|dynamic-node-parameters/i;

/** n8n asks for sample output of every node, and takes 404 as "none"; Chromium logs it as an error. */
const SAMPLE_OUTPUT = /\/schemas\/.*\.json$/;

/** Collects what a page writes to the browser's console as an error, and exceptions. */
export class ConsoleErrors {
	private readonly collected: string[] = [];

	constructor(page: Page, n8nUrl: string) {
		page.on('console', (message) => {
			const { url } = message.location();
			// The editor asks npm's registry about installed packages, which needs the internet.
			const isOfOtherHost = url !== '' && !url.startsWith(n8nUrl);
			if (message.type() !== 'error' || isOfOtherHost || SAMPLE_OUTPUT.test(url)) return;
			this.collected.push(`${message.text()} (${url})`);
		});
		page.on('pageerror', (error) => this.collected.push(String(error.stack ?? error)));
	}

	/** Those that this package has to do with. */
	ours(): string[] {
		return this.collected.filter((error) => OURS.test(error));
	}
}
