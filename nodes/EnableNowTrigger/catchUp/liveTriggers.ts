import type { NodeContext } from '../../shared/credential';
import type { Deliveries } from './deliveries';

/**
 * The triggers that run in this process, by workflow and node. n8n runs a trigger in one process
 * only, while webhooks may be served by others too.
 */
const liveTriggers = new Map<string, Deliveries>();

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
