import OAuth2Server from '@node-oauth/oauth2-server';
import type { ErrorRequestHandler, Request, Response } from 'express';
import { error as validatorErrors } from 'express-openapi-validator';
import { ContractViolation } from './contract';
import { Problem, writeProblemDetails } from './problem-details';
import type { SandboxState } from './state';
import { describeValidationErrors } from './validation-errors';

/** Answers a request for a token that gets none, in the form of RFC 6749, section 5.2. */
export const answerTokenError: ErrorRequestHandler = (error: unknown, request, response, next) => {
	if (request.path !== '/cfa/connect/token' || request.method !== 'POST') {
		next(error);
	} else if (error instanceof OAuth2Server.OAuthError && error.code < 500) {
		response.status(error.code).json({ error: error.name, error_description: error.message });
	} else if (
		error instanceof validatorErrors.BadRequest ||
		error instanceof validatorErrors.UnsupportedMediaType
	) {
		response.status(400).json({ error: 'invalid_request', error_description: error.message });
	} else {
		next(error);
	}
};

/** Answers everything else that is wrong with a request, with problem details. */
export const answerProblem: ErrorRequestHandler = (error: unknown, request, response, next) => {
	const problem = readProblem(error, request);
	if (problem === null) next(error);
	else sendProblem(response, problem);
};

/**
 * Answers a mistake of the sandbox itself, an answer that breaks the contract among them, loudly:
 * on standard error, even where the sandbox is silent otherwise.
 *
 * @param state - Has the log
 */
export function answerMistake(state: SandboxState): ErrorRequestHandler {
	return (error: unknown, _request, response, next) => {
		const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
		state.log(text);
		console.error(text);
		if (response.headersSent) {
			next(error);
			return;
		}
		const detail = error instanceof ContractViolation ? error.message : 'The sandbox failed.';
		sendProblem(response, new Problem(500, { detail }));
	};
}

function sendProblem(response: Response, problem: Problem): void {
	response
		.status(problem.status)
		.set(problem.details.headers ?? {})
		.set('Content-Type', 'application/problem+json; charset=utf-8')
		.json(writeProblemDetails(problem));
}

/** What is wrong with the request, or null when it is the sandbox that is at fault. */
function readProblem(error: unknown, request: Request): Problem | null {
	if (error instanceof Problem) return error;
	if (error instanceof ContractViolation || !isHttpError(error) || error.status >= 500) return null;
	const { status, message, headers = {} } = error;
	if (error instanceof validatorErrors.BadRequest) {
		const errors = describeValidationErrors(error.errors, {
			body: request.body as unknown,
			query: request.query,
			// Express has emptied request.params by now.
			params: (request as Request & { openapi?: { pathParams: unknown } }).openapi?.pathParams,
		});
		return new Problem(status, { errors });
	}
	return new Problem(status, { detail: message, headers });
}

/** An error with an HTTP status, as the validator and the body parser throw them. */
function isHttpError(
	error: unknown,
): error is Error & { status: number; headers?: Record<string, string> } {
	return error instanceof Error && 'status' in error && typeof error.status === 'number';
}
