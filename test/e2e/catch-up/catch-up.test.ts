import { SANDBOX_CUSTOMERS, startSandbox, type Sandbox } from '../../../sandbox';
import { freePort, type Workflow } from '../../../scripts/n8n';
import { Collector } from '../support/collector';
import { N8nFolder } from '../support/n8n-folder';
import { N8nUnderTest } from '../support/n8n-under-test';
import { chain, TRIGGER, triggerNode } from '../support/nodes';
import { postEvent } from '../support/post-event';

const TO_RECEIVER = { from: 'en-app-ref-001', to: 'en-app-ref-002' };

let folder: N8nFolder;
let sandbox: Sandbox;
let collector: Collector;
let port: number;
let n8n: N8nUnderTest;
let log: () => string;
let workflow: Workflow;
let webhook: string;

/** Starts n8n where it was before, so that the webhook's address stays. */
async function start(): Promise<void> {
	const running = await folder.start({ port });
	log = () => running.log.text();
	n8n = await N8nUnderTest.signIn(running, sandbox.url);
}

async function addShares(count: number): Promise<string[]> {
	return (await sandbox.admin.addShares({ ...TO_RECEIVER, count })).map(({ id }) => id);
}

/** The event that EnableNow would send for a share. */
async function tellOf(shareId: string | undefined): Promise<void> {
	const body = { event: 'databridge.share.created', data: { shareId } };
	expect((await postEvent(webhook, { body })).status).toBe(200);
}

beforeAll(async () => {
	folder = await N8nFolder.create('catch-up');
	sandbox = await startSandbox({ seedShares: false });
	collector = await Collector.start();
	port = await freePort();
	await start();
});
beforeEach(() => collector.clear());
afterAll(async () => {
	await folder.remove();
	await sandbox.close();
	await collector.close();
});

it('takes what is there at the first activation for known, and goes on from there', async () => {
	await addShares(120);
	const receiver = await n8n.addCredential('Receiver', SANDBOX_CUSTOMERS.receiver);
	const trigger = triggerNode(receiver, { options: { catchUp: true, catchUpInterval: 1 } });
	workflow = await n8n.addWorkflow(chain(trigger, collector.node()), 'Catch up');
	webhook = await n8n.activate(workflow, TRIGGER);
	await collector.waitForSilence();
	expect(collector.items).toEqual([]);

	const [known] = await addShares(1);
	await tellOf(known);
	await collector.waitForItems(1);
	expect(collector.items).toMatchObject([{ shareId: known, verified: true, source: 'webhook' }]);
	await tellOf(known);
	await collector.waitForSilence();
	expect(collector.items).toHaveLength(1);
});

it('emits what was shared while n8n lay killed, each once and in order', async () => {
	await folder.kill();
	const missed = await addShares(200);
	await start();
	await collector.waitForItems(200);
	expect(collector.shareIds.sort()).toEqual([...missed].sort());
	expect(collector.items[0]).toMatchObject({
		event: 'databridge.share.created',
		verified: true,
		reason: null,
		data: null,
		source: 'catchUp',
	});
	expect(log()).not.toMatch(/Issue on initial workflow activation/);
});

it('has nothing left to emit after that', async () => {
	await folder.kill();
	await start();
	await collector.waitForSilence(8_000);
	expect(collector.items).toEqual([]);
});
