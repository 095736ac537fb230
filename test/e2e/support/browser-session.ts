import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { startSandbox, type Sandbox } from '../../../sandbox';
import { LOCAL_OWNER, signIn } from '../../../scripts/n8n';
import { openBrowser, type OpenBrowser } from './browser';
import { Editor } from './browser-editor';
import { areImagesWanted } from './browser-images';
import { logFolder } from './environment';
import { N8nFolder } from './n8n-folder';

const RESULTS_FOLDER = path.resolve(__dirname, '../../../test-results/e2e/browser');

/** Where n8n would be reached from the internet; this is how it shows its webhooks' addresses. */
const PUBLIC_URL = 'https://n8n.example';

/** In images the sandbox has the port that its documentation names; otherwise any free one. */
const SANDBOX_PORT = areImagesWanted() ? 4010 : 0;

const N8N_SETTINGS = {
	WEBHOOK_URL: PUBLIC_URL,
	GENERIC_TIMEZONE: 'Europe/Amsterdam',
};

/** A browser in front of a real n8n with the package, and a sandbox beside it. */
export class BrowserSession {
	private constructor(
		private readonly n8nUrl: string,
		readonly sandbox: Sandbox,
		private readonly browser: OpenBrowser,
		readonly editor: Editor,
		/** Stops all of it. */
		readonly stop: () => Promise<void>,
	) {}

	/** Starts all of it. The owner of n8n is there, and signed in by the form. */
	static async start(): Promise<BrowserSession> {
		const stops: Array<() => Promise<void>> = [];
		const stop = async (): Promise<void> => {
			for (const stopPart of stops.reverse()) await stopPart();
		};
		try {
			const folder = await N8nFolder.create('n8n');
			stops.push(async () => await folder.remove());
			const sandbox = await startSandbox({ port: SANDBOX_PORT, seedShares: false });
			stops.push(async () => await sandbox.close());
			const n8n = await folder.start({ env: N8N_SETTINGS });
			await signIn(n8n);
			const browser = await openBrowser(n8n.url);
			stops.push(async () => await browser.close());
			const editor = new Editor(browser.page, n8n.url);
			await editor.signIn(LOCAL_OWNER);
			return new BrowserSession(n8n.url, sandbox, browser, editor, stop);
		} catch (error) {
			await stop();
			throw error;
		}
	}

	get page(): Page {
		return this.browser.page;
	}

	/** Errors in the browser's console that this package has to do with. */
	consoleErrors(): string[] {
		return this.browser.consoleErrors.ours();
	}

	/** The address on this machine that stands behind one that n8n shows. */
	localUrl(shownUrl: string): string {
		if (!shownUrl.startsWith(`${PUBLIC_URL}/`)) throw new Error(`n8n shows the URL ${shownUrl}`);
		return this.n8nUrl + shownUrl.slice(PUBLIC_URL.length);
	}

	/** The bodies of the requests for a new share so far. */
	async shareRequests(): Promise<unknown[]> {
		const requests = await this.sandbox.admin.requests({ method: 'POST', path: '/shares' });
		return requests.map(({ body }) => body);
	}

	/** Keeps what the page looks like, for a person to find out why a step failed. */
	async keepScreenshot(step: string): Promise<void> {
		const folder = logFolder() ?? RESULTS_FOLDER;
		await mkdir(folder, { recursive: true });
		const name = step.replace(/\W+/g, '-').toLowerCase();
		await this.page.screenshot({ path: path.join(folder, `${name}.png`) });
	}
}
