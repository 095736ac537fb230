import { createServer } from 'node:net';

/** Every server started by these scripts listens here only: nobody else's business. */
export const LOOPBACK = '127.0.0.1';

/**
 * @param port a TCP port number, or 0 for any that is free
 * @returns the port, after having listened on it for a moment, or undefined where it is occupied
 */
function tryPort(port: number): Promise<number | undefined> {
	return new Promise((resolve, reject) => {
		const server = createServer();
		server.once('error', (error: NodeJS.ErrnoException) => {
			if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(undefined);
			else reject(error);
		});
		server.listen(port, LOOPBACK, () => {
			const address = server.address();
			server.close(() => resolve(typeof address === 'object' ? address?.port : undefined));
		});
	});
}

/** @returns whether this process could listen on the TCP port now */
export async function isPortFree(port: number): Promise<boolean> {
	return (await tryPort(port)) !== undefined;
}

/**
 * @returns a TCP port that is free now. Nothing reserves it: between this answer and its use
 * another process may take it, which is rare, since the operating system hands them out in turn.
 */
export async function freePort(): Promise<number> {
	const port = await tryPort(0);
	if (port === undefined) throw new Error('The operating system has no free TCP port');
	return port;
}
