import { Router } from 'express';
import { callerOf, dataOf } from '../caller';
import type { ConsentRecord } from '../data/records';
import { fieldProblem } from '../problem-details';
import type { SandboxState } from '../state';
import { readTime, writeTime } from '../times';
import { belongsTo, type OwnerQuery } from './owner-filter';
import { paginate } from './pagination';

/** Query of `GET /cfa/v2/consents`, validated and converted according to the contract. */
interface ConsentQuery extends OwnerQuery {
	FromDate?: string;
	Page: number;
	PageSize: number;
}

/** The consents of an app's end users. */
export function createConsentRoutes(state: SandboxState): Router {
	const router = Router();

	router.get('/cfa/v2/consents', (request, response) => {
		const query = request.query as unknown as ConsentQuery;
		const from = readFromDate(query.FromDate);
		const consents = dataOf(state, callerOf(request)).consents.filter(
			(consent) =>
				belongsTo({ ...consent, consentId: consent.id }, query) &&
				(from === null || consent.dateRequested >= from),
		);
		const { items, pagination } = paginate(consents, query.Page, query.PageSize);
		response.json({ _pagination: pagination, data: items.map(writeConsent) });
	});

	return router;
}

function readFromDate(text: string | undefined): Date | null {
	if (text === undefined) return null;
	const from = readTime(text);
	if (from === null) throw fieldProblem('FromDate', `The value '${text}' is not valid.`);
	return from;
}

function writeConsent(consent: ConsentRecord): Record<string, unknown> {
	const { dateExpire, dateTransactionsUpdated } = consent;
	return {
		id: consent.id,
		status: consent.status,
		providerKey: consent.providerKey,
		dateStatusUpdated: writeTime(consent.dateStatusUpdated),
		dateRequested: writeTime(consent.dateRequested),
		dateExpire: dateExpire && writeTime(dateExpire),
		dateTransactionsUpdated: dateTransactionsUpdated && writeTime(dateTransactionsUpdated),
		errors: consent.errors,
	};
}
