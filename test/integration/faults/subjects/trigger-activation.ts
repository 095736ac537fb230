import { NodeApiError } from 'n8n-workflow';

import { credentialReference } from '../../../../scripts/engine/engine';
import { chain, triggerNode } from '../../support/workflows';
import type { Subject } from '../subject';
import { ASKING_ONCE } from './asking-once';
import { failed, wellDone } from './share-node';

/** The check of the credential when a person activates a workflow with the trigger. */
export const triggerActivation: Subject = {
	name: 'Activation of the trigger',
	app: 'receiver',
	struck: [{ match: { path: '^/shares$' } }],
	longest: 15_000,
	isWaiting: false,
	isInHurry: false,
	...ASKING_ONCE,
	makesShare: false,
	isInDoubt: () => false,
	outcomeOf: ({ status }) => (status === 401 ? 'fails' : 'active, with a warning'),
	async run(bench) {
		const { engine, name } = bench;
		const trigger = { ...triggerNode(), name, credentials: credentialReference(name) };
		try {
			await engine.activate(chain(trigger), trigger, 'activate', 'https://n8n.example/webhook');
		} catch (error) {
			expect(error).toBeInstanceOf(NodeApiError);
			const { message, description } = error as NodeApiError;
			return failed(message, description, error);
		}
		const logged = bench.logged();
		if (logged.length === 0) return { ...wellDone({}), outcome: 'active' };
		return {
			isWell: false,
			outcome: 'active, with a warning',
			texts: { "n8n's log": logged.join(' ') },
			adviceIn: ["n8n's log"],
			isInDoubt: false,
			record: logged,
		};
	},
};
