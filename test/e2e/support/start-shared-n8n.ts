import { startSandbox } from '../../../sandbox';
import { N8nFolder } from './n8n-folder';
import { publish } from './shared-n8n';

/** Starts the n8n and the sandbox that all files of a suite share. */
export default async function start(): Promise<void> {
	const folder = await N8nFolder.create('n8n');
	const sandbox = await startSandbox({ seedShares: false });
	publish({ folder, sandbox, n8n: await folder.start() });
}
