import { setTimeout as sleep } from 'node:timers/promises';

import { CredentialStore } from '../../../scripts/engine/credential-store';
import { UNKNOWN_ID } from '../support/examples';
import { asPutOut } from '../support/put-out';
import { TestBed, WEBHOOK_SECRET } from '../support/test-bed';
import { addShare, post, Triggers } from '../support/trigger';

// The rows of the answer table are in test/e2e/support/answer-table.ts.

const bed = TestBed.prepare();
const triggers = Triggers.prepare(bed);

const CREATED = 'databridge.share.created';
const created = (data: unknown) => ({ event: CREATED, data });
const WITH_SECRET = { query: `?secret=${WEBHOOK_SECRET}` };

/** EnableNow waits five seconds for an answer, as the trigger assumes. */
const PATIENCE = 5_000;

it('puts out an item, and the share in it, in one shape and order', async () => {
	const share = await addShare(bed);
	const host = await triggers.start();
	await post(host.productionUrl, created(share.id.toUpperCase()));
	const [[item]] = (await triggers.executions(host)) as [[{ receivedAt: string }]];
	expect(JSON.stringify(item)).toBe(
		JSON.stringify({
			event: CREATED,
			shareId: share.id.toUpperCase(),
			verified: true,
			reason: null,
			share: asPutOut(share),
			data: share.id.toUpperCase(),
			receivedAt: item.receivedAt,
			source: 'webhook',
		}),
	);
});

it('does not confirm a share to an app that may not see it', async () => {
	const { id } = await addShare(bed);
	await bed.admin.configure({ receiverSeesShares: false });
	const host = await triggers.start();
	const { status, data } = await post(host.productionUrl, created(id));
	expect(status).toBe(403);
	expect(data).toEqual({ message: 'EnableNow does not confirm this share.' });
	expect(await triggers.executions(host)).toEqual([]);
});

it('shows what EnableNow said of a share that there is not', async () => {
	const host = await triggers.start();
	await post(host.testUrl, created(UNKNOWN_ID));
	expect(await triggers.executions(host)).toMatchObject([
		[{ reason: expect.stringMatching(/ status 404: .*There is no share with the id/) as string }],
	]);
});

describe('where the number of executions is limited', () => {
	/** A trigger whose executions wait until they may begin. */
	async function startLimited() {
		const host = await triggers.start({ lookUpShare: false });
		let begin = (): void => undefined;
		host.slot = new Promise((resolve) => (begin = resolve));
		return { host, begin };
	}

	/** How long an answer takes, in milliseconds. */
	async function measure(url: string): Promise<number> {
		const sentAt = performance.now();
		expect((await post(url, created(UNKNOWN_ID))).status).toBe(200);
		return performance.now() - sentAt;
	}

	it('an event is answered when its execution begins', async () => {
		const { host, begin } = await startLimited();
		const answer = measure(host.productionUrl);
		await sleep(500);
		begin();
		expect(await answer).toBeGreaterThan(490);
		expect(await answer).toBeLessThan(1_500);
	});

	it('an event is answered in time, and once, though its execution begins later', async () => {
		const { host, begin } = await startLimited();
		expect(await measure(host.productionUrl)).toBeLessThan(PATIENCE);
		begin();
		expect(await triggers.executions(host)).toHaveLength(1);
		// Its answer is another one.
		expect(await measure(host.productionUrl)).toBeLessThan(PATIENCE);
	});

	it('of many events at the same time, the last ones are answered later', async () => {
		const { host, begin } = await startLimited();
		const answers = Array.from({ length: 30 }, async () => await measure(host.productionUrl));
		await sleep(PATIENCE);
		begin();
		const waits = await Promise.all(answers);
		expect(Math.min(...waits)).toBeLessThan(PATIENCE);
		expect(Math.max(...waits)).toBeGreaterThanOrEqual(PATIENCE - 10);
	});
});

it('refuses more than a hundred events at once, without a look-up', async () => {
	bed.saveCredential('receiver', { webhookSecret: WEBHOOK_SECRET });
	const host = await triggers.start();
	const body = Array.from({ length: 101 }, () => created(UNKNOWN_ID));
	expect((await post(host.productionUrl, body, WITH_SECRET)).status).toBe(400);
	expect(await bed.calls()).toEqual([]);
});

it('lets nobody start the workflow with many invented shares in one request', async () => {
	await bed.admin.configure({ latency: 500 });
	const host = await triggers.start();
	const body = Array.from({ length: 100 }, () => created(UNKNOWN_ID));
	expect((await post(host.productionUrl, body)).status).toBe(400);
	expect(await triggers.executions(host)).toEqual([]);
	expect(await bed.calls()).toEqual([]);
});

it.each(['={{ undefined }}', '={{ 7 > 8 }}', ' , '])(
	'answers 503 while its webhook secret is not usable: %s',
	async (webhookSecret) => {
		const host = await triggers.start();
		bed.saveCredential('receiver', { webhookSecret });
		for (const query of ['', '?secret=', '?secret=undefined', '?secret=false']) {
			expect((await post(host.productionUrl, created(UNKNOWN_ID), { query })).status).toBe(503);
		}
		expect(await triggers.executions(host)).toEqual([]);
	},
);

it('answers 503 in time where n8n never gives the credential', async () => {
	const host = await triggers.start();
	const hanging = jest
		.spyOn(CredentialStore.prototype, 'getDecrypted')
		.mockReturnValue(new Promise(() => undefined));
	const started = Date.now();
	const { status } = await post(host.productionUrl, created(UNKNOWN_ID));
	expect(status).toBe(503);
	expect(Date.now() - started).toBeLessThan(PATIENCE);
	hanging.mockRestore();
	expect(bed.engine.log).toContainEqual({
		level: 'warn',
		message:
			'EnableNow Trigger refused an event with status 503: The credential of the trigger cannot be read: n8n did not return it in time. Open the trigger and test its credential.',
	});
});

it('answers in time where n8n takes most of it to give the credential', async () => {
	const { id } = await addShare(bed);
	const host = await triggers.start();
	await bed.admin.addFault({ kind: 'noAnswer', times: 10, match: { path: '^/shares/.' } });
	const { credentials } = bed.engine;
	const read = credentials.getDecrypted.bind(credentials);
	const slow = jest.spyOn(credentials, 'getDecrypted').mockImplementationOnce(async (...values) => {
		await sleep(2_500);
		return await read(...values);
	});
	const started = Date.now();
	expect((await post(host.productionUrl, created(id))).status).toBe(200);
	expect(Date.now() - started).toBeLessThan(PATIENCE);
	slow.mockRestore();
	expect(await triggers.executions(host)).toMatchObject([[{ verified: false }]]);
});

it('looks at the body only when the secret is right', async () => {
	bed.saveCredential('receiver', { webhookSecret: WEBHOOK_SECRET });
	const host = await triggers.start();
	const parse = jest.spyOn(JSON, 'parse');
	const body = JSON.stringify(created({ shareId: UNKNOWN_ID, mark: 'looked at' }));
	const isLookedAt = () => parse.mock.calls.some(([text]) => String(text).includes('looked at'));
	const contentType = 'application/x+json';
	expect((await post(host.productionUrl, body, { contentType })).status).toBe(401);
	expect(isLookedAt()).toBe(false);
	expect((await post(host.productionUrl, body, { contentType, ...WITH_SECRET })).status).toBe(200);
	expect(isLookedAt()).toBe(true);
	parse.mockRestore();
});

/** How often n8n reads the credential for an event, once it has a token. */
async function countCredentialReads(lookUpShare: boolean): Promise<number> {
	const host = await triggers.start({ lookUpShare });
	const postEvent = async () => {
		const { id } = await addShare(bed);
		expect((await post(host.productionUrl, created({ shareId: id }))).status).toBe(200);
	};
	await postEvent();
	const getDecrypted = jest.spyOn(CredentialStore.prototype, 'getDecrypted');
	await postEvent();
	const { length } = getDecrypted.mock.calls;
	getDecrypted.mockRestore();
	return length;
}

// n8n evaluates the expressions of the credential each time: most of what an event costs it.
it('reads the credential once for an event', async () => {
	expect(await countCredentialReads(false)).toBe(1);
});

it('reads it once more for the request where the share is looked up', async () => {
	expect(await countCredentialReads(true)).toBe(2);
});
