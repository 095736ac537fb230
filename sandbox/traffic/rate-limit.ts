import type { RequestHandler } from 'express';
import { Problem } from '../problem-details';
import type { SandboxState } from '../state';
import { presumedCaller } from './presumed-caller';

/** Answers requests over the rate limit with 429; those without an app count together. */
export function limitRate(state: SandboxState): RequestHandler {
	return (request, _response, next) => {
		const { rateLimit } = state.settings;
		const caller = presumedCaller(state, request) ?? '';
		if (state.rateLimiter.admit(rateLimit, caller, performance.now())) {
			next();
			return;
		}
		const retryAfter = rateLimit?.retryAfter ?? 1;
		next(
			new Problem(429, {
				detail: `The rate limit is exceeded. Try again in ${String(retryAfter)} seconds.`,
				headers: { 'Retry-After': String(retryAfter) },
			}),
		);
	};
}
