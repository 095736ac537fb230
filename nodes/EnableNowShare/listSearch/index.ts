import { isPast } from '../../shared/input/dates';
import { formatDay, createPicker, getText } from './picker';

/** Bank, status and day of request, newest first, as EnableNow sorts them. */
const searchConsents = createPicker({
	path: '/cfa/v2/consents',
	paging: { page: 'Page', pageSize: 'PageSize' },
	nameParts: (consent) => [
		getText(consent, 'providerKey'),
		getText(consent, 'status'),
		formatDay(consent, 'dateRequested', 'requested'),
	],
});

/** IBAN (or whatever number the account has) in groups of four, and the holder. */
const searchAccounts = createPicker({
	path: '/cfa/accounts',
	paging: { page: 'Page', pageSize: 'Size' },
	nameParts: (account) => [
		getText(account, 'iban')
			.replace(/\s+/g, '')
			.replace(/(.{4})(?=.)/g, '$1 ') ||
			getText(account, 'bban') ||
			getText(account, 'providerAccountId'),
		getText(account, 'accountHolder'),
		getText(account, 'currency'),
	],
});

/** Reference, status and day; EnableNow gives this list whole. */
const searchAnalyses = createPicker({
	path: '/cfa/analysis-jobs',
	nameParts: (analysis) => [
		getText(analysis, 'reference'),
		getText(analysis, 'status'),
		getText(analysis, 'profile'),
		formatDay(analysis, 'created', 'created'),
	],
});

/** Reference, last day and receiver: the end of a long one is cut off on the screen. */
const searchShares = createPicker({
	path: '/shares',
	paging: { page: 'page', pageSize: 'pageSize' },
	nameParts: (share) => [
		getText(share, 'reference') || 'No reference',
		formatDay(share, 'expirationDateUtc', isPast(share['expirationDateUtc']) ? 'ended' : 'until'),
		getText(share, 'clientId'),
	],
});

/** The pickers of the node, by the names that its fields use. */
export const listSearch = {
	searchConsents,
	searchAccounts,
	searchAnalyses,
	searchOwnShares: searchShares,
	searchShares,
};
