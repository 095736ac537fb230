import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it arrived. */
export interface ArrivedRequest {
	method: string;
	/** With its query. */
	path: string;
	authorization: string;
	/** The JSON of its body; nothing where it has none. */
	body: unknown;
}

/** An EnableNow that answers as a test wants it to. */
export interface FuzzedEnableNow {
	url: string;
	/** Since they were last taken away, oldest first. */
	requests: ArrivedRequest[];
	/** Answers what is not a request for a token. */
	answer: (request: ArrivedRequest, response: ServerResponse) => void;
	close(): Promise<void>;
}

/** What every token begins with, so that it can be looked for. */
export const TOKEN_START = 'fuzz-token-';

/** Starts a server on a free port of 127.0.0.1. */
export async function startFuzzedEnableNow(): Promise<FuzzedEnableNow> {
	let tokens = 0;
	const server = createServer((incoming, response) => {
		void readRequest(incoming).then((request) => {
			if (request.path === '/cfa/connect/token') {
				const accessToken = `${TOKEN_START}${++tokens}`;
				return answerJson(response, { access_token: accessToken, token_type: 'Bearer' });
			}
			enableNow.requests.push(request);
			enableNow.answer(request, response);
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const enableNow: FuzzedEnableNow = {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		requests: [],
		answer: (_request, response) => answerJson(response, {}),
		async close() {
			const closed = new Promise((resolve) => server.close(resolve));
			server.closeAllConnections();
			await closed;
		},
	};
	return enableNow;
}

/** Answers with JSON. */
export function answerJson(response: ServerResponse, value: unknown, status = 200): void {
	response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

async function readRequest(incoming: IncomingMessage): Promise<ArrivedRequest> {
	const chunks: Buffer[] = [];
	for await (const chunk of incoming) chunks.push(chunk as Buffer);
	const text = Buffer.concat(chunks).toString('utf8');
	const isJson = text !== '' && incoming.headers['content-type']?.includes('json');
	return {
		method: incoming.method ?? '',
		path: incoming.url ?? '',
		authorization: incoming.headers.authorization ?? '',
		body: isJson ? JSON.parse(text) : undefined,
	};
}
