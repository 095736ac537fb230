import type { Request } from 'express';
import type { SandboxState } from '../state';

/**
 * The app that a request seems to come from, by its token or by the client ID that it asks for a
 * token with. Nothing has been checked; this is for the log, for faults and for rate limits.
 *
 * @returns A client ID, or null
 */
export function presumedCaller(state: SandboxState, request: Request): string | null {
	const token = request.get('authorization')?.replace(/^Bearer /i, '');
	if (token !== undefined) return state.tokens.find(token)?.clientId ?? null;
	const body: unknown = request.body;
	if (typeof body === 'object' && body !== null && 'client_id' in body) {
		return String(body.client_id);
	}
	return null;
}
