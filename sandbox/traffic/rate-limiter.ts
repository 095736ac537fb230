import type { RateLimit } from '../options';

const WINDOW = 1_000;

/** Counts each app's calls of the past second. */
export class RateLimiter {
	private readonly calls = new Map<string, number[]>();

	/**
	 * Notes a call.
	 *
	 * @param limit - The limit, or null for none
	 * @param caller - The app that calls
	 * @param now - Milliseconds on any clock that does not go backwards
	 * @returns Whether the call is within the limit; one that is not does not count
	 */
	admit(limit: RateLimit | null, caller: string, now: number): boolean {
		if (limit === null || (limit.clientId !== undefined && limit.clientId !== caller)) return true;
		const recent = (this.calls.get(caller) ?? []).filter((time) => now - time < WINDOW);
		const admitted = recent.length < limit.requestsPerSecond;
		if (admitted) recent.push(now);
		this.calls.set(caller, recent);
		return admitted;
	}

	/** Forgets all calls. */
	clear(): void {
		this.calls.clear();
	}
}
