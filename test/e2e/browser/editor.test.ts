import path from 'node:path';
import { SANDBOX_CUSTOMERS, SANDBOX_EXAMPLES } from '../../../sandbox';
import { waitFor } from '../../../scripts/n8n';
import { takeImage, takeImageInBothThemes } from '../support/browser-images';
import { testId } from '../support/browser-locators';
import { BrowserSession } from '../support/browser-session';
import { orderedSteps } from '../support/browser-steps';

const EXAMPLE = path.resolve(__dirname, '../../../examples/share-a-list.json');
const WEBHOOK_SECRET = 'a-long-random-text';
const { consentIds, accountIds, analysisIds } = SANDBOX_EXAMPLES;
const { sharer, receiver } = SANDBOX_CUSTOMERS;

/** What the workflow that shares begins with. */
const INPUT = {
	consents: consentIds,
	accounts: accountIds,
	analyses: analysisIds,
	until: '2099-04-30T14:00:00+02:00',
};

let session: BrowserSession;

/** The workflow that shares, and the addresses of the trigger in the one that receives. */
let sharingWorkflow = '';
let testUrl = '';
let productionUrl = '';

const step = orderedSteps(
	() => expect(session.consoleErrors()).toEqual([]),
	async (name) => await session.keepScreenshot(name),
);

beforeAll(async () => {
	session = await BrowserSession.start();
});

afterAll(async () => {
	// Undefined where it could not be started.
	await (session as BrowserSession | undefined)?.stop();
});

/** What n8n offers under the one entry of the package. */
const EVENTS = [
	'On any event',
	'On categorization job completed',
	'On consent accounts updated',
	'On consent status updated',
	'On share created',
	'On share updated',
	'On transactions fetched',
];
const ACTIONS = [
	'Get many accounts',
	'Get many analyses',
	'Get many consents',
	'Create a share',
	'Create or update a share',
	'Get a share',
	'Get many shares',
	'Revoke a share',
	'Update a share',
];

describe('Finding the nodes', () => {
	step('a search for "enablenow" finds one entry for both, with its icon', async () => {
		const { editor } = session;
		await editor.newWorkflow();
		await editor.openNodePanel();
		await editor.nodePanel.search('enablenow');
		expect(await editor.nodePanel.found()).toEqual([
			// n8n puts a node and its trigger under one entry, here with the description of the trigger.
			{
				name: 'EnableNow Share',
				description:
					'Starts the workflow when another EnableNow customer shares bank data with your app',
				hasIcon: true,
			},
		]);
	});
});

describe('Finding the nodes by what they are for', () => {
	step('"open banking", "PSD2", "databridge" and "consent" find it', async () => {
		const { nodePanel } = session.editor;
		for (const word of ['open banking', 'PSD2', 'databridge', 'consent']) {
			// So that nothing is left of what the search before has found.
			await nodePanel.search('no operation');
			await nodePanel.expectFirstFor(word, ['EnableNow Share']);
		}
	});
});

describe('The credential', () => {
	step('shows no fields but its own', async () => {
		const { editor } = session;
		await editor.newCredential('EnableNow OAuth2 API');
		expect(await editor.credentialDialog.fieldNames()).toEqual([
			// n8n puts those first that it knows from its own OAuth2 credential.
			'Client ID',
			'Client Secret',
			'Environment',
			'Webhook Secret',
		]);
	});

	step('is red with a wrong secret', async () => {
		const { credentialDialog } = session.editor;
		await credentialDialog.fillIn({
			baseUrl: session.sandbox.url,
			clientId: sharer.clientId,
			clientSecret: 'wrong',
			name: 'EnableNow (sharer)',
		});
		await credentialDialog.save();
		expect(await credentialDialog.failureDetails()).toContain('Client authentication failed');
		expect(await session.sandbox.admin.requests({ path: '/shares' })).toEqual([]);
	});

	step('is green with the right one', async () => {
		const { credentialDialog } = session.editor;
		await credentialDialog.enter('Client Secret', sharer.clientSecret);
		await credentialDialog.save();
		await credentialDialog.expectSuccess();
		const [request] = await session.sandbox.admin.requests({ path: '/shares' });
		expect(request).toMatchObject({ method: 'GET', clientId: sharer.clientId, status: 200 });
		await takeImage(session.page, 'credential', [credentialDialog.dialog]);
	});
});

describe('Sharing', () => {
	step('Manual Trigger and Edit Fields are put in', async () => {
		const { editor } = session;
		const { nodePanel, nodeView } = editor;
		await editor.newManualWorkflow();
		await editor.openNodePanelAfterLast();
		await nodePanel.search('edit fields');
		await nodePanel.choose('Edit Fields (Set)');
		await nodeView.choose('Mode', 'JSON');
		await nodeView.enterCode('JSON', JSON.stringify(INPUT, null, 1));
		await nodeView.execute();
		const [row] = await nodeView.outputRows('until', INPUT.until);
		expect(row).toMatchObject({ until: INPUT.until });
		await nodeView.close();
	});

	step('EnableNow Share comes with its operations and the credential', async () => {
		const { editor } = session;
		await editor.openNodePanelAfterLast();
		await editor.nodePanel.search('enablenow');
		await editor.nodePanel.choose('EnableNow Share');
		expect(await editor.nodePanel.actionNames()).toEqual([...ACTIONS, ...EVENTS]);
		await editor.nodePanel.chooseAction('Create a share');
		await editor.nodeView.expectOpen();
		expect(await editor.nodeView.credentialName()).toBe('EnableNow (sharer)');
		await editor.nodeView.enter('Share With (Client ID)', receiver.clientId);
	});

	step('the list of consents has further pages', async () => {
		const picker = session.editor.nodeView.picker('Consents');
		await picker.open();
		const thirdPage = async (): Promise<boolean> =>
			(await session.sandbox.admin.requests({ path: '/cfa/v2/consents' })).some(({ query }) =>
				query.includes('Page=3'),
			);
		// n8n fetches a second page by itself.
		expect(await thirdPage()).toBe(false);
		await picker.scrollUntil(150);
		expect(await thirdPage()).toBe(true);
		const names = await picker.names();
		expect(new Set(names).size).toBe(names.length);
	});

	step('a consent is searched for and picked', async () => {
		const picker = session.editor.nodeView.picker('Consents');
		await picker.search('knab');
		await takeImage(session.page, 'picker', picker.shown(), { x: 12, y: 12 });
		expect((await picker.names())[0]).toMatch(
			/^knab · …ef42 · requested \d{4}-\d\d-\d\d · UPDATED$/,
		);
		await picker.pick(0);
		expect(await picker.value()).toMatch(/^knab · …ef42 · /);
	});

	step('by ID, it is the identifier of the consent', async () => {
		const picker = session.editor.nodeView.picker('Consents');
		await picker.chooseMode('By ID');
		expect(await picker.value()).toBe(consentIds[1]);
	});

	step('a date from the calendar is UTC', async () => {
		const { nodeView } = session.editor;
		await nodeView.enter('Expiration Date (UTC)', '2099-04-30 12:00:00');
		await nodeView.execute();
		await nodeView.outputRows('expirationDateUtc', '2099-04-30T12:00:00Z');
		expect(await session.shareRequests()).toEqual([
			{
				clientId: receiver.clientId,
				expirationDateUtc: '2099-04-30T12:00:00Z',
				consentIds: [consentIds[1]],
			},
		]);
	});

	step('arrays and a date are dragged from the input', async () => {
		const { nodeView } = session.editor;
		await nodeView.dragInputField('consents', 'Consents');
		await nodeView.dragInputField('accounts', 'Accounts');
		await nodeView.dragInputField('analyses', 'Analyses');
		await nodeView.dragInputField('until', 'Expiration Date (UTC)');
	});

	step('what was dragged is shared, and the output table holds the share', async () => {
		const { nodeView } = session.editor;
		await nodeView.execute();
		const share = await waitFor('the second share', async () => {
			return (await session.sandbox.admin.shares())[1];
		});
		expect((await session.shareRequests())[1]).toEqual({
			clientId: receiver.clientId,
			expirationDateUtc: '2099-04-30T12:00:00Z',
			consentIds,
			accountIds,
			analysisIds,
		});
		const numbered = (ids: readonly string[]): string =>
			ids.map((id, position) => `${position}:${id}`).join('\n');
		expect(await nodeView.outputRows('id', share.id)).toEqual([
			expect.objectContaining({
				id: share.id,
				clientId: receiver.clientId,
				reference: 'null',
				expirationDateUtc: '2099-04-30T12:00:00Z',
				consentIds: numbered(consentIds),
				accountIds: numbered(accountIds),
				analysisIds: numbered(analysisIds),
			}),
		]);
		await nodeView.expectIdle();
		await takeImage(session.page, 'share-node', [nodeView.view]);
	});

	step('bad input is refused with a message that names the field', async () => {
		const { nodeView } = session.editor;
		await nodeView.makeFixed('Accounts');
		await nodeView.picker('Accounts').enter('not-an-identifier');
		await nodeView.execute();
		expect(await nodeView.error()).toEqual({
			message: `'Accounts' contains "not-an-identifier", which is not an EnableNow identifier`,
			description: expect.stringContaining(`An identifier looks like ${accountIds[0]}.`) as string,
		});
		expect(await session.shareRequests()).toHaveLength(2);
	});

	step('the input is mended by hand', async () => {
		const { editor, sandbox } = session;
		await editor.nodeView.picker('Accounts').enter(`${accountIds[0]}, ${accountIds[1]}`);
		await editor.nodeView.execute();
		await waitFor('the third share', async () => (await sandbox.admin.shares())[2]);
		expect((await session.shareRequests())[2]).toMatchObject({ accountIds });
		await editor.nodeView.close();
		await editor.expectItems('Edit Fields', 'Create a share', '1 item');
		sharingWorkflow = editor.workflowUrl;
	});
});

describe('Receiving', () => {
	step('the trigger is put in, with a credential made on the way', async () => {
		const { editor, sandbox } = session;
		await editor.newWorkflow();
		await editor.openNodePanel();
		await editor.nodePanel.search('enablenow');
		await editor.nodePanel.choose('Starts the workflow when');
		expect(await editor.nodePanel.actionNames()).toEqual([...EVENTS, ...ACTIONS]);
		await editor.nodePanel.chooseAction('On share created');
		await editor.nodeView.expectOpen();
		await editor.nodeView.createCredential();
		await editor.credentialDialog.fillIn({
			...receiver,
			baseUrl: sandbox.url,
			webhookSecret: WEBHOOK_SECRET,
			name: 'EnableNow (receiver)',
		});
		await editor.credentialDialog.save();
		await editor.credentialDialog.expectClosed();
		expect(await editor.nodeView.credentialName()).toBe('EnableNow (receiver)');
	});

	step('its panel holds the steps of the set-up and both addresses', async () => {
		const { nodeView } = session.editor;
		testUrl = await nodeView.webhookUrl('test');
		expect(testUrl).toMatch(/^https:\/\/n8n\.example\/webhook-test\/[\w-]+\/webhook$/);
		productionUrl = await nodeView.webhookUrl('production');
		expect(productionUrl).toMatch(/^https:\/\/n8n\.example\/webhook\/[\w-]+\/webhook$/);
		const steps = await nodeView.parameters.getByText(/^\d\. /).allInnerTexts();
		expect(steps.map((text) => text.slice(0, 2))).toEqual(['1.', '2.', '3.', '4.']);
		await takeImage(session.page, 'trigger-set-up', [nodeView.view]);
	});

	step('the options of Catch Up are there only while it is on', async () => {
		const { nodeView } = session.editor;
		expect(await nodeView.isOn('Catch Up')).toBe(false);
		expect(await nodeView.offered('Add Option')).toEqual(['If Look-Up Is Unavailable']);
		await nodeView.turn('Catch Up');
		expect(await nodeView.offered('Add Option')).toEqual([
			'Catch Up: Existing Shares',
			'Catch Up: Expired Shares',
			'Catch Up: Interval',
			'Catch Up: Receiving App (Client ID)',
			'If Look-Up Is Unavailable',
		]);
		await nodeView.turn('Catch Up');
	});

	step('a test event is shown, with the share that it tells of', async () => {
		const { editor, sandbox } = session;
		const [, share] = await sandbox.admin.shares();
		await listenForTestEvent();
		await sendEvent(`?secret=${WEBHOOK_SECRET}`, share?.id);
		const [row] = await editor.nodeView.outputRows('shareId', share?.id ?? '');
		expect(row).toMatchObject({
			event: 'databridge.share.created',
			shareId: share?.id,
			verified: 'true',
			reason: 'null',
			source: 'webhook',
		});
		expect(row?.['share']).toContain(consentIds[0]);
	});

	step('so is one that will be refused, with the reason', async () => {
		const { editor, sandbox } = session;
		const [, , share] = await sandbox.admin.shares();
		await listenForTestEvent();
		await sendEvent('', share?.id);
		const [row] = await editor.nodeView.outputRows('reason', 'does not present');
		// Nodes after it would run with what a stranger sent, so none of that is shown.
		expect(row).toMatchObject({
			event: 'null',
			shareId: 'null',
			data: 'null',
			verified: 'false',
			reason: 'The request does not present the webhook secret of the credential.',
			share: 'null',
		});
		await editor.nodeView.close();
	});

	step('Edit Fields after it takes a field of the event', async () => {
		const { editor } = session;
		await editor.openNodePanelAfterLast();
		await editor.nodePanel.search('edit fields');
		await editor.nodePanel.choose('Edit Fields (Set)');
		await editor.nodeView.dragInputFieldToAssignments('event');
		await editor.nodeView.close();
		expect(await editor.subtitle('EnableNow Trigger')).toBe('Share created');
	});

	step('published, it is told where its address belongs', async () => {
		expect(await session.editor.publish()).toContain(
			'once its Production URL is entered on the "Webhooks" tab of the EnableNow Customer Portal',
		);
		const url = `${session.localUrl(productionUrl)}?secret=${WEBHOOK_SECRET}`;
		await session.sandbox.admin.registerWebhooks(receiver.clientId, [
			{ url, events: ['databridge.share.created'] },
		]);
	});

	step('a share made in the other workflow starts it', async () => {
		const { editor, sandbox } = session;
		const receivingWorkflow = editor.workflowUrl;
		await editor.openWorkflow(sharingWorkflow);
		await editor.executeWorkflow();
		const share = await waitFor('the fourth share', async () => {
			return (await sandbox.admin.shares())[3];
		});
		await sandbox.admin.idle();
		expect((await sandbox.admin.deliveries()).at(-1)).toMatchObject({
			url: expect.stringContaining(session.localUrl(productionUrl)) as string,
			status: 200,
		});

		await editor.openWorkflow(receivingWorkflow);
		const execution = await editor.openNewestExecution();
		await testId(execution, 'canvas-node').first().waitFor();
		await editor.expectItems('EnableNow Trigger', 'Edit Fields', '1 item');
		await editor.openNode('EnableNow Trigger');
		const [row] = await editor.nodeView.outputRows('shareId', share.id);
		expect(row).toMatchObject({ shareId: share.id, verified: 'true' });
		await takeImage(session.page, 'trigger-output', [editor.nodeView.view]);
		await editor.nodeView.close();
	});

	/** Begins to listen, as the button "Execute step" of a trigger does. */
	async function listenForTestEvent(): Promise<void> {
		const { nodeView } = session.editor;
		await nodeView.execute();
		await nodeView.view.getByText('Listening for test event').waitFor();
	}

	/** Sends an event to the test address. */
	async function sendEvent(query: string, shareId: string | undefined): Promise<void> {
		const delivery = await session.sandbox.admin.sendEvent({
			url: session.localUrl(testUrl) + query,
			event: 'databridge.share.created',
			data: { shareId },
		});
		expect(delivery.status).toBe(200);
	}
});

describe('The example that shares a list', () => {
	step('is imported, and runs with the credential that is chosen', async () => {
		const { editor } = session;
		await editor.newWorkflow();
		await editor.importFile(EXAMPLE);
		await editor.openNode('Share accounts');
		await editor.nodeView.chooseCredential('EnableNow (sharer)');
		await editor.nodeView.close();
		await editor.executeWorkflow();
		await editor.expectItems('Share accounts', 'Shared', '2 items');
		await editor.expectItems('Share accounts', 'Not shared', '2 items');
	});

	step('gives the reason of each failure on the error output', async () => {
		const { editor } = session;
		await editor.openNode('Not shared');
		const rows = await editor.nodeView.outputRows('error', 'EnableNow');
		expect(rows.map((row) => row['error'])).toEqual([
			expect.stringContaining("'Accounts' contains"),
			expect.stringContaining('no-such-app'),
		]);
		await editor.nodeView.close();
		await editor.zoomToFit();
		const onCanvas = await editor.nodes().all();
		await takeImageInBothThemes(session.page, 'share-a-list', onCanvas, { x: 115, y: 40 });
	});
});

describe('An account that the editor hides when another credential is chosen', () => {
	step('is picked from far down the list', async () => {
		const { editor } = session;
		const { nodePanel, nodeView } = editor;
		await editor.newWorkflow();
		await editor.openNodePanel();
		await nodePanel.search('enablenow');
		await nodePanel.choose('EnableNow Share');
		await nodePanel.chooseAction('Create a share');
		await nodeView.expectOpen();
		await nodeView.chooseCredential('EnableNow (sharer)');
		await nodeView.enter('Share With (Client ID)', receiver.clientId);
		await nodeView.enter('Expiration Date (UTC)', '2099-04-30 12:00:00');
		await nodeView.picker('Consents').chooseMode('By ID');
		await nodeView.picker('Consents').enter(consentIds[0]);
		const picker = nodeView.picker('Accounts');
		await picker.open();
		await picker.scrollUntil(150);
		await picker.pick(140);
		expect(await picker.value()).toMatch(/ · …[\da-f]{4} · NL\d\d /);
	});

	step('is not shared unseen', async () => {
		const { editor, sandbox } = session;
		const { nodeView } = editor;
		const before = (await sandbox.admin.shares()).length;
		await nodeView.chooseCredential('EnableNow (receiver)');
		const picker = nodeView.picker('Accounts');
		await waitFor('an empty field', async () => (await picker.value()) === '');
		await nodeView.execute();
		expect(await nodeView.error()).toEqual({
			message: expect.stringMatching(
				/^'Accounts' looks empty, but holds ".+", which was chosen with another credential$/,
			) as string,
			description: "Choose again in 'Accounts', or empty it: ⋮ beside the field → Reset Value.",
		});
		expect(await sandbox.admin.shares()).toHaveLength(before);
	});
});
