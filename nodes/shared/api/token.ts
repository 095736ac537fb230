import { withTimeout } from '../async/timeout';

/**
 * The token fetches of a credential. They are shared by concurrent requests: n8n fetches the first
 * token for each request that finds none, and only recent versions share a renewal.
 */
interface TokenFetches {
	/** How many tokens have been fetched. A change since a request began means a fresh token. */
	count: number;
	current: Promise<unknown> | undefined;
}

const fetchesByCredential = new Map<string, TokenFetches>();

/** How many tokens of a credential this process has fetched so far. */
export function countTokens(credentialId: string): number {
	return getFetches(credentialId).count;
}

/**
 * Fetches a token, unless one has been fetched since, or waits for the fetch that is under way.
 *
 * @param countBefore - {@link countTokens} when the request began that needs a new token
 * @param timeout - in milliseconds
 * @throws what `fetchToken` throws, to everyone who waits for it
 */
export async function fetchTokenOnce(
	credentialId: string,
	countBefore: number,
	fetchToken: () => Promise<void>,
	timeout: number,
): Promise<void> {
	const fetches = getFetches(credentialId);
	if (fetches.count !== countBefore) return;
	await (fetches.current ?? runFetch(fetches, fetchToken, timeout));
}

/**
 * Sends a request for which n8n has to fetch the first token. The first such request goes alone and
 * the others wait for its response; if it fails, the next one goes.
 *
 * @param countBefore - {@link countTokens} when no token was stored
 * @param timeout - in milliseconds
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
	return await runFetch(fetches, send, timeout);
}

async function runFetch<Result>(
	fetches: TokenFetches,
	work: () => Promise<Result>,
	timeout: number,
): Promise<Result> {
	// n8n itself waits five minutes for a token, and later executions would wait with it.
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
