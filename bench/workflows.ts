import { randomUUID } from 'node:crypto';
import type { INode, INodeParameters } from 'n8n-workflow';
import { SANDBOX_CUSTOMERS, SANDBOX_EXAMPLES } from '../sandbox';
import { chain } from '../scripts/n8n/chain';
import type { Credential, NewWorkflow } from '../scripts/n8n';

/** The name of the node whose time is taken. */
export const TIMED_NODE = 'Timed';

/** The name of the node that makes the timed node's output equal to EnableNow Share's. */
export const FOLLOWING_NODE = 'Split';

/** HTTP Request starts so many requests, then pauses so long, in milliseconds, and goes on. */
export interface Batching {
	batchSize: number;
	batchInterval: number;
}

/**
 * A workflow that is started by `POST /webhook/<path>`. Those of this file are sent
 * `{ count, prefix }` and answer when they have ended: nobody has to ask n8n meanwhile.
 */
export interface BenchWorkflow {
	/** Of its webhook. */
	path: string;
	content: NewWorkflow;
}

/** Creates with EnableNow Share. */
export function createsByShare(
	path: string,
	sandboxCredential: Credential,
	options: INodeParameters = {},
): BenchWorkflow {
	const byId = (value: string) => ({ __rl: true, mode: 'id', value });
	return workflow(path, [
		...itemNodes(),
		share(sandboxCredential, {
			operation: 'create',
			clientId: '={{ $json.clientId }}',
			expirationDateUtc: '={{ $json.expirationDateUtc }}',
			consentIds: byId('={{ $json.consentIds }}'),
			additionalFields: { reference: '={{ $json.reference }}' },
			options,
		}),
	]);
}

/** Creates with EnableNow Share, the same share for each item: no expression is read. */
export function createsOfFixedValues(path: string, sandboxCredential: Credential): BenchWorkflow {
	return workflow(path, [
		...itemNodes(),
		share(sandboxCredential, {
			operation: 'create',
			clientId: 'en-app-ref-002',
			expirationDateUtc: '2099-04-30T12:00:00Z',
			consentIds: { __rl: true, mode: 'id', value: SANDBOX_EXAMPLES.consentIds[0] },
			additionalFields: { reference: 'bench' },
			options: {},
		}),
	]);
}

/** Creates with HTTP Request; the item is the body as it is. */
export function createsByHttpRequest(
	path: string,
	sandboxCredential: Credential,
	sandboxUrl: string,
	batching?: Batching,
): BenchWorkflow {
	return workflow(path, [
		...itemNodes(),
		httpRequest(sandboxCredential, {
			method: 'POST',
			url: `${sandboxUrl}/shares`,
			sendBody: true,
			specifyBody: 'json',
			jsonBody: '={{ $json }}',
			options: batching ? { batching: { batch: { ...batching } } } : {},
		}),
	]);
}

/** Gets all shares with EnableNow Share. */
export function listByShare(path: string, sandboxCredential: Credential): BenchWorkflow {
	return workflow(path, [
		share(sandboxCredential, { operation: 'getAll', returnAll: true, filters: {}, options: {} }),
	]);
}

/**
 * Gets all shares with HTTP Request, in pages of EnableNow's default size, which is also EnableNow
 * Share's. It puts out pages; the node that follows makes an item for each share.
 */
export function listByHttpRequest(
	path: string,
	sandboxCredential: Credential,
	sandboxUrl: string,
): BenchWorkflow {
	const pagination = {
		paginationMode: 'updateAParameterInEachRequest',
		parameters: { parameters: [{ type: 'qs', name: 'page', value: '={{ $pageCount + 1 }}' }] },
		paginationCompleteWhen: 'other',
		completeExpression:
			'={{ $response.body._pagination.page >= $response.body._pagination.totalPages }}',
		requestInterval: 0,
	};
	return workflow(path, [
		httpRequest(sandboxCredential, {
			method: 'GET',
			url: `${sandboxUrl}/shares`,
			options: { pagination: { pagination } },
		}),
		node(FOLLOWING_NODE, 'n8n-nodes-base.splitOut', 1, { fieldToSplitOut: 'data', options: {} }),
	]);
}

/** As many items as the webhook was asked for, each one the body of a create request. */
function itemNodes(): INode[] {
	const item = JSON.stringify({
		clientId: SANDBOX_CUSTOMERS.receiver.clientId,
		expirationDateUtc: '2099-04-30T12:00:00Z',
		consentIds: [SANDBOX_EXAMPLES.consentIds[0]],
	});
	const reference = '$json.body.prefix + "-" + index';
	const items = `Array.from({ length: $json.body.count }, (_, index) => ({ ...${item}, reference: ${reference} }))`;
	return [
		node('List', 'n8n-nodes-base.set', 3.4, {
			mode: 'raw',
			jsonOutput: `={{ ({ items: ${items} }) }}`,
			options: {},
		}),
		node('Items', 'n8n-nodes-base.splitOut', 1, { fieldToSplitOut: 'items', options: {} }),
	];
}

function share(credential: Credential, parameters: INodeParameters): INode {
	const type = 'n8n-nodes-enablenow.enableNowShare';
	return { ...node(TIMED_NODE, type, 1, parameters), credentials: referenceTo(credential) };
}

function httpRequest(credential: Credential, parameters: INodeParameters): INode {
	const authentication = {
		authentication: 'predefinedCredentialType',
		nodeCredentialType: credential.type,
	};
	return {
		...node(TIMED_NODE, 'n8n-nodes-base.httpRequest', 4.5, { ...authentication, ...parameters }),
		credentials: referenceTo(credential),
	};
}

/** The part of a node that names its credential. */
export function referenceTo({ id, name, type }: Credential): NonNullable<INode['credentials']> {
	return { [type]: { id, name } };
}

function workflow(path: string, following: INode[]): BenchWorkflow {
	const webhook: INode = {
		...node('Start', 'n8n-nodes-base.webhook', 2, {
			httpMethod: 'POST',
			path,
			responseMode: 'lastNode',
			responseData: 'noData',
			options: {},
		}),
		webhookId: randomUUID(),
	};
	const settings = { executionOrder: 'v1' as const };
	return { path, content: { name: path, ...chain(webhook, ...following), settings } };
}

/** A node of any type. */
export function node(
	name: string,
	type: string,
	typeVersion: number,
	parameters: INodeParameters,
): INode {
	return { id: randomUUID(), name, type, typeVersion, position: [0, 0], parameters };
}
