import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import axios from 'axios';
import { CUSTOMER_SECRETS } from './customer-secrets';
import type { Place } from './finder';

const TOKEN_PATH = '/cfa/connect/token';

/** A request as it arrived. */
export interface ArrivedRequest {
	method: string;
	url: string;
	/** Names and values in turn, as they were sent. */
	rawHeaders: string[];
	authorization: string | undefined;
	body: Buffer;
}

/** An answer that the gateway gives by itself. */
export interface GatewayAnswer {
	status: number;
	statusText?: string;
	headers?: Record<string, string>;
	body: string;
}

/** Answers a request by itself, or not. */
export type Strike = (request: ArrivedRequest) => GatewayAnswer | undefined;

/**
 * An address at which EnableNow is: the sandbox stands behind it. It takes client secrets of any
 * characters, keeps every request to the byte, and can repeat in an answer what it was sent.
 */
export class Gateway {
	/** Oldest first. */
	readonly requests: ArrivedRequest[] = [];

	/** The client ID to which each token was given here. */
	readonly tokens = new Map<string, string>();

	/** Is asked first. */
	strike: Strike = () => undefined;

	private constructor(
		private readonly server: Server,
		private readonly sandboxUrl: string,
		/** Those of either app that are taken. */
		private readonly clientSecrets: readonly string[],
	) {}

	static async start(sandboxUrl: string, clientSecrets: readonly string[]): Promise<Gateway> {
		const server = createServer();
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const gateway = new Gateway(server, sandboxUrl, clientSecrets);
		server.on('request', (request, response) => {
			gateway.answer(request, response).catch(() => response.destroy());
		});
		return gateway;
	}

	get url(): string {
		return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
	}

	/** What arrived, without what belongs there: the client secret of a token request, a token of here. */
	rest(): Place[] {
		return this.requests.map(({ method, url, rawHeaders, body, authorization }, index) => ({
			name: `request ${index} to ${this.url}: ${method} ${url}`,
			content: [
				url,
				...rawHeaders.filter((text) => text !== authorization || !this.isOwn(authorization)),
				url === TOKEN_PATH ? withoutClientSecret(body, this.clientSecrets) : body.toString(),
			].join('\n'),
		}));
	}

	async close(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise((resolve) => this.server.close(resolve));
	}

	private isOwn(authorization: string): boolean {
		return this.tokens.has(authorization.replace(/^Bearer /, ''));
	}

	private async answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
		const { method = '', url = '', rawHeaders, headers } = incoming;
		const { authorization } = headers;
		const body = await buffer(incoming);
		const request: ArrivedRequest = { method, url, rawHeaders, authorization, body };
		this.requests.push(request);
		const own = this.strike(request);
		if (own) {
			response.writeHead(own.status, own.statusText ?? '', own.headers ?? {}).end(own.body);
			return;
		}
		const isForToken = url === TOKEN_PATH;
		const contentType = headers['content-type'];
		const answer = await axios.request<ArrayBuffer>({
			method,
			url: `${this.sandboxUrl}${url}`,
			data: isForToken ? this.forSandbox(body) : body,
			headers: {
				...(authorization !== undefined && { authorization }),
				...(contentType !== undefined && { 'content-type': contentType }),
			},
			responseType: 'arraybuffer',
			transformRequest: (data: unknown) => data,
			maxRedirects: 0,
			proxy: false,
			validateStatus: () => true,
		});
		const answered = Buffer.from(answer.data);
		if (isForToken) this.remember(body, answered);
		const { location, 'retry-after': retryAfter } = answer.headers as Record<string, string>;
		response
			.writeHead(answer.status, {
				'content-type': String(answer.headers['content-type'] ?? 'text/plain'),
				...(location !== undefined && { location }),
				...(retryAfter !== undefined && { 'retry-after': retryAfter }),
			})
			.end(answered);
	}

	/** The sandbox knows no other client secrets than its own. */
	private forSandbox(body: Buffer): string {
		const form = new URLSearchParams(body.toString());
		if (this.clientSecrets.includes(form.get('client_secret') ?? '')) {
			form.set('client_secret', CUSTOMER_SECRETS.get(form.get('client_id') ?? '') ?? '');
		}
		return form.toString();
	}

	private remember(body: Buffer, answered: Buffer): void {
		const clientId = new URLSearchParams(body.toString()).get('client_id') ?? '';
		const [, token] = /"access_token":"([^"]+)"/.exec(answered.toString()) ?? [];
		if (token !== undefined) this.tokens.set(token, clientId);
	}
}

function withoutClientSecret(body: Buffer, clientSecrets: readonly string[]): string {
	const form = new URLSearchParams(body.toString());
	if (clientSecrets.includes(form.get('client_secret') ?? '')) form.delete('client_secret');
	return decodeURIComponent(form.toString());
}
