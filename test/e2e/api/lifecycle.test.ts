import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SANDBOX_CUSTOMERS, startSandbox, type Sandbox } from '../../../sandbox';
import {
	freePort,
	outputItems,
	waitFor,
	waitForWebhook,
	type Workflow,
} from '../../../scripts/n8n';
import { UNKNOWN_ID } from '../../integration/support/examples';
import { nextVersionTarball } from '../support/changed-package';
import { n8nVersion, packageTarball } from '../support/environment';
import { N8nFolder } from '../support/n8n-folder';
import { N8nUnderTest } from '../support/n8n-under-test';
import { chain, NEXT, nextNode, TRIGGER, triggerNode } from '../support/nodes';
import { postEvent } from '../support/post-event';

/** What n8n logs when a workflow could not be activated. */
const ACTIVATION_ERROR = /Issue on initial workflow activation|Activation of workflow .* did fail/;

/**
 * Whether n8n keeps a record of what it could not publish and does not try that again when it is
 * started. Earlier versions try everything again.
 */
const KEEPS_FAILURES = n8nVersion().startsWith('2.41.');

let folder: N8nFolder;
let sandbox: Sandbox;
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

/** Puts in a share of which EnableNow sends no event. */
async function addShare(): Promise<string> {
	const batch = { count: 1, from: 'en-app-ref-001', to: 'en-app-ref-002' };
	return (await sandbox.admin.addShares(batch))[0]?.id ?? '';
}

/** The nodes after the trigger run with a share. */
async function expectExecuted(shareId: string, item: object): Promise<void> {
	const execution = await n8n.executions.waitFor(workflow.id, (candidate) =>
		outputItems(candidate, NEXT).some(({ json }) => json['shareId'] === shareId),
	);
	expect(execution.status).toBe('success');
	expect(outputItems(execution, NEXT)).toMatchObject([{ json: { shareId, ...item } }]);
}

/** What n8n tells of the last attempt to publish the workflow. */
async function publicationStatus(): Promise<unknown> {
	return await n8n.session.call('GET', `/workflows/${workflow.id}/publication-status`);
}

/** An event arrives and starts the workflow; unverified where EnableNow is not there to ask. */
async function expectToReceive(expected: 'unverified' | 'verified' = 'verified'): Promise<void> {
	await waitForWebhook(webhook);
	const verified = expected === 'verified';
	const shareId = verified ? await addShare() : UNKNOWN_ID;
	const event = { event: 'databridge.share.created', data: { shareId } };
	expect((await postEvent(webhook, { body: event })).status).toBe(200);
	await expectExecuted(shareId, { verified });
}

async function triggerDisplayName(): Promise<string | undefined> {
	const name = 'n8n-nodes-enablenow.enableNowShareTrigger';
	const found = await n8n.session.call<Array<{ displayName: string }>>('POST', '/node-types', {
		nodeInfos: [{ name, version: 1 }],
	});
	return found[0]?.displayName;
}

beforeAll(async () => {
	folder = await N8nFolder.create('lifecycle');
	sandbox = await startSandbox({ seedShares: false });
	port = await freePort();
	await start();
	const receiver = await n8n.addCredential('Receiver', SANDBOX_CUSTOMERS.receiver);
	const trigger = triggerNode(receiver, { catchUp: true });
	workflow = await n8n.addWorkflow(chain(trigger, nextNode()), 'On share');
	webhook = await n8n.activate(workflow, TRIGGER);
	await expectToReceive();
});
afterAll(async () => {
	await folder.remove();
	await sandbox.close();
});

it('n8n is started again while EnableNow cannot be reached: the trigger listens', async () => {
	await folder.stop();
	const sandboxPort = Number(new URL(sandbox.url).port);
	await sandbox.close();
	try {
		await start();
		await expectToReceive('unverified');
		expect(log()).not.toMatch(ACTIVATION_ERROR);
	} finally {
		// Another seed, so that it does not make the shares of the first one again.
		sandbox = await startSandbox({ port: sandboxPort, seed: 2, seedShares: false });
	}
	await expectToReceive();
});

it('the package is upgraded: the workflow goes on', async () => {
	const work = await mkdtemp(path.join(tmpdir(), 'enablenow-next-'));
	try {
		await folder.kill();
		await folder.install(await nextVersionTarball(work, 'EnableNow Trigger, Next'));
		await start();
		expect(await triggerDisplayName()).toBe('EnableNow Trigger, Next');
		await expectToReceive();
		expect(log()).not.toMatch(ACTIVATION_ERROR);
	} finally {
		await rm(work, { recursive: true, force: true });
	}
});

it('the package is removed and installed again: the workflow works again', async () => {
	await folder.stop();
	await folder.uninstall();
	await start();
	await expect(triggerDisplayName()).rejects.toThrow('Unrecognized node type');
	expect((await n8n.workflows.get(workflow.id)).nodes).toEqual(workflow.nodes);

	await folder.stop();
	await folder.install(packageTarball());
	const missed = await addShare();
	await start();
	expect(await triggerDisplayName()).toBe('EnableNow Trigger');
	if (KEEPS_FAILURES) {
		// It takes the workflow for one that has failed, and leaves it so: a person publishes it again.
		expect(await publicationStatus()).toMatchObject({
			status: 'failed',
			triggers: [
				{ status: 'failed', errorMessage: expect.stringMatching(/^Unrecognized node/) as unknown },
			],
		});
		expect((await n8n.workflows.get(workflow.id)).active).toBe(true);
		await n8n.workflows.activate(workflow.id);
	}
	await expectExecuted(missed, { verified: true, source: 'catchUp' });
	await expectToReceive();
	expect(log()).not.toMatch(ACTIVATION_ERROR);
});

it('the workflow is exported, deleted and imported: it is unchanged, and works', async () => {
	const file = path.join(folder.path, 'export.json');
	await folder.runCommand('export:workflow', `--id=${workflow.id}`, `--output=${file}`);
	const [exported] = JSON.parse(await readFile(file, 'utf8')) as Workflow[];
	expect(exported?.nodes).toEqual(workflow.nodes);

	await n8n.workflows.deactivate(workflow.id);
	await n8n.session.call('POST', `/workflows/${workflow.id}/archive`, {});
	// n8n 2.41 refuses while it is still deactivating the workflow.
	await waitFor('the workflow to be deleted', async () => {
		await n8n.session.call('DELETE', `/workflows/${workflow.id}`);
		return true;
	});
	await folder.runCommand('import:workflow', `--input=${file}`);
	const imported = await n8n.workflows.get(workflow.id);
	expect(imported.nodes).toEqual(workflow.nodes);
	expect(imported.connections).toEqual(workflow.connections);

	expect(await n8n.activate(imported, TRIGGER)).toBe(webhook);
	await expectToReceive();
});
