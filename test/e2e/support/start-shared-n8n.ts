import { startSandbox } from '../../../sandbox';
import { N8nFolder } from './n8n-folder';
import { publish, runningN8nUrl } from './shared-n8n';

/** Starts the n8n, unless there is one already, and the sandbox that all files of a suite share. */
export default async function start(): Promise<void> {
	const n8nUrl = runningN8nUrl();
	const folder = n8nUrl === undefined ? await N8nFolder.create('n8n') : undefined;
	const sandbox = await startSandbox({ seedShares: false });
	publish({ folder, sandbox, n8nUrl: n8nUrl ?? (await folder!.start()).url });
}
