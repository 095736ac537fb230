import type { RequestHandler, Response } from 'express';
import type { SandboxState } from '../state';
import { countRequest } from './counters';
import { presumedCaller } from './presumed-caller';
import type { RequestEntry } from './request-log';

const entries = new WeakMap<object, RequestEntry>();

/** Puts each request into the request log, the counters and, once it is over, the written log. */
export function observe(state: SandboxState): RequestHandler {
	return (request, response, next) => {
		const start = performance.now();
		const entry: RequestEntry = {
			at: new Date().toISOString(),
			method: request.method,
			path: request.path,
			query: request.originalUrl.split('?')[1] ?? '',
			headers: request.headers,
			body: (request.body as unknown) ?? null,
			clientId: presumedCaller(state, request),
			status: null,
			duration: null,
			fault: null,
		};
		entries.set(response, entry);
		state.requests.add(entry);
		countRequest(state.counters, entry.method, entry.path);
		response.once('close', () => {
			entry.duration = Math.round(performance.now() - start);
			if (response.writableFinished) entry.status = response.statusCode;
			state.log(describe(entry));
		});
		next();
	};
}

/** Notes in the request log that a fault struck. */
export function noteFault(response: Response, kind: string): void {
	const entry = entries.get(response);
	if (entry !== undefined) entry.fault = kind;
}

function describe({ method, path, status, duration, clientId, fault }: RequestEntry): string {
	const outcome = `${String(status ?? '---')} ${String(duration)} ms`;
	return `${method} ${path} ${outcome} ${clientId ?? '-'}${fault ? ` (fault: ${fault})` : ''}`;
}
