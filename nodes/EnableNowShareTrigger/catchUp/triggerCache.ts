import type { NodeContext } from '../../shared/api/credential';
import { identifierKey } from '../../shared/input/identifiers';
import type { Share } from '../../shared/api/shares';
import { formatEnd } from './eventKey';

/**
 * How long n8n is given to store an execution that an event starts, in milliseconds. From then on it is
 * n8n's to run it, even after a restart.
 */
const STORING_TIME_MS = 5_000;

/**
 * What the process in which a trigger runs knows about its events. A cache: without it, the catch-up
 * starts more executions that find nothing to do, and an end that a share had before is no change.
 */
export class TriggerCache {
	/** When each event was handed to n8n, by key; nothing once the ledger knows it. */
	private readonly events = new Map<string, number | undefined>();

	/** The last known end of each share and when it was told of, by `identifierKey`. */
	private readonly ends = new Map<string, { end: string; toldAt: string }>();

	/** Whether an execution has begun with an event, or waits to begin. */
	has(key: string): boolean {
		return this.events.has(key);
	}

	/** Takes note that n8n is to start an execution with these events. */
	addWaiting(keys: string[]): void {
		for (const key of keys) if (!this.has(key)) this.events.set(key, performance.now());
	}

	/** Takes note that the ledger knows these events. */
	addRecorded(keys: string[]): void {
		for (const key of keys) this.events.set(key, undefined);
	}

	delete(keys: string[]): void {
		for (const key of keys) this.events.delete(key);
	}

	/**
	 * The events whose executions n8n has stored and not begun: they wait for a free slot. They are n8n's to
	 * run, unless a person stops them, and not missed.
	 */
	get waiting(): string[] {
		const latest = performance.now() - STORING_TIME_MS;
		const isWaiting = (since: number | undefined) => since !== undefined && since < latest;
		return [...this.events].filter(([, since]) => isWaiting(since)).map(([key]) => key);
	}

	/** Whether another end of a share has been told of since a time (ISO 8601 in UTC). */
	isOutdated(share: Share, time: string): boolean {
		const known = this.ends.get(identifierKey(share.id));
		return known !== undefined && known.toldAt > time && known.end !== formatEnd(share);
	}

	/**
	 * Takes note of when a share ends.
	 *
	 * @param toldAt - ISO 8601 in UTC
	 * @returns the end that it had before, where that was another one
	 */
	setEnd(share: Share, toldAt: string): string | undefined {
		if (this.isOutdated(share, toldAt)) return undefined;
		const key = identifierKey(share.id);
		const before = this.ends.get(key)?.end;
		this.ends.set(key, { end: formatEnd(share), toldAt });
		return before === formatEnd(share) ? undefined : before;
	}
}

/** The triggers that run in this process. */
const caches = new Map<string, TriggerCache>();

/** Identifies a trigger within this n8n, also when its node is renamed. */
export function getTriggerKey(context: NodeContext): string {
	return `${context.getWorkflow().id} ${context.getNode().id}`;
}

/** The cache of a trigger; nothing where it runs in another process, or not at all. */
export function getCache(context: NodeContext): TriggerCache | undefined {
	return caches.get(getTriggerKey(context));
}

/** Makes a cache for a trigger that starts. */
export function openCache(context: NodeContext): TriggerCache {
	const cache = new TriggerCache();
	caches.set(getTriggerKey(context), cache);
	return cache;
}

/** Frees the cache of a trigger that ends, unless the trigger has been started again. */
export function closeCache(context: NodeContext, cache: TriggerCache): void {
	if (getCache(context) === cache) caches.delete(getTriggerKey(context));
}
