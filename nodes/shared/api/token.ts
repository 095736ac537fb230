import { withTimeout } from '../async/timeout';

/**
 * Sees to it that many requests at once cause one token, on every n8n version. n8n fetches a
 * credential's first token for each request that finds none, and only recent versions share a
 * renewal among the requests that need it.
 */
interface TokenFetches {
	/** How many tokens have been fetched: tells whether somebody was faster. */
	count: number;
	/** The fetch that is under way. */
	current: Promise<unknown> | undefined;
}

/** By credential, of which an n8n has few. */
const fetchesByCredential = new Map<string, TokenFetches>();

/** How many tokens of a credential this process has fetched so far. */
export function countTokens(credentialId: string): number {
	return getFetches(credentialId).count;
}

/**
 * Fetches a token, unless somebody has done so since, or is doing it: then that is waited for.
 *
 * @param countBefore - {@link countTokens} when the request began that showed the need
 * @param fetchToken - what it throws reaches everybody who waits for it
 * @param timeout - after so many milliseconds nobody waits for it any more
 */
export async function fetchTokenOnce(
	credentialId: string,
	countBefore: number,
	fetchToken: () => Promise<void>,
	timeout: number,
): Promise<void> {
	const fetches = getFetches(credentialId);
	if (fetches.count !== countBefore) return;
	await (fetches.current ?? lead(fetches, fetchToken, timeout));
}

/**
 * Sends a request for which n8n has to fetch the first token. The first such request goes ahead
 * alone; the others follow when it has been answered. Where it fails, the next one goes ahead.
 *
 * @param countBefore - {@link countTokens} when no token was stored
 * @param timeout - after so many milliseconds nobody waits for the first request any more
 */
export async function sendWithFirstToken<Response>(
	credentialId: string,
	countBefore: number,
	send: () => Promise<Response>,
	timeout: number,
): Promise<Response> {
	const fetches = getFetches(credentialId);
	while (fetches.count === countBefore && fetches.current !== undefined) {
		await fetches.current.catch(() => undefined);
	}
	if (fetches.count !== countBefore) return await send();
	return await lead(fetches, send, timeout);
}

async function lead<Result>(
	fetches: TokenFetches,
	work: () => Promise<Result>,
	timeout: number,
): Promise<Result> {
	// n8n itself waits five minutes for a token; an execution that begins later shall not.
	const current = withTimeout(work, timeout);
	fetches.current = current;
	try {
		const result = await current;
		fetches.count++;
		return result;
	} finally {
		fetches.current = undefined;
	}
}

function getFetches(credentialId: string): TokenFetches {
	const fetches = fetchesByCredential.get(credentialId) ?? { count: 0, current: undefined };
	fetchesByCredential.set(credentialId, fetches);
	return fetches;
}
