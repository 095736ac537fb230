import { setTimeout as sleep } from 'node:timers/promises';
import { CatchUpN8n } from '../support/catch-up-n8n';
import { expectEachAtLeastOnce, expectEachOnce } from '../support/emitted-shares';

const CRASHES = 10;

/** How many shares are missed before each of them. */
const SHARES = 40;

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

/** Retries all executions that n8n lists as crashed, as a person does; tells how many they were. */
async function retryCrashed(): Promise<number> {
	const executions = await bed.n8n.executions.list(bed.workflow.id);
	const crashed = executions.filter(({ status }) => status === 'crashed');
	for (const { id } of crashed) await bed.n8n.executions.retry(id);
	return crashed.length;
}

it(
	'loses nothing when it is killed ten times while it catches up',
	async () => {
		const { collector } = bed;
		await bed.folder.kill();
		const missed: string[] = [];
		// So slow that each kill cuts something off.
		collector.onItem = async () => await sleep(2_500);
		const moments = Array.from({ length: CRASHES }, () => Math.round(Math.random() * 2_000));
		for (const moment of moments) {
			missed.push(...(await bed.addShares(SHARES)));
			const before = collector.items.length;
			await bed.start();
			await collector.waitUntil(before + 1);
			await sleep(moment);
			await bed.folder.kill();
		}
		collector.onItem = () => undefined;
		await bed.start();
		await collector.waitForSilence(8_000);
		// What is missing is in an execution that stands in the list as crashed, with its data.
		expect(await retryCrashed()).toBe(CRASHES);
		await collector.waitForSilence(8_000);
		expectEachAtLeastOnce(collector, missed, missed.length);
	},
	LONG,
);

it('repeats nothing by itself after a kill; what was cut off can be retried', async () => {
	const { collector } = bed;
	const before = (await bed.n8n.executions.list(bed.workflow.id)).length;
	const told = await bed.addShares(6);
	const [held = ''] = told.slice(3);
	collector.onItem = async ({ shareId }) => {
		if (shareId === held) await new Promise(() => undefined);
	};
	for (const shareId of told) expect(await bed.tellOf(shareId)).toBe(200);
	await collector.waitUntil(told.length);
	await collector.waitForSilence();
	expect((await bed.n8n.executions.list(bed.workflow.id)).length).toBe(before + told.length);
	await bed.folder.kill();

	collector.clear();
	collector.onItem = () => undefined;
	await bed.start();
	await collector.waitForSilence(10_000);
	expect(collector.items).toEqual([]);
	const [crashed] = (await bed.n8n.executions.list(bed.workflow.id)).filter(
		({ status, mode }) => status === 'crashed' && mode === 'webhook',
	);
	await bed.n8n.executions.retry(crashed?.id ?? '');
	await collector.waitForItems(1);
	expect(collector.items).toMatchObject([{ shareId: held, verified: true, source: 'webhook' }]);
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
	await bed.start();
	await collector.waitForItems(told.length + missed.length, 60_000);
	await collector.waitForSilence(8_000);
	expectEachOnce(collector, [...told, ...missed]);
});
