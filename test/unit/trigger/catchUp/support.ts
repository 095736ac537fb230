import type { IRun, ITriggerFunctions } from 'n8n-workflow';

import { readNote } from '../../../../nodes/EnableNowShareTrigger/catchUp/deliveryNote';
import {
	merged,
	type StoredMemory,
} from '../../../../nodes/EnableNowShareTrigger/catchUp/storedMemory';
import type { TriggerItem } from '../../../../nodes/EnableNowShareTrigger/webhook/decision';
import type { Share } from '../../../../nodes/shared/api/shares';
import { node, numberedShare } from '../../support';

export const CREATED = 'databridge.share.created';
export const UPDATED = 'databridge.share.updated';

/** The item about the share with a number, as EnableNow confirmed it. */
export function numberedItem(
	number: number,
	changes: Partial<TriggerItem> = {},
	shareChanges: Partial<Share> = {},
): TriggerItem {
	const share = numberedShare(number, shareChanges);
	return {
		event: CREATED,
		shareId: share.id,
		verified: true,
		reason: null,
		share,
		data: null,
		receivedAt: '2026-04-30T12:00:00.000Z',
		source: 'catchUp',
		...changes,
	};
}

/** The items about shares with these numbers. */
export function numberedItems(from: number, to: number): TriggerItem[] {
	return Array.from({ length: to - from + 1 }, (_item, index) => numberedItem(from + index));
}

/** A run as n8n tells of it when it is over. */
export function runOf(
	status: IRun['status'],
	resultData: Partial<IRun['data']['resultData']> = {},
): IRun {
	return { status, data: { resultData: { runData: {}, ...resultData } } } as IRun;
}

/** A run in which all went well. */
export const SUCCESS = runOf('success');

/** What n8n tells of an execution whose worker died. */
export const WORKER_DIED = runOf('error');

/** An execution that a running trigger has started. */
export class FakeExecution {
	isOver = false;
	wasCarriedOut = false;

	constructor(
		private readonly n8n: FakeN8n,
		readonly items: TriggerItem[],
		readonly note: StoredMemory,
		/** What was stored when it began. */
		private readonly stored: StoredMemory | undefined,
		private readonly done: Deferred<IRun | undefined>,
	) {}

	/** Ends it as n8n does: what the note says is stored, over what others have stored meanwhile. */
	end(run = SUCCESS): void {
		this.wasCarriedOut = true;
		this.n8n.stored = merged(this.stored, this.note);
		this.endWithoutStoring(run);
	}

	/** Ends it as one whose process died. */
	endWithoutStoring(run: IRun | undefined): void {
		this.isOver = true;
		this.done.resolve(run);
	}

	fail(message: string): void {
		this.isOver = true;
		this.done.reject(new Error(message));
	}
}

/** An n8n that starts executions, and carries them out as a test says. */
export class FakeN8n {
	readonly executions: FakeExecution[] = [];
	readonly warnings: string[] = [];
	/** What it has stored with the workflow. */
	stored: StoredMemory | undefined;
	/** Is called with each execution when it begins. */
	onStart: (execution: FakeExecution) => unknown = () => undefined;

	readonly context = {
		getNode: () => ({ ...node, name: 'EnableNow Trigger' }),
		helpers: { createDeferredPromise: deferredPromise },
		logger: { warn: (text: string) => this.warnings.push(text) },
		emit: (...[[input = []], , done]: Parameters<ITriggerFunctions['emit']>) => {
			const { note, items } = readNote(input);
			if (note === undefined) throw new Error('the execution has no note');
			const jsons = items.map(({ json }) => json as TriggerItem);
			const promise = done as unknown as Deferred<IRun | undefined>;
			const execution = new FakeExecution(this, jsons, note.memory, this.stored, promise);
			this.executions.push(execution);
			this.onStart(execution);
		},
	} as unknown as ITriggerFunctions;

	/** An n8n in which each execution ends well, at once. */
	static quick(): FakeN8n {
		const n8n = new FakeN8n();
		n8n.onStart = (execution) => execution.end();
		return n8n;
	}

	get underWay(): FakeExecution[] {
		return this.executions.filter(({ isOver }) => !isOver);
	}

	/** The shares of the items with which executions began, in their order, and by which event. */
	get told(): string[] {
		return this.executions.flatMap(({ items }) => items.map(toldOf));
	}
}

/** What an item tells of, in short: the kind of the event, and the number of the share. */
export function toldOf({ event, shareId }: TriggerItem): string {
	return `${event?.split('.').at(-1)} ${Number(shareId?.slice(-12))}`;
}

/** A promise that a test keeps, or breaks, when it likes. */
export interface Deferred<Value> {
	promise: Promise<Value>;
	resolve: (value: Value) => void;
	reject: (error: Error) => void;
}

function deferredPromise<Value>(): Deferred<Value> {
	const deferred = {} as Deferred<Value>;
	deferred.promise = new Promise((resolve, reject) => Object.assign(deferred, { resolve, reject }));
	return deferred;
}

/** Lets all go on that waits for nothing but its turn. */
export async function settle(): Promise<void> {
	await jest.advanceTimersByTimeAsync(0);
}
