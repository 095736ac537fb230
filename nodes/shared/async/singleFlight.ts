/** Runs work once at a time. Callers that arrive during a run share the next one, to get fresh results. */
export class SingleFlight<Result> {
	private current: Promise<Result> | undefined;
	private next: Promise<Result> | undefined;

	constructor(private readonly work: () => Promise<Result>) {}

	/** The current run, for callers that accept a result which may be older than their call. */
	get underWay(): Promise<Result> | undefined {
		return this.current;
	}

	async run(): Promise<Result> {
		if (this.current === undefined && this.next === undefined) return await this.begin();
		this.next ??= this.runNext(this.current);
		return await this.next;
	}

	private async runNext(current: Promise<Result> | undefined): Promise<Result> {
		await current?.catch(() => undefined);
		this.next = undefined;
		return await this.begin();
	}

	private async begin(): Promise<Result> {
		const current = this.work();
		this.current = current;
		try {
			return await current;
		} finally {
			this.current = undefined;
		}
	}
}
