import { type IDataObject, type IExecuteFunctions, NodeOperationError, sleep } from 'n8n-workflow';

import type { Share } from '../../shared/api/shares';
import { KeyedMutex } from '../../shared/async/keyedMutex';
import { errorMessage } from '../../shared/errors/text';
import { isPast } from '../../shared/input/dates';
import { SHARE_CREATED, SHARE_UPDATED } from '../description';
import { createdKey, isSelected, toEventKey, type TriggerItem, updatedKey } from '../events';
import { type CatchUpSettings, isSelectedIn } from '../settings';
import { getCache, getTriggerKey } from './triggerCache';

/*
 * The ledger is the one place that answers "was this started?". It is n8n's processed data of the node: a
 * row of n8n's database for the workflow's and the node's ID, which no other node, no import and no restart
 * touches. It can be used in execute() only, to ask for an entry is to record it, and n8n keeps hashes.
 */

// An event that the catch-up ignores: it has been started, or existed before the first catch-up.
const seen = (key: string) => `seen ${key}`;
// An entry for an event with which an execution has begun, and one for both: n8n may run it again.
const started = (key: string) => `started ${key}`;
const startedBy = (run: string) => (key: string) => `started ${key} by ${run}`;
const seenAndStarted = (key: string) => [seen(key), started(key)];
// An entry for an execution that has recorded all that it starts.
const decided = (run: string) => `decided ${run}`;

/** What the running trigger has listed, for an execution to ask the ledger about. */
export interface Handover extends IDataObject {
	/** The EnableNow, the app and the receiver that the shares were listed for. */
	app: string;
	/** ISO 8601 in UTC; the same where the execution runs again. */
	listedAt: string;
	shares: Share[];
	settings: CatchUpSettings & IDataObject;
}

/** How many entries n8n keeps, the newest: enough for 100,000 shares. */
const OPTIONS = { mode: 'entries', maxEntries: 300_000 } as const;

/** How long another process gets to read and write all entries: at least this, or three times as long as here. */
const MIN_WRITING_TIME_MS = 100;
const MAX_REWRITES = 5;

/** n8n reads and writes all entries of a node at once, so that calls must not overlap. */
const mutex = new KeyedMutex();

/** When this process cleared the ledger of a trigger whose catch-up is off, by `performance.now()`. */
const cleared = new Map<string, number>();

/** Another process may have recorded something since. */
const CLEARED_FOR_MS = 60_000;

/** What an execution asks for that an event started. */
interface Claim {
	items: TriggerItem[];
	byThis: (key: string) => string;
	/** The items, of all claims recorded together, that may start the workflow. */
	claimed?: Promise<TriggerItem[]>;
}

/** The claims that wait for the ledger, by trigger. */
const waitingClaims = new Map<string, Claim[]>();

/**
 * Claims the items with which a request started an execution.
 *
 * @returns those that are to start the workflow: no execution has begun with them, or EnableNow did not
 *   confirm them; the latter are not recorded
 * @throws if n8n's database cannot be read or written
 */
export async function claimEvents(
	context: IExecuteFunctions,
	items: TriggerItem[],
): Promise<TriggerItem[]> {
	if (!items.some(toEventKey)) return items;
	const key = getTriggerKey(context);
	const claim: Claim = { items, byThis: startedBy(`execution ${context.getExecutionId()}`) };
	waitingClaims.set(key, [...(waitingClaims.get(key) ?? []), claim]);
	await useLedger(context, async (record) => {
		// Recorded together, hundreds take as long as one: n8n writes all entries each time.
		const claims = waitingClaims.get(key) ?? [];
		waitingClaims.delete(key);
		const claimed = recordClaims(context, record, claims);
		for (const each of claims) each.claimed = claimed;
		await claimed;
	});
	const claimed = new Set(await claim.claimed);
	return items.filter((item) => claimed.has(item));
}

async function recordClaims(
	context: IExecuteFunctions,
	record: Recorder,
	claims: Claim[],
): Promise<TriggerItem[]> {
	if (claims.length === 0) return [];
	const cache = getCache(context);
	const waiting = cache?.waiting ?? [];
	const runs = claims.flatMap(({ items, byThis }) =>
		items.flatMap((item) => toEventKey(item) ?? []).map((key) => ({ key, run: byThis(key) })),
	);
	const keys = runs.map(({ key }) => key);
	const added = await record([
		...[...keys, ...waiting].map(seen),
		...keys.map(started),
		// In queue mode, n8n 1 gives the execution of a worker that died to another worker.
		...(cache === undefined ? runs.map(({ run }) => run) : []),
	]);
	const isRunAgain = (run: string) => cache === undefined && !added.has(run);
	const fresh = runs.filter(({ key, run }) => added.has(started(key)) || isRunAgain(run));
	const freshKeys = new Set(fresh.map(({ key }) => key));
	const claimed = claims
		.flatMap(({ items }) => items)
		.filter((item) => {
			const key = toEventKey(item);
			// Deleted, so that of two items about the same event the first goes on alone.
			return key === undefined || freshKeys.delete(key);
		});
	const ends = claimed.flatMap(({ share }) => (share === null ? [] : updatedKey(share)));
	cache?.addRecorded([...keys, ...waiting, ...ends]);
	const earlierEnds = claimed.flatMap((item) => cache?.setEnd(item.share, item.receivedAt) ?? []);
	// Who hears of a new share also hears of its end: that is no change.
	const entries = isSelectedIn(context, SHARE_UPDATED) ? ends.map(seen) : [];
	await finishClaim(context, record, entries, earlierEnds.flatMap(seenAndStarted));
	return claimed;
}

/**
 * Claims what the running trigger has listed. The first time for an app, all of it counts as known.
 *
 * @returns the items that are to start the workflow, in the order of the list. Where n8n runs an execution
 *   again, or a person retries it, they are those that it claimed before
 * @throws if n8n's database cannot be read or written
 */
export async function claimHandover(
	context: IExecuteFunctions,
	handover: Handover,
): Promise<TriggerItem[]> {
	const { app, listedAt, shares, settings } = handover;
	const { selection, existing, expired } = settings;
	const log = (text: string) => context.logger.info(`${context.getNode().name} ${text}`);
	const isUpdatedSelected = isSelected(SHARE_UPDATED, selection);
	const cache = getCache(context);
	const run = toRun(handover, 1);
	const baseline = { created: `baseline ${app}`, updated: `baseline ${app} updates` };
	const isLeftOut = (share: Share) => !expired && isPast(share.expirationDateUtc);
	return await useLedger(context, async (record) => {
		const hasEnd = (share: Share) => isUpdatedSelected && !cache?.isOutdated(share, listedAt);
		// A share that has ended keeps its last reported end: if it goes on after all, that is a change.
		const lasting = shares.filter((share) => hasEnd(share) && !isLeftOut(share));
		const waiting = cache?.waiting ?? [];
		const count = await context.helpers.getProcessedDataCount('node', OPTIONS);
		const added = await record([
			run,
			baseline.created,
			...shares.map(createdKey).map(seen),
			...(isUpdatedSelected ? [baseline.updated] : []),
			...lasting.map(updatedKey).map(seen),
			...waiting.map(seen),
		]);
		if (!added.has(run)) return await claimAgain(context, record, handover);
		// A full ledger has lost its oldest entries, the baseline among them.
		const isFull = count + added.size >= OPTIONS.maxEntries;
		const isFirst = added.has(baseline.created) && !isFull;
		const isFirstUpdate = added.has(baseline.updated) && !isFull;
		if (isFirst) log(`knows ${shares.length} shares, and catches up from now on.`);
		const isNew = (share: Share) => added.has(seen(createdKey(share)));
		const isNewWanted = isSelected(SHARE_CREATED, selection) && (existing || !isFirst);
		const missed = shares.flatMap((share) => {
			if (isLeftOut(share)) return [];
			if (isNew(share)) return isNewWanted ? toItem(handover, SHARE_CREATED, share) : [];
			const isChanged = added.has(seen(updatedKey(share))) && !isFirstUpdate;
			return isChanged ? toItem(handover, SHARE_UPDATED, share) : [];
		});
		const known = shares.filter((share) => hasEnd(share) && (isFirstUpdate || isNew(share)));
		cache?.addRecorded(waiting);
		const entries = [...toClaims(run, missed), ...known.map(updatedKey).map(seen)];
		const earlierEnds = lasting.flatMap((share) => cache?.setEnd(share, listedAt) ?? []);
		// While changes are not selected, ends are not recorded: then all of them count as known again.
		const forgotten = isUpdatedSelected ? earlierEnds.flatMap(seenAndStarted) : [baseline.updated];
		await finishClaim(context, record, entries, forgotten);
		const events = missed.length === 1 ? '1 event' : `${missed.length} events`;
		if (missed.length > 0) log(`catches up on ${events} it had missed.`);
		return missed;
	});
}

/** Forgets everything about a trigger whose catch-up is off. */
export async function clearLedger(context: IExecuteFunctions): Promise<void> {
	const key = getTriggerKey(context);
	const now = performance.now();
	if (now - (cleared.get(key) ?? Number.NEGATIVE_INFINITY) < CLEARED_FOR_MS) return;
	await context.helpers.clearAllProcessedItems('node', OPTIONS);
	cleared.set(key, now);
}

/**
 * Claims what the execution of a handover claimed when it ran before. To ask for claims is to record them
 * for all shares, so that each run has claims of its own.
 */
async function claimAgain(
	context: IExecuteFunctions,
	record: Recorder,
	handover: Handover,
): Promise<TriggerItem[]> {
	let number = 2;
	while ((await record([toRun(handover, number)])).size === 0) number++;
	const before = toRun(handover, number - 1);
	const events = [SHARE_CREATED, SHARE_UPDATED].filter((event) =>
		isSelected(event, handover.settings.selection),
	);
	const candidates = handover.shares.flatMap((share) =>
		events.map((event) => toItem(handover, event, share)),
	);
	const toClaim = (item: TriggerItem) => startedBy(before)(toEventKey(item) ?? '');
	const added = await record([decided(before), ...candidates.map(toClaim)]);
	if (added.has(decided(before))) {
		const message = 'n8n was cut off while it recorded which of the listed shares are new';
		const description = `Of the ${handover.shares.length} shares listed at ${handover.listedAt}, the new ones have not started the workflow, and will not. Compare EnableNow's shares with what the workflow has processed.`;
		throw new NodeOperationError(context.getNode(), message, { description });
	}
	const claimed = candidates.filter((item) => !added.has(toClaim(item)));
	await record(toClaims(toRun(handover, number), claimed));
	return claimed;
}

/** The trigger's output for a share whose event was missed. */
function toItem({ listedAt }: Handover, event: string, share: Share): TriggerItem {
	const item = { event, shareId: share.id, verified: true, reason: null, share, data: null };
	return { ...item, receivedAt: listedAt, source: 'catchUp' };
}

/** Identifies a run of the execution of a handover. */
function toRun({ app, listedAt }: Handover, number: number): string {
	return `handover ${app} ${listedAt} ${number}`;
}

/** What a run records of what it starts. */
function toClaims(run: string, items: TriggerItem[]): string[] {
	const keys = items.flatMap((item) => toEventKey(item) ?? []);
	return [decided(run), ...keys.map(started), ...keys.map(startedBy(run))];
}

/** Records and forgets the rest after a claim, which stands even if n8n's database fails now. */
async function finishClaim(
	context: IExecuteFunctions,
	record: Recorder,
	entries: string[],
	forgotten: string[],
): Promise<void> {
	const write = async () => {
		if (entries.length > 0) await record(entries);
		if (forgotten.length > 0) await context.helpers.removeProcessed(forgotten, 'node', OPTIONS);
	};
	try {
		await write().catch(write);
	} catch (error) {
		const { name } = context.getNode();
		context.logger.warn(`${name} could not complete its record of events: ${errorMessage(error)}`);
	}
}

/** Records entries, and gives those that were not there: n8n has no way to ask without recording. */
type Recorder = (entries: string[]) => Promise<Set<string>>;

/**
 * Works on the ledger while nobody else in this process does. Other processes, where there are any, may
 * overwrite what is recorded at the same moment: then it is recorded again.
 */
async function useLedger<Result>(
	context: IExecuteFunctions,
	work: (record: Recorder) => Promise<Result>,
): Promise<Result> {
	const key = getTriggerKey(context);
	const recorded = new Set<string>();
	// Where the trigger runs in this process, all executions do.
	const isAlone = () => getCache(context) !== undefined;
	let writingTime = 0;
	const record: Recorder = async (entries) => {
		const begin = performance.now();
		for (const entry of entries) recorded.add(entry);
		const write = async () =>
			await context.helpers.checkProcessedAndRecord([...new Set(entries)], 'node', OPTIONS);
		// Of two processes that write the first entries of a node at the same moment, one fails. Where there
		// is one process, a write that failed may have been carried out: asked again, nothing would be new.
		const { new: added } = await (isAlone() ? write() : write().catch(write));
		writingTime = Math.max(writingTime, performance.now() - begin);
		return new Set(added.map(String));
	};
	cleared.delete(key);
	const result = await mutex.run(key, async () => await work(record));
	for (let rewrites = 0; rewrites < MAX_REWRITES && recorded.size > 0 && !isAlone(); rewrites++) {
		await sleep(Math.max(MIN_WRITING_TIME_MS, 3 * writingTime));
		// What has been claimed stands, even if n8n's database fails now.
		const rewrite = async () => await record([...recorded]).catch(() => recorded);
		if ((await mutex.run(key, rewrite)).size === 0) break;
	}
	return result;
}
