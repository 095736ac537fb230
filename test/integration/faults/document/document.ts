import type { Cell } from '../cell';
import { chapterOf } from './chapter';
import { indexOfMessages } from './index-of-messages';
import { overviewOf } from './overview';

const INTRODUCTION = `# What you see when something goes wrong

Look for the words that you see on this page, or begin with [the messages](#find-a-message).

Each part of the nodes that asks EnableNow, under each fault that can come between: what a person is shown, how many requests reached EnableNow, and how many shares were made. Nobody wrote this by hand: \`test/integration/faults\` runs every combination on n8n's own execution engine, against a server that misbehaves, and fails where this document says something else.

In every combination the tests make sure that it ends in time, that what is said names a next step, that no token or secret is in the execution or in n8n's log, that no item makes two shares, and that a redirect takes no token along.

- The Share node ran with one item and the options **Max Retries** 1 and **Max Retry Wait** 2 seconds, and with **Timeout** 5 seconds where an answer is late, so that faults end soon. The defaults have more patience.
- A message of the Share node ends with the item, such as \`[item 0]\`. That is left out here.
- What stands between \`<\` and \`>\` differs from case to case.
- Requests for tokens are counted only where there were some. A fault strikes the requests that the row is about, and a token is at hand, unless it says otherwise.
- Counts are those of requests that reached EnableNow: a connection that is not made counts as none.`;

const OF_N8N = `## What n8n does by itself

n8n fetches the token, not this package. Three things follow that the nodes cannot change:

- n8n follows a redirect of the token endpoint. With status 307 or 308 it sends the request there as it is, and with it client ID and client secret; it has no token to send along then. All requests of the nodes themselves end at a redirect.
- n8n does not tell for how long the token endpoint asks to wait. The nodes wait for a short time that grows.
- While a renewal of the token hangs, n8n begins no other for this credential, for five minutes at most. The nodes give up after their **Timeout**, but a request that needs a fresh token fails until then.`;

/** The document, in Markdown as Prettier writes it. */
export function documentOf(cells: readonly Cell[]): string {
	const faults = [...new Set(cells.map(({ fault }) => fault))];
	const parts = [
		INTRODUCTION,
		overviewOf(cells),
		indexOfMessages(cells),
		...faults.map((fault) =>
			chapterOf(
				fault,
				cells.filter((cell) => cell.fault === fault && cell.duration === 'lasting'),
			),
		),
		OF_N8N,
	];
	return `${parts.join('\n\n')}\n`;
}
