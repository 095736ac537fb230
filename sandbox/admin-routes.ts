import express, { Router, type ErrorRequestHandler, type RequestHandler } from 'express';
import { addShares, type ShareBatch } from './sharing/share-batch';
import { writeShare } from './sharing/share-model';
import type { Fault } from './faults/fault';
import type { SandboxSettings } from './options';
import type { SandboxState } from './state';
import { checkWebhooks } from './webhooks/webhook';

/**
 * What tests and developers look at and turn at: outside EnableNow's contract, and without a
 * token, since the sandbox listens on the loopback interface only and refuses web pages.
 */
export function createAdminRoutes(state: SandboxState): Router {
	const router = Router();
	router.use(refuseWebPages);
	router.use(express.json({ limit: '10mb' }));

	router.post('/reset', (_request, response) => {
		state.reset();
		response.sendStatus(204);
	});

	router.get('/settings', (_request, response) => {
		response.json(state.settings);
	});
	router.patch('/settings', (request, response) => {
		state.configure(request.body as Partial<SandboxSettings>);
		response.json(state.settings);
	});

	router.get('/requests', (request, response) => {
		response.json(state.requests.find(request.query));
	});
	router.get('/counters', (_request, response) => {
		response.json(state.counters);
	});

	router.get('/faults', (_request, response) => {
		response.json(state.faults.all());
	});
	router.post('/faults', (request, response) => {
		state.faults.add([request.body as Fault | Fault[]].flat());
		response.sendStatus(204);
	});
	router.delete('/faults', (_request, response) => {
		state.faults.clear();
		response.sendStatus(204);
	});

	router.get('/tokens', (_request, response) => {
		response.json(state.tokens.all());
	});
	router.delete('/tokens', (request, response) => {
		state.tokens.revoke((request.query as { clientId?: string }).clientId);
		response.sendStatus(204);
	});

	router.get('/webhooks', (_request, response) => {
		response.json(Object.fromEntries(state.webhooks));
	});
	router.put('/webhooks/:clientId', (request, response) => {
		state.webhooks.set(request.params.clientId, checkWebhooks(request.body));
		response.sendStatus(204);
	});
	router.get('/deliveries', (_request, response) => {
		response.json(state.deliveries.all());
	});
	router.post('/events', async (request, response) => {
		const { url, ...event } = request.body as { url: string };
		response.json(await state.deliveries.send(url, event));
	});
	router.get('/idle', async (_request, response) => {
		await state.backgroundWork.idle();
		response.sendStatus(204);
	});

	router.get('/shares', (_request, response) => {
		response.json(
			state.shares.all().map((share) => ({
				...writeShare(share),
				sharerClientId: share.sharerClientId,
				createdAt: share.createdAt.toISOString(),
			})),
		);
	});
	router.post('/shares', (request, response) => {
		response.json(addShares(state, request.body as ShareBatch).map(writeShare));
	});

	router.use((_request, response) => {
		response.status(404).json({ error: 'There is no such admin call' });
	});
	router.use(answerMisuse);
	return router;
}

/**
 * A browser on this machine reaches the loopback interface for every page that it shows. It says
 * so: in `Origin`, or, where the page's own name has been made to point here, in `Host`.
 */
const refuseWebPages: RequestHandler = (
	{ headers: { host = '', origin }, socket },
	response,
	next,
) => {
	const ownHosts = ['127.0.0.1', 'localhost'].map((name) => `${name}:${String(socket.localPort)}`);
	if (ownHosts.includes(host) && (origin === undefined || origin === `http://${host}`)) {
		next();
		return;
	}
	const error = `The admin API is for this machine's programs, not for ${origin ?? host}`;
	response.status(403).json({ error });
};

/** Says in plain words what is wrong with an admin call. */
const answerMisuse: ErrorRequestHandler = (error: unknown, _request, response, next) => {
	if (response.headersSent) {
		next(error);
		return;
	}
	response.status(400).json({ error: error instanceof Error ? error.message : String(error) });
};
