import { getEventListeners } from 'node:events';

import { isTimeout, withTimeout } from '../../../../nodes/shared/async/abort';

const LONG = 60_000;

test('work that is done in time gives its result', async () => {
	expect(await withTimeout(() => Promise.resolve('done'), LONG)).toBe('done');
});

test('work that fails in time fails with its own error', async () => {
	const failure = new Error('its own');
	await expect(withTimeout(() => Promise.reject(failure), LONG)).rejects.toBe(failure);
});

test('work that throws before it begins to wait fails with its own error', async () => {
	const work = (): Promise<never> => {
		throw new Error('its own');
	};
	await expect(withTimeout(work, LONG)).rejects.toThrow('its own');
});

test('work that never ends is given up when the time is over', async () => {
	const started = Date.now();
	const waiting = withTimeout(() => new Promise(() => {}), 50);
	expect(await waiting.catch(isTimeout)).toBe(true);
	expect(Date.now() - started).toBeGreaterThanOrEqual(45);
	expect(Date.now() - started).toBeLessThan(2_000);
});

test.each([new Error('its own'), new DOMException('stopped', 'AbortError'), 'late', undefined])(
	'%p is not the end of the time',
	(error) => expect(isTimeout(error)).toBe(false),
);

test('a thousand pieces of work that are done leave nothing on their signals', async () => {
	const signals: AbortSignal[] = [];
	const work = async (signal: AbortSignal) => await Promise.resolve(signals.push(signal));
	await Promise.all(Array.from({ length: 1_000 }, async () => await withTimeout(work, LONG)));
	expect(signals.flatMap((signal) => getEventListeners(signal, 'abort'))).toEqual([]);
});

test('the signal tells the work that the time is over', async () => {
	let signal: AbortSignal | undefined;
	const waiting = withTimeout((given) => {
		signal = given;
		return new Promise(() => {});
	}, 20);
	expect(signal?.aborted).toBe(false);
	expect(await waiting.catch(isTimeout)).toBe(true);
	expect(signal?.aborted).toBe(true);
});

test('an error after the time is over disturbs nobody', async () => {
	const unhandled = jest.fn();
	process.on('unhandledRejection', unhandled);
	try {
		const work = (signal: AbortSignal) =>
			new Promise<never>((_resolve, reject) => {
				signal.addEventListener('abort', () => setImmediate(() => reject(new Error('late'))));
			});
		expect(await withTimeout(work, 20).catch(isTimeout)).toBe(true);
		await new Promise((resolve) => setTimeout(resolve, 20));
		expect(unhandled).not.toHaveBeenCalled();
	} finally {
		process.off('unhandledRejection', unhandled);
	}
});

test.each([1004.9999999999999, 1500.5])('a time of %p ms is a time like others', async (time) => {
	expect(await withTimeout(() => Promise.resolve('done'), time)).toBe('done');
});
