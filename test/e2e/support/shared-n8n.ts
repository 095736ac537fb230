import type { Sandbox } from '../../../sandbox';
import type { N8nFolder } from './n8n-folder';

/** What start-shared-n8n.ts starts and stop-shared-n8n.ts ends, within jest's own process. */
export interface SharedN8n {
	/** None where n8n ran already. */
	folder: N8nFolder | undefined;
	n8nUrl: string;
	sandbox: Sandbox;
}

/**
 * How the test files, which share nothing else with jest's process, find them. An n8n that runs
 * already, e.g. in a container, is named by the first of them.
 */
const N8N_URL = 'E2E_N8N_URL';
const SANDBOX_URL = 'E2E_SANDBOX_URL';

let shared: SharedN8n | undefined;

/** The address of an n8n that was started by somebody else, with the package installed. */
export function runningN8nUrl(): string | undefined {
	return process.env[N8N_URL];
}

export function publish(started: SharedN8n): void {
	shared = started;
	process.env[N8N_URL] = started.n8nUrl;
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
