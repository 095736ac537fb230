import { request } from 'node:http';
import { SANDBOX_CUSTOMERS, startSandbox, type Sandbox } from '../../../sandbox';

let sandbox: Sandbox;
let port: string;

beforeAll(async () => {
	sandbox = await startSandbox();
	({ port } = new URL(sandbox.url));
});
beforeEach(async () => {
	await sandbox.admin.reset();
	await sandbox.admin.configure({ latency: 1 });
});
afterAll(() => sandbox.close());

/** Calls the admin API as a browser or a program would, with the headers as they are given. */
async function call(method: string, path: string, headers: Record<string, string>, body = '') {
	return await new Promise<number | undefined>((resolve, reject) => {
		const call = request({ host: '127.0.0.1', port, path: `/admin${path}`, method, headers });
		call.once('response', (response) => resolve(response.resume().statusCode));
		call.once('error', reject).end(body);
	});
}

const FOREIGN: Array<[string, (port: string) => Record<string, string>]> = [
	['another name', (own) => ({ host: `evil.example:${own}` })],
	['a name that begins like its own', (own) => ({ host: `localhost.evil.example:${own}` })],
	['another port', () => ({ host: '127.0.0.1:1' })],
	['no port', () => ({ host: 'localhost' })],
	["a web page's origin", (own) => ({ host: `127.0.0.1:${own}`, origin: 'https://evil.example' })],
	['a hidden origin', (own) => ({ host: `127.0.0.1:${own}`, origin: 'null' })],
	[
		"another local server's origin",
		(own) => ({ host: `localhost:${own}`, origin: 'http://localhost:5678' }),
	],
];

describe.each(FOREIGN)('the admin API, asked with %s,', (_name, headers) => {
	it('is not reset', async () => {
		expect(await call('POST', '/reset', headers(port))).toBe(403);
		expect(await sandbox.admin.settings()).toMatchObject({ latency: 1 });
	});

	it('does not post elsewhere', async () => {
		const { clientId } = SANDBOX_CUSTOMERS.receiver;
		const webhooks = '[{"url":"http://evil.example/","events":["databridge.share.created"]}]';
		const json = { ...headers(port), 'content-type': 'application/json' };
		expect(await call('PUT', `/webhooks/${clientId}`, json, webhooks)).toBe(403);
		expect(await call('POST', '/events', json, '{"url":"http://127.0.0.1:1/"}')).toBe(403);
		expect(await sandbox.admin.webhooks()).toEqual({});
		expect(await sandbox.admin.deliveries()).toEqual([]);
	});
});

it.each([
	['127.0.0.1', undefined],
	['localhost', undefined],
	['127.0.0.1', 'http://127.0.0.1'],
	['localhost', 'http://localhost'],
])('answers at %s from %s', async (host, origin) => {
	const own = { host: `${host}:${port}`, ...(origin && { origin: `${origin}:${port}` }) };
	expect(await call('POST', '/reset', own)).toBe(204);
});
