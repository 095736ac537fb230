import { withTimeout } from '../async/timeout';

/**
 * Sees to it that many requests at once cause one token, on every n8n version. n8n fetches a
 * credential's first token for each request that finds none, and only recent versions share a
 * renewal among the requests that need it.
 */
interface TokenHistory {
	/** How many tokens have been fetched: tells whether somebody was faster. */
	count: number;
	/** The fetch that is under way. */
	current: Promise<unknown> | undefined;
}

/** By credential, of which an n8n has few. */
const histories = new Map<string, TokenHistory>();

/** How many tokens of a credential this process has fetched so far. */
export function tokenCount(credentialId: string): number {
	return historyOf(credentialId).count;
}

/**
 * Fetches a token, unless somebody has done so since, or is doing it: then that is waited for.
 *
 * @param countBefore - {@link tokenCount} when the request began that showed the need
 * @param fetchToken - what it throws reaches everybody who waits for it
 * @param milliseconds - after this time nobody waits for it any more
 * @returns whether it was fetched by this call
 */
export async function fetchTokenOnce(
	credentialId: string,
	countBefore: number,
	fetchToken: () => Promise<void>,
	milliseconds: number,
): Promise<boolean> {
	const history = historyOf(credentialId);
	if (history.count !== countBefore) return false;
	const isLeader = history.current === undefined;
	await (history.current ?? lead(history, fetchToken, milliseconds));
	return isLeader;
}

/**
 * Sends a request for which n8n has to fetch the first token. The first such request goes ahead
 * alone; the others follow when it has been answered.
 *
 * @param countBefore - {@link tokenCount} when no token was stored
 * @param milliseconds - after this time nobody waits for the first request any more
 */
export async function sendWithFirstToken<Answer>(
	credentialId: string,
	countBefore: number,
	send: () => Promise<Answer>,
	milliseconds: number,
): Promise<Answer> {
	const history = historyOf(credentialId);
	while (history.count === countBefore && history.current !== undefined) {
		// Where the leader fails, the next one leads.
		await history.current.catch(() => undefined);
	}
	if (history.count !== countBefore) return await send();
	return await lead(history, send, milliseconds);
}

async function lead<Answer>(
	history: TokenHistory,
	work: () => Promise<Answer>,
	milliseconds: number,
): Promise<Answer> {
	// n8n itself waits five minutes for a token; an execution that begins later shall not.
	const current = withTimeout(work, milliseconds);
	history.current = current;
	try {
		const answer = await current;
		history.count++;
		return answer;
	} finally {
		history.current = undefined;
	}
}

function historyOf(credentialId: string): TokenHistory {
	const history = histories.get(credentialId) ?? { count: 0, current: undefined };
	histories.set(credentialId, history);
	return history;
}
