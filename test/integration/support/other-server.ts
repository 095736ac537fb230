import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that arrived at a server which is not the sandbox. */
export interface OtherRequest {
	method: string;
	url: string;
	authorization: string | undefined;
}

/** A server of a test's own, for what the sandbox does not do. */
export interface OtherServer {
	url: string;
	/** Oldest first. */
	requests: OtherRequest[];
	close(): Promise<void>;
}

/** Starts a server on a free port of 127.0.0.1. */
export async function startOtherServer(
	answer: (request: IncomingMessage, response: ServerResponse) => void = (_request, response) => {
		response.end();
	},
): Promise<OtherServer> {
	const requests: OtherRequest[] = [];
	const server = createServer((request, response) => {
		const { method = '', url = '', headers } = request;
		requests.push({ method, url, authorization: headers.authorization });
		request.resume().once('end', () => answer(request, response));
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
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
