import { withTimeout } from '../async/timeout';

/** The token fetches of a credential, shared by concurrent requests: older versions of n8n do not. */
interface TokenFetches {
	/** How many tokens have been fetched. A change since a request began means a fresh token. */
	count: number;
	current: Promise<void> | undefined;
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
	fetches.current ??= runFetch(fetches, fetchToken, timeout);
	await fetches.current;
}

async function runFetch(
	fetches: TokenFetches,
	fetchToken: () => Promise<void>,
	timeout: number,
): Promise<void> {
	try {
		// n8n itself waits five minutes for a token, and later executions would wait with it.
		await withTimeout(fetchToken, timeout);
		fetches.count++;
	} finally {
		fetches.current = undefined;
	}
}

function getFetches(credentialId: string): TokenFetches {
	const fetches = fetchesByCredential.get(credentialId) ?? { count: 0, current: undefined };
	fetchesByCredential.set(credentialId, fetches);
	return fetches;
}
