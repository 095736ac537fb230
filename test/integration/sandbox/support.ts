import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import axios, { type AxiosInstance, type AxiosResponse } from 'axios';
import { SANDBOX_CUSTOMERS, type Sandbox, type SandboxCustomer } from '../../../sandbox';

/** An HTTP client that hands every answer back, whatever its status. */
export function createClient(sandbox: Sandbox, accessToken?: string): AxiosInstance {
	return axios.create({
		baseURL: sandbox.url,
		headers: accessToken === undefined ? {} : { Authorization: `Bearer ${accessToken}` },
		maxRedirects: 0,
		proxy: false,
		timeout: 5_000,
		validateStatus: () => true,
	});
}

/** The form of a request for a token, with some fields replaced; undefined leaves one out. */
export function tokenForm(
	customer: SandboxCustomer,
	changes: Record<string, string | undefined> = {},
): URLSearchParams {
	const fields = {
		client_id: customer.clientId,
		client_secret: customer.clientSecret,
		scope: 'customer-api',
		grant_type: 'client_credentials',
		...changes,
	};
	const given = Object.entries(fields).filter(([, value]) => value !== undefined);
	return new URLSearchParams(given);
}

/** Fetches an access token. */
export async function fetchToken(sandbox: Sandbox, customer: SandboxCustomer): Promise<string> {
	const answer = await createClient(sandbox).post<{ access_token: string }>(
		'/cfa/connect/token',
		tokenForm(customer),
	);
	expect(answer.status).toBe(200);
	return answer.data.access_token;
}

/** Clients with a token of each of the two apps. */
export async function logIn(
	sandbox: Sandbox,
): Promise<{ sharer: AxiosInstance; receiver: AxiosInstance }> {
	const [sharerToken, receiverToken] = await Promise.all([
		fetchToken(sandbox, SANDBOX_CUSTOMERS.sharer),
		fetchToken(sandbox, SANDBOX_CUSTOMERS.receiver),
	]);
	return {
		sharer: createClient(sandbox, sharerToken),
		receiver: createClient(sandbox, receiverToken),
	};
}

/** Problem details, as far as tests look at them. */
export interface ProblemBody {
	type: string;
	title: string;
	status: number;
	traceId: string;
	detail?: string;
	errors?: Record<string, string[]>;
}

/** Expects problem details of a status, and returns them. */
export function expectProblem(answer: AxiosResponse<unknown>, status: number): ProblemBody {
	expect(answer.status).toBe(status);
	expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
	const problem = answer.data as ProblemBody;
	expect(problem).toMatchObject({ status, type: expect.stringMatching(/^https:/) as string });
	expect(problem.traceId).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
	return problem;
}

/** A server that webhooks are sent to. */
export interface Receiver {
	url: string;
	/** The bodies that arrived, parsed. */
	bodies: unknown[];
	close: () => Promise<void>;
}

/**
 * Starts a receiver.
 *
 * @param answer - The status, and headers to answer with
 */
export async function startReceiver(
	answer: { status?: number; headers?: Record<string, string>; body?: string } = {},
): Promise<Receiver> {
	const bodies: unknown[] = [];
	const server: Server = createServer((request, response) => {
		let text = '';
		request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
		request.on('end', () => {
			bodies.push(JSON.parse(text));
			response.writeHead(answer.status ?? 200, answer.headers).end(answer.body ?? 'thank you');
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/hook`,
		bodies,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}
