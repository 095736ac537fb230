import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SANDBOX_CUSTOMERS } from '../../../sandbox';
import { CatchUpN8n } from '../support/catch-up-n8n';
import { expectEachAtLeastOnce, expectEachOnce } from '../support/emitted-shares';
import { referenceTo, TRIGGER } from '../support/nodes';

// n8n is started again and again, which takes its time on a busy machine.
jest.setTimeout(600_000);

let bed: CatchUpN8n;

/** A share of which an event told. */
let told: string;

beforeAll(async () => {
	bed = await CatchUpN8n.start();
	await bed.addShares(30);
	await bed.publish();
	[told = ''] = await bed.addShares(1);
	expect(await bed.tellOf(told)).toBe(200);
	await bed.collector.waitForItems(1);
});
beforeEach(() => bed.collector.clear());
afterAll(async () => await bed.close());

/** What is remembered is as before: what comes is emitted, what came is not. */
async function expectMemory(): Promise<void> {
	const { collector } = bed;
	await collector.waitForSilence();
	expect(collector.items).toEqual([]);
	await bed.folder.kill();
	const missed = await bed.addShares(3);
	await bed.start();
	await collector.waitForItems(missed.length);
	expect(await bed.tellOf(told)).toBe(200);
	await collector.waitForSilence();
	expectEachOnce(collector, missed);
}

it('emits what came while it was deactivated, when it is activated again', async () => {
	const { collector, n8n, workflow } = bed;
	await bed.deactivate();
	const missed = await bed.addShares(5);
	await collector.waitForSilence();
	expect(collector.items).toEqual([]);
	await n8n.activate(workflow, TRIGGER);
	await collector.waitForItems(missed.length);
	expectEachOnce(collector, missed);
});

it('does the same where n8n was started again meanwhile', async () => {
	const { collector, workflow } = bed;
	await bed.deactivate();
	// Not killed: n8n 2.41 would wait for what the process was at that took the workflow off.
	await bed.folder.stop();
	const missed = await bed.addShares(5);
	await bed.start();
	await collector.waitForSilence();
	expect(collector.items).toEqual([]);
	await bed.n8n.activate(workflow, TRIGGER);
	await collector.waitForItems(missed.length);
	expectEachOnce(collector, missed);
});

it('remembers what it has emitted when the node is renamed', async () => {
	await bed.change({ name: 'Shares come in' });
	await expectMemory();
});

it('remembers it when the node is given another credential for the same app', async () => {
	const { receiver } = SANDBOX_CUSTOMERS;
	const other = await bed.n8n.addCredential('The same app', receiver);
	await bed.change({ credentials: referenceTo(other) });
	await expectMemory();
});

it('begins anew with another app, and goes on with the first one after that', async () => {
	const { collector } = bed;
	await bed.sandbox.admin.addShares({ from: 'en-app-ref-002', to: 'en-app-ref-001', count: 4 });
	const other = await bed.n8n.addCredential('Another app', SANDBOX_CUSTOMERS.sharer);
	const begun = bed.baselineCount();
	await bed.change({ credentials: referenceTo(other) });
	// What is there at first is taken for known.
	await bed.waitForBaseline(begun + 1);
	await collector.waitForSilence();
	expect(collector.items).toEqual([]);
	await bed.folder.kill();
	const batch = { from: 'en-app-ref-002', to: 'en-app-ref-001', count: 3 };
	const missed = (await bed.sandbox.admin.addShares(batch)).map(({ id }) => id);
	const forTheFirst = await bed.addShares(2);
	await bed.start();
	await collector.waitForItems(missed.length);
	expectEachOnce(collector, missed);

	collector.clear();
	await bed.change({ credentials: referenceTo(bed.credential) });
	await collector.waitForItems(forTheFirst.length);
	expectEachOnce(collector, forTheFirst);
});

it('emits again what came since the backup from which the database is restored', async () => {
	const { collector } = bed;
	const backup = await mkdtemp(path.join(tmpdir(), 'n8n-backup-'));
	try {
		await bed.folder.stop();
		await copyDatabase(path.join(bed.folder.path, '.n8n'), backup);
		const beforeLoss = await bed.addShares(100);
		await bed.start();
		await collector.waitForItems(beforeLoss.length);
		expectEachOnce(collector, beforeLoss);

		await bed.folder.kill();
		await copyDatabase(backup, path.join(bed.folder.path, '.n8n'));
		const afterLoss = await bed.addShares(100);
		collector.clear();
		await bed.start();
		await collector.waitForItems(beforeLoss.length + afterLoss.length);
		expectEachAtLeastOnce(collector, [...beforeLoss, ...afterLoss], 0);
	} finally {
		await rm(backup, { recursive: true, force: true });
	}
});

/** The database of an n8n that does not run, in the place of another. */
async function copyDatabase(from: string, to: string): Promise<void> {
	const isDatabase = (name: string): boolean => name.startsWith('database.sqlite');
	for (const name of (await readdir(to)).filter(isDatabase)) await rm(path.join(to, name));
	for (const name of (await readdir(from)).filter(isDatabase)) {
		await cp(path.join(from, name), path.join(to, name));
	}
}
