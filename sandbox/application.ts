import express, { type Express } from 'express';
import { createAdminRoutes } from './admin-routes';
import { createContractSteps } from './contract';
import { answerMistake, answerProblem, answerTokenError } from './error-handlers';
import { injectFaults } from './faults/fault-injection';
import { createAccountRoutes } from './lists/account-routes';
import { createAnalysisJobRoutes } from './lists/analysis-job-routes';
import { createConsentRoutes } from './lists/consent-routes';
import { createAuthorizationServer } from './oauth/authorization-server';
import { createShareRoutes } from './sharing/share-routes';
import type { SandboxState } from './state';
import { readBody, refuseUnreadableBody } from './traffic/body-reader';
import { delay } from './traffic/latency';
import { observe } from './traffic/observation';
import { limitRate } from './traffic/rate-limit';

/** Puts the sandbox together: what happens to a request, from top to bottom. */
export function createApplication(state: SandboxState): Express {
	const authorizationServer = createAuthorizationServer(state);
	const contract = createContractSteps(authorizationServer);
	const application = express().disable('x-powered-by').disable('etag');

	application.use('/admin', createAdminRoutes(state));

	application.use(readBody);
	application.use(observe(state));
	application.use(delay(state));
	application.use(injectFaults(state));

	application.use(contract.findOperation);
	application.use(contract.checkAnswer);
	application.use(limitRate(state));
	application.use(contract.checkToken);
	application.use(refuseUnreadableBody);
	application.use(contract.checkRequest);

	application.post('/cfa/connect/token', (request, response) =>
		authorizationServer.issueToken(request, response),
	);
	application.use(createShareRoutes(state));
	application.use(createConsentRoutes(state));
	application.use(createAccountRoutes(state));
	application.use(createAnalysisJobRoutes(state));

	application.use(answerTokenError);
	application.use(answerProblem);
	application.use(answerMistake(state));
	return application;
}
