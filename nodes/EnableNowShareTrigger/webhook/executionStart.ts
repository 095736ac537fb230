import { sleepUnlessAborted } from '../../shared/async/sleep';

/** The answers that wait for an execution of a trigger, oldest first. */
const waitingAnswers = new Map<string, Set<AbortController>>();

/**
 * Waits until another execution of a trigger has begun, or the time is over. A sender who gets an answer
 * at once sends the next event at once: n8n loses executions when it has to store hundreds at a time.
 *
 * Where no execution has begun in this process, nothing is waited for: in queue mode, workers run them.
 */
export async function waitForExecution(triggerKey: string, milliseconds: number): Promise<void> {
	const answers = waitingAnswers.get(triggerKey);
	if (answers === undefined) return;
	const begun = new AbortController();
	answers.add(begun);
	await sleepUnlessAborted(milliseconds, begun.signal);
	answers.delete(begun);
}

/** Takes note that n8n has stored an execution of a trigger, and begun it. */
export function noteExecution(triggerKey: string): void {
	const answers = waitingAnswers.get(triggerKey) ?? new Set();
	waitingAnswers.set(triggerKey, answers);
	const [oldest] = answers;
	if (oldest === undefined) return;
	answers.delete(oldest);
	oldest.abort();
}
