import type { Cell } from '../cell';
import type { Fault } from '../fault';
import { linkTo } from './links';

/** What a message goes on with, where there is more to say than what happened. */
const CONTINUATION = /\. (Given up:|EnableNow may have created|The share was sent).*$/s;

/** The messages in order, and the chapters that they are in. */
export function indexOfMessages(cells: readonly Cell[]): string {
	const faults = new Map<string, Set<Fault>>();
	for (const { fault, finding } of cells) {
		const message = finding.texts['Message']?.replace(CONTINUATION, '');
		if (message === undefined) continue;
		faults.set(message, (faults.get(message) ?? new Set()).add(fault));
	}
	const lines = [...faults]
		.sort(([one], [other]) => (one < other ? -1 : 1))
		.map(([message, chapters]) => `- \`${message}\`: ${[...chapters].map(linkTo).join(', ')}`);
	return `## Find a message\n\nA message may go on with what the node did about it. The trigger says the same in its \`reason\` and in n8n's log.\n\n${lines.join('\n')}`;
}
