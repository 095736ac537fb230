import type { IExecuteFunctions, IRun } from 'n8n-workflow';

import { EngineDatabase } from '../../../scripts/engine/database';
import { Engine } from '../../../scripts/engine/engine';
import { WebhookHost } from '../../../scripts/engine/webhook-host';
import { CREATED } from '../support/catch-up';
import { TestBed } from '../support/test-bed';
import { post } from '../support/trigger';
import { waitUntil } from '../support/wait-until';
import { chain, jsonOf, passNode, triggerNode } from '../support/workflows';

/**
 * n8n's queue mode, or several of its mains: the trigger runs in one process, others serve webhooks,
 * others execute. Here each is an engine with the package loaded anew, and all have one database.
 */

const bed = TestBed.prepare();

const workflow = chain(triggerNode({ catchUp: true }), passNode('Next'));

let database: EngineDatabase;
let hosts: WebhookHost[];

beforeEach(() => {
	database = new EngineDatabase();
	hosts = [];
});
afterEach(async () => {
	await Promise.all(hosts.map(async (host) => await host.close()));
});

/** A process of n8n that shares nothing with the others but the database. */
function startProcess(): Engine {
	jest.resetModules();
	const engine = new Engine(database);
	for (const name of ['sharer', 'receiver']) {
		engine.credentials.save(name, bed.engine.credentials.read(name));
	}
	loadCode(engine);
	return engine;
}

/** A node loads its code when it is first used: that has to be before the next process is started. */
function loadCode(engine: Engine): void {
	const { type, typeVersion } = triggerNode();
	const node = engine.nodeTypes.getByNameAndVersion(type, typeVersion);
	void Promise.resolve(node.execute?.call({} as IExecuteFunctions)).catch(() => undefined);
}

/** The main process, with the trigger. */
async function startMain(worker: Engine): Promise<WebhookHost> {
	const host = await WebhookHost.start(startProcess(), workflow, 'init', worker);
	hosts.push(host);
	await settled();
	return host;
}

/** A process that serves webhooks only. */
async function startWebhookProcessor(worker: Engine): Promise<WebhookHost> {
	const host = await WebhookHost.serve(startProcess(), workflow, worker);
	hosts.push(host);
	return host;
}

const executions = () => hosts.flatMap((host) => host.executions);

/** Waits until all executions are over and no more are started. */
async function settled(): Promise<void> {
	let before = -1;
	await waitUntil(async () => {
		await new Promise((resolve) => setTimeout(resolve, 300));
		await Promise.all(executions().map(async ({ run }) => await run));
		const isSettled = executions().length === before;
		before = executions().length;
		return isSettled;
	});
}

async function addShares(count: number): Promise<string[]> {
	const batch = { count, from: 'en-app-ref-001', to: 'en-app-ref-002' };
	return (await bed.admin.addShares(batch)).map(({ id }) => id);
}

async function tell(host: WebhookHost, ids: string[]): Promise<void> {
	const answers = await Promise.all(
		ids.map(async (shareId) => post(host.productionUrl, { event: CREATED, data: { shareId } })),
	);
	expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
}

/** The shares with which the node after the trigger ran. */
async function executedIds(): Promise<string[]> {
	const runs: IRun[] = await Promise.all(executions().map(async ({ run }) => await run));
	return runs.flatMap((run) =>
		run.data.resultData.runData['Next'] === undefined
			? []
			: jsonOf(run, 'Next').map(({ shareId }) => shareId as string),
	);
}

it('what the main process received is executed once, also after it was started again', async () => {
	const worker = startProcess();
	await addShares(5);
	const main = await startMain(worker);
	const ids = await addShares(20);
	await tell(main, ids);
	await settled();
	await main.close();
	const missed = await addShares(2);
	await startMain(worker);
	expect((await executedIds()).sort()).toEqual([...ids, ...missed].sort());
});

it('what a worker executes leaves the static data of the workflow alone', async () => {
	database.staticData = JSON.stringify({ 'node:Code': { count: 7 } });
	const worker = startProcess();
	// n8n 2.41 gives an execution on a worker no static data.
	worker.database.readStaticData = () => ({});
	const saved = jest.spyOn(worker, 'saveStaticData');
	const main = await startMain(worker);
	const ids = await addShares(3);
	await tell(main, ids);
	await settled();
	expect(saved.mock.calls.filter(([{ staticData }]) => Object.keys(staticData).length > 0)).toEqual(
		[],
	);
	expect((await executedIds()).sort()).toEqual([...ids].sort());
});

it('what another process received is not executed again by the catch-up', async () => {
	const worker = startProcess();
	const main = await startMain(worker);
	const ids = await addShares(20);
	await tell(await startWebhookProcessor(worker), ids);
	await settled();
	await main.close();
	await startMain(worker);
	expect((await executedIds()).sort()).toEqual([...ids].sort());
});

it('what both hear of at the same time is executed once', async () => {
	const worker = startProcess();
	const main = await startMain(worker);
	const processor = await startWebhookProcessor(worker);
	await main.close();
	const ids = await addShares(20);
	await Promise.all([startMain(worker), tell(processor, ids), tell(processor, ids)]);
	await settled();
	expect((await executedIds()).sort()).toEqual([...ids].sort());
});

it('an execution that another worker takes over, since the first died, runs again', async () => {
	const [dying, other] = [startProcess(), startProcess()];
	await startMain(other);
	const [id] = await addShares(1);
	await tell(await startWebhookProcessor(dying), [id!]);
	await settled();
	expect(await executedIds()).toEqual([id]);
	// Bull gives the job of a dead worker to another one, with the same execution ID.
	const [execution] = executions().filter(({ items }) => items[0]?.json['shareId'] === id);
	const again = await other.run(workflow, {
		startNode: 'EnableNow Trigger',
		input: execution!.items,
		mode: 'webhook',
		executionId: execution!.executionId,
	});
	expect(jsonOf(again, 'Next')).toMatchObject([{ shareId: id }]);
	const repeated = await other.run(workflow, {
		startNode: 'EnableNow Trigger',
		input: execution!.items,
		mode: 'webhook',
	});
	expect(repeated.data.resultData.runData['Next']).toBeUndefined();
});
