/** Limits concurrency; waiters run first in, first out. */
export class Semaphore {
	private running = 0;
	private readonly waiting: Array<() => void> = [];

	constructor(private readonly maxConcurrency: number) {}

	async take<Result>(work: () => Promise<Result>): Promise<Result> {
		if (this.running < this.maxConcurrency) this.running++;
		else await new Promise<void>((resolve) => this.waiting.push(resolve));
		try {
			return await work();
		} finally {
			const next = this.waiting.shift();
			// The next one takes over the slot.
			if (next === undefined) this.running--;
			else next();
		}
	}
}
