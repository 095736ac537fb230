import type { IExecuteFunctions } from 'n8n-workflow';

import type { Share } from '../../shared/api/shares';
import { SHARE_CREATED, SHARE_UPDATED } from '../webhook/events';
import type { TriggerItem } from '../webhook/judgement';
import { LedgerEntries } from './entries';
import { createdKey, getEventKeys, getSeenKeys, updatedKey } from './eventKey';
import { type Handover, isLeftOut, toItems, toMissedItems } from './handover';
import { getCache } from './triggerCache';

/*
 * The ledger is the one place that answers "was this started?". It can be asked in execute() only, and to
 * ask for an entry is to record it. For the key of an event ("created <share>", "updated <share> <end>")
 * it holds:
 *   seen <key>              the catch-up leaves it alone: it was started, or was there from the start
 *   started <key>           an execution has begun with it
 *   started <key> by <run>  which one, for an execution that runs again after a crash
 */
const seen = (key: string) => `seen ${key}`;
const started = (key: string) => `started ${key}`;
const startedBy = (run: string) => (key: string) => `started ${key} by ${run}`;

/**
 * Claims the items with which a request started an execution.
 *
 * @returns those that are to start the workflow: no execution has begun with them, or EnableNow did not
 *   confirm them; the latter are not recorded
 * @throws where n8n's database cannot be asked
 */
export async function claimEvents(
	context: IExecuteFunctions,
	items: TriggerItem[],
): Promise<TriggerItem[]> {
	const keys = [...new Set(getEventKeys(items))];
	if (keys.length === 0) return items;
	const cache = getCache(context);
	const byThis = startedBy(items[0]?.receivedAt ?? '');
	const waiting = cache?.waiting ?? [];
	return await LedgerEntries.use(context, async (entries) => {
		const added = await entries.record([
			...getSeenKeys(items).map(seen),
			...keys.map(started),
			// In queue mode, n8n 1 gives the execution of a worker that died to another worker.
			...(cache === undefined ? keys.map(byThis) : []),
			...waiting.map(seen),
		]);
		cache?.addRecorded([...getSeenKeys(items), ...waiting]);
		const isRunAgain = (key: string) => cache === undefined && !added.has(byThis(key));
		const fresh = new Set(keys.filter((key) => added.has(started(key)) || isRunAgain(key)));
		const claimed = items.filter((item) => {
			const [key] = getEventKeys([item]);
			// Deleted, so that of two items about the same event the first goes on alone.
			return key === undefined || fresh.delete(key);
		});
		await forgetEarlierEnds(context, entries, claimed);
		return claimed;
	});
}

/**
 * Claims what the running trigger has listed. The first time, all of it counts as known.
 *
 * @returns the items that are to start the workflow, in the order of the list. Where n8n runs an execution
 *   again, or a person retries it, they are those that it claimed before
 * @throws where n8n's database cannot be asked
 */
export async function claimHandover(
	context: IExecuteFunctions,
	handover: Handover,
): Promise<TriggerItem[]> {
	const { app, listedAt, shares, isUpdatedSelected } = handover;
	const cache = getCache(context);
	const waiting = cache?.waiting ?? [];
	const run = toRun(handover, 1);
	const baseline = { created: `baseline ${app}`, updated: `baseline ${app} updates` };
	// A share that has ended keeps the end that was told of last: if it goes on after all, that is a change.
	const withEnd = isUpdatedSelected ? shares.filter((share) => !isLeftOut(handover, share)) : [];
	const toAsk = [
		run,
		baseline.created,
		...(isUpdatedSelected ? [baseline.updated] : []),
		...shares.map((share) => seen(createdKey(share))),
		...withEnd.map((share) => seen(updatedKey(share))),
		...waiting.map(seen),
	];
	return await LedgerEntries.use(context, async (entries) => {
		const added = await entries.record(toAsk);
		if (!added.has(run)) return await claimAgain(entries, handover);
		const isFirst = { created: added.has(baseline.created), updated: added.has(baseline.updated) };
		if (isFirst.created) {
			// What was recorded for another app will be out of date when the trigger comes back to it.
			await entries.clear();
			await entries.record(toAsk);
		}
		const isNewShare = (share: Share) => added.has(seen(createdKey(share)));
		const isNewEnd = (share: Share) =>
			added.has(seen(updatedKey(share))) && cache?.isOutdated(share, listedAt) !== true;
		const missed = toMissedItems(handover, { isFirst, isNewShare, isNewEnd });
		const known = shares.filter((share) => isFirst.updated || isNewShare(share));
		await recordClaims(
			entries,
			run,
			missed,
			known.map((share) => seen(updatedKey(share))),
		);
		cache?.addRecorded([...getSeenKeys(missed), ...waiting]);
		await forgetEarlierEnds(context, entries, toItems(handover, SHARE_UPDATED, withEnd));
		log(context, shares.length, isFirst.created, missed.length);
		return missed;
	});
}

/**
 * Claims what an execution claimed when it ran before. To ask for claims is to record them for all that
 * was handed over, so that each run has claims of its own.
 */
async function claimAgain(entries: LedgerEntries, handover: Handover): Promise<TriggerItem[]> {
	let number = 2;
	while ((await entries.record([toRun(handover, number)])).size === 0) number++;
	const before = toRun(handover, number - 1);
	const candidates = handover.shares.flatMap((share) => [
		...toItems(handover, SHARE_CREATED, [share]),
		...toItems(handover, SHARE_UPDATED, [share]),
	]);
	const added = await entries.record([
		decided(before),
		...getEventKeys(candidates).map(startedBy(before)),
	]);
	const wasClaimed = (item: TriggerItem) =>
		!getEventKeys([item])
			.map(startedBy(before))
			.some((entry) => added.has(entry));
	const claimed = added.has(decided(before))
		? // Cut off between two writes, it has left nothing that tells what was new: rather twice than never.
			toItems(handover, SHARE_CREATED, handover.shares)
		: candidates.filter(wasClaimed);
	await recordClaims(entries, toRun(handover, number), claimed);
	return claimed;
}

/** Records what a run of an execution claims. */
async function recordClaims(
	entries: LedgerEntries,
	run: string,
	items: TriggerItem[],
	others: string[] = [],
): Promise<void> {
	const keys = getEventKeys(items);
	await entries.record([
		decided(run),
		...keys.map(started),
		...keys.map(startedBy(run)),
		...others,
	]);
}

/** Identifies a run of the execution with which a handover began. */
function toRun({ app, listedAt }: Handover, number: number): string {
	return `handover ${app} ${listedAt} run ${number}`;
}

/** Says that a run has claimed all that it claims. */
function decided(run: string): string {
	return `${run} decided`;
}

/**
 * Takes note of when shares end. An end that a share had before can be told of again, as far as this
 * process knows what it was.
 */
async function forgetEarlierEnds(
	context: IExecuteFunctions,
	entries: LedgerEntries,
	items: TriggerItem[],
): Promise<void> {
	const cache = getCache(context);
	const keys = items.flatMap(({ share, receivedAt, verified }) => {
		const end = verified && share !== null ? cache?.setEnd(share, receivedAt) : undefined;
		return end === undefined || share === null ? [] : [updatedKey(share, end)];
	});
	if (keys.length === 0) return;
	cache?.delete(keys);
	await entries.remove([...keys.map(seen), ...keys.map(started)]);
}

function log(context: IExecuteFunctions, listed: number, isFirst: boolean, missed: number): void {
	const { name } = context.getNode();
	if (isFirst) {
		context.logger.info(`${name} knows ${listed} shares, and catches up from now on.`);
	}
	if (missed > 0) {
		const events = missed === 1 ? '1 event' : `${missed} events`;
		context.logger.info(`${name} catches up on ${events} that it had not received.`);
	}
}
