import { TimeoutError, withTimeout } from '../../../../nodes/shared/async/timeout';

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
	await expect(waiting).rejects.toBeInstanceOf(TimeoutError);
	expect(Date.now() - started).toBeGreaterThanOrEqual(45);
	expect(Date.now() - started).toBeLessThan(2_000);
});

test('the error says how long was waited', async () => {
	const waiting = withTimeout(() => new Promise(() => {}), 20);
	await expect(waiting).rejects.toMatchObject({ milliseconds: 20, name: 'TimeoutError' });
});

test('the signal tells the work that the time is over', async () => {
	let signal: AbortSignal | undefined;
	const waiting = withTimeout((given) => {
		signal = given;
		return new Promise(() => {});
	}, 20);
	expect(signal?.aborted).toBe(false);
	await expect(waiting).rejects.toBeInstanceOf(TimeoutError);
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
		await expect(withTimeout(work, 20)).rejects.toBeInstanceOf(TimeoutError);
		await new Promise((resolve) => setTimeout(resolve, 20));
		expect(unhandled).not.toHaveBeenCalled();
	} finally {
		process.off('unhandledRejection', unhandled);
	}
});

test.each([1004.9999999999999, 1500.5])('a time of %p ms is a time like others', async (time) => {
	expect(await withTimeout(() => Promise.resolve('done'), time)).toBe('done');
});
