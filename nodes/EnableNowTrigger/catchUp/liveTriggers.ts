import type { NodeContext } from '../../shared/credential';
import type { Deliveries } from './deliveries';

/**
 * The triggers that run in this process, by workflow and node. n8n runs a trigger in one process
 * only, while webhooks may be served by others too.
 */
const liveTriggers = new Map<string, Deliveries>();

/** The triggers that have been started in this process and do not know their app yet. */
const starting = new Map<string, Promise<void>>();

/** Makes a trigger known whose start goes on; it must not reject. */
export function setStarting(context: NodeContext, start: Promise<void>): void {
	const key = triggerKeyOf(context);
	const done = start.then(() => {
		if (starting.get(key) === done) starting.delete(key);
	});
	starting.set(key, done);
}

/** Waits until a trigger that is being started in this process runs: an event may come before that. */
export async function whenStarted(context: NodeContext): Promise<void> {
	await starting.get(triggerKeyOf(context));
}

/** The running trigger of the node, where it runs in this process. */
export function liveTriggerOf(context: NodeContext): Deliveries | undefined {
	return liveTriggers.get(triggerKeyOf(context));
}

/** Makes a running trigger known, in the place of an earlier one of the same node. */
export function setLiveTrigger(context: NodeContext, deliveries: Deliveries): void {
	liveTriggers.set(triggerKeyOf(context), deliveries);
}

/** Forgets a running trigger, unless another has taken its place. */
export function removeLiveTrigger(context: NodeContext, deliveries: Deliveries): void {
	if (liveTriggerOf(context) === deliveries) liveTriggers.delete(triggerKeyOf(context));
}

/** By what a trigger is told apart from others in this n8n. */
export function triggerKeyOf(context: NodeContext): string {
	return `${context.getWorkflow().id} ${context.getNode().id}`;
}
