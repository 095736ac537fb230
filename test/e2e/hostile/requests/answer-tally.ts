import { markdownTable } from '../../../../scripts/cli/markdown-table';
import type { Exchange } from './raw-connection';

/** Who was asked: EnableNow Trigger, or n8n's own Webhook node. */
export type Asked = 'trigger' | 'webhook';

/** What was left without an answer, and what n8n had not closed when the time was up. */
const NO_ANSWER = 'none';
const LEFT_OPEN = 'left open';

/** How requests were answered, by their kind. */
export class AnswerTally {
	private readonly counts = new Map<string, Record<Asked, Map<string, number>>>();

	add(kind: string, asked: Asked, outcomes: string[]): void {
		const known = this.counts.get(kind) ?? { trigger: new Map(), webhook: new Map() };
		this.counts.set(kind, known);
		for (const outcome of outcomes) {
			known[asked].set(outcome, (known[asked].get(outcome) ?? 0) + 1);
		}
	}

	/** Whether a request of the kind was answered so. */
	has(kind: string, asked: Asked, outcome: string): boolean {
		return this.counts.get(kind)?.[asked].has(outcome) ?? false;
	}

	/** In Markdown. */
	table(): string {
		const rows = [...this.counts].map(([kind, { trigger, webhook }]) => [
			kind,
			described(trigger),
			described(webhook),
		]);
		return markdownTable([['Requests', 'EnableNow Trigger', 'Webhook node'], ...rows]);
	}
}

/** What came of a connection: the statuses of its answers, or what else there is to say. */
export function outcomesOf({ statuses, isLeftOpen }: Exchange): string[] {
	const outcomes = statuses.map(String);
	if (isLeftOpen) return [...outcomes, LEFT_OPEN];
	return outcomes.length > 0 ? outcomes : [NO_ANSWER];
}

function described(counts: Map<string, number>): string {
	return [...counts]
		.sort(([one], [other]) => one.localeCompare(other))
		.map(([outcome, count]) => `${outcome}: ${count}`)
		.join(', ');
}
