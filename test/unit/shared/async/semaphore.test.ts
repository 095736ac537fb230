import { Semaphore } from '../../../../nodes/shared/async/semaphore';

/** Work of which a test says when it is over. */
class Work {
	readonly begun: number[] = [];
	private readonly endings = new Map<number, () => void>();

	constructor(private readonly turns: Semaphore) {}

	async begin(number: number): Promise<number> {
		return await this.turns.take(async () => {
			this.begun.push(number);
			await new Promise<void>((resolve) => this.endings.set(number, resolve));
			return number;
		});
	}

	async end(number: number): Promise<void> {
		this.endings.get(number)?.();
		await new Promise(setImmediate);
	}
}

it('begins at once, and then one for each that ends, in order', async () => {
	const work = new Work(new Semaphore(2));
	const results = Promise.all([1, 2, 3, 4].map(async (number) => await work.begin(number)));
	expect(work.begun).toEqual([1, 2]);
	await work.end(2);
	expect(work.begun).toEqual([1, 2, 3]);
	await work.end(3);
	expect(work.begun).toEqual([1, 2, 3, 4]);
	await work.end(1);
	await work.end(4);
	expect(await results).toEqual([1, 2, 3, 4]);
});

it('has all its turns again when nothing is under way any more', async () => {
	const work = new Work(new Semaphore(2));
	for (const number of [1, 2, 3]) void work.begin(number);
	for (const number of [1, 2, 3]) await work.end(number);
	for (const number of [4, 5, 6]) void work.begin(number);
	expect(work.begun).toEqual([1, 2, 3, 4, 5]);
});

it('goes on after work that failed, and tells of the failure', async () => {
	const turns = new Semaphore(1);
	const failed = turns.take(async () => await Promise.reject(new Error('as it happens')));
	const next = turns.take(async () => await Promise.resolve('done'));
	await expect(failed).rejects.toThrow('as it happens');
	expect(await next).toBe('done');
});
