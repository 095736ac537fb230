import { type Cell, runCell } from './cell';
import type { Duration, Fault } from './fault';
import { FAULTS, IS_WHOLE_MATRIX } from './faults';
import { sideBySide } from './side-by-side';
import type { Subject } from './subject';
import { SUBJECTS } from './subjects';
import type { Surroundings } from './surroundings';
import { Turnstile } from './turnstile';

/** A cell that is to be run. */
export interface Plan {
	fault: Fault;
	subject: Subject;
	duration: Duration;
}

/** How many cells are under way at once that mostly wait, and how many that do not. */
const AT_ONCE = { waiting: 20, working: 3 };

/**
 * All cells, by fault and then by subject. A fault that strikes once is of interest only where
 * something is tried again, and where time allows that for certain.
 */
export const PLANS: readonly Plan[] = FAULTS.flatMap((fault) =>
	SUBJECTS.flatMap((subject) => {
		if (!IS_WHOLE_MATRIX && fault.isTimeOut && subject.isPatient === true) return [];
		const mayHeal = subject.triesAgain(fault) && !(subject.isInHurry && fault.isTimeOut);
		return fault.durations
			.filter((duration) => duration === 'lasting' || mayHeal)
			.map((duration) => ({ fault, subject, duration }));
	}),
);

/** The cells that are run side by side; those that keep the machine busy come last, one by one. */
const isHeavy = ({ fault }: Plan) => fault.isHeavy === true;
const isWaiting = ({ fault, subject }: Plan) => fault.isTimeOut || subject.isWaiting;
const HEAVY = PLANS.filter(isHeavy);
const WAITING = PLANS.filter((plan) => !isHeavy(plan) && isWaiting(plan));
const WORKING = PLANS.filter((plan) => !isHeavy(plan) && !isWaiting(plan));

/** How many sandboxes that takes. */
export const SANDBOX_COUNT = Math.min(AT_ONCE.waiting, WAITING.length) + AT_ONCE.working;

/**
 * Runs all cells, several at a time.
 *
 * @returns what comes of each
 */
export function runMatrix(surroundings: Surroundings): Map<Plan, Promise<Cell>> {
	const turnstile = new Turnstile();
	const run = async ({ subject, fault, duration }: Plan) => {
		await turnstile.pass();
		return await runCell(surroundings, subject, fault, duration);
	};
	const waiting = sideBySide(WAITING, AT_ONCE.waiting, run);
	const working = sideBySide(WORKING, AT_ONCE.working, run);
	const others = Promise.allSettled([...waiting, ...working]);
	const heavy = sideBySide(HEAVY, 1, async (plan) => {
		await others;
		return await run(plan);
	});
	const plans = [...WAITING, ...WORKING, ...HEAVY];
	const cells = [...waiting, ...working, ...heavy];
	return new Map(plans.map((plan, index) => [plan, cells[index]!]));
}
