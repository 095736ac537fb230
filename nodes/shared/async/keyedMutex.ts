/** Runs one piece of work for each key at a time; waiters run first in, first out. */
export class KeyedMutex {
	/** The last piece of work for each key in use. */
	private readonly last = new Map<string, Promise<unknown>>();

	/** Runs work when all before it with the same key has ended, well or not. */
	async run<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
		const before = this.last.get(key) ?? Promise.resolve();
		const current = before.catch(() => undefined).then(work);
		this.last.set(key, current);
		try {
			return await current;
		} finally {
			if (this.last.get(key) === current) this.last.delete(key);
		}
	}
}
