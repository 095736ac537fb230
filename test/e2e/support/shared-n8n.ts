import type { RunningN8n } from '../../../scripts/n8n';
import type { Sandbox } from '../../../sandbox';
import type { N8nFolder } from './n8n-folder';

/** What start-shared-n8n.ts starts and stop-shared-n8n.ts ends, within jest's own process. */
export interface SharedN8n {
	folder: N8nFolder;
	n8n: RunningN8n;
	sandbox: Sandbox;
}

/** How the test files, which share nothing else with jest's process, find them. */
const N8N_URL = 'E2E_N8N_URL';
const SANDBOX_URL = 'E2E_SANDBOX_URL';

let shared: SharedN8n | undefined;

export function publish(started: SharedN8n): void {
	shared = started;
	process.env[N8N_URL] = started.n8n.url;
	process.env[SANDBOX_URL] = started.sandbox.url;
}

export function published(): SharedN8n | undefined {
	return shared;
}

/** The addresses of the n8n and the sandbox that the files of a suite share. */
export function sharedUrls(): { n8n: string; sandbox: string } {
	const n8n = process.env[N8N_URL];
	const sandbox = process.env[SANDBOX_URL];
	if (!n8n || !sandbox) throw new Error('There is no shared n8n in this suite');
	return { n8n, sandbox };
}
