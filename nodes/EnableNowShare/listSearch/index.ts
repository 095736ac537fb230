import type { IDataObject } from 'n8n-workflow';

import { ACCOUNTS, ANALYSES, CONSENTS, hasStatus } from '../../shared/api/shareable';
import { selectShares, SHARES } from '../../shared/api/shareList';
import type { Share } from '../../shared/api/shares';
import { isPast } from '../../shared/input/dates';
import { createPicker, formatDay, getText, isOldestFirst } from './picker';

/** Statuses of a consent that nothing can come of any more; a failing one may recover. */
const ENDED_STATUSES = ['INVALIDATED', 'ERROR', 'TIMEDOUT'];

function hasEnded(consent: IDataObject): boolean {
	return (
		ENDED_STATUSES.some((status) => hasStatus(consent, status)) || isPast(consent['dateExpire'])
	);
}

/** Those that can be used first, each kind newest first, as EnableNow sorts them. */
const searchConsents = createPicker<IDataObject>({
	list: CONSENTS,
	getSelections: () => [{ matches: (consent) => !hasEnded(consent) }, { matches: hasEnded }],
	getTitle: (consent) => getText(consent, 'providerKey'),
	getDetails: (consent) => [
		hasEnded(consent) ? 'ended' : '',
		formatDay(consent, 'dateRequested', 'requested'),
		getText(consent, 'status'),
	],
});

const searchAccounts = createPicker<IDataObject>({
	list: ACCOUNTS,
	getTitle: (account) => getText(account, 'accountHolder') || formatNumber(account),
	getDetails: (account) => [
		getText(account, 'accountHolder') === '' ? '' : formatNumber(account),
		getText(account, 'currency'),
	],
});

/** The IBAN in groups of four, or whatever number the account has. */
function formatNumber(account: IDataObject): string {
	return (
		getText(account, 'iban')
			.replace(/\s+/g, '')
			.replace(/(.{4})(?=.)/g, '$1 ') ||
		getText(account, 'bban') ||
		getText(account, 'providerAccountId')
	);
}

const searchAnalyses = createPicker<IDataObject>({
	list: ANALYSES,
	getTitle: (analysis) => getText(analysis, 'reference'),
	getDetails: (analysis) => [
		formatDay(analysis, 'created', 'created'),
		getText(analysis, 'profile'),
		getText(analysis, 'status'),
	],
});

const shares = {
	list: SHARES,
	getTitle: ({ reference }: Share) => reference?.trim() || 'No reference',
	getDetails: (share: Share) => [
		share.clientId,
		formatDay(share, 'expirationDateUtc', isPast(share.expirationDateUtc) ? 'ended' : 'until'),
	],
};

const searchShares = createPicker<Share>(shares);

/** Shares that can be changed, newest first. */
const searchOwnShares = createPicker<Share>({
	...shares,
	getSelections: (client) => [
		selectShares(client, { status: 'active', direction: 'made', clientId: '', reference: '' }),
	],
	isOldestFirst,
});

/** The pickers of the node, by the names that its fields use. */
export const listSearch = {
	searchConsents,
	searchAccounts,
	searchAnalyses,
	searchOwnShares,
	searchShares,
};
