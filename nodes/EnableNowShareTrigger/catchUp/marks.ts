import type { IExecuteFunctions } from 'n8n-workflow';

import { errorMessage } from '../../shared/errors/text';
import { Fingerprints } from './fingerprints';
import { liveTriggerOf, triggerKeyOf } from './liveTriggers';

/** How many marks n8n keeps for the node: they matter until the next catch-up only. */
const MOST_MARKS = 5_000;

const OPTIONS = { mode: 'entries', maxEntries: MOST_MARKS } as const;

/** How many events are remembered that requests began in this process. */
const MOST_REMEMBERED = 20_000;

/** What requests began in this process, by trigger. */
const begunByRequest = new Map<string, Fingerprints>();

/** What is being marked in this process, by trigger. */
const marking = new Map<string, Promise<unknown>>();

/**
 * Tells which events are to be executed: those that nobody else has begun. Where n8n is one process,
 * that process knows. Otherwise events are marked in n8n's database, since the running trigger and the
 * processes that serve webhooks do not know of each other.
 *
 * - An execution that a webhook request started runs with what nobody has begun. If it is run anew,
 *   since its worker died, it runs with the same again.
 * - An execution that the running trigger started also runs with what the trigger itself has begun
 *   before: it starts one again only where the first was cut off.
 *
 * @param keys - the events' keys, each once
 * @param isFromTrigger - whether the running trigger started the execution
 * @returns the keys of the events that are to be executed; all of them where marking fails, since
 *   twice is better than never
 */
export async function begin(
	context: IExecuteFunctions,
	keys: string[],
	isFromTrigger: boolean,
): Promise<Set<string>> {
	if (keys.length === 0) return new Set();
	const trigger = triggerKeyOf(context);
	const begunHere = begunByRequest.get(trigger) ?? new Fingerprints(MOST_REMEMBERED);
	begunByRequest.set(trigger, begunHere);
	if (isFromTrigger && liveTriggerOf(context) !== undefined) {
		return new Set(keys.filter((key) => !begunHere.has(key)));
	}
	const begun = await markInTurn(context, trigger, keys, isFromTrigger);
	if (!isFromTrigger) for (const key of begun) begunHere.add(key);
	return begun;
}

/** Marks when nobody else in this process does; n8n reads, changes and writes all marks at once. */
async function markInTurn(
	context: IExecuteFunctions,
	trigger: string,
	keys: string[],
	isFromTrigger: boolean,
): Promise<Set<string>> {
	try {
		const before = marking.get(trigger) ?? Promise.resolve();
		const work = before
			.catch(() => undefined)
			.then(async () => await markAndTell(context, keys, isFromTrigger));
		marking.set(trigger, work);
		return await work.finally(() => {
			if (marking.get(trigger) === work) marking.delete(trigger);
		});
	} catch (error) {
		context.logger.warn(
			`${context.getNode().name} could not look whether an event was emitted already, and emits it: ${errorMessage(error)}`,
		);
		return new Set(keys);
	}
}

async function markAndTell(
	context: IExecuteFunctions,
	keys: string[],
	isFromTrigger: boolean,
): Promise<Set<string>> {
	const ownMark = (key: string) =>
		isFromTrigger ? `${key} by the trigger` : `${key} by ${context.getExecutionId()}`;
	const marks = keys.flatMap((key) => [key, ownMark(key)]);
	const there = await mark(context, marks);
	// Of two processes that mark at the same time, one may undo what the other wrote.
	if (liveTriggerOf(context) === undefined) await mark(context, marks);
	const isForeign = (key: string) => there.has(key) && !there.has(ownMark(key));
	const foreign = keys.filter(isForeign);
	if (isFromTrigger && foreign.length > 0) {
		await context.helpers.removeProcessed(foreign.map(ownMark), 'node', OPTIONS);
	}
	return new Set(keys.filter((key) => !isForeign(key)));
}

/** Makes marks; returns those that were there already. */
async function mark(context: IExecuteFunctions, marks: string[]): Promise<Set<unknown>> {
	const tryOnce = async () => await context.helpers.checkProcessedAndRecord(marks, 'node', OPTIONS);
	// Of two processes that make the first marks at the same time, one fails.
	const { processed } = await tryOnce().catch(tryOnce).catch(tryOnce);
	return new Set(processed);
}
