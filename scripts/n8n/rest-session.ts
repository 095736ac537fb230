import { Agent } from 'node:http';

import axios, { type AxiosInstance } from 'axios';

/** n8n's API, the one of its editor, answered with an error. */
export class RestError extends Error {
	override readonly name = 'RestError';

	constructor(
		call: string,
		readonly status: number,
		/** The whole answer. */
		readonly body: unknown,
	) {
		super(`${call}: ${status} ${errorMessage(body)}`);
	}
}

function errorMessage(body: unknown): string {
	if (typeof body !== 'object' || body === null) return String(body);
	if ('message' in body && typeof body.message === 'string') return body.message;
	return JSON.stringify(body);
}

/** Calls of n8n's internal REST API, within one user's session. */
export class RestSession {
	private readonly http: AxiosInstance;
	private cookie = '';

	/** @param url n8n's address */
	constructor(readonly url: string) {
		this.http = axios.create({
			baseURL: `${url}/rest`,
			validateStatus: () => true,
			proxy: false,
			// n8n closes idle connections after five seconds, perhaps just when one is used again.
			httpAgent: new Agent({ keepAlive: false }),
		});
	}

	/**
	 * @param path below /rest, e.g. "/workflows"
	 * @returns what n8n has under `data` in its answer
	 * @throws RestError when n8n answers with an error
	 */
	async call<Data = unknown>(
		method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
		path: string,
		body?: unknown,
	): Promise<Data> {
		const response = await this.http.request<{ data: Data }>({
			method,
			url: path,
			data: body,
			headers: this.cookie ? { Cookie: this.cookie } : {},
		});
		if (response.status >= 400) {
			throw new RestError(`${method} ${path}`, response.status, response.data);
		}
		// Set by the sign-in, and renewed now and then.
		const cookie = response.headers['set-cookie']?.find((line) => line.startsWith('n8n-auth='));
		if (cookie !== undefined) this.cookie = cookie.split(';', 1)[0] ?? '';
		return response.data.data;
	}
}
