import { isPast } from '../../shared/input/dates';
import { dayField, pickerOf, textField } from './picker';

/** Bank, status and day of request, newest first, as EnableNow sorts them. */
const searchConsents = pickerOf({
	path: '/cfa/v2/consents',
	paging: { page: 'Page', pageSize: 'PageSize' },
	nameParts: (consent) => [
		textField(consent, 'providerKey'),
		textField(consent, 'status'),
		dayField(consent, 'dateRequested', 'requested'),
	],
});

/** IBAN (or whatever number the account has) in groups of four, and the holder. */
const searchAccounts = pickerOf({
	path: '/cfa/accounts',
	paging: { page: 'Page', pageSize: 'Size' },
	nameParts: (account) => [
		textField(account, 'iban')
			.replace(/\s+/g, '')
			.replace(/(.{4})(?=.)/g, '$1 ') ||
			textField(account, 'bban') ||
			textField(account, 'providerAccountId'),
		textField(account, 'accountHolder'),
		textField(account, 'currency'),
	],
});

/** Reference, status and day; EnableNow gives this list whole. */
const searchAnalyses = pickerOf({
	path: '/cfa/analysis-jobs',
	nameParts: (analysis) => [
		textField(analysis, 'reference'),
		textField(analysis, 'status'),
		textField(analysis, 'profile'),
		dayField(analysis, 'created', 'created'),
	],
});

/** Reference, last day and receiver: the end of a long one is cut off on the screen. */
const searchShares = pickerOf({
	path: '/shares',
	paging: { page: 'page', pageSize: 'pageSize' },
	nameParts: (share) => [
		textField(share, 'reference') || 'No reference',
		dayField(share, 'expirationDateUtc', isPast(share['expirationDateUtc']) ? 'ended' : 'until'),
		textField(share, 'clientId'),
	],
});

/** The pickers of the node, by the names that its fields use. */
export const listSearch = {
	searchConsents,
	searchAccounts,
	searchAnalyses,
	searchShares,
};
