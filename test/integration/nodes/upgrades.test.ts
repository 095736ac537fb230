import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import type { ICredentialDataDecryptedObject, INodeProperties, INodeType } from 'n8n-workflow';

import { SANDBOX_CUSTOMERS } from '../../../sandbox';
import type { WorkflowJson } from '../../../scripts/engine/engine';
import { WebhookHost } from '../../../scripts/engine/webhook-host';
import { optionsOf } from '../../package/support';
import { ACCOUNT_ID, CONSENT_ID, OTHER_ACCOUNT_ID } from '../support/examples';
import { expectNoSecrets } from '../support/secrecy';
import { TestBed } from '../support/test-bed';
import { post } from '../support/trigger';
import { jsonOf, SHARE, shareNode, triggerNode } from '../support/workflows';

/**
 * Workflows and credentials as they were saved with earlier versions of the package. What is
 * released is never changed here; a version with new parameters brings a file of its own.
 */
const FOLDER = path.resolve(__dirname, '../../fixtures/saved-with');

const WORKFLOW_ENDING = '.workflow.json';

/** The versions, oldest first. */
const VERSIONS = readdirSync(FOLDER)
	.filter((file) => file.endsWith(WORKFLOW_ENDING))
	.map((file) => file.slice(0, -WORKFLOW_ENDING.length))
	.sort((one, other) => one.localeCompare(other, 'en', { numeric: true }));

function read<Content>(version: string, ending: string): Content {
	return JSON.parse(readFileSync(path.join(FOLDER, `${version}${ending}`), 'utf8')) as Content;
}

const bed = TestBed.prepare();

describe.each(VERSIONS)('a workflow that was saved with %s', (version) => {
	let workflow: WorkflowJson;

	beforeEach(() => {
		workflow = read(version, WORKFLOW_ENDING);
		const saved = read<ICredentialDataDecryptedObject>(version, '.credential.json');
		for (const [name, customer] of Object.entries(SANDBOX_CUSTOMERS)) {
			// The sandbox has another address and other secrets each time.
			bed.engine.credentials.save(name, { ...saved, ...customer, baseUrl: bed.sandbox.url });
		}
	});

	it('shares, reads, extends, revokes and lists', async () => {
		const run = await bed.engine.run(workflow, { startNode: 'Run by hand' });
		expect(run.status).toBe('success');
		expectNoSecrets(run, await bed.secrets());
		const share = {
			clientId: 'en-app-ref-002',
			reference: 'dossier-1001',
			consentIds: [CONSENT_ID],
			accountIds: [ACCOUNT_ID, OTHER_ACCOUNT_ID],
			analysisIds: [],
		};
		const created = jsonOf(run, 'Create');
		expect(created).toMatchObject([
			{ ...share, expirationDateUtc: '2099-04-30T12:00:00Z', alreadyExisted: false },
		]);
		expect(jsonOf(run, 'Get')).toMatchObject([{ ...share, id: created[0]?.['id'] }]);
		const [updated] = jsonOf(run, 'Update');
		expect(updated).toMatchObject({ ...share, id: created[0]?.['id'] });
		expect(Date.parse(updated?.['expirationDateUtc'] as string)).toBe(
			Date.parse('2099-05-01T12:00:00Z'),
		);
		expect(jsonOf(run, 'Get Many, some')).toEqual([updated]);
		expect(jsonOf(run, 'Get Many, all')).toEqual([updated]);
		const [upserted] = jsonOf(run, 'Create or Update');
		expect(upserted).toMatchObject({ ...share, id: created[0]?.['id'], alreadyExisted: true });
		const days = (Date.parse(upserted?.['expirationDateUtc'] as string) - Date.now()) / 86_400_000;
		expect(Math.round(days)).toBeGreaterThanOrEqual(59);
		expect(Math.round(days)).toBeLessThanOrEqual(62);
		const [revoked] = jsonOf(run, 'Revoke');
		expect(Date.parse(revoked?.['expirationDateUtc'] as string)).toBeLessThanOrEqual(Date.now());
		expect(jsonOf(run, 'Get Many consents')).toMatchObject([{ id: CONSENT_ID }]);
		for (const list of ['accounts', 'analyses']) {
			expect(jsonOf(run, `Get Many ${list}`).length).toBeGreaterThan(0);
		}
	});

	it('starts by an event, with either of its secrets', async () => {
		const host = await WebhookHost.start(bed.engine, workflow);
		try {
			const run = await bed.engine.run(workflow, { startNode: 'Run by hand' });
			const data = { shareId: jsonOf(run, 'Create')[0]?.['id'] };
			const send = async (event: string, secret: string) =>
				(await post(`${host.productionUrl}?secret=${secret}`, { event, data })).status;
			expect(await send('databridge.share.created', 'the-first-secret')).toBe(200);
			expect(await send('databridge.share.updated', 'the-second-secret')).toBe(200);
			expect(await send('databridge.share.updated', 'another-secret')).toBe(401);
			expect(await send('transactions.fetched', 'the-first-secret')).toBe(200);
			expect(host.executions).toHaveLength(2);
			for (const execution of host.executions) {
				expect(jsonOf(await execution.run, 'Use the share')).toMatchObject([
					{ shareId: data.shareId, verified: true, reason: null, source: 'webhook' },
				]);
			}
		} finally {
			await host.close();
		}
	});
});

describe('the newest of these workflows has every parameter', () => {
	const newest = () => read<WorkflowJson>(VERSIONS.at(-1) ?? '', WORKFLOW_ENDING);

	it.each([shareNode({}).type, triggerNode().type])('of %s', (type) => {
		const { description } = bed.engine.nodeTypes.getByNameAndVersion(type);
		const saved = newest()
			.nodes.filter((node) => node.type === type)
			.flatMap(({ parameters }) => namesOf(parameters));
		const missing = describedNames(description.properties).filter((name) => !saved.includes(name));
		expect(missing).toEqual([]);
	});

	/** The names in a node's parameters; those of a collection's fields as `collection.field`. */
	function namesOf(parameters: object): string[] {
		return Object.entries(parameters).flatMap(([name, value]: [string, unknown]) => {
			const isCollection = typeof value === 'object' && value !== null && !('__rl' in value);
			return isCollection && !Array.isArray(value)
				? Object.keys(value).map((field) => `${name}.${field}`)
				: [name];
		});
	}

	function describedNames(properties: INodeProperties[]): string[] {
		return (
			properties
				.filter(({ type }) => type !== 'notice')
				// An ordinary node does not have what is there for a tool of an AI agent.
				.filter(({ displayOptions }) => displayOptions?.show?.['@tool'] === undefined)
				.flatMap((property) =>
					property.type === 'collection'
						? optionsOf(property).fields.map(({ name }) => `${property.name}.${name}`)
						: [property.name],
				)
		);
	}
});

/** The way that docs/decisions/0010-light-versioning.md describes, tried on the engine. */
describe('a default that changes with a new version of a node', () => {
	const CHANGED: INodeProperties = {
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		default: 1,
		displayOptions: {
			show: { operation: ['getAll'], returnAll: [false], '@version': [{ _cnd: { gte: 1.1 } }] },
		},
	};

	beforeEach(async () => {
		const { type } = shareNode({});
		const node: INodeType = bed.engine.nodeTypes.getByNameAndVersion(type);
		node.description.version = [1, 1.1];
		node.description.defaultVersion = 1.1;
		// Nodes of one process share the fields of their operations.
		const properties = structuredClone(node.description.properties);
		const limit = properties.find(({ name }) => name === 'limit');
		if (limit?.displayOptions?.show) limit.displayOptions.show['@version'] = [1];
		node.description.properties = [...properties, CHANGED];
		await bed.admin.addShares({ count: 60, from: 'en-app-ref-001', to: 'en-app-ref-002' });
	});

	it.each([
		[1, 50],
		[1.1, 1],
	])(
		'leaves a node that was saved with version 1 alone: %s gives %s',
		async (typeVersion, count) => {
			const run = await bed.runShare({ operation: 'getAll' }, { node: { typeVersion } });
			expect(jsonOf(run, SHARE)).toHaveLength(count);
		},
	);
});
