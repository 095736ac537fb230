import { createServer, type Server } from 'node:http';
import { json } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';
import type { INode } from 'n8n-workflow';
import type { TriggerItem } from '../../../nodes/EnableNowShareTrigger/events';
import { waitFor } from '../../../scripts/n8n';
import { node } from './nodes';

/**
 * Is told by workflows what their trigger gave them, each item by a request: sees what was executed
 * in which order, whatever n8n keeps of its executions.
 */
export class Collector {
	/** In the order in which they arrived. */
	readonly items: TriggerItem[] = [];

	/** Called with each item before it is answered. */
	onItem: (item: TriggerItem) => Promise<void> | void = () => undefined;

	private constructor(private readonly server: Server) {}

	static async start(): Promise<Collector> {
		const server = createServer();
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const collector = new Collector(server);
		server.on('request', (request, response) => {
			void json(request).then(async (item) => {
				collector.items.push(item as TriggerItem);
				await collector.onItem(item as TriggerItem);
				response.end('{}');
			});
		});
		return collector;
	}

	/** A node that tells the collector of each item. */
	node(): INode {
		const { port } = this.server.address() as AddressInfo;
		return node(
			'Tell the collector',
			'n8n-nodes-base.httpRequest',
			{
				method: 'POST',
				url: `http://127.0.0.1:${port}`,
				sendBody: true,
				specifyBody: 'json',
				jsonBody: '={{ JSON.stringify($json) }}',
				options: {},
			},
			4.2,
		);
	}

	/** The shares that were executed, in the order in which they arrived. */
	get shareIds(): string[] {
		return this.items.map(({ shareId }) => shareId ?? '');
	}

	/** Waits until there are so many items. */
	async waitUntil(count: number, timeout = 300_000): Promise<void> {
		await waitFor(`${count} items`, () => this.items.length >= count, { timeout, interval: 20 });
	}

	/** Waits until there are so many items, and a little longer for what should not come. */
	async waitForItems(count: number, timeout?: number): Promise<void> {
		await this.waitUntil(count, timeout);
		await this.waitForSilence();
	}

	/** Waits until nothing has arrived for a while. */
	async waitForSilence(milliseconds = 3_000): Promise<void> {
		for (let before = -1; before !== this.items.length;) {
			before = this.items.length;
			await new Promise((resolve) => setTimeout(resolve, milliseconds));
		}
	}

	/** Forgets what has arrived. */
	clear(): void {
		this.items.length = 0;
	}

	async close(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise((resolve) => this.server.close(resolve));
	}
}
