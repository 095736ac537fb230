import type { INodeParameters, WorkflowActivateMode } from 'n8n-workflow';

import { closedAddress } from '../support/other-server';
import { expectNoSecrets } from '../support/secrecy';
import { SHARES_PATH, TestBed, TOKEN_PATH, WEBHOOK_SECRET } from '../support/test-bed';
import { addShare, post, Triggers } from '../support/trigger';

const bed = TestBed.prepare();
const triggers = Triggers.prepare(bed);

const BY_HAND = ['activate', 'manual', 'update'] as const;
const UNATTENDED = ['init', 'leadershipChange'] as const;

const warnings = () =>
	bed.engine.log.filter(({ level }) => level === 'warn').map(({ message }) => message);

async function activationError(mode: WorkflowActivateMode): Promise<Error> {
	const error: unknown = await triggers.start({}, mode).catch((thrown: unknown) => thrown);
	if (!(error instanceof Error)) throw new Error('The activation did not fail');
	expectNoSecrets(error, await bed.secrets());
	return error;
}

describe.each(BY_HAND)('activation by hand: %s', (mode) => {
	it('asks EnableNow for one share, to check the credential', async () => {
		await triggers.start({}, mode);
		expect(await bed.calls()).toMatchObject([
			{ method: 'GET', path: '/shares', query: 'page=1&pageSize=1', status: 200 },
		]);
	});

	it('fails where the client secret is wrong', async () => {
		bed.saveCredential('receiver', { clientSecret: 'wrong-client-secret' });
		bed.furtherSecrets.push('wrong-client-secret');
		expect(await activationError(mode)).toMatchObject({
			message: expect.stringMatching(/^EnableNow gave no token for this credential: /) as string,
			description: expect.stringMatching(/^Open the credential, check client ID/) as string,
		});
	});

	it('fails where EnableNow refuses the token', async () => {
		await bed.admin.addFault({
			kind: 'status',
			status: 401,
			times: 10,
			match: { path: SHARES_PATH },
		});
		expect((await activationError(mode)).message).toMatch(
			/^EnableNow refused the request with status 401: /,
		);
	});

	it('fails where the credential is not usable', async () => {
		bed.saveCredential('receiver', { baseUrl: 'nonsense' });
		expect((await activationError(mode)).message).toMatch(/'Base URL' is "nonsense"/);
	});

	it('fails where the webhook secret is not usable, which would turn every event away', async () => {
		bed.saveCredential('receiver', { webhookSecret: '={{ undefined }}' });
		expect((await activationError(mode)).message).toMatch(/'Webhook Secret' is not text/);
		expect(await bed.admin.requests()).toEqual([]);
	});

	it.each([
		[
			'is not there',
			async () => bed.saveCredential('receiver', { baseUrl: await closedAddress() }),
		],
		[
			'is out of order',
			async () =>
				await bed.admin.addFault({ kind: 'status', status: 503, match: { path: SHARES_PATH } }),
		],
		[
			'does not let the app list shares',
			async () =>
				await bed.admin.addFault({ kind: 'status', status: 403, match: { path: SHARES_PATH } }),
		],
		[
			'gives no token, out of order',
			async () =>
				await bed.admin.addFault({ kind: 'connectionReset', match: { path: TOKEN_PATH } }),
		],
	])('passes with a warning while EnableNow %s', async (_name, prepare) => {
		await prepare();
		const host = await triggers.start({}, mode);
		expect(warnings()).toContainEqual(
			expect.stringMatching(
				/^EnableNow Trigger could not check its credential and is activated anyway: EnableNow .+\. (Check|Test the credential|The app of this credential)/,
			),
		);
		expectNoSecrets(bed.engine.log, await bed.secrets());
		await bed.admin.clearFaults();
		bed.saveCredential('receiver');
		const { id } = await addShare(bed);
		await post(host.productionUrl, { event: 'databridge.share.created', data: id });
		expect(await triggers.executions(host)).toMatchObject([[{ verified: true }]]);
	});

	const unproven = (events: string) =>
		expect.stringMatching(
			`^EnableNow Trigger cannot tell whether these events are from EnableNow: ${events}\\. `,
		) as string;

	it.each<[string, INodeParameters, string]>([
		['any event', { events: ['*'] }, '\\*'],
		[
			'events not about shares',
			{ events: ['databridge.share.created', 'consent.status.updated', 'transactions.fetched'] },
			'consent.status.updated, transactions.fetched',
		],
		['events without a look-up', { lookUpShare: false }, 'databridge.share.created'],
	])('warns of %s where no webhook secret is set', async (_name, parameters, events) => {
		await triggers.start(parameters, mode);
		expect(warnings()).toContainEqual(unproven(events));
		bed.engine.log.length = 0;
		bed.saveCredential('receiver', { webhookSecret: WEBHOOK_SECRET });
		await triggers.start(parameters, mode);
		expect(warnings()).not.toContainEqual(unproven(events));
	});
});

describe.each(UNATTENDED)('activation that nobody waits for: %s', (mode) => {
	it('asks nothing, and passes whatever the credential', async () => {
		bed.saveCredential('receiver', { clientSecret: 'wrong-client-secret', baseUrl: 'nonsense' });
		await triggers.start({}, mode);
		expect(await bed.admin.requests()).toEqual([]);
	});

	it('passes where the credential is gone', async () => {
		bed.engine.credentials.remove('receiver');
		const host = await triggers.start({}, mode);
		const answer = await post(host.productionUrl, { event: 'databridge.share.created', data: {} });
		expect(answer.status).toBe(503);
	});
});
