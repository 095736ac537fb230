import { createServer, type Server } from 'node:http';
import { json } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';
import { postEvents } from '../../../bench/flood';

const bodies = Array.from({ length: 25 }, (_body, number) => ({ number }));

let server: Server;
const received: unknown[] = [];

beforeAll(async () => {
	server = createServer((request, response) => {
		void json(request).then((body) => {
			received.push(body);
			response.writeHead((body as { number: number }).number === 7 ? 503 : 200).end();
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
	server.closeAllConnections();
	await new Promise((resolve) => server.close(resolve));
});

it('posts each event once, and counts those that were not answered with 200', async () => {
	const { port } = server.address() as AddressInfo;
	const { acceptedCount, otherCount, startedAt, endedAt } = await postEvents(
		`http://127.0.0.1:${port}`,
		bodies,
	);
	expect(received).toHaveLength(bodies.length);
	expect(new Set(received.map((body) => JSON.stringify(body))).size).toBe(bodies.length);
	expect({ acceptedCount, otherCount }).toEqual({ acceptedCount: 24, otherCount: 1 });
	expect(endedAt).toBeGreaterThanOrEqual(startedAt);
});
