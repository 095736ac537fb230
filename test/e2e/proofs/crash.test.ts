import { setTimeout as sleep } from 'node:timers/promises';
import { CatchUpN8n } from '../support/catch-up-n8n';
import { expectEachAtLeastOnce, expectEachOnce } from '../support/emitted-shares';

const CRASHES = 10;

/** What a crash may repeat: ten that were under way, and those that were over just before. */
const MOST_REPEATED = 30;

const LONG = 900_000;

// n8n is started again and again, which takes its time on a busy machine.
jest.setTimeout(600_000);

let bed: CatchUpN8n;

beforeAll(async () => {
	bed = await CatchUpN8n.start();
	await bed.publish();
});
beforeEach(() => bed.collector.clear());
afterEach(() => (bed.collector.onItem = () => undefined));
afterAll(async () => await bed.close());

it(
	'loses nothing when it is killed ten times while it catches up',
	async () => {
		const { collector } = bed;
		await bed.folder.kill();
		const missed = await bed.addShares(400);
		// So slow that each start leaves something for the next.
		collector.onItem = async () => await sleep(250);
		const moments = Array.from({ length: CRASHES }, () => Math.round(Math.random() * 2_000));
		for (const moment of moments) {
			const before = collector.items.length;
			await bed.start();
			await collector.waitUntil(before + 1);
			await sleep(moment);
			await bed.folder.kill();
		}
		await bed.start();
		await collector.waitForSilence(8_000);
		expectEachAtLeastOnce(collector, missed, CRASHES * MOST_REPEATED);
	},
	LONG,
);

it('repeats what was being executed when n8n was killed, and nothing that was over', async () => {
	const { collector } = bed;
	await bed.folder.kill();
	const missed = await bed.addShares(60);
	const [held] = missed.slice(30);
	collector.onItem = async ({ shareId }) => {
		if (shareId === held) await new Promise(() => undefined);
	};
	await bed.start();
	await collector.waitUntil(missed.length);
	// So long that what is over has been stored.
	await collector.waitForSilence(10_000);
	await bed.folder.kill();

	collector.clear();
	collector.onItem = () => undefined;
	await bed.start();
	await collector.waitForItems(1);
	expect(collector.shareIds).toEqual([held]);
});

it('repeats nothing when n8n is told to end amid a burst of events, and again amid the catch-up', async () => {
	const { collector } = bed;
	const told = await bed.addShares(60);
	collector.onItem = async () => await sleep(2_000);
	// A few at a time, so that each is looked up in time: what is not is emitted again.
	for (let begin = 0; begin < told.length; begin += 5) {
		const few = told.slice(begin, begin + 5);
		await Promise.all(few.map(async (id) => expect(await bed.tellOf(id)).toBe(200)));
	}
	await bed.folder.stop();
	expect(collector.items.filter(({ verified }) => !verified)).toEqual([]);
	const missed = await bed.addShares(100);
	await bed.start();
	await collector.waitUntil(told.length + 30);
	await bed.folder.stop();
	expect(collector.items.length).toBeLessThan(told.length + missed.length);
	await bed.start();
	await collector.waitForItems(told.length + missed.length, 60_000);
	await collector.waitForSilence(8_000);
	expectEachOnce(collector, [...told, ...missed]);
});
