import fc from 'fast-check';

/** The seed of `npm test`: the same cases every time, so that a failure is one of the change. */
const FIXED_SEED = 20_260_430;

/** How many cases `npm test` tries of a property, and of one that takes an execution or a request. */
const FEW = { ofFunction: 100, ofNode: 40 };

/** How often a long run says how far it is, in milliseconds. */
const PROGRESS_INTERVAL = 10_000;

/** How long a property may take, most of which a failing case takes to be made small, in milliseconds. */
const TIME_LIMITS = { few: 20_000, long: 6 * 60 * 60 * 1000 };

/** What Jest gives it in addition. */
const GRACE = 30_000;

/** What `npm run fuzz` sets; `npm test` sets none of it. */
const { FUZZ_CASES, FUZZ_SEED, FUZZ_PATH } = process.env;

/** How a property is tried. */
export interface CaseOptions {
	/** How many cases are tried at once, such as the items of an execution. */
	atOnce?: number;
	/** Whether a case costs an execution or a request. */
	isOfNode?: boolean;
}

/**
 * A test of a property: what is expected of all cases, and not of examples. Where it fails,
 * fast-check has made the case as small as it could, and says how to run it again.
 *
 * @param name - what is true of every case
 * @param arbitrary - makes the cases
 * @param expectation - throws where a case has not the property
 */
export function property<Case>(
	name: string,
	arbitrary: fc.Arbitrary<Case>,
	expectation: (value: Case) => Promise<void> | void,
	{ atOnce = 1, isOfNode = false }: CaseOptions = {},
): void {
	const isLong = FUZZ_CASES !== undefined;
	const timeLimit = isLong ? TIME_LIMITS.long : TIME_LIMITS.few;
	const cases = isLong ? Number(FUZZ_CASES) : isOfNode ? FEW.ofNode : FEW.ofFunction;
	const progress = new Progress(name, isLong);
	test(
		name,
		async () => {
			const counted = fc.asyncProperty(arbitrary, async (value) => {
				progress.add(atOnce);
				await expectation(value);
			});
			await fc.assert(counted, {
				seed: FUZZ_SEED === undefined ? FIXED_SEED : Number(FUZZ_SEED),
				numRuns: Math.ceil(cases / atOnce),
				interruptAfterTimeLimit: timeLimit,
				...(FUZZ_PATH !== undefined && { path: FUZZ_PATH }),
			});
			progress.finish();
		},
		timeLimit + GRACE,
	);
}

/** Tells how far a long run is. */
class Progress {
	private cases = 0;
	private begun = 0;
	private toldAt = 0;

	constructor(
		private readonly name: string,
		private readonly isTold: boolean,
	) {}

	add(cases: number): void {
		const now = Date.now();
		if (this.cases === 0) this.begun = this.toldAt = now;
		this.cases += cases;
		if (now - this.toldAt >= PROGRESS_INTERVAL) this.tell(now);
	}

	finish(): void {
		this.tell(Date.now());
	}

	private tell(now: number): void {
		if (!this.isTold) return;
		this.toldAt = now;
		const seconds = ((now - this.begun) / 1000).toFixed(1);
		process.stderr.write(`${this.cases} cases in ${seconds} s: ${this.name}\n`);
	}
}
