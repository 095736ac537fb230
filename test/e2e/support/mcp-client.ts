import { setTimeout as sleep } from 'node:timers/promises';
import axios, { type AxiosResponse } from 'axios';

/** A tool as an MCP server lists it. */
export interface McpTool {
	name: string;
	description: string;
	/** JSON Schema of its input. */
	inputSchema: { properties: Record<string, unknown> };
}

/** What an MCP server answers to a call of a tool. */
export interface McpAnswer {
	content: Array<{ type: string; text: string }>;
	isError?: boolean;
}

const PROTOCOL_VERSION = '2025-03-26';

/** A client of the Model Context Protocol over streamable HTTP, as far as tools need it. */
export class McpClient {
	private sessionId: string | undefined;
	private requestCount = 0;

	private constructor(private readonly url: string) {}

	/** Opens a session, once the server is there. */
	static async connect(url: string): Promise<McpClient> {
		const client = new McpClient(url);
		await client.waitUntilServed();
		await client.request('initialize', {
			protocolVersion: PROTOCOL_VERSION,
			capabilities: {},
			clientInfo: { name: 'test', version: '1.0.0' },
		});
		await client.post({ jsonrpc: '2.0', method: 'notifications/initialized' });
		return client;
	}

	async tools(): Promise<McpTool[]> {
		return (await this.request<{ tools: McpTool[] }>('tools/list', {})).tools;
	}

	async call(name: string, input: Record<string, unknown>): Promise<McpAnswer> {
		return await this.request<McpAnswer>('tools/call', { name, arguments: input });
	}

	/** n8n serves the address of a trigger some moments after the activation. */
	private async waitUntilServed(): Promise<void> {
		for (let attempt = 0; attempt < 100; attempt++) {
			if ((await this.post({})).status !== 404) return;
			await sleep(200);
		}
		throw new Error(`${this.url} is not served`);
	}

	private async request<Result>(method: string, params: object): Promise<Result> {
		this.requestCount += 1;
		const response = await this.post({ jsonrpc: '2.0', id: this.requestCount, method, params });
		const sessionId: unknown = response.headers['mcp-session-id'];
		if (typeof sessionId === 'string') this.sessionId = sessionId;
		const message = errorMessage(response.data) as { result?: Result; error?: unknown };
		if (message.result !== undefined) return message.result;
		throw new Error(`${method}: ${response.status} ${JSON.stringify(message.error ?? message)}`);
	}

	private async post(body: object): Promise<AxiosResponse<string>> {
		return await axios.post<string>(this.url, body, {
			headers: {
				Accept: 'application/json, text/event-stream',
				...(this.sessionId !== undefined && { 'mcp-session-id': this.sessionId }),
			},
			proxy: false,
			responseType: 'text',
			timeout: 60_000,
			validateStatus: () => true,
		});
	}
}

/** The message of an answer, which is JSON or a stream with one event. */
function errorMessage(text: string): unknown {
	const [, data = text] = /^data: (.*)$/m.exec(text) ?? [];
	return JSON.parse(data);
}
