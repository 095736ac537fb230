import { BANKS } from './banks';
import { createGuid } from './guid';
import { createAccountNumber } from './iban';
import { createHolderName } from './names';
import { createRandom, type Random } from './random';
import type { AccountRecord, AnalysisRecord, ConsentRecord, CustomerData } from './records';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Enough that lists have several pages, and that a search has something to leave out. */
const CONSENT_COUNT = 260;
const ANALYSIS_COUNT = 260;

/** PSD2 lets a consent last for 180 days. */
const CONSENT_DAYS = 180;

/** An analysis looks at a year of transactions. */
const ANALYSIS_DAYS = 365;

/** The states of a consent that the end user has not completed. */
const PENDING_STATUSES = [
	'INITIALIZED',
	'AUTHENTICATING',
	'AUTHENTICATED',
	'UPDATING',
	'TIMEDOUT',
] as const;

const FAILED_STATUSES = ['FAILING', 'ERROR'] as const;

const ENGINES = [
	{ engine: 'categorization', profile: 'consumer' },
	{ engine: 'categorization', profile: 'business' },
	{ engine: 'income', profile: 'mortgage' },
	{ engine: 'affordability', profile: 'consumer-credit' },
	{ engine: 'affordability', profile: 'rent' },
] as const;

/** Identifiers that have to be there; they go to the newest records. */
export interface FixedIds {
	readonly consentIds: readonly string[];
	readonly accountIds: readonly string[];
	readonly analysisIds: readonly string[];
}

/**
 * Makes an app's data. Identifiers, names and numbers depend on the seed alone; dates are whole
 * days and hours before the day of `now`, so that they are never stale.
 *
 * @param seed - The same seed gives the same data
 * @param now - The present
 * @param fixedIds - Identifiers that have to be there
 */
export function createCustomerData(seed: number, now: Date, fixedIds: FixedIds): CustomerData {
	const random = createRandom(seed);
	const today = Math.floor(now.getTime() / DAY) * DAY;
	const consents = Array.from({ length: CONSENT_COUNT }, (_, position) =>
		createConsent(random, today, position, fixedIds.consentIds[position]),
	);
	const accounts = consents
		.flatMap((consent) => createAccounts(random, consent))
		.map((account, position) => ({ ...account, id: fixedIds.accountIds[position] ?? account.id }));
	const analyses = Array.from({ length: ANALYSIS_COUNT }, (_, position) =>
		createAnalysis(random, today, position, accounts, fixedIds.analysisIds[position]),
	);
	return { consents, accounts, analyses };
}

/** A consent; the one at position 0 is the newest, and each further one about a day older. */
function createConsent(
	random: Random,
	today: number,
	position: number,
	fixedId: string | undefined,
): ConsentRecord {
	const id = createGuid(random);
	const userId = createGuid(random);
	const requested = today - (position + 1) * DAY + random.integer(7, 21) * HOUR;
	const expire = requested + CONSENT_DAYS * DAY;
	const withdrawn = random.fraction() < 0.05;
	const pending = fixedId === undefined && position < 20 && random.fraction() < 0.2;
	const expired = expire < today;
	const ended = expired || (withdrawn && fixedId === undefined);
	const lastFetch = Math.min(expire, today) + random.integer(0, 6) * HOUR;
	const failed = !pending && !ended && fixedId === undefined && random.fraction() < 0.03;
	const status = pending
		? pick(PENDING_STATUSES, position)
		: ended
			? 'INVALIDATED'
			: failed
				? pick(FAILED_STATUSES, position)
				: 'UPDATED';
	return {
		id: fixedId ?? id,
		userId,
		externalUserId: `klant-${String(10_000 + position)}`,
		status,
		providerKey: random.pick(BANKS).providerKey,
		dateStatusUpdated: new Date(expired ? expire : requested + HOUR),
		dateRequested: new Date(requested),
		dateExpire: pending ? null : new Date(expire),
		dateTransactionsUpdated: pending ? null : new Date(Math.max(lastFetch, requested + HOUR)),
		errors: failed ? ['The bank did not answer in time.'] : [],
	};
}

/** One of the values, by a position, so that all of them occur. */
function pick<Value>(values: readonly [Value, ...Value[]], position: number): Value {
	return values[position % values.length] ?? values[0];
}

/** The accounts of a consent: at one bank, of one holder, one to three of them. */
function createAccounts(random: Random, consent: ConsentRecord): AccountRecord[] {
	const bank = BANKS.find(({ providerKey }) => providerKey === consent.providerKey);
	if (bank === undefined) throw new Error(`There is no bank ${consent.providerKey}`);
	const accountHolder = createHolderName(random);
	return Array.from({ length: random.pick([1, 1, 1, 2, 3]) }, () => ({
		id: createGuid(random),
		consentId: consent.id,
		userId: consent.userId,
		externalUserId: consent.externalUserId,
		...createAccountNumber(random, bank.ibanCode),
		accountHolder,
		providerAccountId: createGuid(random),
		currency: 'EUR',
		accountBalance: random.integer(-50_000, 2_500_000) / 100,
	}));
}

/** An analysis; the one at position 0 is the newest, and each further one about a day older. */
function createAnalysis(
	random: Random,
	today: number,
	position: number,
	accounts: readonly AccountRecord[],
	fixedId: string | undefined,
): AnalysisRecord {
	const id = createGuid(random);
	const created = today - (position + 1) * DAY + random.integer(7, 21) * HOUR;
	const status =
		fixedId !== undefined
			? 'COMPLETED'
			: position < 10
				? random.pick(['PENDING', 'RUNNING', 'COMPLETED'] as const)
				: random.pick(['COMPLETED', 'COMPLETED', 'COMPLETED', 'COMPLETED', 'FAILED'] as const);
	const finished = status === 'COMPLETED' || status === 'FAILED';
	const accountIds = Array.from({ length: random.integer(1, 3) }, () => random.pick(accounts).id);
	return {
		id: fixedId ?? id,
		reference: random.fraction() < 0.8 ? `dossier-${String(20_000 + position)}` : null,
		created: new Date(created),
		finishedAt: finished ? new Date(created + random.integer(20, 600) * 1000) : null,
		status,
		...random.pick(ENGINES),
		accountIds: [...new Set(accountIds)],
		dateFrom: new Date(created - ANALYSIS_DAYS * DAY),
		dateTo: new Date(created),
	};
}
