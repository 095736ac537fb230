import { setTimeout as sleep } from 'node:timers/promises';
import { SANDBOX_CUSTOMERS, startSandbox, type Sandbox } from '../../../sandbox';
import { waitFor, waitForWebhook, webhookUrl, type Workflow } from '../../../scripts/n8n';
import { createdEvent } from '../support/catch-up-n8n';
import { Collector } from '../support/collector';
import { expectEachAtLeastOnce, expectEachOnce } from '../support/emitted-shares';
import { flood } from '../support/flood';
import { N8nUnderTest } from '../support/n8n-under-test';
import { chain, TRIGGER, triggerNode } from '../support/nodes';
import { QueueN8n, type QueueProcess } from '../queue/queue-n8n';

/** Five processes of n8n start again in some of the tests. */
const LONG = 600_000;

/**
 * Of so many shares two processes may each think that the other has not begun with it: n8n has nothing
 * by which one of them could be certain.
 */
const MOST_UNDONE = 20;

/** What may be repeated after the main process was killed: what was under way, and what came last. */
const MOST_REPEATED = 40;

let queue: QueueN8n;
let sandbox: Sandbox;
let collector: Collector;
let workflow: Workflow;
let webhooks: string[];

async function addShares(count: number): Promise<string[]> {
	const batch = { count, from: 'en-app-ref-001', to: 'en-app-ref-002' };
	return (await sandbox.admin.addShares(batch)).map(({ id }) => id);
}

/** Posts an event for each share, in turn through each webhook processor. */
async function tellOf(shareIds: string[]): Promise<number[]> {
	const byProcessor = webhooks.map(async (webhook, number) => {
		const events = shareIds
			.filter((_shareId, index) => index % webhooks.length === number)
			.map((shareId) => ({ body: createdEvent(shareId) }));
		return await flood(webhook, events, 3);
	});
	return (await Promise.all(byProcessor)).flat();
}

beforeAll(async () => {
	sandbox = await startSandbox({ seedShares: false });
	collector = await Collector.start();
	queue = await QueueN8n.start();
	const n8n = await N8nUnderTest.signIn(queue.main.n8n, sandbox.url);
	const receiver = await n8n.addCredential('Receiver', SANDBOX_CUSTOMERS.receiver);
	await addShares(60);
	const trigger = triggerNode(receiver, {
		catchUp: true,
		options: { catchUpInterval: 1, onLookupUnavailable: 'reject' },
	});
	workflow = await n8n.addWorkflow(chain(trigger, collector.node()));
	await n8n.workflows.activate(workflow.id);
	webhooks = queue.webhookProcessors.map((processor) =>
		webhookUrl(processor.n8n, workflow, TRIGGER),
	);
	await Promise.all(webhooks.map(async (webhook) => await waitForWebhook(webhook)));
	await collector.waitForSilence(8_000);
	expect(collector.items).toEqual([]);
}, LONG);
beforeEach(() => collector.clear());
afterEach(() => (collector.onItem = () => undefined));
afterAll(async () => {
	await queue?.stop();
	await sandbox.close();
	await collector.close();
}, 100_000);

/** The main process, which has been killed, catches up; waits until all of it has been executed. */
async function startMain(missed: string[]): Promise<void> {
	await queue.main.start();
	await waitForAll(missed);
}

async function waitForAll(shareIds: string[]): Promise<void> {
	const areAllThere = () => shareIds.every((shareId) => collector.shareIds.includes(shareId));
	await waitFor('all shares', areAllThere, { timeout: LONG });
	// So long that what is remembered has been stored when the next test kills something.
	await collector.waitForSilence(15_000);
}

it(
	'emits what was shared while all processes lay killed, each once',
	async () => {
		await queue.kill();
		const missed = await addShares(200);
		await queue.startAgain();
		await waitForAll(missed);
		expectEachOnce(collector, missed);
	},
	LONG,
);

it(
	'emits what no event told of while the main process lay killed',
	async () => {
		await queue.main.kill();
		const shareIds = await addShares(100);
		const told = shareIds.slice(25, 75);
		const statuses = await tellOf(told);
		const received = statuses.filter((status) => status === 200).length;
		expect(received).toBeGreaterThan(0);
		await collector.waitForItems(received);
		expect(collector.items).toHaveLength(received);
		expect(told).toEqual(expect.arrayContaining(collector.shareIds));

		await startMain(shareIds);
		expectEachAtLeastOnce(collector, shareIds, MOST_UNDONE);
	},
	LONG,
);

it(
	'emits what events tell of while it catches up',
	async () => {
		await queue.main.kill();
		const missed = await addShares(100);
		collector.onItem = async () => await sleep(200);
		await queue.main.start();
		await collector.waitUntil(1);
		await tellOf([...missed].reverse());
		await waitForAll(missed);
		expectEachAtLeastOnce(collector, missed, MOST_UNDONE);
	},
	LONG,
);

it(
	'repeats what a worker was executing for the catch-up when it was killed',
	async () => {
		await queue.main.kill();
		const missed = await addShares(60);
		collector.onItem = async () => await sleep(10_000);
		await queue.main.start();
		await collector.waitUntil(10);
		const isCatchingUp = ({ n8n }: QueueProcess) => /catches up on 60 events/.test(n8n.log.text());
		const [victim, survivor] = isCatchingUp(queue.workers[0])
			? queue.workers
			: [...queue.workers].reverse();
		expect(isCatchingUp(victim!)).toBe(true);
		await victim!.kill();
		collector.clear();
		collector.onItem = () => undefined;
		await waitForAll(missed);
		expectEachOnce(collector, missed);
		queue.workers = [await queue.startWorker('worker 3'), survivor!];
	},
	LONG,
);

it(
	'loses nothing when the main process is killed while it catches up',
	async () => {
		await queue.main.kill();
		const missed = await addShares(200);
		collector.onItem = async () => await sleep(100);
		await queue.main.start();
		await collector.waitUntil(60);
		await queue.main.kill();
		await startMain(missed);
		expectEachAtLeastOnce(collector, missed, MOST_REPEATED);
	},
	LONG,
);

it(
	'cannot be tried with several main processes, for which n8n asks for a licence',
	async () => {
		await expect(queue.startSecondMain()).rejects.toThrow(/license does not allow/);
	},
	LONG,
);
