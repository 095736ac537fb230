import type { RequestHandler } from 'express';
import type { SandboxState } from '../state';
import { noteFault } from '../traffic/observation';
import { presumedCaller } from '../traffic/presumed-caller';
import { captureAnswer, NO_ANSWER } from './captured-answer';
import { FAULT_KINDS, strike } from './fault-kinds';

/** Lets the first fault that is meant for a request strike, before or after its processing. */
export function injectFaults(state: SandboxState): RequestHandler {
	return (request, response, next) => {
		const { method, path } = request;
		const fault = state.faults.take({ method, path, clientId: presumedCaller(state, request) });
		if (fault === undefined) {
			next();
			return;
		}
		noteFault(response, fault.kind);
		if (fault.when === 'after' || FAULT_KINDS[fault.kind].altersAnswer) {
			captureAnswer(response, (answer) => strike(response, fault, answer));
			next();
		} else {
			strike(response, fault, NO_ANSWER);
		}
	};
}
