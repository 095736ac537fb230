import axios from 'axios';
import type { IDataObject } from 'n8n-workflow';
import type { Share } from '../../../sandbox';
import { DataTable, waitForWebhook, type Execution, type Workflow } from '../../../scripts/n8n';
import {
	ACCOUNT_ID,
	ANALYSIS_ID,
	CONSENT_ID,
	CREATE_BODY,
	OTHER_ACCOUNT_ID,
	UNKNOWN_ID,
} from '../../integration/support/examples';
import { locator } from '../../integration/support/workflows';
import { withModel } from '../support/agent';
import { sharedN8n } from '../support/attached-n8n';
import { itemsOf, type N8nUnderTest } from '../support/n8n-under-test';
import { TRIGGER } from '../support/nodes';
import { postEvent } from '../support/post-event';
import { Recipes, WEBHOOK_SECRET } from '../support/recipes';
import { ScriptedModel } from '../support/scripted-model';

const DAY = 86_400_000;

const CREATED = 'databridge.share.created';

let n8n: N8nUnderTest;
let recipes: Recipes;
const activeWorkflows: Workflow[] = [];

beforeAll(async () => {
	n8n = await sharedN8n();
	recipes = await Recipes.prepare(n8n);
});

beforeEach(async () => await n8n.admin.reset());

afterEach(async () => {
	for (const { id } of activeWorkflows.splice(0)) await n8n.workflows.deactivate(id);
});

const jsonOf = (execution: Execution, node: string, output = 0): IDataObject[] =>
	itemsOf(execution, node, output).map(({ json }) => json);

/** Shares of the sharer with the receiver. */
async function addShares(count: number): Promise<Share[]> {
	const batch = { count, from: 'en-app-ref-001', to: 'en-app-ref-002' };
	return await n8n.admin.addShares(batch);
}

/** The shares that the sharer has made since the reset. */
async function madeShares(): Promise<unknown[]> {
	const requests = await n8n.admin.requests({ method: 'POST', path: '/shares' });
	return requests.map(({ body }) => body);
}

/** Activates a workflow that begins with the trigger; gives its address. */
async function activate(workflow: Workflow): Promise<string> {
	activeWorkflows.push(workflow);
	return await n8n.activate(workflow, TRIGGER);
}

async function send(url: string, event: string, data: IDataObject): Promise<void> {
	const query = `?secret=${WEBHOOK_SECRET}`;
	expect(await postEvent(url, { body: { event, data }, query })).toMatchObject({ status: 200 });
}

/** Activates a workflow that begins with the trigger, and sends it an event. */
async function executionBy(
	workflow: Workflow,
	event: string,
	data: IDataObject,
): Promise<Execution> {
	await send(await activate(workflow), event, data);
	return await n8n.executions.waitFor(workflow.id);
}

it('share-new-consent shares once, and sends the user on', async () => {
	const workflow = await recipes.import('share-new-consent');
	await n8n.workflows.activate(workflow.id);
	activeWorkflows.push(workflow);
	const url = `${n8n.url}/webhook/enablenow-consent`;
	await waitForWebhook(url, 'GET');
	const visit = async (query: string) => {
		const answer = await axios.get(`${url}?${query}`, {
			maxRedirects: 0,
			proxy: false,
			validateStatus: () => true,
		});
		return [answer.status, String(answer.headers['location'])];
	};
	const thankYou = [307, 'https://www.example.com/thank-you'];
	for (const name of ['consent_id', 'consentId', 'ConsentId', 'consent_id']) {
		expect(await visit(`${name}=${CONSENT_ID}`)).toEqual(thankYou);
	}
	expect(await visit(`consent_id=${UNKNOWN_ID}`)).toEqual([307, 'https://www.example.com/sorry']);
	expect(await visit('error=cancelled')).toEqual([307, 'https://www.example.com/sorry']);
	expect(await n8n.admin.shares()).toMatchObject([
		{ clientId: 'en-app-ref-002', reference: `consent-${CONSENT_ID}`, consentIds: [CONSENT_ID] },
	]);
});

describe('share-finished-analysis', () => {
	it.each([
		['analysisjob.completed', 'jobId'],
		['analysis-job.completed', 'analysisId'],
	])('shares the analysis of %s, named as %s', async (event, name) => {
		const workflow = await recipes.import('share-finished-analysis');
		const execution = await executionBy(workflow, event, { [name]: ANALYSIS_ID });
		expect(jsonOf(execution, 'Share analysis')).toMatchObject([
			{ reference: `analysis-${ANALYSIS_ID}`, analysisIds: [ANALYSIS_ID], alreadyExisted: false },
		]);
	});

	it('shares nothing for another event', async () => {
		const workflow = await recipes.import('share-finished-analysis');
		const event = 'categorizationjob.completed';
		const execution = await executionBy(workflow, event, { jobId: ANALYSIS_ID });
		expect(jsonOf(execution, 'Analysis completed')).toEqual([]);
		expect(await madeShares()).toEqual([]);
	});
});

it('store-received-shares keeps one row for each share', async () => {
	const columns = ['shareId', 'reference', 'expiresAt', 'content'];
	const table = await DataTable.create(n8n.session, 'Received shares', columns);
	const workflow = await recipes.import('store-received-shares', {
		'Store the share': table.choice,
	});
	const [share] = await addShares(1);
	const data = { shareId: share?.id };
	const url = await activate(workflow);

	await send(url, CREATED, data);
	await n8n.executions.waitFor(workflow.id, hasStored);
	const [row, ...others] = await table.rows();
	expect(others).toEqual([]);
	expect(row).toMatchObject({ shareId: share?.id, reference: share?.reference ?? null });
	expect(JSON.parse(row?.['content'] as string)).toMatchObject({ id: share?.id });

	await setEnd(share, 20);
	await send(url, 'databridge.share.updated', data);
	await n8n.executions.waitFor(
		workflow.id,
		(execution) =>
			hasStored(execution) && itemsOf(execution, TRIGGER)[0]?.json['event'] !== CREATED,
	);
	const rows = await table.rows();
	expect(rows).toHaveLength(1);
	expect(daysUntil(rows[0]?.['expiresAt'])).toBeCloseTo(20, 1);
});

function hasStored(execution: Execution): boolean {
	return itemsOf(execution, 'Store the share').length > 0;
}

it("fetch-shared-accounts asks for the accounts of each of the share's consents", async () => {
	const workflow = await recipes.import('fetch-shared-accounts');
	const { id } = (await addShares(1))[0]!;
	const execution = await executionBy(workflow, CREATED, { shareId: id });
	const consentIds = jsonOf(execution, 'One item each').map(({ consentId }) => consentId);
	const requests = await n8n.admin.requests({ method: 'GET', path: '/cfa/accounts' });
	expect(consentIds.length).toBeGreaterThan(0);
	expect(requests).toHaveLength(consentIds.length);
	expect(requests.map(({ status, clientId }) => [status, clientId])).toEqual(
		consentIds.map(() => [200, 'en-app-ref-002']),
	);
});

/** Puts a share in that the sharer has received, which ends in three days. */
async function addReceivedShare(): Promise<void> {
	const expirationDateUtc = new Date(Date.now() + 3 * DAY).toISOString();
	const parties = { from: 'en-app-ref-002', to: 'en-app-ref-001' };
	await n8n.admin.addShares({ count: 1, ...parties, reference: 'received', expirationDateUtc });
}

it('extend-shares gives 30 days more to what the app made and ends within a week', async () => {
	await addReceivedShare();
	const [soon, later] = await addShares(2);
	await setEnd(soon, 3);
	await setEnd(later, 20);
	const workflow = await recipes.import('extend-shares');
	const execution = await n8n.run(workflow);
	const extended = jsonOf(execution, 'Extended');
	expect(extended).toMatchObject([{ id: soon?.id }]);
	expect(jsonOf(execution, 'Not extended')).toEqual([]);
	expect(daysUntil(extended[0]?.['expirationDateUtc'])).toBeCloseTo(33, 1);
	const shares = await n8n.admin.shares();
	expect(daysUntil(shares.find(({ id }) => id === later?.id)?.expirationDateUtc)).toBeCloseTo(
		20,
		1,
	);
});

/** Sets the end of a share by the node itself, to some days from now. */
async function setEnd(share: Share | undefined, days: number): Promise<void> {
	const workflow = await recipes.import('revoke-share', {
		Revoke: {
			shareId: locator(share?.id),
			expirationDateUtc: new Date(Date.now() + days * DAY).toISOString(),
		},
	});
	await n8n.run(workflow);
}

function daysUntil(time: unknown): number {
	return (Date.parse(time as string) - Date.now()) / DAY;
}

it('revoke-share ends the share now', async () => {
	const [share] = await addShares(1);
	const workflow = await recipes.import('revoke-share', {
		Revoke: { shareId: locator(share?.id, 'list') },
	});
	const [revoked] = jsonOf(await n8n.run(workflow), 'Revoke');
	expect(revoked).toMatchObject({ id: share?.id });
	expect(daysUntil(revoked?.['expirationDateUtc'])).toBeCloseTo(0, 2);
});

it('compare-shares tells the list from what the app has shared', async () => {
	await addReceivedShare();
	for (const [reference, clientId] of [
		['dossier-1001', 'en-app-ref-002'],
		['dossier-9999', 'en-app-ref-002'],
	]) {
		const workflow = await recipes.import('create-share', {
			'Share consent': { clientId, additionalFields: { reference } },
		});
		await n8n.run(workflow);
	}
	const execution = await n8n.run(await recipes.import('compare-shares'));
	expect(jsonOf(execution, 'Not shared')).toMatchObject([{ reference: 'dossier-1002' }]);
	expect(jsonOf(execution, 'As it should be')).toMatchObject([{ reference: 'dossier-1001' }]);
	expect(jsonOf(execution, 'Not on the list')).toMatchObject([{ reference: 'dossier-9999' }]);
});

it('share-a-table shares each row once, and writes back what came of it', async () => {
	const columns = ['clientId', 'reference', 'accounts', 'shareId', 'problem'];
	const table = await DataTable.create(n8n.session, 'Shares to be', columns);
	const { clientId } = CREATE_BODY;
	await table.insert([
		{ clientId, reference: 'row-1', accounts: `${ACCOUNT_ID}, ${OTHER_ACCOUNT_ID}` },
		{ clientId, reference: 'row-2', accounts: 'not an identifier' },
		{ clientId: 'no-such-app', reference: 'row-3', accounts: ACCOUNT_ID },
	]);
	const workflow = await recipes.import('share-a-table', {
		'Rows without a share': table.choice,
		'Write the ID back': table.choice,
		'Write the reason back': table.choice,
	});
	await n8n.run(workflow);
	const [share] = await n8n.admin.shares();
	expect(await table.rows()).toMatchObject([
		{ reference: 'row-1', shareId: share?.id },
		{
			reference: 'row-2',
			shareId: null,
			problem: expect.stringContaining('not an identifier') as string,
		},
		{
			reference: 'row-3',
			shareId: null,
			problem: expect.stringContaining('no-such-app') as string,
		},
	]);
	const again = await n8n.run(workflow);
	expect(jsonOf(again, 'Rows without a share')).toHaveLength(2);
	expect(await n8n.admin.shares()).toHaveLength(1);
});

it('share-by-ai-agent shares once what a person asks for in the chat', async () => {
	const model = await ScriptedModel.start();
	try {
		const example = await recipes.import('share-by-ai-agent', {
			Model: { responsesApiEnabled: false },
		});
		const workflow = await n8n.workflows.update(
			withModel(await n8n.credentials.create(model.credential), example),
		);
		const question = `Share consent ${CONSENT_ID} until the end of 2030, for dossier-1001.`;
		const share = {
			tool: 'Share_bank_data',
			input: {
				expiration: '2030-12-31T23:59:59Z',
				consents: CONSENT_ID,
				reference: 'dossier-1001',
			},
		};
		model.play([{ tool: 'Find_shares', input: {} }], [share], [share], 'It is shared.');
		const executionId = await n8n.workflows.sendChatMessage(workflow.id, 'Chat', question);
		const execution = await n8n.endOf(executionId);
		expect(jsonOf(execution, 'Agent')).toMatchObject([{ output: 'It is shared.' }]);
		const [made, ...others] = await n8n.admin.shares();
		expect(others).toEqual([]);
		expect(made).toMatchObject({ clientId: 'en-app-ref-002', reference: 'dossier-1001' });
		expect(model.toolAnswers.slice(1).map((answer): unknown => JSON.parse(answer))).toMatchObject([
			[{ id: made?.id, alreadyExisted: false }],
			[{ id: made?.id, alreadyExisted: true }],
		]);
		const [system, user] = model.requests[0]?.messages ?? [];
		expect(system?.content).toMatch(/It is \d{4}-\d\d-\d\dT[^ ]+Z now/);
		expect(user?.content).toBe(question);
		// Nobody but the person who made the workflow chooses who receives the bank data.
		expect(JSON.stringify(model.tools)).not.toMatch(/client.?id/i);
	} finally {
		await model.close();
	}
});
