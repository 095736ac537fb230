import { Router, type Request, type Response } from 'express';
import { callerOf, dataOf } from '../caller';
import { createGuid } from '../data/guid';
import { paginate } from '../lists/pagination';
import { fieldProblem, Problem } from '../problem-details';
import type { SandboxState } from '../state';
import { readTime } from '../times';
import { announceShare } from '../webhooks/share-events';
import { readShareCreation, type ShareCreation } from './share-creation';
import { writeShare } from './share-model';
import { isExpired, isVisibleTo, type ShareRecord } from './share-store';

/** Query of `GET /shares`, which has been validated and converted according to the contract. */
interface ShareListQuery {
	page: number;
	pageSize: number;
	isExpired?: boolean;
}

/** Sharing API v1. */
export function createShareRoutes(state: SandboxState): Router {
	const router = Router();

	router.post('/shares', (request, response) => {
		const now = new Date();
		const requested = readShareCreation(
			request.body as ShareCreation,
			dataOf(state, callerOf(request)),
			now,
		);
		const share: ShareRecord = {
			id: createGuid(state.random),
			sharerClientId: callerOf(request),
			createdAt: now,
			...requested,
		};
		state.shares.add(share);
		state.counters.sharesCreated += 1;
		response.json({ data: share.id });
		announceShare(state, 'databridge.share.created', share);
	});

	router.get('/shares', (request, response) => {
		const query = request.query as unknown as ShareListQuery;
		const now = new Date();
		const shares = state.shares
			.all()
			.filter((share) => isShown(request, share))
			.filter(
				(share) => query.isExpired === undefined || isExpired(share, now) === query.isExpired,
			);
		if (state.settings.listOrder === 'newestFirst') shares.reverse();
		const { items, pagination } = paginate(shares, query.page, query.pageSize);
		response.json({ _pagination: pagination, data: items.map(writeShare) });
	});

	router.get('/shares/:shareId', (request, response) => {
		response.json({ data: writeShare(findShare(request)) });
	});

	router.put('/shares/:shareId', (request, response) => {
		const share = findShare(request);
		if (share.sharerClientId !== callerOf(request)) {
			throw new Problem(403, { detail: 'Only the app that made a share can change it.' });
		}
		const { expirationDateUtc } = request.body as { expirationDateUtc: string };
		const expiration = readTime(expirationDateUtc);
		if (expiration === null) {
			throw fieldProblem(
				'ExpirationDateUtc',
				`The value '${expirationDateUtc}' is not valid for ExpirationDateUtc.`,
			);
		}
		share.expirationDateUtc = expiration;
		state.counters.sharesUpdated += 1;
		answerUpdate(response, share);
		announceShare(state, 'databridge.share.updated', share);
	});

	function isShown(request: Request, share: ShareRecord): boolean {
		return isVisibleTo(share, callerOf(request), state.settings.receiverSeesShares);
	}

	/** The share that the path names; one that is not for the caller is as good as none. */
	function findShare(request: Request<{ shareId: string }>): ShareRecord {
		const { shareId } = request.params;
		const share = state.shares.find(shareId);
		if (share === undefined || !isShown(request as Request, share)) {
			throw new Problem(404, { detail: `There is no share with the identifier '${shareId}'.` });
		}
		return share;
	}

	function answerUpdate(response: Response, share: ShareRecord): void {
		switch (state.settings.updateAnswer) {
			case 'share':
				response.json({ data: writeShare(share) });
				break;
			case 'id':
				response.json({ data: share.id });
				break;
			case 'empty':
				// Through json(), so that this answer is validated like any other.
				response.status(204).json(undefined);
				break;
		}
	}

	return router;
}
