import type { INodeParameters } from 'n8n-workflow';

import { TOKEN_PATH } from '../../support/test-bed';
import type { Bench } from '../bench';
import type { Fault } from '../fault';
import type { Finding, Subject } from '../subject';
import { CREATE_WITH_REFERENCE, MOST_SENDINGS, runItem } from './share-node';

const THE_CREATE = { match: { method: 'POST', path: '^/shares$' } };
const THE_LIST = { match: { method: 'GET', path: '^/shares$' } };

/** The list is read before the create; all readings after that are meant. */
const THE_LIST_AFTERWARDS = { ...THE_LIST, nth: [2, 3, 4, 5, 6, 7, 8, 9] };

const IN_DOUBT = 'fails, in doubt';
const NONE_MADE = 'fails, none made';

const COMMON = {
	app: 'sharer',
	longest: 60_000,
	isWaiting: true,
	isInHurry: false,
	makesShare: true,
} as const;

/** The list is read before the create, and once more for each time that its answer was lost. */
const MOST_WITH_SEARCH = MOST_SENDINGS + (1 + MOST_SENDINGS) * MOST_SENDINGS;

const UNIQUE = {
	...COMMON,
	mostRequests: () => MOST_WITH_SEARCH,
	run: async (bench: Bench) => await create(bench, { preventDuplicates: true }),
};

const UPSERT = { ...CREATE_WITH_REFERENCE, operation: 'upsert', reference: 'order-1001' };

const TOKEN = {
	...COMMON,
	struck: [{ match: { path: TOKEN_PATH } }],
	isWaiting: false,
	isInDoubt: () => false,
	outcomeOf: () => NONE_MADE,
	// n8n fetches the token, and does not tell all of what went wrong. What it takes for one is refused.
	message:
		/^(No token came from|EnableNow (gave no token|could not be reached|did not answer|refused .* status 401))/,
	// While a fetch hangs, n8n begins no other.
	triesAgain: (fault: Fault) => isTokenAskedForAgain(fault) && !fault.isTimeOut,
	run: async (bench: Bench) => await create(bench),
};

/** All ways to create a share. */
export const createSubjects: Subject[] = [
	{
		...COMMON,
		name: 'Create',
		struck: [THE_CREATE],
		isWaiting: false,
		triesAgain: isAlwaysSentAgain,
		mostRequests: (fault) => (isAlwaysSentAgain(fault) ? MOST_SENDINGS : 1),
		isInDoubt: isUnknown,
		outcomeOf: doubtOf,
		run: async (bench) => await create(bench),
	},
	{
		...UNIQUE,
		name: 'Create with Prevent Duplicates',
		struck: [THE_CREATE],
		triesAgain: (fault) => isUnknown(fault) || isAlwaysSentAgain(fault),
		isInDoubt: () => false,
		outcomeOf: ({ isCarriedOut }) => (isCarriedOut === true ? 'works' : NONE_MADE),
	},
	{
		...UNIQUE,
		name: 'Create or Update',
		struck: [THE_CREATE],
		triesAgain: (fault) => isUnknown(fault) || isAlwaysSentAgain(fault),
		isInDoubt: () => false,
		outcomeOf: ({ isCarriedOut }) => (isCarriedOut === true ? 'works' : NONE_MADE),
		run: async (bench) => await create(bench, {}, UPSERT),
	},
	{
		...UNIQUE,
		name: 'Create with Prevent Duplicates (only its search beforehand is struck)',
		struck: [THE_LIST],
		isWaiting: false,
		triesAgain: ({ sentAgain }) => sentAgain !== 'none',
		isInDoubt: () => false,
		outcomeOf: () => NONE_MADE,
	},
	{
		...UNIQUE,
		name: 'Create with Prevent Duplicates (its search afterwards is struck too)',
		struck: [THE_CREATE, THE_LIST_AFTERWARDS],
		triesAgain: isAlwaysSentAgain,
		isInDoubt: isUnknown,
		outcomeOf: doubtOf,
	},
	{
		...TOKEN,
		name: 'Create (its first token is struck)',
		storedToken: 'none',
		mostRequests: () => 1,
	},
	{
		...TOKEN,
		name: 'Create (the renewal of its token is struck)',
		storedToken: 'revoked',
		// Each time it is refused first.
		mostRequests: () => 2 * MOST_SENDINGS,
	},
];

function isAlwaysSentAgain({ sentAgain }: Fault): boolean {
	return sentAgain === 'all';
}

/** The network, and what the token endpoint answers when it is busy or fails. */
function isTokenAskedForAgain({ sentAgain, status = 0 }: Fault): boolean {
	return status >= 429 || (status === 0 && sentAgain !== 'none');
}

function doubtOf(fault: Fault): string {
	return isUnknown(fault) ? IN_DOUBT : NONE_MADE;
}

function isUnknown({ work }: Fault): boolean {
	return work === 'unknown';
}

/** Creates a share; an output without the share that was made is no success. */
async function create(
	bench: Bench,
	options: INodeParameters = {},
	parameters = CREATE_WITH_REFERENCE,
): Promise<Finding> {
	const { finding, output } = await runItem(bench, parameters, options);
	if (finding.isWell) {
		const [made] = await bench.newShares();
		expect(output).toMatchObject([{ id: made?.id, reference: 'order-1001' }]);
		return finding;
	}
	return { ...finding, outcome: finding.isInDoubt ? IN_DOUBT : NONE_MADE };
}
