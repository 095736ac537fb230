import type { RequestHandler } from 'express';
import type { SandboxState } from '../state';
import { noteFault } from '../traffic/observation';
import { presumedCaller } from '../traffic/presumed-caller';
import { captureAnswer, NO_ANSWER } from './captured-answer';
import { processingDelayOf, strike, strikesAfterProcessing } from './fault-kinds';

/** Lets the fault that is meant for a request strike, before or after its processing. */
export function injectFaults(state: SandboxState): RequestHandler {
	return (request, response, next) => {
		const { method, path } = request;
		const fault = state.faults.take({ method, path, clientId: presumedCaller(state, request) });
		if (fault === undefined) {
			next();
			return;
		}
		noteFault(response, fault.kind);
		if (!strikesAfterProcessing(fault)) {
			strike(response, fault, NO_ANSWER);
			return;
		}
		const processed = new Promise<void>((resolve) => {
			captureAnswer(response, (answer) => {
				strike(response, fault, answer);
				resolve();
			});
		});
		const delay = processingDelayOf(fault);
		if (delay === 0) {
			next();
			return;
		}
		state.postponedWork.add(delay, () => {
			next();
			return processed;
		});
	};
}
