import { type IExecuteFunctions, sleep } from 'n8n-workflow';

import { KeyedMutex } from '../../shared/async/keyedMutex';
import { getCache, getTriggerKey } from './triggerCache';

/** How many entries n8n keeps of a node, the newest: enough for 100,000 shares. */
const MAX_ENTRIES = 300_000;

const OPTIONS = { mode: 'entries', maxEntries: MAX_ENTRIES } as const;

/** How long another process may take between reading and writing, in milliseconds. */
const WRITING_TIME_MS = 100;

/** How often entries are written again that another process has overwritten. */
const MAX_REWRITES = 5;

/** By trigger. n8n reads and writes all entries of a node at once, so that calls must not overlap. */
const mutex = new KeyedMutex();

/** The triggers whose entries this process has removed since their catch-up was switched off. */
const cleared = new Set<string>();

/**
 * The entries of a trigger's ledger, in n8n's processed data: a row of its database for the workflow's
 * and the node's ID, which no other node, no import and no restart touches, and which n8n removes with
 * the workflow. n8n keeps hashes, so that no identifier can be read from it.
 */
export class LedgerEntries {
	private readonly recorded = new Set<string>();

	private constructor(private readonly context: IExecuteFunctions) {}

	/**
	 * Works on the entries while nobody else in this process does. Where the trigger runs in another
	 * process, others may overwrite what is recorded: then it is recorded again.
	 */
	static async use<Result>(
		context: IExecuteFunctions,
		work: (entries: LedgerEntries) => Promise<Result>,
	): Promise<Result> {
		const key = getTriggerKey(context);
		const entries = new LedgerEntries(context);
		const result = await mutex.run(key, async () => await work(entries));
		cleared.delete(key);
		for (let rewrites = 0; rewrites < MAX_REWRITES && !isAlone(context); rewrites++) {
			await sleep(WRITING_TIME_MS);
			const lost = await mutex.run(key, async () => await entries.record([...entries.recorded]));
			if (lost.size === 0) break;
		}
		return result;
	}

	/** Removes all entries of a trigger whose catch-up is off, once. */
	static async clear(context: IExecuteFunctions): Promise<void> {
		const key = getTriggerKey(context);
		if (cleared.has(key)) return;
		cleared.add(key);
		await mutex.run(key, async () => await new LedgerEntries(context).clear());
	}

	/**
	 * Records entries. n8n has no way to ask for one without that.
	 *
	 * @returns those that were not there
	 */
	async record(entries: string[]): Promise<Set<string>> {
		const distinct = [...new Set(entries)];
		const write = async () =>
			await this.context.helpers.checkProcessedAndRecord(distinct, 'node', OPTIONS);
		// Of two processes that write the first entries of a node at the same moment, one fails.
		const { new: added } = await write().catch(write);
		for (const entry of distinct) this.recorded.add(entry);
		return new Set(added.map(String));
	}

	async remove(entries: string[]): Promise<void> {
		await this.context.helpers.removeProcessed(entries, 'node', OPTIONS);
		for (const entry of entries) this.recorded.delete(entry);
	}

	async clear(): Promise<void> {
		await this.context.helpers.clearAllProcessedItems('node', OPTIONS);
	}
}

/** Whether all executions of a trigger are in this process: then it runs here, too. */
function isAlone(context: IExecuteFunctions): boolean {
	return getCache(context) !== undefined;
}
