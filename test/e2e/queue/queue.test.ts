import { SANDBOX_CUSTOMERS, startSandbox, type Sandbox } from '../../../sandbox';
import {
	executionError,
	outputItems,
	waitFor,
	waitForWebhook,
	webhookUrl,
	type Execution,
	type ExecutionSummary,
	type Workflow,
} from '../../../scripts/n8n';
import { CONSENT_ID, CREATE } from '../../integration/support/examples';
import { locator } from '../../integration/support/workflows';
import { itemsOf, N8nUnderTest } from '../support/n8n-under-test';
import {
	chain,
	itemNodes,
	MANUAL_TRIGGER,
	manualTrigger,
	SHARE,
	shareNode,
	TRIGGER,
	triggerNode,
} from '../support/nodes';
import { postEvent } from '../support/post-event';
import { TlsProxy } from '../support/tls-proxy';
import { CONCURRENCY, QueueN8n, type QueueProcess } from './queue-n8n';

/** An EnableNow that only the proxy knows, and that has a certificate of the proxy's own. */
const BEHIND_PROXY = 'enablenow.example';

let queue: QueueN8n;
let proxy: TlsProxy;
let sandbox: Sandbox;
let n8n: N8nUnderTest;

beforeAll(async () => {
	sandbox = await startSandbox({ seedShares: false });
	proxy = await TlsProxy.start(BEHIND_PROXY, sandbox.url);
	queue = await QueueN8n.start(proxy.environment);
	n8n = await N8nUnderTest.signIn(queue.main.n8n, sandbox.url);
}, 300_000);
afterAll(async () => {
	await queue?.stop();
	await proxy?.close();
	await sandbox.close();
}, 100_000);
beforeEach(async () => await sandbox.admin.reset());

/** The executions that a process has begun, by its log. */
function begunBy({ n8n: { log } }: QueueProcess): string[] {
	return [...log.text().matchAll(/Worker started execution (\d+)/g)].map(([, id]) => id ?? '');
}

/** A workflow that starts with a share and then asks EnableNow for it, which takes a while. */
async function receivingWorkflow(baseUrl = sandbox.url): Promise<Workflow> {
	const fields = { ...SANDBOX_CUSTOMERS.receiver, baseUrl };
	const receiver = await n8n.addCredential('Receiver', fields);
	const get = { operation: 'get', shareId: locator('={{ $json.shareId }}') };
	return await n8n.addWorkflow(chain(triggerNode(receiver), shareNode(receiver, get)));
}

/** Activates the workflow. */
async function webhooksOf(workflow: Workflow): Promise<[string, string]> {
	await n8n.workflows.activate(workflow.id);
	const [one, other] = queue.webhookProcessors.map((processor) =>
		webhookUrl(processor.n8n, workflow, TRIGGER),
	);
	if (one === undefined || other === undefined) throw new Error('There are two processors');
	await Promise.all([waitForWebhook(one), waitForWebhook(other)]);
	return [one, other];
}

async function addShares(count: number): Promise<string[]> {
	const batch = { count, from: 'en-app-ref-001', to: 'en-app-ref-002' };
	return (await sandbox.admin.addShares(batch)).map(({ id }) => id);
}

/** Posts an event for each share, in turn to each address. */
async function postEvents(urls: string[], shareIds: string[]): Promise<number[]> {
	return await Promise.all(
		shareIds.map(async (shareId, index) => {
			const event = { event: 'databridge.share.created', data: { shareId } };
			return (await postEvent(urls[index % urls.length] ?? '', { body: event })).status;
		}),
	);
}

/** Waits until as many executions of the workflow have ended as there should be. */
async function endedExecutions(workflow: Workflow, count: number): Promise<Execution[]> {
	const ended = await waitFor(`${count} executions that have ended`, async () => {
		const listed = await n8n.executions.list(workflow.id);
		const byId = new Map<string, ExecutionSummary>(listed.map((line) => [line.id, line]));
		const all = [...byId.values()];
		return all.length >= count && all.every(({ status }) => !isOpen(status)) && all;
	});
	return await Promise.all(ended.map(async ({ id }) => await n8n.endOf(id)));
}

function isOpen(status: string): boolean {
	return ['new', 'running', 'waiting'].includes(status);
}

/** The share that an execution was started by. */
function shareOf(execution: Execution): unknown {
	return outputItems(execution, TRIGGER)[0]?.json['shareId'];
}

const sorted = (values: unknown[]): unknown[] => [...values].sort();

it('both workers create shares, with at most one token each', async () => {
	await sandbox.admin.configure({ latency: 50 });
	const sharer = await n8n.addCredential('Sharer', SANDBOX_CUSTOMERS.sharer);
	const share = shareNode(sharer, {
		...CREATE,
		additionalFields: { reference: '={{ $execution.id }}-{{ $json.number }}' },
	});
	const items = itemNodes([{ number: 1 }, { number: 2 }, { number: 3 }]);
	const workflow = await n8n.addWorkflow(chain(manualTrigger(), ...items, share));
	const ids = await Promise.all(
		Array.from({ length: 12 }, async () => await n8n.workflows.run(workflow.id, MANUAL_TRIGGER)),
	);
	for (const id of ids) expect(itemsOf(await n8n.endOf(id), SHARE)).toHaveLength(3);

	const references = (await sandbox.admin.shares()).map(({ reference }) => reference);
	expect(sorted(references)).toEqual(
		sorted(ids.flatMap((id) => [1, 2, 3].map((n) => `${id}-${n}`))),
	);
	const [one, other] = queue.workers.map((worker) => begunBy(worker));
	expect(sorted([...(one ?? []), ...(other ?? [])])).toEqual(sorted(ids));
	expect(one?.length).toBeGreaterThan(0);
	expect(other?.length).toBeGreaterThan(0);
	const { tokensIssued } = await sandbox.admin.counters();
	expect(tokensIssued).toBeGreaterThanOrEqual(1);
	expect(tokensIssued).toBeLessThanOrEqual(2);
});

it('both workers keep within the rate limit, and make each share once', async () => {
	const requestsPerSecond = 20;
	await sandbox.admin.reset();
	await sandbox.admin.configure({ rateLimit: { requestsPerSecond, retryAfter: 1 } });
	const sharer = await n8n.addCredential('Sharer', SANDBOX_CUSTOMERS.sharer);
	const share = shareNode(sharer, {
		...CREATE,
		additionalFields: { reference: '={{ $execution.id }}-{{ $json.number }}' },
		options: { maxRetries: 20 },
	});
	const numbers = Array.from({ length: 60 }, (_item, number) => ({ number }));
	const workflow = await n8n.addWorkflow(chain(manualTrigger(), ...itemNodes(numbers), share));
	const ids = await Promise.all(
		Array.from({ length: 4 }, async () => await n8n.workflows.run(workflow.id, MANUAL_TRIGGER)),
	);
	for (const id of ids) expect(itemsOf(await n8n.endOf(id), SHARE)).toHaveLength(60);
	const references = (await sandbox.admin.shares()).map(({ reference }) => reference);
	expect(sorted(references)).toEqual(
		sorted(ids.flatMap((id) => numbers.map(({ number }) => `${id}-${number}`))),
	);
	expect((await sandbox.admin.counters()).tokensIssued).toBeLessThanOrEqual(2);
	await sandbox.admin.reset();
});

it('all processes reach EnableNow through a proxy with a certificate of its own', async () => {
	const baseUrl = `https://${BEHIND_PROXY}`;
	const fields = { ...SANDBOX_CUSTOMERS.sharer, baseUrl };
	// A worker fetches the token.
	const sharer = await n8n.addCredential('Sharer', fields);
	const create = chain(manualTrigger(), shareNode(sharer, CREATE));
	const id = await n8n.workflows.run((await n8n.addWorkflow(create)).id, MANUAL_TRIGGER);
	expect(itemsOf(await n8n.endOf(id), SHARE)).toHaveLength(1);
	expect(queue.workers.flatMap(begunBy)).toContain(id);

	// The main process.
	expect(await n8n.credentials.test(sharer.id)).toMatchObject({ status: 'OK' });
	expect(await n8n.consentsToPick(sharer, CONSENT_ID.slice(-6))).toEqual([CONSENT_ID]);

	// A webhook processor looks the share up.
	const workflow = await receivingWorkflow(baseUrl);
	const shareIds = await addShares(1);
	expect(await postEvents(await webhooksOf(workflow), shareIds)).toEqual([200]);
	const [execution] = await endedExecutions(workflow, 1);
	expect(itemsOf(execution!, TRIGGER)).toMatchObject([{ json: { verified: true } }]);
	await n8n.workflows.deactivate(workflow.id);
});

describe('events', () => {
	let workflow: Workflow;
	let webhooks: [string, string];

	beforeEach(async () => {
		workflow = await receivingWorkflow();
		webhooks = await webhooksOf(workflow);
		await sandbox.admin.reset();
	});
	afterEach(async () => await n8n.workflows.deactivate(workflow.id));

	it('are received through both webhook processors, each once', async () => {
		const shareIds = await addShares(20);
		// A few at a time, so that a slow machine has each look-up done in time.
		for (let first = 0; first < shareIds.length; first += 4) {
			const wave = shareIds.slice(first, first + 4);
			expect(await postEvents(webhooks, wave)).toEqual([200, 200, 200, 200]);
		}
		const executions = await endedExecutions(workflow, shareIds.length);
		expect(sorted(executions.map(shareOf))).toEqual(sorted(shareIds));
		for (const execution of executions) {
			expect(itemsOf(execution, TRIGGER)).toMatchObject([
				{ json: { verified: true, reason: null } },
			]);
			expect(itemsOf(execution, SHARE)).toHaveLength(1);
		}
		// One for each webhook processor and worker at most; they find it with the credential.
		expect((await sandbox.admin.counters()).tokensIssued).toBeLessThanOrEqual(4);
	});

	it('survive a worker that is killed in mid-execution', async () => {
		const shareIds = await addShares(12);
		// Executions take so long that both workers are at work when one is killed.
		await sandbox.admin.configure({ latency: 500 });
		const [victim, survivor] = queue.workers;
		const begunBefore = begunBy(victim).length;
		expect(new Set(await postEvents(webhooks, shareIds))).toEqual(new Set([200]));
		await waitFor('the worker to be at work', () => begunBy(victim).length > begunBefore);
		await victim.folder.kill();

		const executions = await endedExecutions(workflow, shareIds.length);
		expect(executions).toHaveLength(shareIds.length);
		const [successful, failed] = [
			executions.filter(({ status }) => status === 'success'),
			executions.filter(({ status }) => status !== 'success'),
		];
		const received = successful.map(shareOf);
		expect(new Set(received).size).toBe(successful.length);
		expect(shareIds).toEqual(expect.arrayContaining(received));
		// n8n 2.41 does not repeat what a worker was at when it ended, and forgets its data, whatever
		// the trigger: all that a node's package can see to is that nothing else is lost.
		expect(failed.length).toBeLessThanOrEqual(CONCURRENCY);
		for (const execution of failed) {
			expect(executionError(execution)).toMatch(/failed to be processed too many times/);
			expect(begunBy(survivor)).not.toContain(execution.id);
		}
		expect(begunBy(survivor).length).toBeGreaterThan(0);
		queue.workers = [await queue.startWorker('worker 3'), survivor];
	});

	it('survive a restart of Redis', async () => {
		const shareIds = await addShares(30);
		await sandbox.admin.configure({ latency: 200 });
		const before = await postEvents(webhooks, shareIds.slice(0, 10));
		// These wait for Redis.
		let during: Promise<number[]> = Promise.resolve([]);
		await queue.redis.restart(() => {
			during = postEvents(webhooks, shareIds.slice(10, 20));
		});
		const after = await postEvents(webhooks, shareIds.slice(20));
		const statuses = [...before, ...(await during), ...after];
		expect(new Set(statuses)).toEqual(new Set([200]));

		const executions = await endedExecutions(workflow, shareIds.length);
		expect(sorted(executions.map(shareOf))).toEqual(sorted(shareIds));
		for (const execution of executions) expect(itemsOf(execution, SHARE)).toHaveLength(1);
	});
});
