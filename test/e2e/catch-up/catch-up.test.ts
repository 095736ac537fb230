import { CatchUpN8n } from '../support/catch-up-n8n';
import { expectEachOnce, expectInOrder } from '../support/emitted-shares';

// n8n is started again and again, which takes its time on a busy machine.
jest.setTimeout(600_000);

const MINUTE = 60_000;

let bed: CatchUpN8n;

beforeAll(async () => {
	bed = await CatchUpN8n.start();
});
beforeEach(() => bed.collector.clear());
afterAll(async () => await bed.close());

it('takes what is there at the first activation for known, and goes on from there', async () => {
	const { collector } = bed;
	await bed.addShares(120);
	await bed.publish();
	expect(collector.items).toEqual([]);

	const [known = ''] = await bed.addShares(1);
	expect(await bed.tellOf(known)).toBe(200);
	await collector.waitForItems(1);
	expect(collector.items).toMatchObject([{ shareId: known, verified: true, source: 'webhook' }]);
	expect(await bed.tellOf(known)).toBe(200);
	await collector.waitForSilence();
	expect(collector.items).toHaveLength(1);
});

it('emits what was shared while n8n lay killed, each once and in order', async () => {
	const { collector } = bed;
	await bed.folder.kill();
	const missed = await bed.addShares(200);
	await bed.start();
	await collector.waitForItems(200, MINUTE);
	expectEachOnce(collector, missed);
	expectInOrder(collector, missed);
	expect(collector.items[0]).toMatchObject({
		event: 'databridge.share.created',
		verified: true,
		reason: null,
		data: null,
		source: 'catchUp',
	});
	expect(bed.log.text()).not.toMatch(/Issue on initial workflow activation/);
});

it('has nothing left to emit after that', async () => {
	const { collector } = bed;
	await bed.folder.kill();
	await bed.start();
	await collector.waitForSilence(8_000);
	expect(collector.items).toEqual([]);
});

it('emits as soon as EnableNow can be reached again', async () => {
	const { collector } = bed;
	const { admin } = bed.sandbox;
	await bed.folder.kill();
	const missed = await bed.addShares(200);
	await admin.addFault({ kind: 'connectionReset', times: 1_000_000 });
	await bed.start();
	await bed.log.waitFor(/could not catch up, and will try again/);
	await collector.waitForSilence();
	expect(collector.items).toEqual([]);
	await admin.clearFaults();
	await collector.waitForItems(200, MINUTE);
	expectEachOnce(collector, missed);
	expectInOrder(collector, missed);
});

it('emits in the order of the list also where that begins with the newest', async () => {
	const { collector } = bed;
	const { admin } = bed.sandbox;
	await admin.configure({ listOrder: 'newestFirst' });
	await bed.folder.kill();
	const missed = await bed.addShares(120);
	await bed.start();
	await collector.waitForItems(120);
	expectEachOnce(collector, missed);
	expectInOrder(collector, missed.reverse());
});
