import type { INodeExecutionData, IRun, ITriggerFunctions } from 'n8n-workflow';

import { Deliveries } from '../../../../nodes/EnableNowShareTrigger/catchUp/deliveries';
import { readNote } from '../../../../nodes/EnableNowShareTrigger/catchUp/deliveryNote';
import { createdKey } from '../../../../nodes/EnableNowShareTrigger/catchUp/emissionKey';
import { Memory } from '../../../../nodes/EnableNowShareTrigger/catchUp/memory';
import {
	merged,
	type StoredMemory,
} from '../../../../nodes/EnableNowShareTrigger/catchUp/storedMemory';
import type { TriggerItem } from '../../../../nodes/EnableNowShareTrigger/webhook/decision';

/** A promise that is settled from outside, as n8n makes it. */
interface DeferredPromise {
	promise: Promise<IRun>;
	resolve: (run: IRun) => void;
	reject: (error: Error) => void;
}

/** So many executions are under way at any time. */
const AT_ONCE = 10;

/** So many events come, one after the other, without a pause. */
const EVENTS = 1_000;

/**
 * What stands in for n8n: an execution reads what is stored when it begins, and writes all of it back
 * when it is over, so that executions at the same time overwrite what the others wrote.
 */
class OverwritingN8n {
	stored: StoredMemory | undefined;

	/** Ends of the executions that are under way, the oldest first. */
	readonly underWay: Array<() => void> = [];

	readonly context = {
		helpers: { createDeferredPromise: () => deferredPromise() },
		logger: { warn: () => undefined },
		getNode: () => ({ name: 'EnableNow Trigger' }),
		emit: ([input]: INodeExecutionData[][], _response: undefined, done: DeferredPromise) => {
			const { note } = readNote(input ?? []);
			const before = this.stored;
			this.underWay.push(() => {
				if (note !== undefined) this.stored = merged(before, note.memory);
				done.resolve({
					status: 'success',
					data: { resultData: { runData: {} } },
				} as unknown as IRun);
			});
		},
	} as unknown as ITriggerFunctions;

	/** Ends one of the executions, in a different place of the row each time. */
	async endOne(turn: number): Promise<void> {
		const [end] = this.underWay.splice((turn * 7) % this.underWay.length, 1);
		end?.();
		await jest.advanceTimersByTimeAsync(1);
	}
}

function deferredPromise(): DeferredPromise {
	let resolve!: (run: IRun) => void;
	const promise = new Promise<IRun>((settle) => (resolve = settle));
	return { promise, resolve, reject: () => undefined };
}

function eventAbout(shareId: string): TriggerItem {
	return {
		event: 'databridge.share.created',
		shareId,
		verified: true,
		reason: null,
		share: {
			id: shareId,
			clientId: 'app',
			reference: null,
			expirationDateUtc: '2099-01-01T00:00:00Z',
			consentIds: [],
			accountIds: [],
			analysisIds: [],
		},
		data: null,
		receivedAt: '2026-01-01T00:00:00.000Z',
		source: 'webhook',
	};
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

it('has stored nearly all that was executed, also while executions overlap without end', async () => {
	const n8n = new OverwritingN8n();
	const memory = new Memory('app');
	const deliveries = new Deliveries(n8n.context, memory);
	deliveries.noteExecutedHere();
	for (let number = 0; number < EVENTS; number++) {
		deliveries.start([eventAbout(`share-${number}`)]);
		if (n8n.underWay.length > AT_ONCE) await n8n.endOne(number);
	}

	// As a start of n8n after a crash finds it.
	const afterCrash = new Memory('app', n8n.stored);
	const repeated = Array.from({ length: EVENTS }, (_event, number) => number).filter(
		(number) => !afterCrash.isKnown(createdKey(`share-${number}`)),
	);
	expect(repeated.length).toBeLessThanOrEqual(5 * AT_ONCE);
	expect(memory.unstored().emitted.length).toBeLessThanOrEqual(10 * AT_ONCE);
	void deliveries.stop();
});
