/** Lets work go ahead a few at a time, in the order in which it comes. */
export class Semaphore {
	private underWay = 0;
	private readonly waiting: Array<() => void> = [];

	/** @param most - how much is under way at once */
	constructor(private readonly most: number) {}

	/** Does the work when its turn comes. */
	async take<Result>(work: () => Promise<Result>): Promise<Result> {
		if (this.underWay < this.most) this.underWay++;
		else await new Promise<void>((resolve) => this.waiting.push(resolve));
		try {
			return await work();
		} finally {
			this.end();
		}
	}

	private end(): void {
		const next = this.waiting.shift();
		if (next === undefined) this.underWay--;
		else next();
	}
}
