import { getEventListeners, setMaxListeners } from 'node:events';

import { sleepUnlessAborted } from '../../../../nodes/shared/async/abort';

beforeEach(() => jest.useFakeTimers());

/** How long is slept, in milliseconds of the test's clock. */
async function durationOf(sleeping: Promise<void>): Promise<number> {
	const begin = Date.now();
	const end = sleeping.then(() => Date.now());
	await jest.runAllTimersAsync();
	return (await end) - begin;
}

test.each<[string, AbortSignal | undefined]>([
	['without a signal', undefined],
	['with a signal that never fires', new AbortController().signal],
])('%s, all of the time is slept', async (_case, stopSignal) => {
	expect(await durationOf(sleepUnlessAborted(1_500, stopSignal))).toBe(1_500);
});

test('a workflow that is stopped meanwhile is not waited for', async () => {
	const workflow = new AbortController();
	const sleeping = sleepUnlessAborted(60_000, workflow.signal);
	workflow.abort();
	expect(jest.getTimerCount()).toBe(0);
	expect(await durationOf(sleeping)).toBe(0);
});

test('a workflow that was stopped before is not waited for at all', async () => {
	expect(await durationOf(sleepUnlessAborted(60_000, AbortSignal.abort()))).toBe(0);
	expect(jest.getTimerCount()).toBe(0);
});

test('a thousand sleeps leave nothing on the signal', async () => {
	const { signal } = new AbortController();
	// As n8n does with its own.
	setMaxListeners(Infinity, signal);
	const sleeping = Array.from({ length: 1_000 }, () => sleepUnlessAborted(10, signal));
	expect(getEventListeners(signal, 'abort')).not.toEqual([]);
	await jest.runAllTimersAsync();
	await Promise.all(sleeping);
	expect(getEventListeners(signal, 'abort')).toEqual([]);
});
