import type { INodeParameters } from 'n8n-workflow';

import type { Bench } from '../bench';
import type { Fault } from '../fault';
import type { Subject } from '../subject';
import { existing, MOST_SENDINGS, runItem } from './share-node';

const LISTS = [
	{ resource: 'consent', name: 'Get Many of Consents', path: '^/cfa/v2/consents$' },
	{ resource: 'account', name: 'Get Many of Accounts', path: '^/cfa/accounts$' },
	{ resource: 'analysis', name: 'Get Many of Analyses', path: '^/cfa/analysis-jobs$' },
];

/** The operations that make nothing. */
export const otherOperations: Subject[] = [
	operation('Get', (bench) => ({ operation: 'get', ...existing(bench) })),
	operation('Get Many', () => ({ operation: 'getAll' })),
	...LISTS.map(listing),
	operation(
		'Update',
		(bench) => ({
			operation: 'update',
			...existing(bench),
			expirationDateUtc: '2031-04-30T12:00:00',
		}),
		2,
	),
	operation('Revoke', (bench) => ({ operation: 'revoke', ...existing(bench) }), 2),
];

/** @param requests - how many it may take if none is repeated: the share may be looked at after a change */
function operation(
	name: string,
	parameters: (bench: Bench) => INodeParameters,
	requests = 1,
): Subject {
	return {
		name,
		app: 'sharer',
		struck: [{ match: { path: '^/shares' } }],
		longest: 30_000,
		isWaiting: false,
		isInHurry: false,
		triesAgain: isSentAgain,
		mostRequests: (fault) => (isSentAgain(fault) ? MOST_SENDINGS : requests),
		makesShare: false,
		isInDoubt: () => false,
		outcomeOf: () => 'fails',
		async run(bench) {
			const { finding, output } = await runItem(bench, parameters(bench));
			if (finding.isWell) expect(output).toMatchObject([{ id: bench.share.id }]);
			return finding;
		},
	};
}

function listing({ resource, name, path }: (typeof LISTS)[number]): Subject {
	const parameters = { resource, operation: 'getAll', limit: 3 };
	return {
		...operation(name, () => parameters),
		struck: [{ match: { path } }],
		async run(bench) {
			const { finding, output } = await runItem(bench, parameters);
			if (finding.isWell) expect(output).toHaveLength(3);
			return finding;
		},
	};
}

function isSentAgain({ sentAgain }: Fault): boolean {
	return sentAgain !== 'none';
}
