import type { NodeContext } from '../../shared/api/credential';
import type { Deliveries } from './deliveries';

/**
 * The triggers that were started in this process, by workflow and node, also those that were stopped
 * since. n8n runs a trigger in one process only, while webhooks may be served by others too.
 */
const triggers = new Map<string, Deliveries>();

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
	const trigger = knownTriggerOf(context);
	return trigger?.isRunning ? trigger : undefined;
}

/** The trigger of the node that was started last in this process; it may have been stopped since. */
export function knownTriggerOf(context: NodeContext): Deliveries | undefined {
	return triggers.get(triggerKeyOf(context));
}

/** Makes a trigger known, in the place of an earlier one of the same node. */
export function setTrigger(context: NodeContext, deliveries: Deliveries): void {
	triggers.set(triggerKeyOf(context), deliveries);
}

export function forgetTrigger(context: NodeContext): void {
	triggers.delete(triggerKeyOf(context));
}

/** By what a trigger is told apart from others in this n8n. */
export function triggerKeyOf(context: NodeContext): string {
	return `${context.getWorkflow().id} ${context.getNode().id}`;
}
