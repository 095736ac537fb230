/** Does work that concerns the same thing one after the other, in the order in which it comes. */
export class KeyedMutex {
	/** The last piece of work for each key that is being worked on. */
	private readonly last = new Map<string, Promise<unknown>>();

	/**
	 * Does the work when all before it has ended, well or not.
	 *
	 * @param key - what it concerns
	 */
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
