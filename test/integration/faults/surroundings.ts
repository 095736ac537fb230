import { Engine } from '../../../scripts/engine/engine';
import { closedAddress, type OtherServer, startOtherServer } from '../support/other-server';
import { SandboxPool } from './sandbox-pool';
import { selfSignedCertificate } from '../support/self-signed-certificate';

/** What all cells of the matrix have in common: n8n, and what else there is in the network. */
export interface Surroundings {
	engine: Engine;
	/** A server that must never be asked for anything. */
	elsewhere: OtherServer;
	/** A server whose certificate nobody vouches for. */
	untrusted: OtherServer;
	/** An address at which nothing listens. */
	closedAddress: string;
	/** EnableNows, one for each cell that is under way. */
	sandboxes: SandboxPool;
	close(): Promise<void>;
}

/**
 * Starts n8n's engine and the servers.
 *
 * @param sandboxCount - how many cells are under way at once
 */
export async function startSurroundings(sandboxCount: number): Promise<Surroundings> {
	const elsewhere = await startOtherServer();
	const identity = selfSignedCertificate('127.0.0.1');
	const untrusted = await startOtherServer((_request, response) => void response.end(), identity);
	const sandboxes = await SandboxPool.start(sandboxCount);
	return {
		engine: new Engine(),
		elsewhere,
		untrusted,
		closedAddress: await closedAddress(),
		sandboxes,
		async close() {
			await Promise.all([elsewhere.close(), untrusted.close(), sandboxes.close()]);
		},
	};
}
