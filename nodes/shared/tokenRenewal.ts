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
 */
export async function fetchTokenOnce(
	credentialId: string,
	countBefore: number,
	fetchToken: () => Promise<void>,
): Promise<void> {
	const history = historyOf(credentialId);
	if (history.count !== countBefore) return;
	await (history.current ?? lead(history, fetchToken));
}

/**
 * Sends a request for which n8n has to fetch the first token. The first such request goes ahead
 * alone; the others follow when it has been answered.
 *
 * @param countBefore - {@link tokenCount} when no token was stored
 */
export async function sendWithFirstToken<Answer>(
	credentialId: string,
	countBefore: number,
	send: () => Promise<Answer>,
): Promise<Answer> {
	const history = historyOf(credentialId);
	while (history.count === countBefore && history.current !== undefined) {
		// Where the leader fails, the next one leads.
		await history.current.catch(() => undefined);
	}
	return history.count === countBefore ? await lead(history, send) : await send();
}

async function lead<Answer>(history: TokenHistory, work: () => Promise<Answer>): Promise<Answer> {
	const current = work();
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
