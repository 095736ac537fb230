import { sleep } from 'n8n-workflow';

import { KeyedMutex } from '../../../../nodes/shared/async/keyedMutex';
import { inVirtualTime } from '../../support';

beforeEach(() => jest.useFakeTimers());

/** Puts work into the queue, each with a key and a duration in milliseconds; gives what happened. */
async function happenings(work: Array<[key: string, milliseconds: number]>): Promise<string[]> {
	const queue = new KeyedMutex();
	const told: string[] = [];
	const all = work.map(async ([key, milliseconds], index) => {
		const run = queue.run(key, async () => {
			told.push(`${key}${index} begins`);
			await sleep(milliseconds);
			told.push(`${key}${index} ends`);
			if (milliseconds > 50) throw new Error(`${key}${index}`);
			return index;
		});
		return await run.catch((error: Error) => error.message);
	});
	const ends = await inVirtualTime(Promise.all(all));
	expect(ends).toEqual(
		work.map(([key, milliseconds], index) => (milliseconds > 50 ? `${key}${index}` : index)),
	);
	return told;
}

test('work on the same thing is done one after the other, in its order, also after a failure', async () => {
	const told = await happenings([
		['a', 60],
		['a', 20],
		['a', 10],
	]);
	expect(told).toEqual(['a0 begins', 'a0 ends', 'a1 begins', 'a1 ends', 'a2 begins', 'a2 ends']);
});

test('work on different things goes side by side', async () => {
	const told = await happenings([
		['a', 40],
		['b', 20],
		['a', 10],
	]);
	expect(told).toEqual(['a0 begins', 'b1 begins', 'b1 ends', 'a0 ends', 'a2 begins', 'a2 ends']);
});

test('work that comes when an earlier one has ended still waits for the one in between', async () => {
	const queue = new KeyedMutex();
	const told: string[] = [];
	const run = async (name: string) => {
		told.push(`${name} begins`);
		await sleep(20);
		told.push(`${name} ends`);
	};
	const first = queue.run('a', async () => await run('first'));
	const second = queue.run('a', async () => await run('second'));
	await inVirtualTime(first);
	const third = queue.run('a', async () => await run('third'));
	await inVirtualTime(Promise.all([second, third]));
	expect(told.slice(2)).toEqual(['second begins', 'second ends', 'third begins', 'third ends']);
});
