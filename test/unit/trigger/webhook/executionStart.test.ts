import type * as ExecutionStart from '../../../../nodes/EnableNowShareTrigger/webhook/executionStart';

const LONG = 60_000;
const SHORT = 50;

let executionStart: typeof ExecutionStart;

// What it knows of executions is its process's.
beforeEach(async () => {
	jest.resetModules();
	executionStart = await import('../../../../nodes/EnableNowShareTrigger/webhook/executionStart');
});
afterEach(() => jest.restoreAllMocks());

/** How long an answer waits, in milliseconds. */
async function measure(triggerKey: string, milliseconds: number): Promise<number> {
	const begin = Date.now();
	await executionStart.waitForExecution(triggerKey, milliseconds);
	return Date.now() - begin;
}

it('an answer waits for an execution of its trigger, the oldest first', async () => {
	const answered: string[] = [];
	const wait = async (triggerKey: string, name: string) => {
		await executionStart.waitForExecution(triggerKey, LONG);
		answered.push(name);
	};
	void wait('one', 'first');
	void wait('other', 'other');
	const second = wait('one', 'second');
	executionStart.noteExecution('one');
	executionStart.noteExecution('one');
	await second;
	expect(answered).toEqual(['first', 'second']);
	executionStart.noteExecution('other');
});

it('an answer waits no longer than it may', async () => {
	const wait = await measure('one', SHORT);
	expect(wait).toBeGreaterThanOrEqual(SHORT - 5);
	expect(wait).toBeLessThan(LONG / 2);
});

it('of many answers, each waits longer than the one before', async () => {
	const waits = await Promise.all(
		Array.from({ length: 5 }, async () => await measure('one', SHORT)),
	);
	expect(waits).toEqual([...waits].sort((one, other) => one - other));
	expect(waits[4]).toBeGreaterThanOrEqual(1_490);
});

it('where no execution begins in this process, answers stop waiting', async () => {
	const now = jest.spyOn(performance, 'now').mockReturnValue(1_000);
	expect(await measure('one', SHORT)).toBeGreaterThanOrEqual(SHORT - 5);
	now.mockReturnValue(12_000);
	expect(await measure('one', LONG)).toBeLessThan(LONG / 2);
	expect(await measure('other', LONG)).toBeLessThan(LONG / 2);
});

it('where executions begin in this process, answers wait, however late the first began', async () => {
	const now = jest.spyOn(performance, 'now').mockReturnValue(1_000);
	await measure('one', SHORT);
	now.mockReturnValue(12_000);
	executionStart.noteExecution('one');
	expect(await measure('one', SHORT)).toBeGreaterThanOrEqual(SHORT - 5);
});
