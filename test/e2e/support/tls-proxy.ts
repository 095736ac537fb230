import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { TLSSocket } from 'node:tls';

import { LOOPBACK } from '../../../scripts/n8n';
import {
	selfSignedCertificate,
	type ServerIdentity,
} from '../../integration/support/self-signed-certificate';

/**
 * The proxy of a company that looks into TLS: all https goes through it, with a certificate of its
 * own. It knows one host only, behind which a server of the test stands.
 */
export class TlsProxy {
	private constructor(
		private readonly server: Server,
		private readonly folder: string,
		/** The hosts and ports that were asked for, in order. */
		readonly asked: string[],
	) {}

	/**
	 * @param host - the one that it knows, e.g. "api.example.com"
	 * @param target - the http address of the server behind it
	 */
	static async start(host: string, target: string): Promise<TlsProxy> {
		const identity = selfSignedCertificate(host);
		const folder = await mkdtemp(path.join(tmpdir(), 'e2e-tls-proxy-'));
		await writeFile(path.join(folder, 'ca.pem'), identity.cert);
		const asked: string[] = [];
		const server = createServer((_request, response) => response.writeHead(502).end());
		server.on('connect', ({ url = '' }, socket: Socket) => {
			asked.push(url);
			if (url !== `${host}:443`) return socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
			socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
			return openTls(socket, identity, Number(new URL(target).port));
		});
		await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve));
		return new TlsProxy(server, folder, asked);
	}

	/** What an n8n behind the proxy is told. */
	get environment(): NodeJS.ProcessEnv {
		return {
			HTTPS_PROXY: `http://${LOOPBACK}:${(this.server.address() as AddressInfo).port}`,
			NO_PROXY: LOOPBACK,
			NODE_EXTRA_CA_CERTS: path.join(this.folder, 'ca.pem'),
		};
	}

	async close(): Promise<void> {
		this.server.closeAllConnections();
		this.server.close();
		await rm(this.folder, { recursive: true, force: true });
	}
}

/** Takes the TLS off a connection and leads what is in it to a port of this machine. */
function openTls(socket: Socket, identity: ServerIdentity, port: number): void {
	const opened = new TLSSocket(socket, { ...identity, isServer: true });
	const behind = connect(port, LOOPBACK);
	opened.once('error', () => behind.destroy()).once('close', () => behind.destroy());
	behind.once('error', () => opened.destroy());
	opened.pipe(behind).pipe(opened);
}
