import type { IDataObject, INode } from 'n8n-workflow';
import { SANDBOX_CUSTOMERS } from '../../../sandbox';
import { waitFor, type Credential } from '../../../scripts/n8n';
import { CREATE } from '../../integration/support/examples';
import { sharedN8n } from '../support/attached-n8n';
import { itemsOf, type N8nUnderTest, type WorkflowContent } from '../support/n8n-under-test';
import {
	chain,
	itemNodes,
	manualTrigger,
	MANUAL_TRIGGER,
	SHARE,
	shareNode,
} from '../support/nodes';

let n8n: N8nUnderTest;
let sharer: Credential;

beforeAll(async () => {
	n8n = await sharedN8n();
});

beforeEach(async () => {
	await n8n.admin.reset();
	// New, so that it holds no token.
	sharer = await n8n.addCredential('Sharer', SANDBOX_CUSTOMERS.sharer);
});

function references(count: number): IDataObject[] {
	return Array.from({ length: count }, (_item, index) => ({ reference: `share-${index}` }));
}

/** Creates a share for each item. */
function batch(
	items: IDataObject[],
	options: IDataObject = {},
	changes: Partial<INode> = {},
): WorkflowContent {
	const parameters = {
		...CREATE,
		additionalFields: { reference: '={{ $json.reference }}' },
		options: options as INode['parameters'],
	};
	const share = { ...shareNode(sharer, parameters), ...changes };
	return chain(manualTrigger(), ...itemNodes(items), share);
}

async function madeReferences(): Promise<unknown[]> {
	return (await n8n.admin.shares()).map(({ reference }) => reference).sort();
}

it('makes a share of each of many items, in their order, with one token from cold', async () => {
	await n8n.admin.configure({ latency: 50 });
	const items = references(150);
	const outputs = itemsOf(await n8n.runNew(batch(items)), SHARE);
	expect(outputs).toMatchObject(items.map((json, item) => ({ json, pairedItem: { item } })));
	expect(await madeReferences()).toEqual(items.map(({ reference }) => reference).sort());
	expect((await n8n.admin.counters()).tokensIssued).toBe(1);
});

it('fetches one more token when the first dies in mid-batch, and makes nothing twice', async () => {
	await n8n.admin.configure({ latency: 50 });
	const items = references(200);
	const workflow = await n8n.addWorkflow(batch(items));
	const id = await n8n.workflows.run(workflow.id, MANUAL_TRIGGER);
	await waitFor('some shares', async () => (await n8n.admin.counters()).sharesCreated > 40);
	await n8n.admin.revokeTokens();
	expect(itemsOf(await n8n.endOf(id), SHARE)).toHaveLength(200);
	expect(await madeReferences()).toEqual(items.map(({ reference }) => reference).sort());
	expect((await n8n.admin.counters()).tokensIssued).toBe(2);
});

it('makes all shares within the rate limit, without being told what it is', async () => {
	await n8n.admin.configure({ rateLimit: { requestsPerSecond: 20, retryAfter: 1 } });
	const items = references(100);
	expect(itemsOf(await n8n.runNew(batch(items)), SHARE)).toHaveLength(100);
	expect(await madeReferences()).toEqual(items.map(({ reference }) => reference).sort());
});

it('makes each share once though EnableNow fails now and then, also in a second run', async () => {
	const match = { method: 'POST', path: '^/shares' };
	await n8n.admin.addFaults([
		{ kind: 'status', status: 429, rate: 0.05, match },
		{ kind: 'status', status: 503, rate: 0.05, match },
		{ kind: 'connectionReset', when: 'after', rate: 0.05, match },
		{ kind: 'noAnswer', when: 'after', rate: 0.02, match },
	]);
	const items = references(100);
	const workflow = await n8n.addWorkflow(batch(items, { preventDuplicates: true, timeout: 2 }));
	const first = itemsOf(await n8n.run(workflow), SHARE).map(({ json }) => json);
	expect(await madeReferences()).toEqual(items.map(({ reference }) => reference).sort());
	const second = itemsOf(await n8n.run(workflow), SHARE).map(({ json }) => json);
	expect(second.map(({ id }) => id)).toEqual(first.map(({ id }) => id));
	expect(second.every(({ alreadyExisted }) => alreadyExisted === true)).toBe(true);
	expect((await n8n.admin.counters()).sharesCreated).toBe(100);
});

it('fails alone where it is not known whether the share was made, and is not sent again', async () => {
	const match = { method: 'POST', path: '^/shares' };
	await n8n.admin.addFault({ kind: 'connectionReset', when: 'after', match, nth: [2] });
	const workflow = batch(
		references(3),
		{ maxConcurrentRequests: 1 },
		{
			onError: 'continueRegularOutput',
		},
	);
	const outputs = itemsOf(await n8n.runNew(workflow), SHARE).map(({ json }) => json);
	expect(outputs).toMatchObject([
		{ reference: 'share-0' },
		{ error: expect.stringMatching(/EnableNow may have created the share anyway/) as string },
		{ reference: 'share-2' },
	]);
	expect((await n8n.admin.counters()).sharesCreated).toBe(3);
});

it('sends nothing more when the workflow is stopped', async () => {
	await n8n.admin.configure({ latency: 100 });
	const workflow = await n8n.addWorkflow(batch(references(1000), { maxConcurrentRequests: 10 }));
	const id = await n8n.workflows.run(workflow.id, MANUAL_TRIGGER);
	await waitFor('some shares', async () => (await n8n.admin.counters()).sharesCreated > 20);
	await n8n.executions.stop(id);
	let before = -1;
	const countOnceSteady = async () => {
		const { sharesCreated } = await n8n.admin.counters();
		const isSteady = sharesCreated === before;
		before = sharesCreated;
		return isSteady && sharesCreated;
	};
	expect(await waitFor('the last share', countOnceSteady, { interval: 1000 })).toBeLessThan(500);
});
