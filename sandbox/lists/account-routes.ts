import { Router } from 'express';
import { callerOf, dataOf } from '../caller';
import type { AccountRecord } from '../data/records';
import type { SandboxState } from '../state';
import { belongsTo, type OwnerQuery } from './owner-filter';
import { paginate } from './pagination';

/** Query of `GET /cfa/accounts`, validated and converted according to the contract. */
interface AccountQuery extends OwnerQuery {
	Page: number;
	Size: number;
}

/** The bank accounts of an app's end users. */
export function createAccountRoutes(state: SandboxState): Router {
	const router = Router();

	router.get('/cfa/accounts', (request, response) => {
		const query = request.query as unknown as AccountQuery;
		const accounts = dataOf(state, callerOf(request)).accounts.filter((account) =>
			belongsTo(account, query),
		);
		const list = paginate(accounts, query.Page, query.Size).items.map(writeAccount);
		response.json(state.settings.accountsAnswer === 'data' ? { data: list } : list);
	});

	return router;
}

function writeAccount(account: AccountRecord): Record<string, unknown> {
	return {
		id: account.id,
		iban: account.iban,
		accountHolder: account.accountHolder,
		bban: account.bban,
		providerAccountId: account.providerAccountId,
		currency: account.currency,
		accountBalance: account.accountBalance,
	};
}
