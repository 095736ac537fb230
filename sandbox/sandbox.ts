import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { SandboxAdmin } from './admin-client';
import { createApplication } from './application';
import type { SandboxOptions } from './options';
import { SandboxState } from './state';

const HOST = '127.0.0.1';

/** Longer than any client keeps a connection, so that none is closed under a request. */
const KEEP_ALIVE_TIMEOUT = 120_000;

/** How long closing waits for the deliveries under way, milliseconds. */
const CLOSING_PATIENCE = 1_000;

/** A running sandbox. */
export interface Sandbox {
	/** The base URL, without a slash at the end. */
	url: string;
	/** To look at and to turn at what is inside. */
	admin: SandboxAdmin;
	/**
	 * Ends all connections at once, those that hang included, and drops commits that are still to
	 * come late; then waits for the deliveries under way, but gives them up after a second.
	 */
	close(): Promise<void>;
}

/**
 * Starts a sandbox on 127.0.0.1.
 *
 * @param options - See {@link SandboxOptions}; a free port if none is given
 * @throws Error with code `EADDRINUSE` when the port is taken, and for options that are not valid
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
	const state = new SandboxState(options);
	const server = createServer(createApplication(state));
	server.keepAliveTimeout = KEEP_ALIVE_TIMEOUT;
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(options.port ?? 0, HOST, resolve);
	});
	const { port } = server.address() as AddressInfo;
	state.url = `http://${HOST}:${String(port)}`;

	async function close(): Promise<void> {
		const closed = new Promise((resolve) => server.close(resolve));
		server.closeAllConnections();
		state.postponedWork.drop();
		await Promise.race([
			state.backgroundWork.idle(),
			wait(CLOSING_PATIENCE, undefined, { ref: false }),
		]);
		state.deliveries.cancel();
		await Promise.all([closed, state.backgroundWork.idle()]);
	}

	return { url: state.url, admin: new SandboxAdmin(state.url), close };
}
