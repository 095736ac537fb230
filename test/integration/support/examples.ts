import { readFileSync } from 'node:fs';
import path from 'node:path';

import type { INodeParameters } from 'n8n-workflow';

import { SANDBOX_EXAMPLES } from '../../../sandbox';
import { credentialReference, type WorkflowJson } from '../../../scripts/engine/engine';
import { locator } from './workflows';

/** Identifiers that belong to the sharer. */
export const [CONSENT_ID, OTHER_CONSENT_ID] = SANDBOX_EXAMPLES.consentIds;
export const [ACCOUNT_ID, OTHER_ACCOUNT_ID] = SANDBOX_EXAMPLES.accountIds;
export const [ANALYSIS_ID, OTHER_ANALYSIS_ID] = SANDBOX_EXAMPLES.analysisIds;

/** An identifier that nothing has. */
export const UNKNOWN_ID = '53520156-8459-425b-3370-08de95423420';

/** Parameters that create a share of one consent. */
export const CREATE: INodeParameters = {
	operation: 'create',
	clientId: 'en-app-ref-002',
	expirationDateUtc: '2030-04-30T12:00:00',
	consentIds: locator(CONSENT_ID),
};

/** The request that they make. */
export const CREATE_BODY = {
	clientId: 'en-app-ref-002',
	expirationDateUtc: '2030-04-30T12:00:00Z',
	consentIds: [CONSENT_ID],
};

/** A workflow of the folder `examples`, with credentials chosen as a person would. */
export function exampleWorkflow(name: string, credential: string): WorkflowJson {
	const file = path.resolve(__dirname, `../../../examples/${name}.json`);
	const workflow = JSON.parse(readFileSync(file, 'utf8')) as WorkflowJson;
	const credentials = credentialReference(credential);
	return {
		...workflow,
		nodes: workflow.nodes.map((node) =>
			node.credentials && credentials ? { ...node, credentials } : node,
		),
	};
}
