/**
 * Work that many may ask for at the same time, and whose result must not be older than the question.
 * It is done once at a time; all who ask while it is being done share the next time.
 */
export class SingleFlight<Result> {
	private current: Promise<Result> | undefined;
	private next: Promise<Result> | undefined;

	/**
	 * @param work - does it once
	 * @param onIdle - called when nobody waits for it any more
	 */
	constructor(
		private readonly work: () => Promise<Result>,
		private readonly onIdle: () => void = () => undefined,
	) {}

	/** What is being done at the moment; it may have begun before the question. */
	get underWay(): Promise<Result> | undefined {
		return this.current;
	}

	/** Does the work, or shares it with others who have asked before it began. */
	async run(): Promise<Result> {
		if (this.next !== undefined) return await this.next;
		if (this.current === undefined) return await this.begin();
		this.next = this.current.then(this.beginNext, this.beginNext);
		return await this.next;
	}

	private readonly beginNext = async (): Promise<Result> => {
		this.next = undefined;
		return await this.begin();
	};

	private async begin(): Promise<Result> {
		const current = this.work();
		this.current = current;
		try {
			return await current;
		} finally {
			this.current = undefined;
			if (this.next === undefined) this.onIdle();
		}
	}
}
