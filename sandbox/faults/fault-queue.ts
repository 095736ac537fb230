import { createRandom, type Random } from '../data/random';
import type { Fault } from './fault';
import { checkFault } from './fault-check';

/** What a fault looks at to see whether a request is meant. */
export interface FaultTarget {
	method: string;
	/** Without the query. */
	path: string;
	clientId: string | null;
}

/** A fault, and what has happened since it was added. */
interface WaitingFault {
	readonly fault: Fault;
	/** How many requests it was meant for. */
	requests: number;
	/** How many of them it struck. */
	strikes: number;
}

/** The faults that wait for their requests. */
export class FaultQueue {
	private waiting: WaitingFault[] = [];
	private random!: Random;

	/** @param seed - Decides which requests are struck by faults with a rate */
	constructor(private readonly seed: number) {
		this.clear();
	}

	/**
	 * Puts faults at the end of the queue, in their order; none of them if one is not right.
	 *
	 * @throws Error that says what is wrong
	 */
	add(faults: readonly Fault[]): void {
		faults.forEach(checkFault);
		this.waiting.push(...faults.map((fault) => ({ fault, requests: 0, strikes: 0 })));
	}

	/**
	 * The fault that strikes a request, if any: the first one that is certain to strike a request
	 * like this, else what the draw among those with a rate gives.
	 */
	take(target: FaultTarget): Fault | undefined {
		const meant = this.waiting.filter(({ fault }) => isMeantFor(fault, target));
		for (const waiting of meant) waiting.requests += 1;
		const striking = meant.find(isCertain) ?? this.draw(meant);
		if (striking !== undefined) striking.strikes += 1;
		this.waiting = this.waiting.filter((waiting) => !isUsedUp(waiting));
		return striking?.fault;
	}

	/** The faults that wait, first one first, with the strikes that are left. */
	all(): Fault[] {
		return this.waiting.map(withStrikesLeft);
	}

	/** Forgets all faults, and begins anew with the draws. */
	clear(): void {
		this.waiting = [];
		this.random = createRandom(this.seed);
	}

	/** At most one of the faults with a rate: one draw for all, so that they share the requests. */
	private draw(meant: readonly WaitingFault[]): WaitingFault | undefined {
		const candidates = meant.filter(({ fault }) => fault.rate !== undefined);
		if (candidates.length === 0) return undefined;
		const drawn = this.random.fraction();
		let end = 0;
		for (const candidate of candidates) {
			end += candidate.fault.rate ?? 0;
			if (drawn < end) return candidate;
		}
		return undefined;
	}
}

function isMeantFor({ match = {} }: Fault, target: FaultTarget): boolean {
	return (
		(match.method === undefined || match.method.toUpperCase() === target.method) &&
		(match.path === undefined || new RegExp(match.path).test(target.path)) &&
		(match.clientId === undefined || match.clientId === target.clientId)
	);
}

/** Whether a fault strikes the request that was counted last, without a draw. */
function isCertain({ fault: { nth, rate }, requests }: WaitingFault): boolean {
	return rate === undefined && (nth === undefined || nth.includes(requests));
}

function isUsedUp({ fault, requests, strikes }: WaitingFault): boolean {
	if (fault.nth !== undefined) return requests >= Math.max(...fault.nth);
	return strikes >= allowedStrikes(fault);
}

/** How often a fault without `nth` strikes. */
function allowedStrikes({ times, rate }: Fault): number {
	return times ?? (rate === undefined ? 1 : Infinity);
}

function withStrikesLeft({ fault, requests, strikes }: WaitingFault): Fault {
	const { nth } = fault;
	if (nth !== undefined) return { ...fault, nth: nth.filter((number) => number > requests) };
	const times = allowedStrikes(fault) - strikes;
	return times === Infinity ? fault : { ...fault, times };
}
