import { LookUpLimiter } from '../../../../nodes/EnableNowShareTrigger/webhook/lookUpLimiter';

const ALLOWED = { latestStart: Infinity, isSecretPresented: true };

/** Requests of which a test says when they are answered. */
class Requests {
	readonly begun: number[] = [];
	private readonly endings = new Map<number, () => void>();
	private readonly limiter = new LookUpLimiter();

	async begin(number: number): Promise<number> {
		return await this.limiter.send(ALLOWED, async () => {
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

/** The whole numbers from the first to the last. */
const numbers = (first: number, last: number) =>
	Array.from({ length: last - first + 1 }, (_number, index) => first + index);

it('begins at once, and then one for each that ends, in order', async () => {
	const requests = new Requests();
	const results = Promise.all(numbers(1, 12).map(async (number) => await requests.begin(number)));
	expect(requests.begun).toEqual(numbers(1, 10));
	await requests.end(10);
	expect(requests.begun).toEqual(numbers(1, 11));
	await requests.end(11);
	expect(requests.begun).toEqual(numbers(1, 12));
	for (const number of numbers(1, 12)) await requests.end(number);
	expect(await results).toEqual(numbers(1, 12));
});

it('has all its room again when nothing is under way any more', async () => {
	const requests = new Requests();
	for (const number of numbers(1, 11)) void requests.begin(number);
	for (const number of numbers(1, 11)) await requests.end(number);
	for (const number of numbers(12, 22)) void requests.begin(number);
	expect(requests.begun).toEqual(numbers(1, 21));
});

it('goes on after a request that failed, and tells of the failure', async () => {
	const limiter = new LookUpLimiter();
	const fail = async () => await Promise.reject(new Error('as it happens'));
	const failed = numbers(1, 10).map(async () => await limiter.send(ALLOWED, fail));
	const next = limiter.send(ALLOWED, async () => await Promise.resolve('done'));
	for (const failure of failed) await expect(failure).rejects.toThrow('as it happens');
	expect(await next).toBe('done');
});
