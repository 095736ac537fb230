import { NodeApiError } from 'n8n-workflow';

import { credentialReference } from '../../../../scripts/engine/engine';
import { shareNode } from '../../support/workflows';
import type { Subject } from '../subject';
import { ASKING_ONCE } from './asking-once';
import { failed, wellDone } from './share-node';

const PICKERS = [
	{ name: 'Consents', method: 'searchConsents', path: '^/cfa/v2/consents$' },
	{ name: 'Accounts', method: 'searchAccounts', path: '^/cfa/accounts$' },
	{ name: 'Analyses', method: 'searchAnalyses', path: '^/cfa/analysis-jobs$' },
	{ name: 'Shares', method: 'searchShares', path: '^/shares$' },
];

/** The pickers of the editor; they have no options, so they wait for 30 seconds and ask once. */
export const pickers: Subject[] = PICKERS.map(({ name, method, path }) => ({
	name: `Picker of ${name}`,
	app: 'sharer',
	struck: [{ match: { path } }],
	longest: 45_000,
	isWaiting: false,
	isInHurry: false,
	...ASKING_ONCE,
	makesShare: false,
	isInDoubt: () => false,
	isPatient: true,
	outcomeOf: () => 'fails',
	async run(bench) {
		const node = shareNode({}, { credentials: credentialReference(bench.name) });
		try {
			const { results } = await bench.engine.search(node, method);
			expect(results).not.toHaveLength(0);
			return wellDone(results);
		} catch (error) {
			expect(error).toBeInstanceOf(NodeApiError);
			const { message, description } = error as NodeApiError;
			return failed(message, description, error);
		}
	},
}));
