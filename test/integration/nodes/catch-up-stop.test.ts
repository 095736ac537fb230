import { CatchUpTrigger } from '../support/catch-up';
import { TestBed } from '../support/test-bed';
import { waitUntil } from '../support/wait-until';
import { shareNode } from '../support/workflows';

/**
 * n8n closes its triggers when it is told to end, and when a workflow is deactivated; it then waits for
 * the executions that are under way. Nothing of that is a crash: each share is executed once.
 */

// What a running trigger remembers is its process's.
beforeEach(() => jest.resetModules());

const bed = TestBed.prepare();
const trigger = CatchUpTrigger.prepare(bed);

/** A node after the trigger that takes as long as EnableNow takes to answer. */
const slow = shareNode(
	{ operation: 'get', shareId: '={{ $json.shareId }}' },
	{ name: 'Next', credentials: { enableNowOAuth2Api: { id: 'receiver', name: 'receiver' } } },
);

const pause = async (milliseconds: number) =>
	await new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The shares that were executed since n8n was started. */
async function executed(): Promise<string[]> {
	const items = await trigger.items('EnableNow Trigger');
	expect(items.filter(({ verified }) => !verified)).toEqual([]);
	return items.map(({ shareId }) => shareId);
}

/** Activates a trigger, and makes all that follows slow. */
async function start(latency: number): Promise<void> {
	await trigger.start({ next: [slow] });
	await bed.admin.configure({ latency });
}

/** Ends n8n when all executions are over, starts it again, and tells what was executed by each. */
async function startAgain(): Promise<{ before: string[]; after: string[] }> {
	await trigger.caughtUp();
	const before = await executed();
	trigger.kill();
	await bed.admin.configure({ latency: 0 });
	await trigger.startAgain();
	return { before, after: await executed() };
}

async function postAll(ids: string[]): Promise<void> {
	const answers = await Promise.all(ids.map(async (id) => await trigger.post(id)));
	expect(new Set(answers)).toEqual(new Set([200]));
}

it('a burst of events that is under way is not repeated', async () => {
	await start(200);
	// As many as are looked up in time, with ten look-ups at once: others are emitted again.
	const ids = await trigger.addShares(20);
	await postAll(ids);
	await trigger.stop();
	const { before, after } = await startAgain();
	expect([...before].sort()).toEqual([...ids].sort());
	expect(after).toEqual([]);
});

it('events that are over are not repeated', async () => {
	await start(200);
	const ids = await trigger.addShares(8);
	await postAll(ids);
	await Promise.all(trigger.host.executions.map(async ({ run }) => await run));
	await trigger.stop();
	const before = await executed();
	trigger.kill();
	await trigger.startAgain();
	expect([...before].sort()).toEqual([...ids].sort());
	expect(await executed()).toEqual([]);
});

it('a catch-up that is under way is not repeated', async () => {
	await trigger.start({ next: [slow] });
	trigger.kill();
	const ids = await trigger.addShares(50);
	await trigger.startHost('init');
	await bed.admin.configure({ latency: 100 });
	await waitUntil(() => trigger.host.executions.length > 0);
	await trigger.stop();
	const { before, after } = await startAgain();
	expect(before).toEqual(ids);
	expect(after).toEqual([]);
});

it('what was under way at a deactivation is not repeated, however much later n8n ends', async () => {
	await start(200);
	const ids = await trigger.addShares(20);
	await postAll(ids);
	await trigger.stop();
	await pause(6_000);
	const { before, after } = await startAgain();
	expect([...before].sort()).toEqual([...ids].sort());
	expect(after).toEqual([]);
});

it('an event whose look-up is under way is not repeated', async () => {
	await start(1_000);
	const [id = ''] = await trigger.addShares(1);
	// The connection is closed before the answer.
	void trigger.post(id).catch(() => undefined);
	await waitUntil(async () => (await bed.calls()).some(({ path }) => path === `/shares/${id}`));
	await trigger.stop();
	await pause(3_000);
	const { before, after } = await startAgain();
	expect(before).toEqual([id]);
	expect(after).toEqual([]);
});

it('what is under way when the workflow is published anew is not repeated', async () => {
	await start(300);
	const ids = await trigger.addShares(20);
	await postAll(ids);
	const closing = trigger.stop();
	const { executions } = trigger.host;
	await trigger.startHost('activate');
	const others = await trigger.addShares(5);
	await postAll(others);
	await closing;
	await trigger.stop();
	trigger.host.executions.push(...executions);
	const { before, after } = await startAgain();
	expect([...before].sort()).toEqual([...ids, ...others].sort());
	expect(after).toEqual([]);
});
