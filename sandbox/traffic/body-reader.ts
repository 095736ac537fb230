import express, { type RequestHandler } from 'express';
import { fieldProblem } from '../problem-details';

const MAXIMUM_SIZE = '10mb';

/** The requests whose body is not what its content type says, and why. */
const unreadable = new WeakMap<object, Error>();

const readText = express.text({ type: () => true, limit: MAXIMUM_SIZE });

const parseText: RequestHandler = (request, _response, next) => {
	const text: unknown = request.body;
	if (typeof text !== 'string' || text === '') {
		request.body = undefined;
	} else if (request.is('application/x-www-form-urlencoded')) {
		request.body = Object.fromEntries(new URLSearchParams(text));
	} else if (request.is(['json', '+json'])) {
		try {
			request.body = JSON.parse(text) as unknown;
		} catch (error) {
			unreadable.set(request, error as Error);
		}
	}
	next();
};

/**
 * Reads the body of a request into `request.body`: JSON and forms as objects, anything else as
 * text, and undefined where there is none. JSON that cannot be parsed is left as text, for the log;
 * {@link refuseUnreadableBody} refuses it later, when the token has been checked.
 */
export const readBody: RequestHandler[] = [readText, parseText];

/** Refuses a body that is not what its content type says. */
export const refuseUnreadableBody: RequestHandler = (request, _response, next) => {
	const error = unreadable.get(request);
	next(error && fieldProblem('$', `The JSON value could not be read: ${error.message}.`));
};
