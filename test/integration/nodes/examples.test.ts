import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { SHARE_EVENTS } from '../../../sandbox';
import { WebhookHost } from '../../../scripts/engine/webhook-host';
import {
	ACCOUNT_ID,
	CONSENT_ID,
	CREATE,
	exampleWorkflow,
	OTHER_ACCOUNT_ID,
	OTHER_CONSENT_ID,
} from '../support/examples';
import { expectNoSecrets } from '../support/secrecy';
import { TestBed, WEBHOOK_SECRET } from '../support/test-bed';
import { itemsOf, jsonOf, locator, SHARE } from '../support/workflows';

const DAY = 86_400_000;

const bed = TestBed.prepare();

/** What needs more of n8n's own nodes than this engine has. */
const RUN_ON_REAL_N8N_ONLY = [
	'compare-shares.json',
	'share-a-table.json',
	'share-by-ai-agent.json',
	'share-finished-analysis.json',
	'share-new-consent.json',
	'store-received-shares.json',
];

it('are these, each with a test of its name on a real n8n, and those that can be below too', () => {
	const files = readdirSync(path.resolve(__dirname, '../../../examples')).sort();
	expect(files).toEqual(
		[
			'create-share.json',
			'extend-shares.json',
			'fetch-shared-accounts.json',
			'on-share-created.json',
			'revoke-share.json',
			'share-a-list.json',
			'share-new-accounts.json',
			...RUN_ON_REAL_N8N_ONLY,
		].sort(),
	);
	const recipes = readFileSync(path.resolve(__dirname, '../../e2e/api/recipes.test.ts'), 'utf8');
	for (const file of files) expect(recipes).toContain(path.basename(file, '.json'));
});

it('create-share makes one share for 30 days', async () => {
	const run = await bed.engine.run(exampleWorkflow('create-share', 'sharer'));
	expectNoSecrets(run, await bed.secrets());
	const [share] = await bed.admin.shares();
	expect(jsonOf(run, 'Share consent')).toMatchObject([
		{
			id: share?.id,
			clientId: 'en-app-ref-002',
			reference: 'my-internal-reference-001',
			consentIds: [CONSENT_ID],
			accountIds: [],
			analysisIds: [],
		},
	]);
	const days = (Date.parse(share?.expirationDateUtc ?? '') - Date.now()) / DAY;
	expect(days).toBeCloseTo(30, 2);
});

it.each(['shareId', 'id', 'string', 'share'] as const)(
	'on-share-created starts by a share that the sandbox delivers, as %s',
	async (eventData) => {
		await bed.admin.configure({ eventData });
		bed.saveCredential('receiver', { webhookSecret: WEBHOOK_SECRET });
		const workflow = exampleWorkflow('on-share-created', 'receiver');
		const host = await WebhookHost.start(bed.engine, workflow);
		try {
			const url = `${host.productionUrl}?secret=${WEBHOOK_SECRET}`;
			const events = [...SHARE_EVENTS];
			await bed.admin.registerWebhooks('en-app-ref-002', [{ url, events }]);
			const created = jsonOf(await bed.runShare(CREATE), 'Share');
			await bed.admin.idle();
			expect(await bed.admin.deliveries()).toMatchObject([{ status: 200, error: null }]);
			const [run] = await Promise.all(
				host.executions.map(async (execution) => await execution.run),
			);
			expect(host.executions).toHaveLength(1);
			expectNoSecrets(run, await bed.secrets());
			expect(run && jsonOf(run, 'Use the share')).toMatchObject([
				{
					event: 'databridge.share.created',
					shareId: created[0]?.['id'],
					verified: true,
					reason: null,
					share: { id: created[0]?.['id'], consentIds: [CONSENT_ID] },
					source: 'webhook',
				},
			]);
		} finally {
			await host.close();
		}
	},
);

it('share-a-list shares two entries, and sends two to the error output', async () => {
	const run = await bed.engine.run(exampleWorkflow('share-a-list', 'sharer'));
	expect(run.status).toBe('success');
	expectNoSecrets(run, await bed.secrets());
	const accountIds = [ACCOUNT_ID, OTHER_ACCOUNT_ID];
	expect(jsonOf(run, 'Shared')).toMatchObject([
		{ reference: 'dossier-1001', accountIds },
		{ reference: 'dossier-1002', accountIds },
	]);
	expect(await bed.admin.shares()).toHaveLength(2);
	expect(itemsOf(run, 'Share accounts', 1).map(({ pairedItem }) => pairedItem)).toMatchObject([
		{ item: 2 },
		{ item: 3 },
	]);
	expect(jsonOf(run, 'Not shared')).toMatchObject([
		{
			client: 'en-app-ref-002',
			reference: 'dossier-1003',
			accounts: 'not an identifier',
			error: expect.stringMatching(
				/^'Accounts' contains "not an identifier".* \[item 2\]$/,
			) as string,
		},
		{
			client: 'no-such-app',
			reference: 'dossier-1004',
			accounts: [ACCOUNT_ID],
			error: expect.stringMatching(
				/^EnableNow refused .* There is no app with the client ID 'no-such-app'\. \[item 3\]$/,
			) as string,
		},
	]);
});

it('revoke-share ends the share that is chosen, now', async () => {
	const [created] = jsonOf(await bed.runShare(CREATE), SHARE);
	const workflow = exampleWorkflow('revoke-share', 'sharer');
	const revoke = workflow.nodes.find(({ name }) => name === 'Revoke');
	Object.assign(revoke?.parameters ?? {}, { shareId: locator(created?.['id'], 'list') });
	const run = await bed.engine.run(workflow);
	expectNoSecrets(run, await bed.secrets());
	expect(jsonOf(run, 'Revoke')).toMatchObject([{ id: created?.['id'] }]);
	const [share] = await bed.admin.shares();
	expect(Math.abs(Date.parse(share?.expirationDateUtc ?? '') - Date.now())).toBeLessThan(60_000);
});

it('extend-shares gives 30 days more to what the app made and ends within a week', async () => {
	const made = { count: 1, from: 'en-app-ref-001', to: 'en-app-ref-002' };
	const received = { count: 1, from: 'en-app-ref-002', to: 'en-app-ref-001' };
	const inDays = (days: number) => new Date(Date.now() + days * DAY).toISOString();
	const [soon] = await bed.admin.addShares({ ...made, expirationDateUtc: inDays(3) });
	await bed.admin.addShares({ ...made, expirationDateUtc: inDays(20) });
	await bed.admin.addShares({ ...made, expirationDateUtc: inDays(-1) });
	await bed.admin.addShares({ ...received, expirationDateUtc: inDays(3) });
	const workflow = exampleWorkflow('extend-shares', 'sharer');
	const run = await bed.engine.run(workflow, { startNode: 'Run by hand' });
	expectNoSecrets(run, await bed.secrets());
	const extended = jsonOf(run, 'Extended');
	expect(extended).toMatchObject([{ id: soon?.id }]);
	const end = Date.parse(extended[0]?.['expirationDateUtc'] as string);
	expect((end - Date.now()) / DAY).toBeCloseTo(33, 2);
});

it("fetch-shared-accounts gets the accounts of each of the share's consents", async () => {
	const consentIds = [CONSENT_ID, OTHER_CONSENT_ID];
	const parameters = { ...CREATE, consentIds: locator(consentIds) };
	const [share] = jsonOf(await bed.runShare(parameters), SHARE);
	const workflow = exampleWorkflow('fetch-shared-accounts', 'receiver');
	const output = { verified: true, share: share ?? {} };
	const run = await bed.engine.run(workflow, {
		startNode: 'Confirmed only',
		input: [{ json: output }, { json: { ...output, verified: false } }],
	});
	expect(run.status).toBe('success');
	const requests = await bed.admin.requests({ method: 'GET', path: '/cfa/accounts' });
	expect(requests.map(({ query }) => new URLSearchParams(query).get('ConsentId'))).toEqual(
		consentIds,
	);
});

it('share-new-accounts shares the accounts of the consents of this week once', async () => {
	const workflow = exampleWorkflow('share-new-accounts', 'sharer');
	const share = async () => {
		const run = await bed.engine.run(workflow, { startNode: 'Run by hand' });
		expectNoSecrets(run, await bed.secrets());
		expect(jsonOf(run, 'Get new consents').length).toBeGreaterThan(5);
		const accountIds = jsonOf(run, 'Get their accounts').map(({ id }) => id);
		expect(accountIds.length).toBeGreaterThan(5);
		expect(jsonOf(run, 'Share accounts')).toMatchObject([{ accountIds }]);
	};
	await share();
	await share();
	expect(await bed.admin.shares()).toMatchObject([
		{
			clientId: 'en-app-ref-002',
			reference: expect.stringMatching(/^accounts-\d{4}-W\d\d$/) as string,
		},
	]);
});
