import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

import type { ServerIdentity } from './self-signed-certificate';

/** A request that arrived at a server which is not the sandbox. */
export interface OtherRequest {
	method: string;
	url: string;
	authorization: string | undefined;
	/** As text. */
	body: string;
}

/** A server of a test's own, for what the sandbox does not do. */
export interface OtherServer {
	url: string;
	/** Oldest first. */
	requests: OtherRequest[];
	close(): Promise<void>;
}

/**
 * Starts a server on a free port of 127.0.0.1.
 *
 * @param identity - with it, the server speaks TLS
 */
export async function startOtherServer(
	answer: (request: IncomingMessage, response: ServerResponse) => void = (_request, response) => {
		response.end();
	},
	identity?: ServerIdentity,
): Promise<OtherServer> {
	const requests: OtherRequest[] = [];
	const listen = (request: IncomingMessage, response: ServerResponse): void => {
		const { method = '', url = '', headers } = request;
		const entry = { method, url, authorization: headers.authorization, body: '' };
		requests.push(entry);
		request.setEncoding('utf8').on('data', (text: string) => (entry.body += text));
		request.once('end', () => answer(request, response));
	};
	const server = identity ? createTlsServer(identity, listen) : createServer(listen);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `${identity ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
		requests,
		async close() {
			const closed = new Promise((resolve) => server.close(resolve));
			server.closeAllConnections();
			await closed;
		},
	};
}

/** Answers with JSON. */
export function answerJson(response: ServerResponse, value: unknown, status = 200): void {
	response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

/** An EnableNow that gives a certain token, and whose Sharing API is the test's own. */
export async function startOtherEnableNow(
	accessToken: string,
	answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<OtherServer> {
	return await startOtherServer((request, response) => {
		if (request.url !== '/cfa/connect/token') return answer(request, response);
		answerJson(response, { access_token: accessToken, expires_in: 3600, token_type: 'Bearer' });
	});
}

/** The address of a port that nothing listens at. */
export async function closedAddress(): Promise<string> {
	const server = await startOtherServer();
	await server.close();
	return server.url;
}
