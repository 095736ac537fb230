import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { ConsoleErrors } from './browser-console';

const CHROMIUM_NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** A container has neither a user namespace for Chromium's sandbox nor a graphics card. */
const CHROMIUM_ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];

/** Longer than anything takes on a machine that is busy with other things, milliseconds. */
const PATIENCE = 40_000;

/** A browser with one page, and what went wrong in it. */
export interface OpenBrowser {
	page: Page;
	consoleErrors: ConsoleErrors;
	close(): Promise<void>;
}

/**
 * Opens Chromium without a window: the one that the environment variable CHROMIUM_PATH names, or
 * else one from PATH.
 *
 * @param n8nUrl the n8n that will be visited
 * @throws Error when there is no Chromium
 */
export async function openBrowser(n8nUrl: string): Promise<OpenBrowser> {
	const browser = await chromium.launch({
		executablePath: chromiumPath(),
		args: CHROMIUM_ARGUMENTS,
	});
	const context = await browser.newContext({
		viewport: { width: 1400, height: 900 },
		locale: 'en-GB',
		timezoneId: 'Europe/Amsterdam',
		colorScheme: 'light',
	});
	const page = await context.newPage();
	page.setDefaultTimeout(PATIENCE);
	const consoleErrors = new ConsoleErrors(page, n8nUrl);
	return { page, consoleErrors, close: async () => await browser.close() };
}

function chromiumPath(): string {
	const chosen = process.env['CHROMIUM_PATH'];
	if (chosen) return chosen;
	const folders = (process.env['PATH'] ?? '').split(path.delimiter);
	const candidates = CHROMIUM_NAMES.flatMap((name) =>
		folders.map((folder) => path.join(folder, name)),
	);
	const found = candidates.find(isExecutable);
	if (found !== undefined) return found;
	throw new Error(
		`The browser suite needs Chromium, and there is none of ${CHROMIUM_NAMES.join(', ')} in PATH. ` +
			'Install it (on Debian: apt-get install chromium), or set CHROMIUM_PATH to its executable.',
	);
}

function isExecutable(file: string): boolean {
	try {
		accessSync(file, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}
