import { setTimeout as wait } from 'node:timers/promises';
import type { RequestHandler } from 'express';
import type { SandboxState } from '../state';

/** Lets each request wait for as long as the settings say. */
export function delay(state: SandboxState): RequestHandler {
	return async (_request, _response, next) => {
		const { latency } = state.settings;
		// Unreferenced, so that a request that waits does not keep a closed sandbox's process alive.
		if (latency > 0) await wait(latency, undefined, { ref: false });
		next();
	};
}
