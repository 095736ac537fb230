import path from 'node:path';
import { SandboxAdmin } from '../sandbox';
import { freePort, LOOPBACK, startProcess, waitFor } from '../scripts/n8n';

/** A sandbox in a process of its own, so that its work is not counted as n8n's. */
export interface BenchSandbox {
	/** The base URL, without a slash at the end. */
	url: string;
	admin: SandboxAdmin;
}

/**
 * Starts a sandbox and waits until it answers.
 *
 * @throws Error with the end of its output when it ends instead
 */
export async function startSandboxProcess(): Promise<BenchSandbox> {
	const port = await freePort();
	const script = path.join(__dirname, 'sandbox-server.ts');
	const run = startProcess(
		process.execPath,
		['--require', require.resolve('tsx/cjs'), script, String(port)],
		{ cwd: __dirname, env: process.env },
	);
	const url = `http://${LOOPBACK}:${port}`;
	const admin = new SandboxAdmin(url);
	await waitFor(
		'the sandbox to answer',
		async () => run.exitCode() !== undefined || (await admin.settings()),
	);
	if (run.exitCode() !== undefined) throw new Error(`The sandbox ended: ${run.log.tail()}`);
	return { url, admin };
}
