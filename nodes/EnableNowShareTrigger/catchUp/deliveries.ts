import { type IRun, type ITriggerFunctions, sleep } from 'n8n-workflow';

import { withTimeout } from '../../shared/async/timeout';
import { errorMessage } from '../../shared/errors/text';
import { Semaphore } from '../../shared/async/semaphore';
import type { TriggerItem } from '../webhook/decision';
import { withNote } from './deliveryNote';
import { emissionKeyOf } from './emissionKey';
import { type Fingerprinted, joined, type Memory, NOTHING } from './memory';
import { storeInTrigger } from './storedMemory';

/** How many executions are under way at once: in a flood of events, more would starve n8n. */
const MOST_AT_ONCE = { event: 20, catchUp: 10 };

/** After so many executions of a catch-up, what is remembered is stored for sure. */
const EXECUTIONS_PER_CHECKPOINT = 500;

/** How much each execution stores of what earlier ones may have left out, of each kind. */
const MOST_CARRIED = 250;

/** How often an execution is started that n8n could not carry out. */
const MOST_ATTEMPTS = 3;

/** How long no execution may have been started before what is left is stored, in milliseconds. */
const QUIET_TIME = 2_000;

/**
 * How long those that follow wait for an execution that is under way, in milliseconds. A stop is short:
 * n8n stops one trigger after the other, and all of it may take thirty seconds.
 */
const LONGEST_WAIT = { event: 30_000, catchUp: 300_000, stop: 3_000 };

/** Items for one execution. */
interface Delivery {
	items: TriggerItem[];
	/** From 1. */
	attempt: number;
}

/**
 * Starts executions and follows each of them to its end: only then are its events remembered.
 *
 * n8n stores what an execution remembers when it is over, and executions at the same time overwrite
 * what the others stored. So each stores what may have been overwritten too, and what is left over
 * when no other is started is stored by an execution without items.
 */
export class Deliveries {
	/** What each execution that is under way stores of what earlier ones may have left out. */
	private readonly underWay = new Set<Fingerprinted>();
	private started = 0;
	private undelivered: Delivery[] = [];
	private state: 'replaced' | 'running' | 'stopped' = 'running';
	private isWaitingForQuiet = false;
	private tellStored: () => void = () => undefined;
	private readonly turns = {
		event: new Semaphore(MOST_AT_ONCE.event),
		catchUp: new Semaphore(MOST_AT_ONCE.catchUp),
		// The last one that stores must not be overwritten by one that began before.
		store: new Semaphore(1),
	};

	/** Whether executions are carried out in this process; not known before the first one. */
	private isExecutedHere: boolean | undefined;

	constructor(
		private context: ITriggerFunctions,
		readonly memory: Memory,
		private readonly longestWait = LONGEST_WAIT,
	) {}

	/** Whether the trigger runs: after a stop, what is under way still goes on. */
	get isRunning(): boolean {
		return this.state === 'running';
	}

	/** Goes on, after a stop, for a trigger that was activated anew. */
	resume(context: ITriggerFunctions): void {
		this.context = context;
		this.state = 'running';
	}

	/**
	 * Starts no further execution of a catch-up. Those under way are still followed, and events that
	 * were received before still start theirs. n8n may end as soon as all are over, so that what is left
	 * is stored at once then.
	 *
	 * @returns when that is done, after three seconds at the latest
	 */
	async stop(): Promise<void> {
		this.state = 'stopped';
		const stored = new Promise<void>((resolve) => (this.tellStored = resolve));
		void this.storeWhenQuiet();
		await this.waitFor(stored, this.longestWait.stop);
	}

	/** Stops for good, and stores nothing more: it would take the place of what another app stores. */
	replace(): void {
		this.state = 'replaced';
	}

	/**
	 * Starts one execution with all items, as soon as not too many are under way. With "Execute Once",
	 * where n8n keeps the first item of an execution alone, each item has its own.
	 */
	start(items: TriggerItem[]): void {
		const isOnce = this.context.getNode().executeOnce === true;
		for (const part of isOnce ? items.map((item) => [item]) : [items]) {
			// Of two items about the same event, the first goes on alone.
			if (!part.every((item) => this.memory.isRepetition(item))) this.startOne(part);
		}
	}

	private startOne(items: TriggerItem[]): void {
		this.memory.begin(items);
		void this.turns.event.take(
			async () => await this.waitFor(this.deliver({ items, attempt: 1 }), this.longestWait.event),
		);
	}

	/**
	 * Starts an execution for each item, a few at a time and in their order; waits for their end, but for
	 * none longer than five minutes.
	 */
	async startEach(items: TriggerItem[]): Promise<void> {
		const deliveries = items.map((item) => ({ items: [item], attempt: 1 }));
		for (let begin = 0; begin < deliveries.length; begin += EXECUTIONS_PER_CHECKPOINT) {
			await this.deliverAll(deliveries.slice(begin, begin + EXECUTIONS_PER_CHECKPOINT));
			if (this.isRunning && this.memory.mustBeStored) await this.store();
		}
	}

	/** Starts again what n8n could not execute; waits as {@link startEach} does. */
	async startAgain(): Promise<void> {
		const deliveries = this.undelivered;
		this.undelivered = [];
		await this.deliverAll(deliveries);
	}

	/** Takes note that an execution is carried out in this process, where it stores by itself. */
	noteExecutedHere(): void {
		this.isExecutedHere = true;
	}

	/** Stores all that is remembered, by an execution without items. */
	async store(): Promise<void> {
		const storeOnce = async () => await this.waitFor(this.execute([], this.memory.unstored()));
		await this.turns.store.take(async () => {
			if (this.state === 'replaced') return;
			await storeOnce();
			// Only the first execution tells that they are carried out elsewhere.
			if (this.isExecutedHere === false && this.memory.mustBeStored) await storeOnce();
		});
	}

	private async deliverAll(deliveries: Delivery[]): Promise<void> {
		const { context } = this;
		const deliverUntold = async ({ items, attempt }: Delivery) => {
			// A trigger that was activated anew has its own catch-up, and maybe other settings.
			if (!this.isRunning || this.context !== context) return;
			// While this one waited for its turn, an event may have told of the same.
			const untold = items.filter((item) => !this.memory.isToldMeanwhile(item));
			if (untold.length === 0) return;
			this.memory.begin(untold);
			await this.waitFor(this.deliver({ items: untold, attempt }));
		};
		await Promise.all(
			deliveries.map(async (delivery) => {
				await this.turns.catchUp.take(async () => await deliverUntold(delivery));
			}),
		);
	}

	/**
	 * Waits for an execution, but not for ever: it may take hours, and where n8n could not begin it, some
	 * versions never tell. It is followed further, and not begun again, until n8n is started anew.
	 */
	private async waitFor(
		execution: Promise<unknown>,
		longestWait = this.longestWait.catchUp,
	): Promise<void> {
		// An execution does not reject: the time is over then.
		await withTimeout(async () => await execution, longestWait).catch(() => undefined);
	}

	private async deliver({ items, attempt }: Delivery): Promise<void> {
		const isExecuted = await this.execute(items, this.memory.unstored(MOST_CARRIED));
		if (!isExecuted && attempt < MOST_ATTEMPTS) {
			this.memory.cancel(items);
			this.undelivered.push({ items, attempt: attempt + 1 });
		} else if (!isExecuted) {
			this.giveUp(items);
		}
		void this.storeWhenQuiet();
	}

	/**
	 * Starts one execution and follows it to its end.
	 *
	 * An execution at the same time may overwrite what this one stores. But what the earliest of them
	 * carries is carried by all that were started later, too: whichever is the last, it is stored.
	 *
	 * Where executions are carried out in another process, the trigger stores by itself, when it starts
	 * one, and the execution nothing.
	 *
	 * @param carried - what it stores besides its own events
	 * @returns whether n8n carried it out, well or not
	 */
	private async execute(items: TriggerItem[], carried: Fingerprinted): Promise<boolean> {
		const part = joined(carried, this.memory.fingerprintsOf(items));
		const number = ++this.started;
		const [earliest = carried] = this.underWay;
		this.underWay.add(carried);
		const storedByTrigger = this.isExecutedHere === false ? this.memory.unstored() : undefined;
		if (storedByTrigger) storeInTrigger(this.context, this.memory.whole());
		try {
			const run = await this.emit(items, storedByTrigger ? NOTHING : part);
			if (!wasCarriedOut(run)) return false;
			this.memory.end(items);
			this.isExecutedHere ??= false;
			const isAlone = earliest === carried && number === this.started;
			const storedByExecution = isAlone ? part : earliest;
			if (storedByTrigger) this.memory.markStored(storedByTrigger);
			else if (this.isExecutedHere) this.memory.markStored(storedByExecution);
			return true;
		} catch (error) {
			if (!isCarriedOutAllTheSame(error)) {
				this.warn(`started an execution that n8n could not carry out: ${errorMessage(error)}`);
				return false;
			}
			this.memory.end(items);
			return true;
		} finally {
			this.underWay.delete(carried);
		}
	}

	/** Resolves when the execution is over, well or not. */
	private async emit(items: TriggerItem[], part: Fingerprinted): Promise<IRun | undefined> {
		const done = this.context.helpers.createDeferredPromise<IRun>();
		const data = withNote(items, { memory: this.memory.packed(part) });
		this.context.emit([data], undefined, done);
		return await done.promise;
	}

	/**
	 * Stores what executions at the same time may have overwritten, when no other has been started for
	 * a while. It does not wait for those that are under way, which may take hours: one that ends later
	 * overwrites it, and then it is stored again. After a stop, the end of the last is quiet enough.
	 */
	private async storeWhenQuiet(): Promise<void> {
		if (this.state === 'stopped' && !this.memory.isAnyUnderWay) {
			if (this.memory.mustBeStored) await this.store();
			this.tellStored();
		}
		if (this.isWaitingForQuiet || !this.memory.mustBeStored) return;
		this.isWaitingForQuiet = true;
		const { started } = this;
		await sleep(QUIET_TIME);
		this.isWaitingForQuiet = false;
		if (started === this.started) await this.store();
		else await this.storeWhenQuiet();
	}

	private giveUp(items: TriggerItem[]): void {
		this.memory.end(items);
		const keys = items.map(emissionKeyOf).join(', ');
		this.warn(`gives up what n8n could not execute in ${MOST_ATTEMPTS} attempts: ${keys}`);
	}

	private warn(text: string): void {
		this.context.logger.warn(`${this.context.getNode().name} ${text}`);
	}
}

/**
 * Whether an execution was carried out, as far as n8n's record of it tells: one whose worker died has
 * no node that ran, while one in which a node failed names that node.
 */
function wasCarriedOut(run: IRun | undefined): boolean {
	if (run === undefined) return false;
	const { lastNodeExecuted, runData } = run.data.resultData;
	return (
		['success', 'waiting', 'canceled'].includes(run.status) ||
		lastNodeExecuted !== undefined ||
		Object.keys(runData).length > 0
	);
}

/**
 * Whether an execution was carried out, or is not to be, though n8n does not tell of its run: a person
 * stopped it or it took longer than it may, or, in queue mode, n8n before 2.21 kept no record of it,
 * since it was told not to save it.
 */
function isCarriedOutAllTheSame(error: unknown): boolean {
	return /could not find execution|cancelled (manually|because it timed out)/i.test(
		errorMessage(error),
	);
}
