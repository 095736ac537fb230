import { sleepUnlessAborted } from '../../shared/async/abort';

/*
 * A sender who is answered at once sends the next event at once, so that n8n starts hundreds of executions at
 * the same time, and loses some: n8n 2.41 with SQLite a fifth of 2,000. So an answer waits for its execution.
 */

/** With many answers waiting, each waits this long for every one of them. */
const MS_PER_ANSWER = 300;

/** In queue mode, workers execute: assumed if no execution has begun here so long after the first event. */
const MAX_FIRST_START_MS = 10_000;

let firstEventAt = Number.POSITIVE_INFINITY;
let executesHere = false;

/** The answers that wait for an execution of a trigger, oldest first. */
const waitingAnswers = new Map<string, Set<AbortController>>();

/**
 * Waits until another execution of a trigger has begun.
 *
 * @param milliseconds - how long at most, unless many answers wait: an execution that waits for a free slot may
 *   begin in an hour
 */
export async function waitForExecution(triggerKey: string, milliseconds: number): Promise<void> {
	const now = performance.now();
	firstEventAt = Math.min(firstEventAt, now);
	if (!executesHere && now - firstEventAt > MAX_FIRST_START_MS) return;
	const answers = waitingAnswers.get(triggerKey) ?? new Set();
	waitingAnswers.set(triggerKey, answers);
	const begun = new AbortController();
	answers.add(begun);
	await sleepUnlessAborted(Math.max(milliseconds, answers.size * MS_PER_ANSWER), begun.signal);
	answers.delete(begun);
	if (answers.size === 0 && waitingAnswers.get(triggerKey) === answers)
		waitingAnswers.delete(triggerKey);
}

/** Records that n8n has stored an execution of a trigger and begun it, in this process. */
export function noteExecution(triggerKey: string): void {
	executesHere = true;
	const answers = waitingAnswers.get(triggerKey);
	const [oldest] = answers ?? [];
	if (oldest === undefined) return;
	answers?.delete(oldest);
	oldest.abort();
}
