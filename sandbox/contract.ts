import { join } from 'node:path';
import type { RequestHandler } from 'express';
import { middleware as validate } from 'express-openapi-validator';
import type { AuthorizationServer } from './oauth/authorization-server';
import { setCaller } from './caller';
import { Problem } from './problem-details';

/** The contract that requests and answers are held to. */
export const CONTRACT_FILE = join(__dirname, 'openapi.yaml');

/** An answer of the sandbox that its contract does not allow: a mistake in one of the two. */
export class ContractViolation extends Error {}

/** The steps of the validation, in the order in which they have to be used. */
export interface ContractSteps {
	/** Finds the operation of a request; 404 and 405 where there is none. */
	findOperation: RequestHandler[];
	/** Holds all answers from here on to the contract. */
	checkAnswer: RequestHandler;
	/** Checks the token that the operation needs. */
	checkToken: RequestHandler;
	/** Checks parameters and body, and converts parameters. */
	checkRequest: RequestHandler;
}

/** @param authorizationServer - Checks tokens */
export function createContractSteps(authorizationServer: AuthorizationServer): ContractSteps {
	// The validator sets its check of answers last. Here it comes before the other checks, so that
	// their refusals are held to the contract as well.
	const [findPath, findOperation, checkToken, checkRequest, checkAnswer] = validate({
		apiSpec: CONTRACT_FILE,
		fileUploader: false,
		validateRequests: { allErrors: true },
		validateResponses: {
			allErrors: true,
			onError(error, body, request) {
				throw new ContractViolation(
					`The answer to ${request.method} ${request.path} breaks the contract: ` +
						`${error.message}\n${JSON.stringify(body, null, 2)}`,
				);
			},
		},
		validateSecurity: {
			handlers: {
				async customerApi(request, scopes) {
					try {
						setCaller(request, await authorizationServer.authenticate(request, scopes));
						return true;
					} catch (error) {
						// Of what is thrown here, the validator passes on the status and the message only.
						if (error instanceof Problem) request.res?.set(error.details.headers ?? {});
						throw error;
					}
				},
			},
		},
	});
	if (!findPath || !findOperation || !checkToken || !checkRequest || !checkAnswer) {
		throw new Error('express-openapi-validator has other steps than expected');
	}
	return {
		findOperation: [findPath, findOperation],
		checkAnswer,
		checkToken,
		checkRequest,
	};
}
