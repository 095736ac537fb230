/** Work that goes on by itself, so that one can wait until there is none. */
export class BackgroundWork {
	private readonly underWay = new Set<Promise<unknown>>();

	/**
	 * Notes that work is under way.
	 *
	 * @param work - Never rejected
	 * @returns The same work
	 */
	track<Result>(work: Promise<Result>): Promise<Result> {
		const tracked = work.finally(() => this.underWay.delete(tracked));
		this.underWay.add(tracked);
		return tracked;
	}

	/** Resolves when no work is under way. */
	async idle(): Promise<void> {
		while (this.underWay.size > 0) await Promise.all(this.underWay);
	}
}
