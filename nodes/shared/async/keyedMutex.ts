/** Runs one piece of work per key at a time; waiters run first in, first out. */
export class KeyedMutex {
	private readonly last = new Map<string, Promise<unknown>>();

	/** Runs work after all earlier work with the same key, whether that succeeded or not. */
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
