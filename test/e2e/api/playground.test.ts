import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startSandbox, type Sandbox } from '../../../sandbox';
import { DataTable, signIn } from '../../../scripts/n8n';
import { readMemory } from '../../../scripts/playground/memory';
import type { OwnedPlayground } from '../../../scripts/playground/playground';
import { playScenario } from '../../../scripts/playground/scenario';
import { n8nVersion } from '../support/environment';
import { sharedUrls } from '../support/shared-n8n';

const SHARING = 'create-share.json';
const RECEIVING = 'on-share-created.json';
const TABLE = 'share-a-table.json';
const BROKER = 'EnableNow broker (shares)';
const LENDER = 'EnableNow lender (receives)';

let sandbox: Sandbox;
let playground: OwnedPlayground;

/** The ID of what `npm start` has put into n8n. */
const idOf = (key: string): string => playground.memory.ids[key] ?? '';

beforeAll(async () => {
	const url = sharedUrls().n8n;
	const userFolder = await mkdtemp(path.join(tmpdir(), 'enablenow-playground-'));
	sandbox = await startSandbox();
	playground = {
		n8n: { url, userFolder },
		client: await signIn({ url, version: n8nVersion() }),
		memory: await readMemory(userFolder),
		sandbox,
	};
	await playScenario(playground);
});
afterAll(async () => {
	await playground.client.workflows.deactivate(idOf(RECEIVING));
	await rm(playground.n8n.userFolder, { recursive: true });
	await sandbox.close();
});

/** What there is in n8n, by name; twice where something is there twice. */
async function names(): Promise<string[]> {
	const { client } = playground;
	const workflows = (await client.workflows.list()).filter(({ isArchived }) => !isArchived);
	const all = [workflows, await client.credentials.list(), await DataTable.list(client.session)];
	return all.flatMap((items) => items.map(({ name }) => name)).sort();
}

/** Starts anew, as `npm start` does, with what the last start has left. */
async function startAgain(): Promise<void> {
	playground = { ...playground, memory: await readMemory(playground.n8n.userFolder) };
	await playScenario(playground);
}

it('names the credentials by role', async () => {
	const credentials = await playground.client.credentials.list();
	expect(credentials.map(({ name }) => name)).toEqual(expect.arrayContaining([BROKER, LENDER]));
});

it("has the receiver's secret in the address that it registers", async () => {
	const [webhook] = Object.values(await sandbox.admin.webhooks()).flat();
	expect(webhook?.url).toMatch(/\?secret=[\w-]{20,}$/);
	const url = webhook?.url.split('?')[0] ?? '';
	expect(await sandbox.admin.sendEvent({ url, event: 'x', data: {} })).toMatchObject({
		status: 401,
	});
});

it('fills the data table of the recipe that reads one', async () => {
	const { client } = playground;
	const executionId = await client.workflows.run(idOf(TABLE), 'Run by hand');
	expect(await client.executions.waitForEnd(executionId)).toMatchObject({ status: 'success' });
	const tables = await DataTable.list(client.session);
	const rows = await tables.find(({ id }) => id === idOf(`${TABLE}: table`))?.rows();
	const shares = (await sandbox.admin.shares()).map(({ id }) => id);
	expect(rows).toHaveLength(2);
	for (const row of rows ?? []) expect(shares).toContain(row['shareId']);
});

describe('starts again after', () => {
	it.each<[string, () => Promise<unknown>]>([
		['nothing was changed', async () => {}],
		['credentials were removed', () => playground.client.credentials.remove(idOf(BROKER))],
		[
			"a credential's fields were changed",
			() => playground.client.credentials.change(idOf(LENDER), { webhookSecret: 'another' }),
		],
		[
			'workflows were removed',
			async () => {
				const { session } = playground.client;
				await session.call('POST', `/workflows/${idOf(SHARING)}/archive`);
				await session.call('POST', `/workflows/${idOf(RECEIVING)}/archive`);
			},
		],
		['the webhook was unpublished', () => playground.client.workflows.deactivate(idOf(RECEIVING))],
		[
			'the data table was removed',
			async () => {
				const tables = await DataTable.list(playground.client.session);
				await tables.find(({ id }) => id === idOf(`${TABLE}: table`))?.remove();
			},
		],
		[
			'another port was taken for the sandbox',
			async () => {
				await sandbox.close();
				sandbox = await startSandbox();
				playground = { ...playground, sandbox };
			},
		],
	])('%s, with nothing there twice', async (_name, change) => {
		const before = await names();
		await change();
		await startAgain();
		expect(await names()).toEqual(before);
		const { nodes } = await playground.client.workflows.get(idOf(TABLE));
		expect(JSON.stringify(nodes)).toContain(idOf(BROKER));
		expect(JSON.stringify(nodes)).toContain(idOf(`${TABLE}: table`));
	});

	it('credentials and workflows were renamed, which they stay', async () => {
		const { credentials, workflows } = playground.client;
		const before = await names();
		const workflow = await workflows.get(idOf(RECEIVING));
		await workflows.update({ ...workflow, name: 'Renamed workflow' });
		await credentials.rename(idOf(BROKER), 'Renamed credential');
		await startAgain();
		const renamed = before
			.filter((name) => ![workflow.name, BROKER].includes(name))
			.concat('Renamed workflow', 'Renamed credential');
		expect(await names()).toEqual(renamed.sort());
	});
});

it('tells what the sandbox was answered where the execution does not come', async () => {
	const { client } = playground;
	const data = { environment: 'custom', baseUrl: sandbox.url, webhookSecret: 'another' };
	const other = await client.credentials.create({
		name: 'Another credential',
		type: 'enableNowOAuth2Api',
		data: { ...data, clientId: 'en-app-ref-002', clientSecret: 'sandbox-secret-002' },
	});
	const workflow = await client.workflows.get(idOf(RECEIVING));
	const nodes = workflow.nodes.map((node) =>
		node.credentials ? { ...node, credentials: { enableNowOAuth2Api: other } } : node,
	);
	await client.workflows.update({ ...workflow, nodes });
	await expect(startAgain()).rejects.toThrow(
		/did not start "Renamed workflow"[^]*databridge\.share\.created → 401 webhook secret wrong/,
	);
});

it('does not run an example that has got a credential of its own', async () => {
	const { client } = playground;
	const workflow = await client.workflows.get(idOf(SHARING));
	const credentials = { enableNowOAuth2Api: { id: 'x', name: 'My production credential' } };
	const nodes = workflow.nodes.map((node) => (node.credentials ? { ...node, credentials } : node));
	await client.workflows.update({ ...workflow, nodes });
	const made = (await sandbox.admin.counters()).sharesCreated;
	await expect(startAgain()).rejects.toThrow('has another credential now, so it was not run');
	expect((await sandbox.admin.counters()).sharesCreated).toBe(made);
});
