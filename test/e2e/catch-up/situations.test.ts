import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { INode } from 'n8n-workflow';
import { SANDBOX_CUSTOMERS } from '../../../sandbox';
import { waitFor, webhookUrl } from '../../../scripts/n8n';
import { CatchUpN8n, createdEvent } from '../support/catch-up-n8n';
import { Collector } from '../support/collector';
import { expectEachOnce } from '../support/emitted-shares';
import { n8nVersion } from '../support/environment';
import { chain, nextNode, node, TRIGGER, triggerNode } from '../support/nodes';
import type { WorkflowContent } from '../support/n8n-under-test';
import { postEvent } from '../support/post-event';

/**
 * What else may live in a workflow, and be done to it: each share starts the workflow once. "Restart" is
 * SIGTERM, the end of n8n, and a start.
 */

// n8n is started again and again, which takes its time on a busy machine.
jest.setTimeout(900_000);

const MINUTE = 60_000;

let bed: CatchUpN8n;
let other: Collector;

/** Shares that are there from the start: none of them may start a workflow. */
let old: string[];

beforeAll(async () => {
	bed = await CatchUpN8n.start();
	other = await Collector.start();
	old = await bed.addShares(30);
});
beforeEach(() => {
	bed.collector.clear();
	other.clear();
});
afterEach(async () => {
	bed.collector.onItem = () => undefined;
	await bed.deactivate();
	if (bed.environment !== undefined) await restart();
});
afterAll(async () => {
	await bed.close();
	await other.close();
});

/** Ends n8n and starts it again. */
async function restart(environment?: NodeJS.ProcessEnv): Promise<void> {
	await bed.folder.stop();
	await bed.start(environment);
}

/** An EnableNow Trigger, which catches up every minute unless that is off. */
async function catchUpTrigger({ name = TRIGGER, catchUp = true } = {}): Promise<INode> {
	const credential = await bed.n8n.addCredential('Receiver', SANDBOX_CUSTOMERS.receiver);
	const options = catchUp ? { catchUpInterval: 1 } : {};
	return { ...triggerNode(credential, { catchUp, options }), name };
}

/** A node that takes its time. */
function wait(seconds: number): INode {
	return node('Wait', 'n8n-nodes-base.wait', { amount: seconds, unit: 'seconds' }, 1.1);
}

/** Two chains of nodes in one workflow. */
function side(one: WorkflowContent, two: WorkflowContent): WorkflowContent {
	return {
		nodes: [...one.nodes, ...two.nodes],
		connections: { ...one.connections, ...two.connections },
	};
}

async function tellOf(shareIds: string[]): Promise<void> {
	for (const shareId of shareIds) expect(await bed.tellOf(shareId)).toBe(200);
}

/** The execution of each event is over before the next one, while others of the workflow begin. */
async function tellOfEachAlone(shareIds: string[]): Promise<void> {
	for (const [index, shareId] of shareIds.entries()) {
		await tellOf([shareId]);
		await bed.collector.waitForItems(index + 1);
	}
}

/**
 * What came is executed once, and what is missed while n8n is down is, too. n8n is ended at once, while
 * executions may be under way: it waits for them.
 */
async function expectEachOnceAfterRestart(told: string[]): Promise<void> {
	const { collector } = bed;
	await bed.folder.stop();
	const missed = await bed.addShares(2);
	await bed.start(bed.environment);
	await collector.waitForItems(told.length + missed.length, 5 * MINUTE);
	await collector.waitForSilence(8_000);
	expectEachOnce(collector, [...told, ...missed]);
	expect(old).not.toEqual(expect.arrayContaining(collector.shareIds));
}

function schedule(seconds: number): INode {
	const rule = { interval: [{ field: 'seconds', secondsInterval: seconds }] };
	return node('Schedule', 'n8n-nodes-base.scheduleTrigger', { rule }, 1.2);
}

it('1: another trigger in the workflow, whose executions begin while others are under way', async () => {
	const events = chain(await catchUpTrigger(), wait(6), bed.collector.node());
	await bed.publishContent(side(events, chain(schedule(4), nextNode())));
	const told = await bed.addShares(3);
	await tellOfEachAlone(told);
	await expectEachOnceAfterRestart(told);
});

it('2: two EnableNow Triggers in a workflow', async () => {
	const second = { ...other.node(), name: 'Tell the other' };
	const content = side(
		chain(await catchUpTrigger(), wait(6), bed.collector.node()),
		chain(await catchUpTrigger({ name: 'Second' }), { ...wait(6), name: 'Wait, too' }, second),
	);
	await bed.publishContent(content, 2);
	const told = await bed.addShares(3);
	const secondUrl = webhookUrl(bed.n8n, bed.workflow, 'Second');
	for (const [index, shareId] of told.entries()) {
		await tellOf([shareId]);
		await sleep(2_000);
		// While the execution of the first one is under way.
		expect((await postEvent(secondUrl, { body: createdEvent(shareId) })).status).toBe(200);
		await Promise.all([bed.collector.waitForItems(index + 1), other.waitForItems(index + 1)]);
	}
	await expectEachOnceAfterRestart(told);
	await other.waitForItems(5);
	expectEachOnce(other, bed.collector.shareIds);
});

/** Earlier versions than 2.41 refuse to poll more than once a minute. */
const POLL_TIME = n8nVersion().startsWith('2.41.')
	? { mode: 'custom', cronExpression: '*/5 * * * * *' }
	: { mode: 'everyMinute' };

describe('3: other writers of static data', () => {
	let feed: Server;
	beforeAll(async () => {
		let entries = 0;
		feed = createServer((_request, response) => {
			entries++;
			const date = new Date().toUTCString();
			const items = `<item><title>${entries}</title><guid>${entries}</guid><pubDate>${date}</pubDate></item>`;
			response.setHeader('Content-Type', 'application/rss+xml');
			response.end(`<rss version="2.0"><channel><title>Feed</title>${items}</channel></rss>`);
		});
		await new Promise<void>((resolve) => feed.listen(0, '127.0.0.1', resolve));
	});
	afterAll(async () => await new Promise((resolve) => feed.close(resolve)));

	it('a polling trigger, and a Code node in executions that take long', async () => {
		const { port } = feed.address() as AddressInfo;
		const polling = node('Feed', 'n8n-nodes-base.rssFeedReadTrigger', {
			feedUrl: `http://127.0.0.1:${port}`,
			pollTimes: { item: [POLL_TIME] },
		});
		const code = node(
			'Code',
			'n8n-nodes-base.code',
			{
				jsCode:
					"const data = $getWorkflowStaticData('global'); data.count = (data.count ?? 0) + 1; return $input.all();",
			},
			2,
		);
		const events = chain(await catchUpTrigger(), bed.collector.node());
		const writers = side(chain(polling, nextNode()), chain(schedule(10), wait(8), code));
		await bed.publishContent(side(events, writers));
		const told = await bed.addShares(3);
		await tellOfEachAlone(told);
		// Until an execution ends that was under way.
		await sleep(10_000);
		await expectEachOnceAfterRestart(told);
	});
});

it('4: the workflow is imported over, without its static data', async () => {
	await bed.publishContent(chain(await catchUpTrigger(), bed.collector.node()));
	const told = await bed.addShares(3);
	await tellOf(told);
	await bed.collector.waitForItems(3);
	const file = path.join(bed.folder.path, 'workflow.json');
	await bed.folder.runCommand('export:workflow', `--id=${bed.workflow.id}`, `--output=${file}`);
	const [exported] = JSON.parse(await readFile(file, 'utf8')) as object[];
	await writeFile(file, JSON.stringify([{ ...exported, staticData: null }]));
	await bed.folder.runCommand('import:workflow', `--input=${file}`);
	// What is imported is not published.
	await bed.n8n.activate(bed.workflow, TRIGGER);
	await expectEachOnceAfterRestart(told);
});

it.each([1, 2])('5: six events, of which n8n executes %i at once, and a restart', async (limit) => {
	await restart({ N8N_CONCURRENCY_PRODUCTION_LIMIT: String(limit) });
	bed.collector.onItem = async () => await sleep(3_000);
	await bed.publishContent(chain(await catchUpTrigger(), bed.collector.node()));
	const told = await bed.addShares(6);
	await tellOf(told);
	await bed.collector.waitUntil(1);
	await restart(bed.environment);
	await bed.collector.waitForItems(6, 5 * MINUTE);
	await bed.collector.waitForSilence(10_000);
	expectEachOnce(bed.collector, told);
});

it('6: unpublished while executions are under way, n8n started again, and published', async () => {
	bed.collector.onItem = async () => await sleep(8_000);
	await bed.publishContent(chain(await catchUpTrigger(), bed.collector.node()));
	const told = await bed.addShares(6);
	await tellOf(told);
	await bed.collector.waitUntil(6);
	await bed.deactivate();
	// Until all have ended.
	await sleep(10_000);
	expect(bed.log.text()).not.toMatch(/could not carry out/);
	await restart();
	await bed.n8n.activate(bed.workflow, TRIGGER);
	await expectEachOnceAfterRestart(told);
});

it.each([true, false])(
	'7: the sender does not wait for a free slot (catch-up: %s)',
	async (catchUp) => {
		await restart({ N8N_CONCURRENCY_PRODUCTION_LIMIT: '1' });
		bed.collector.onItem = async () => await sleep(8_000);
		await bed.publishContent(
			chain(await catchUpTrigger({ catchUp }), bed.collector.node()),
			+catchUp,
		);
		const told = await bed.addShares(3);
		for (const shareId of told) {
			const begin = Date.now();
			expect(await bed.tellOf(shareId)).toBe(200);
			expect(Date.now() - begin).toBeLessThan(5_000);
		}
		bed.collector.onItem = () => undefined;
		await bed.collector.waitForItems(3, 2 * MINUTE);
		expectEachOnce(bed.collector, told);
	},
);

it('8: an execution that a person stops while it waits for a free slot', async () => {
	await restart({ N8N_CONCURRENCY_PRODUCTION_LIMIT: '1' });
	bed.collector.onItem = async () => await sleep(10_000);
	await bed.publishContent(chain(await catchUpTrigger(), bed.collector.node()));
	const told = await bed.addShares(4);
	await tellOf(told);
	await bed.collector.waitUntil(1);
	const waiting = await waitFor('the executions to wait', async () => {
		const executions = await bed.n8n.executions.list(bed.workflow.id);
		const found = executions.filter(({ status }) => status === 'new');
		return found.length === 3 && found;
	});
	await bed.n8n.executions.stop(waiting[0]!.id);
	await bed.collector.waitForItems(3, 2 * MINUTE);
	// Also by the next catch-up.
	await bed.collector.waitForSilence(75_000);
	bed.collector.onItem = () => undefined;
	await restart(bed.environment);
	await bed.collector.waitForSilence(15_000);
	expect(bed.collector.items).toHaveLength(3);
	expect(new Set(bed.collector.shareIds).size).toBe(3);
});
