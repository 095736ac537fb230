import { FAULT_KINDS, type Fault } from './fault-kinds';

/** What a fault looks at to see whether a request is meant. */
export interface FaultTarget {
	method: string;
	/** Without the query. */
	path: string;
	clientId: string | null;
}

/** The faults that wait for their request. */
export class FaultQueue {
	private waiting: Array<{ fault: Fault; times: number }> = [];

	/**
	 * Puts a fault at the end of the queue.
	 *
	 * @throws Error for a kind that there is not, or a pattern that is not a regular expression
	 */
	add(fault: Fault): void {
		if (!Object.hasOwn(FAULT_KINDS, fault.kind)) {
			const kinds = Object.keys(FAULT_KINDS).join(', ');
			throw new Error(`There is no fault "${fault.kind}"; there are ${kinds}`);
		}
		if (fault.match?.path !== undefined) new RegExp(fault.match.path);
		this.waiting.push({ fault, times: fault.times ?? 1 });
	}

	/** The first fault that is meant for a request; it is then used up, or used once more. */
	take(target: FaultTarget): Fault | undefined {
		const position = this.waiting.findIndex(({ fault }) => isMeantFor(fault, target));
		const found = this.waiting[position];
		if (found === undefined) return undefined;
		found.times -= 1;
		if (found.times <= 0) this.waiting.splice(position, 1);
		return found.fault;
	}

	/** The faults that wait, first one first. */
	all(): Fault[] {
		return this.waiting.map(({ fault, times }) => ({ ...fault, times }));
	}

	/** Forgets all faults. */
	clear(): void {
		this.waiting = [];
	}
}

function isMeantFor({ match = {} }: Fault, target: FaultTarget): boolean {
	return (
		(match.method === undefined || match.method.toUpperCase() === target.method) &&
		(match.path === undefined || new RegExp(match.path).test(target.path)) &&
		(match.clientId === undefined || match.clientId === target.clientId)
	);
}
