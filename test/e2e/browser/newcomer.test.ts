import { SANDBOX_CUSTOMERS, SANDBOX_EXAMPLES } from '../../../sandbox';
import type { OutputRow } from '../support/browser-node-view';
import { BrowserSession } from '../support/browser-session';
import { orderedSteps } from '../support/browser-steps';

/** What somebody does who has this package for the first time, by mouse and keyboard. */

const { sharer, receiver } = SANDBOX_CUSTOMERS;
const [firstAccount, secondAccount] = SANDBOX_EXAMPLES.accountIds;

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Three records, one of them with a mistyped identifier. */
const RECORDS = [
	{ dossier: 'dossier-1', account: firstAccount },
	{ dossier: 'dossier-2', account: 'af86536d-34e3-4ebc-6c64' },
	{ dossier: 'dossier-3', account: secondAccount },
];
const MISTYPED = `'Accounts' contains "af86536d-34e3-4ebc-6c64", which is not an EnableNow identifier [item 1]`;

let session: BrowserSession;

const step = orderedSteps(
	() => expect(session.consoleErrors()).toEqual([]),
	async (name) => await session.keepScreenshot(name),
);

/** How far off a time of a share is, in days. */
function daysUntil(time: unknown): number {
	return (Date.parse(String(time)) - Date.now()) / DAY;
}

beforeAll(async () => {
	session = await BrowserSession.start();
	const { credentialDialog } = session.editor;
	await session.editor.newCredential('EnableNow OAuth2 API');
	await credentialDialog.fillIn({ ...sharer, baseUrl: session.sandbox.url });
	await credentialDialog.save();
	await credentialDialog.expectSuccess();
});

afterAll(async () => {
	// Undefined where it could not be started.
	await (session as BrowserSession | undefined)?.stop();
});

describe('A list of three, one with a mistyped identifier', () => {
	step('is shared by dragging its columns, until some time after each run', async () => {
		const { editor } = session;
		const { nodeView } = editor;
		await editor.newManualWorkflow(RECORDS);
		await editor.addAction('Create a share');
		await nodeView.enter('Share With (Client ID)', receiver.clientId);
		await nodeView.choose('Expiration', 'After a Time');
		await nodeView.enter('Expires After', '3');
		await nodeView.choose('Unit', 'Weeks');
		await nodeView.dragInputField('account', 'Accounts');
		await nodeView.addOnly('Add Field');
		await nodeView.dragInputField('dossier', 'Reference');
	});

	step('sends nothing where the node stops at an error, which names the item', async () => {
		const { nodeView } = session.editor;
		await nodeView.execute();
		expect(await nodeView.error()).toEqual({
			message: MISTYPED,
			description: expect.stringContaining('Nothing was sent.') as string,
		});
		expect(await session.shareRequests()).toEqual([]);
	});

	step('shares the two others where the node has an error output', async () => {
		const { nodeView } = session.editor;
		await nodeView.chooseOnError('Continue (using error output)');
		await nodeView.execute();
		await nodeView.showBranch('Success Branch (2 items)');
		expect(await nodeView.outputRows('reference', 'dossier-3')).toMatchObject([
			{ reference: 'dossier-1', accountIds: `0:${firstAccount}` },
			{ reference: 'dossier-3', accountIds: `0:${secondAccount}` },
		]);
		await nodeView.showBranch('Error Branch (1 item)');
		expect(await nodeView.outputRows('error', 'Accounts')).toMatchObject([
			{ error: expect.stringContaining(MISTYPED) as string },
		]);
		const shares = await session.sandbox.admin.shares();
		expect(shares.map(({ reference }) => reference).sort()).toEqual(['dossier-1', 'dossier-3']);
		for (const share of shares) expect(daysUntil(share.expirationDateUtc)).toBeCloseTo(21, 2);
		await nodeView.close();
	});

	step('shows on the canvas what the node does', async () => {
		expect(await session.editor.subtitle('Create a share')).toBe('Create share');
	});
});

describe('Create or Update', () => {
	step('creates a share the first time', async () => {
		const { editor } = session;
		const { nodeView } = editor;
		await editor.newManualWorkflow();
		await editor.addAction('Create or update a share');
		await nodeView.enter('Share With (Client ID)', receiver.clientId);
		await nodeView.enter('Reference', 'contract-77');
		await nodeView.choose('Expiration', 'After a Time');
		await nodeView.picker('Accounts').open();
		await nodeView.picker('Accounts').pick(0);
		await nodeView.execute();
		const [row] = await nodeView.outputRows('alreadyExisted', 'false');
		await expectOneShare('contract-77', row, 30);
		await nodeView.expectIdle();
	});

	step('changes its end the second time', async () => {
		const { nodeView } = session.editor;
		await nodeView.enter('Expires After', '60');
		await nodeView.execute();
		const [row] = await nodeView.outputRows('alreadyExisted', 'true');
		await expectOneShare('contract-77', row, 60);
		await nodeView.close();
		expect(await session.editor.subtitle('Create or update a share')).toBe(
			'Create or update share',
		);
	});
});

describe('Revoke', () => {
	step('lists the active shares of the own app and no others', async () => {
		const { editor, sandbox } = session;
		await sandbox.admin.addShares({
			count: 1,
			from: receiver.clientId,
			to: sharer.clientId,
			reference: 'received',
		});
		await sandbox.admin.addShares({
			count: 1,
			from: sharer.clientId,
			to: receiver.clientId,
			reference: 'ended',
			expirationDateUtc: new Date(Date.now() - DAY).toISOString(),
		});
		await editor.addAction('Revoke a share');
		const picker = editor.nodeView.picker('Share');
		await picker.open();
		const names = await picker.names();
		expect(names.sort()).toEqual([
			expect.stringMatching(/^contract-77 · …[\da-f]{4} · en-app-ref-002 · until /),
			expect.stringMatching(/^dossier-1 · /),
			expect.stringMatching(/^dossier-3 · /),
		]);
	});

	step('ends the share that is picked', async () => {
		const { editor } = session;
		const { nodeView } = editor;
		const picker = nodeView.picker('Share');
		await picker.search('contract-77');
		await picker.pick(0);
		await nodeView.execute();
		const [row] = await nodeView.outputRows('reference', 'contract-77');
		await expectOneShare('contract-77', row, 0);
		await nodeView.close();
		expect(await editor.subtitle('Revoke a share')).toBe('Revoke share');
	});
});

describe('Resources and options', () => {
	step('what can be shared is listed', async () => {
		const { editor } = session;
		const { nodeView } = editor;
		await editor.newManualWorkflow();
		await editor.addAction('Get many consents');
		expect(await nodeView.offered('Add Filter')).toEqual([
			'Consent ID',
			'External User ID',
			'From Date (UTC)',
			'Status',
			'User ID',
		]);
		await nodeView.execute();
		expect(await nodeView.outputRows('id', SANDBOX_EXAMPLES.consentIds[0])).not.toEqual([]);
	});

	step('another resource brings its operation, its filters and its name', async () => {
		const { editor } = session;
		const { nodeView } = editor;
		await nodeView.choose('Resource', 'Analysis');
		expect(await nodeView.chosen('Operation')).toBe('Get Many');
		expect(await nodeView.offered('Add Filter')).toEqual(['Reference', 'Status']);
		await nodeView.close();
		expect(await editor.subtitle('Get many analyses')).toBe('Get many analyses');
		await editor.openNode('Get many analyses');
		await nodeView.choose('Resource', 'Share');
		await nodeView.choose('Operation', 'Get Many');
		await nodeView.close();
		expect(await editor.subtitle('Get many shares')).toBe('Get many shares');
	});

	step('Prevent Duplicates is offered for Create only, and on once it is added', async () => {
		const { editor } = session;
		const { nodeView } = editor;
		const others = ['Max Concurrent Requests', 'Max Retries', 'Max Retry Wait', 'Timeout'];
		await editor.openNode('Get many shares');
		expect(await nodeView.offered('Add Option')).toEqual(others);
		await nodeView.choose('Operation', 'Create or Update');
		expect(await nodeView.offered('Add Option')).toEqual(others);
		await nodeView.choose('Operation', 'Create');
		expect(await nodeView.offered('Add Option')).toContain('Prevent Duplicates');
		await nodeView.add('Add Option', 'Prevent Duplicates');
		expect(await nodeView.isOn('Prevent Duplicates')).toBe(true);
	});
});

/** Expects one share with the reference to be there and in the output, ending after so many days. */
async function expectOneShare(
	reference: string,
	row: OutputRow | undefined,
	days: number,
): Promise<void> {
	const shares = await session.sandbox.admin.shares();
	const found = shares.filter((share) => share.reference === reference);
	expect(found).toHaveLength(1);
	expect(row).toMatchObject({ id: found[0]?.id, reference });
	for (const share of [row, found[0]]) {
		expect(daysUntil(share?.['expirationDateUtc'])).toBeCloseTo(days, 2);
	}
}
