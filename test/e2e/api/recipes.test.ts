import axios from 'axios';
import type { IDataObject } from 'n8n-workflow';
import type { Share } from '../../../sandbox';
import {
	type DataTable,
	waitForWebhook,
	webhookUrl,
	type Execution,
	type Workflow,
} from '../../../scripts/n8n';
import {
	ACCOUNT_ID,
	ANALYSIS_ID,
	CONSENT_ID,
	CREATE_BODY,
	OTHER_ACCOUNT_ID,
	OTHER_ANALYSIS_ID,
	OTHER_CONSENT_ID,
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

it('create-share makes one share for 30 days', async () => {
	const execution = await n8n.run(await recipes.import('create-share'));
	const [share] = jsonOf(execution, 'Share consent');
	expect(share).toMatchObject({ clientId: 'en-app-ref-002', consentIds: [CONSENT_ID] });
	expect(daysUntil(share?.['expirationDateUtc'])).toBeCloseTo(30, 2);
});

it('share-a-list shares two entries, and sends two to the error output', async () => {
	const execution = await n8n.run(await recipes.import('share-a-list'));
	const references = (node: string) => jsonOf(execution, node).map(({ reference }) => reference);
	expect(references('Shared')).toEqual(['dossier-1001', 'dossier-1002']);
	expect(references('Not shared')).toEqual(['dossier-1003', 'dossier-1004']);
});

it('on-share-created starts by a share that another app makes', async () => {
	const [share] = await addShares(1);
	const workflow = await recipes.import('on-share-created');
	const execution = await executionBy(workflow, CREATED, { shareId: share?.id });
	expect(jsonOf(execution, 'Use the share')).toMatchObject([
		{ shareId: share?.id, verified: true, share: { id: share?.id } },
	]);
});

describe('share-new-consent', () => {
	const thankYou = [307, 'https://www.example.com/thank-you'];
	const sorry = [307, 'https://www.example.com/sorry'];
	let table: DataTable;

	beforeEach(async () => {
		const imported = await recipes.importWithTable('share-new-consent');
		table = imported.table;
		await n8n.workflows.activate(imported.workflow.id);
		activeWorkflows.push(imported.workflow);
		await waitForWebhook(consentUrl(), 'GET');
	});

	afterEach(async () => await table.remove());

	const consentUrl = () => `${n8n.url}/webhook/enablenow-consent`;

	async function visit(query: string): Promise<[status: number, location: unknown]> {
		const { status, headers } = await axios.get(`${consentUrl()}?${query}`, {
			maxRedirects: 0,
			proxy: false,
			validateStatus: () => true,
		});
		return [status, headers['location']];
	}

	/** The same identifier, in other words. */
	const spellings = [
		`consent_id=${CONSENT_ID}`,
		`consentId=${CONSENT_ID}`,
		`ConsentId=${CONSENT_ID}`,
		`consent_id=${CONSENT_ID.toUpperCase()}`,
		`consent_id=%20${CONSENT_ID}%20`,
	];

	it('shares a consent once, however its ID is written', async () => {
		for (const query of spellings) expect(await visit(query)).toEqual(thankYou);
		const shares = await n8n.admin.shares();
		expect(shares).toMatchObject([
			{ clientId: 'en-app-ref-002', reference: `consent-${CONSENT_ID}`, consentIds: [CONSENT_ID] },
		]);
		expect(daysUntil(shares[0]?.expirationDateUtc)).toBeCloseTo(30, 1);
		expect(await table.rows()).toMatchObject([{ consentId: CONSENT_ID, shareId: shares[0]?.id }]);
	});

	it('does not undo a revocation', async () => {
		expect(await visit(`consent_id=${CONSENT_ID}`)).toEqual(thankYou);
		await revoke((await n8n.admin.shares())[0]);
		for (const query of spellings) expect(await visit(query)).toEqual(sorry);
		expect(await n8n.admin.shares()).toHaveLength(1);
	});

	it.each([
		['no ID', 'error=cancelled'],
		['an empty ID', 'consent_id='],
		['a comma', `consent_id=${CONSENT_ID},`],
		['two IDs in one', `consent_id=${CONSENT_ID},${OTHER_CONSENT_ID}`],
		['two IDs', `consent_id=${CONSENT_ID}&consent_id=${OTHER_CONSENT_ID}`],
		['an object', `consent_id[id]=${CONSENT_ID}`],
		['an unknown ID', `consent_id=${UNKNOWN_ID}`],
	])('shares nothing for %s', async (_name, query) => {
		expect(await visit(query)).toEqual(sorry);
		expect(await n8n.admin.shares()).toEqual([]);
		expect(await table.rows()).toEqual([]);
	});
});

/** Ends a share by the recipe for it. */
async function revoke(share: Share | undefined): Promise<Execution> {
	const shareId = locator(share?.id, 'list');
	return await n8n.run(await recipes.import('revoke-share', { Revoke: { shareId } }));
}

describe('share-finished-analysis', () => {
	it.each([
		['analysisjob.completed', 'jobId'],
		['analysis-job.completed', 'analysisId'],
	])('shares the analysis of %s, named as %s', async (event, name) => {
		const { table, workflow } = await recipes.importWithTable('share-finished-analysis');
		const execution = await executionBy(workflow, event, { [name]: ANALYSIS_ID });
		const [shared] = jsonOf(execution, 'Share analysis');
		expect(shared).toMatchObject({
			reference: `analysis-${ANALYSIS_ID}`,
			analysisIds: [ANALYSIS_ID],
			alreadyExisted: false,
		});
		expect(await table.rows()).toMatchObject([
			{ analysisId: ANALYSIS_ID, shareId: shared?.['id'] },
		]);
	});

	it('does not undo a revocation when the event comes again', async () => {
		const { workflow } = await recipes.importWithTable('share-finished-analysis');
		const event = 'analysisjob.completed';
		await executionBy(workflow, event, { jobId: ANALYSIS_ID });
		const [share] = await n8n.admin.shares();
		await revoke(share);
		const again = { jobId: ` ${ANALYSIS_ID.toUpperCase()}` };
		await send(webhookUrl(n8n, workflow, TRIGGER), event, again);
		const execution = await n8n.executions.waitFor(
			workflow.id,
			(candidate) => (eventOf(candidate)?.['data'] as IDataObject)['jobId'] === again.jobId,
		);
		expect(jsonOf(execution, 'One ID')).toEqual([{ analysisId: ANALYSIS_ID }]);
		expect(jsonOf(execution, 'Not shared before')).toEqual([]);
		expect(await n8n.admin.shares()).toHaveLength(1);
	});

	it('shares nothing for an event that names two', async () => {
		const { workflow } = await recipes.importWithTable('share-finished-analysis');
		const jobId = `${ANALYSIS_ID},${OTHER_ANALYSIS_ID}`;
		await send(await activate(workflow), 'analysisjob.completed', { jobId });
		const { status } = await n8n.executions.waitFor(workflow.id);
		expect(status).toBe('error');
		expect(await madeShares()).toEqual([]);
	});

	it('shares nothing for another event', async () => {
		const { workflow } = await recipes.importWithTable('share-finished-analysis');
		const event = 'categorizationjob.completed';
		const execution = await executionBy(workflow, event, { jobId: ANALYSIS_ID });
		expect(jsonOf(execution, 'Analysis completed')).toEqual([]);
		expect(await madeShares()).toEqual([]);
	});
});

it('store-received-shares keeps one row for each share', async () => {
	const { table, workflow } = await recipes.importWithTable('store-received-shares');
	const [share] = await addShares(1);
	const data = { shareId: share?.id };
	const url = await activate(workflow);

	await send(url, CREATED, data);
	await n8n.executions.waitFor(workflow.id, hasStored);
	const [row, ...others] = await table.rows();
	expect(others).toEqual([]);
	expect(row).toMatchObject({ shareId: share?.id, reference: share?.reference ?? null });
	expect(JSON.parse(row?.['content'] as string)).toMatchObject({ id: share?.id });

	await revoke(share);
	// However the event writes the ID, the share keeps its row.
	await send(url, 'databridge.share.updated', { shareId: share?.id.toUpperCase() });
	await n8n.executions.waitFor(
		workflow.id,
		(execution) => hasStored(execution) && eventOf(execution)?.['event'] !== CREATED,
	);
	const rows = await table.rows();
	expect(rows).toHaveLength(1);
	expect(daysUntil(rows[0]?.['expiresAt'])).toBeCloseTo(0, 2);
});

/** What the trigger put out. */
function eventOf(execution: Execution): IDataObject | undefined {
	return itemsOf(execution, TRIGGER)[0]?.json;
}

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

/** Adds a share, which ends in some days; the sharer made it, or received it. */
async function addShare(days: number, direction: 'made' | 'received'): Promise<Share | undefined> {
	const [share] = await n8n.admin.addShares({
		count: 1,
		...(direction === 'made'
			? { from: 'en-app-ref-001', to: 'en-app-ref-002' }
			: { from: 'en-app-ref-002', to: 'en-app-ref-001' }),
		reference: `${direction}-${days}`,
		expirationDateUtc: new Date(Date.now() + days * DAY).toISOString(),
	});
	return share;
}

it('extend-shares gives 30 days more to what the app made and ends within a week', async () => {
	const soon = await addShare(3, 'made');
	for (const [days, direction] of [
		[20, 'made'],
		[3, 'received'],
		[-1, 'made'],
	] as const) {
		await addShare(days, direction);
	}
	const execution = await n8n.run(await recipes.import('extend-shares'));
	const extended = jsonOf(execution, 'Extended');
	expect(extended).toMatchObject([{ id: soon?.id }]);
	expect(jsonOf(execution, 'Not extended')).toEqual([]);
	const shares = await n8n.admin.shares();
	const days = (reference: string) =>
		daysUntil(shares.find((share) => share.reference === reference)?.expirationDateUtc);
	expect(days('made-3')).toBeCloseTo(33, 1);
	expect(days('made-20')).toBeCloseTo(20, 1);
	expect(days('received-3')).toBeCloseTo(3, 1);
	expect(days('made--1')).toBeCloseTo(-1, 1);
});

function daysUntil(time: unknown): number {
	return (Date.parse(time as string) - Date.now()) / DAY;
}

it('revoke-share ends the share now', async () => {
	const [share] = await addShares(1);
	const [revoked] = jsonOf(await revoke(share), 'Revoke');
	expect(revoked).toMatchObject({ id: share?.id });
	expect(daysUntil(revoked?.['expirationDateUtc'])).toBeCloseTo(0, 2);
});

it('compare-shares tells the list from what the app has shared', async () => {
	await addShare(3, 'received');
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
	const { table, workflow } = await recipes.importWithTable('share-a-table');
	const { clientId } = CREATE_BODY;
	await table.insert([
		{ clientId, reference: 'row-1', accounts: `${ACCOUNT_ID}, ${OTHER_ACCOUNT_ID}` },
		{ clientId, reference: 'row-2', accounts: 'not an identifier' },
		{ clientId: 'no-such-app', reference: 'row-3', accounts: ACCOUNT_ID },
	]);
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

it('share-new-accounts shares the accounts of the consents of this week once, in one share', async () => {
	const workflow = await recipes.import('share-new-accounts');
	const execution = await n8n.run(workflow);
	const consents = jsonOf(execution, 'Get new consents');
	const weekAgo = new Date().setUTCHours(-24, 0, 0, 0) - 7 * DAY;
	expect(consents.length).toBeGreaterThan(5);
	for (const { dateRequested } of consents) {
		expect(Date.parse(dateRequested as string)).toBeGreaterThan(weekAgo);
	}
	const requests = await n8n.admin.requests({ method: 'GET', path: '/cfa/accounts' });
	expect(requests).toHaveLength(consents.filter(({ status }) => status !== 'INVALIDATED').length);
	const accountIds = jsonOf(execution, 'Get their accounts').map(({ id }) => id);
	const [shared] = jsonOf(execution, 'Share accounts');
	expect(shared).toMatchObject({ accountIds, alreadyExisted: false });
	const again = await n8n.run(workflow);
	expect(jsonOf(again, 'Share accounts')).toEqual([{ ...shared, alreadyExisted: true }]);
	expect(await n8n.admin.shares()).toMatchObject([{ accountIds, clientId: 'en-app-ref-002' }]);
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
		const findConsents = { tool: 'Find_consents', input: { user: 'klant-10000' } };
		model.play([findConsents], [share], [share], 'It is shared.');
		const executionId = await n8n.workflows.sendChatMessage(workflow.id, 'Chat', question);
		const execution = await n8n.endOf(executionId);
		expect(jsonOf(execution, 'Agent')).toMatchObject([{ output: 'It is shared.' }]);
		const [made, ...others] = await n8n.admin.shares();
		expect(others).toEqual([]);
		expect(made).toMatchObject({ clientId: 'en-app-ref-002', reference: 'dossier-1001' });
		expect(model.toolAnswers.map((answer): unknown => JSON.parse(answer))).toMatchObject([
			[{ id: CONSENT_ID, status: 'UPDATED' }],
			[{ id: made?.id, alreadyExisted: false }],
			[{ id: made?.id, alreadyExisted: true }],
		]);
		const [system, user] = model.requests[0]?.messages ?? [];
		expect(system?.content).toMatch(/It is \d{4}-\d\d-\d\dT[^ ]+Z now/);
		expect(user?.content).toBe(question);
		// Nobody but the person who made the workflow chooses who receives the bank data.
		expect(JSON.stringify(model.tools)).not.toMatch(/client.?id/i);
		const findShares = { tool: 'Find_shares', input: { reference: 'dossier-1001' } };
		const revokeShare = { tool: 'Revoke_share', input: { share: made?.id } };
		model.play([findShares], [revokeShare], [findShares], 'It is revoked.');
		await n8n.endOf(await n8n.workflows.sendChatMessage(workflow.id, 'Chat', 'Revoke it.'));
		const [found, revoked, nothing] = model.toolAnswers.slice(-3);
		expect(JSON.parse(found ?? '')).toMatchObject([{ id: made?.id }]);
		expect(JSON.parse(revoked ?? '')).toMatchObject([{ id: made?.id }]);
		// An empty text; n8n 2.41 puts it in quotes.
		expect(nothing).toMatch(/^("")?$/);
	} finally {
		await model.close();
	}
});
