import type { NodeContext } from '../../shared/api/credential';
import { identifierKey } from '../../shared/input/identifiers';
import type { Share } from '../../shared/api/shares';
import { toEventKey, type TriggerItem, updatedKey } from '../events';

/** How long n8n is given to store an execution that an event starts. */
const STORING_TIME_MS = 5_000;

const caches = new Map<string, TriggerCache>();

/** Identifies a trigger within this n8n, also when its node is renamed. */
export function getTriggerKey(context: NodeContext): string {
	return `${context.getWorkflow().id} ${context.getNode().id}`;
}

/** The cache of a trigger; nothing where it runs in another process, or not at all. */
export function getCache(context: NodeContext): TriggerCache | undefined {
	return caches.get(getTriggerKey(context));
}

/**
 * What the process in which a trigger runs knows about its events. Without it, the catch-up would start
 * executions that find nothing to do, and an end that a share had before would be no change.
 */
export class TriggerCache {
	/** When each event was handed to n8n, by key; nothing once the ledger knows it. */
	private readonly events = new Map<string, number | undefined>();

	/** The last known end of each share and when it was told of, by `identifierKey`. */
	private readonly ends = new Map<string, { end: string; toldAt: string }>();

	private readonly stopper = new AbortController();

	/** Fires when the trigger is stopped, or started again. */
	readonly signal = this.stopper.signal;

	constructor(private readonly triggerKey: string) {
		// Where another trigger of the workflow cannot be started, n8n 1 starts all again, and stops none.
		caches.get(triggerKey)?.close();
		caches.set(triggerKey, this);
	}

	close(): void {
		this.stopper.abort();
		if (caches.get(this.triggerKey) === this) caches.delete(this.triggerKey);
	}

	has(key: string): boolean {
		return this.events.has(key);
	}

	/** Records that n8n is to start an execution with these items. */
	addWaiting(items: TriggerItem[]): void {
		for (const item of items) {
			const key = toEventKey(item);
			if (key === undefined || item.share === null || this.has(key)) continue;
			// Who hears of a new share also hears of its end.
			for (const each of [key, updatedKey(item.share)]) this.events.set(each, performance.now());
		}
	}

	/** Records that the ledger knows these events, or is about to be asked. */
	addRecorded(keys: string[]): void {
		for (const key of keys) this.events.set(key, undefined);
	}

	clear(): void {
		this.events.clear();
		this.ends.clear();
	}

	/**
	 * The events whose executions n8n has stored and not begun, since they wait for a free slot. They are
	 * n8n's to run, unless a person stops them, and not missed.
	 */
	get waiting(): string[] {
		const latest = performance.now() - STORING_TIME_MS;
		return [...this.events.keys()].filter((key) => (this.events.get(key) ?? latest) < latest);
	}

	/** Whether another end of a share has been told of since a time (ISO 8601 in UTC). */
	isOutdated(share: Share, time: string): boolean {
		const known = this.ends.get(identifierKey(share.id));
		if (known === undefined || known.end === share.expirationDateUtc) return false;
		// Later than now where the clock has been set back.
		return known.toldAt > time && known.toldAt <= new Date().toISOString();
	}

	/** Records a share's end; returns the key of the change to the one before, if that was another. */
	setEnd(share: Share | null, toldAt: string): string | undefined {
		if (share === null || this.isOutdated(share, toldAt)) return undefined;
		const before = this.ends.get(identifierKey(share.id))?.end;
		const end = share.expirationDateUtc;
		this.ends.set(identifierKey(share.id), { end, toldAt });
		if (before === undefined || before === end) return undefined;
		const key = updatedKey({ ...share, expirationDateUtc: before });
		this.events.delete(key);
		return key;
	}
}
