import { CatchUpTrigger, CREATED, UPDATED } from '../support/catch-up';
import { SHARES_PATH, TestBed, WEBHOOK_SECRET } from '../support/test-bed';
import { post } from '../support/trigger';
import { waitUntil } from '../support/wait-until';
import { jsonOf, shareNode } from '../support/workflows';

// What a running trigger remembers is its process's.
beforeEach(() => jest.resetModules());

const bed = TestBed.prepare();
const trigger = CatchUpTrigger.prepare(bed);

/** How often the credential is read when a trigger is started. */
const READINGS_AT_START = 1;

const PAST = '2020-01-01T00:00:00Z';
const LATER = '2030-01-01T00:00:00Z';
const MUCH_LATER = '2031-01-01T00:00:00Z';

/** How many requests for the list of shares the trigger has sent since the last call. */
async function listRequests(): Promise<number> {
	const requests = (await bed.calls('GET')).filter(({ path }) => path === '/shares');
	const count = requests.length - seenRequests;
	seenRequests = requests.length;
	return count;
}
let seenRequests = 0;
beforeEach(() => (seenRequests = 0));

const warnings = () =>
	bed.engine.log.filter(({ level }) => level === 'warn').map(({ message }) => message);

describe('the first activation', () => {
	it('takes what is there for known', async () => {
		await trigger.addShares(120);
		await trigger.start();
		expect(await trigger.shareIds()).toEqual([]);
		await trigger.restart();
		expect(await trigger.shareIds()).toEqual([]);
	});

	it.each(['oldestFirst', 'newestFirst'] as const)(
		'emits what is there where that is wanted, in the order of the list (%s)',
		async (listOrder) => {
			await bed.admin.configure({ listOrder });
			const ids = await trigger.addShares(120);
			await trigger.start({ options: { catchUpExisting: true } });
			const inOrder = listOrder === 'oldestFirst' ? ids : ids.reverse();
			expect(await trigger.shareIds()).toEqual(inOrder);
			await trigger.restart();
			expect(await trigger.shareIds()).toEqual([]);
		},
	);

	it('does not wait for EnableNow', async () => {
		await bed.admin.addFault({ kind: 'noAnswer', times: 10, match: { path: SHARES_PATH } });
		const begin = Date.now();
		await trigger.startHost('init');
		// A request is given up after thirty seconds.
		expect(Date.now() - begin).toBeLessThan(10_000);
	});
});

describe('after n8n was down', () => {
	it('emits what was shared meanwhile, each once and as a share that EnableNow confirmed', async () => {
		await trigger.addShares(3);
		await trigger.start();
		trigger.kill();
		const missed = await trigger.addShares(130);
		await trigger.startAgain();
		expect(await trigger.shareIds()).toEqual(missed);
		const [item] = await trigger.items();
		expect(item).toEqual({
			event: CREATED,
			shareId: missed[0],
			verified: true,
			reason: null,
			share: expect.objectContaining({ id: missed[0], clientId: 'en-app-ref-002' }) as unknown,
			data: null,
			receivedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as unknown,
			source: 'catchUp',
		});
		await trigger.restart();
		expect(await trigger.shareIds()).toEqual([]);
	});

	it('leaves out what has ended, what is for others, and what an event has told of', async () => {
		await trigger.start();
		const [told] = await trigger.addShares(1);
		expect(await trigger.post(told!)).toBe(200);
		await trigger.caughtUp();
		expect(await trigger.items()).toMatchObject([{ shareId: told, source: 'webhook' }]);
		trigger.kill();
		await trigger.addShares(2, { expirationDateUtc: PAST });
		await trigger.addShares(2, { from: 'en-app-ref-002', to: 'en-app-ref-001' });
		const [missed] = await trigger.addShares(1);
		await trigger.startAgain();
		expect(await trigger.shareIds()).toEqual([missed]);
	});

	it('emits what has ended where that is wanted', async () => {
		await trigger.start({ options: { catchUpExpired: true } });
		trigger.kill();
		const missed = await trigger.addShares(2, { expirationDateUtc: PAST });
		await trigger.startAgain();
		expect(await trigger.shareIds()).toEqual(missed);
	});

	it('emits for the app that is chosen', async () => {
		await trigger.start({ options: { catchUpClientId: ' en-app-ref-001 ' } });
		trigger.kill();
		await trigger.addShares(1);
		const missed = await trigger.addShares(1, { from: 'en-app-ref-002', to: 'en-app-ref-001' });
		await trigger.startAgain();
		expect(await trigger.shareIds()).toEqual(missed);
	});

	it('leaves what was being executed to be retried by a person', async () => {
		const slow = shareNode(
			{ operation: 'get', shareId: '={{ $json.shareId }}' },
			{ name: 'Next', credentials: { enableNowOAuth2Api: { id: 'sharer', name: 'sharer' } } },
		);
		await trigger.start({ next: [slow] });
		const [cutOff] = await trigger.addShares(1);
		// The look-up is answered, what the next node asks is not.
		await bed.admin.addFault({ kind: 'noAnswer', match: { path: `^/shares/${cutOff}` }, nth: [2] });
		await trigger.post(cutOff!);
		await waitUntil(async () => {
			const requests = (await bed.calls()).filter(({ path }) => path === `/shares/${cutOff}`);
			return requests.length === 2;
		});
		const { items } = trigger.host.executions.at(-1)!;
		trigger.kill();
		await trigger.startAgain();
		expect(await trigger.items('EnableNow Trigger')).toEqual([]);
		// As n8n does when a person retries an execution that crashed.
		const retried = await trigger.run(items, 'retry');
		expect(jsonOf(retried, 'EnableNow Trigger')).toMatchObject([{ shareId: cutOff }]);
	});

	it('emits again, and at least once, what came after a backup that was restored', async () => {
		await trigger.start();
		const backup = bed.engine.database.copy();
		const [told] = await trigger.addShares(1);
		await trigger.post(told!);
		await trigger.caughtUp();
		trigger.kill();
		const [missed] = await trigger.addShares(1);
		bed.startEngine(backup);
		await trigger.startAgain();
		expect(await trigger.shareIds()).toEqual([told, missed]);
	});
});

it('knows again what comes before n8n starts the trigger', async () => {
	await trigger.start();
	const [known = '', other = ''] = await trigger.addShares(2);
	expect(await trigger.post(known)).toBe(200);
	await trigger.caughtUp();
	trigger.kill();
	await trigger.startServing();
	expect(await trigger.post(known)).toBe(200);
	expect(await trigger.post(other)).toBe(200);
	expect(await trigger.shareIds()).toEqual([other]);
});

it('knows again what comes while n8n still reads the credential of the trigger', async () => {
	await trigger.start();
	const [id = ''] = await trigger.addShares(1);
	expect(await trigger.post(id)).toBe(200);
	await trigger.caughtUp();
	trigger.kill();
	const { credentials } = bed.engine;
	const getDecrypted = credentials.getDecrypted.bind(credentials);
	let readings = 0;
	jest.spyOn(credentials, 'getDecrypted').mockImplementation(async (...values) => {
		// Those of the event are faster.
		if (++readings <= READINGS_AT_START) await new Promise((resolve) => setTimeout(resolve, 1_000));
		return await getDecrypted(...values);
	});
	await trigger.startHost('init');
	expect(readings).toBe(READINGS_AT_START);
	expect(await trigger.post(id)).toBe(200);
	await trigger.caughtUp();
	expect(await trigger.shareIds()).toEqual([]);
});

describe('while EnableNow cannot be asked', () => {
	it('is tried again until it can, and says so once', async () => {
		await trigger.start();
		trigger.kill();
		const missed = await trigger.addShares(2);
		await bed.admin.addFault({
			kind: 'status',
			status: 500,
			// As often as a request is sent before the catch-up gives up.
			times: 4,
			match: { path: SHARES_PATH },
		});
		await trigger.startHost('init');
		await waitUntil(() => trigger.host.executions.length >= 1);
		await trigger.caughtUp();
		expect(await trigger.shareIds()).toEqual(missed);
		expect(warnings()).toEqual([
			expect.stringMatching(/^EnableNow Trigger could not catch up, and will try again: /),
		]);
	});
});

const SECRET_QUERY = `?secret=${WEBHOOK_SECRET}`;

/** Only with the secret may a request hold several events. */
const postWithSecret = async (body: unknown) =>
	await post(trigger.host.productionUrl, body, { query: SECRET_QUERY });

describe('no repeats', () => {
	it('an event that comes again starts nothing', async () => {
		await trigger.start();
		const [share] = await trigger.addShares(1);
		for (let times = 0; times < 3; times++) expect(await trigger.post(share!)).toBe(200);
		expect(await trigger.post(share!.toUpperCase())).toBe(200);
		await trigger.caughtUp();
		expect(await trigger.shareIds()).toEqual([share]);
		await trigger.restart();
		expect(await trigger.post(share!)).toBe(200);
		await trigger.caughtUp();
		expect(await trigger.shareIds()).toEqual([]);
	});

	it('a share that was caught up is not emitted by its event, and the other way round', async () => {
		await trigger.start();
		trigger.kill();
		const [missed] = await trigger.addShares(1);
		await trigger.startAgain();
		expect(await trigger.post(missed!)).toBe(200);
		await trigger.caughtUp();
		expect(await trigger.shareIds()).toEqual([missed]);
	});

	it('an event about a share that was there from the start is emitted', async () => {
		const [known] = await trigger.addShares(1);
		await trigger.start();
		await trigger.post(known!);
		await trigger.caughtUp();
		expect(await trigger.shareIds()).toEqual([known]);
	});

	it('many events at the same time, half of them twice, are emitted once each', async () => {
		await trigger.start();
		const ids = await trigger.addShares(40);
		const answers = await Promise.all([...ids, ...ids].map(async (id) => await trigger.post(id)));
		expect(new Set(answers)).toEqual(new Set([200]));
		await trigger.caughtUp();
		expect((await trigger.shareIds()).sort()).toEqual([...ids].sort());
		await trigger.restart();
		expect(await trigger.shareIds()).toEqual([]);
	});

	it('an array of events starts one execution, without those that came before', async () => {
		bed.saveCredential('receiver', { webhookSecret: WEBHOOK_SECRET });
		await trigger.start();
		const [one, two, three] = await trigger.addShares(3);
		await trigger.post(one!, CREATED, SECRET_QUERY);
		await trigger.caughtUp();
		const body = [one, two, two, three].map((shareId) => ({ event: CREATED, data: { shareId } }));
		expect((await postWithSecret(body)).status).toBe(200);
		await trigger.caughtUp();
		expect(await trigger.shareIds()).toEqual([one, two, three]);
		expect(trigger.host.executions.filter(({ items }) => items.length > 2)).toHaveLength(1);
	});

	it('is answered with 200, whatever else a request holds that is refused', async () => {
		bed.saveCredential('receiver', { webhookSecret: WEBHOOK_SECRET });
		await trigger.start();
		const [one] = await trigger.addShares(1);
		await trigger.post(one!, CREATED, SECRET_QUERY);
		await trigger.caughtUp();
		const body = [{ event: CREATED, data: one }, { data: 'no name' }];
		expect((await postWithSecret(body)).status).toBe(200);
		expect((await postWithSecret(body.slice(1))).status).toBe(400);
		expect(await trigger.shareIds()).toEqual([one]);
	});

	it('holds for what EnableNow confirmed only', async () => {
		await trigger.start({ lookUpShare: false });
		const [share] = await trigger.addShares(1);
		await trigger.post(share!);
		await trigger.post(share!);
		await trigger.caughtUp();
		expect(await trigger.items()).toMatchObject([
			{ shareId: share, verified: false, source: 'webhook' },
			{ shareId: share, verified: false, source: 'webhook' },
		]);
		await trigger.restart();
		expect(await trigger.items()).toMatchObject([
			{ shareId: share, verified: true, source: 'catchUp' },
		]);
	});
});

describe('with "Execute Once", where n8n keeps the first item of an execution', () => {
	const once = { node: { executeOnce: true } };

	it('an event and a catch-up start the workflow, once each', async () => {
		await trigger.start(once);
		const [told = ''] = await trigger.addShares(1);
		expect(await trigger.post(told)).toBe(200);
		await trigger.caughtUp();
		expect(await trigger.shareIds()).toEqual([told]);
		trigger.kill();
		const missed = await trigger.addShares(3);
		await trigger.startAgain();
		expect(await trigger.shareIds()).toEqual(missed);
		await trigger.restart();
		expect(await trigger.shareIds()).toEqual([]);
	});

	it('the first of several events in one request starts the workflow, and the others are caught up', async () => {
		bed.saveCredential('receiver', { webhookSecret: WEBHOOK_SECRET });
		await trigger.start(once);
		const ids = await trigger.addShares(3);
		const body = [...ids, ...ids].map((shareId) => ({ event: CREATED, data: { shareId } }));
		expect((await postWithSecret(body)).status).toBe(200);
		await trigger.caughtUp();
		expect(await trigger.shareIds()).toEqual(ids.slice(0, 1));
		await trigger.restart();
		expect(await trigger.shareIds()).toEqual(ids.slice(1));
	});
});

it('with "Always Output Data", a catch-up that finds nothing runs the next node with an empty item', async () => {
	await trigger.start({ node: { alwaysOutputData: true } });
	expect(await trigger.items()).toEqual([{}]);
});

describe('updates', () => {
	const both = { events: [CREATED, UPDATED] };

	it('are caught up: what ends at another time than before, once', async () => {
		const [changed, same] = await trigger.addShares(2);
		await trigger.start(both);
		trigger.kill();
		await trigger.update(changed!, LATER);
		const [created] = await trigger.addShares(1);
		await trigger.startAgain();
		expect(await trigger.items()).toMatchObject([
			{ event: UPDATED, shareId: changed, source: 'catchUp', share: { id: changed } },
			{ event: CREATED, shareId: created, source: 'catchUp' },
		]);
		expect(same).toBeDefined();
		await trigger.restart();
		expect(await trigger.items()).toEqual([]);
	});

	it('are not emitted again after their event, but further changes are', async () => {
		const [share] = await trigger.addShares(1);
		await trigger.start(both);
		await trigger.update(share!, LATER);
		expect(await trigger.post(share!, UPDATED)).toBe(200);
		expect(await trigger.post(share!, UPDATED)).toBe(200);
		await trigger.caughtUp();
		expect(await trigger.items()).toMatchObject([{ event: UPDATED, source: 'webhook' }]);
		trigger.kill();
		await trigger.update(share!, MUCH_LATER);
		await trigger.startAgain();
		expect(await trigger.items()).toMatchObject([{ event: UPDATED, source: 'catchUp' }]);
	});

	it('are emitted as often as the end changes, also back to an earlier one', async () => {
		const [share = ''] = await trigger.addShares(1);
		await trigger.start(both);
		for (const end of [LATER, MUCH_LATER, LATER]) {
			await trigger.update(share, end);
			expect(await trigger.post(share, UPDATED)).toBe(200);
			expect(await trigger.post(share, UPDATED)).toBe(200);
			await trigger.caughtUp();
		}
		expect(await trigger.items()).toMatchObject(
			[LATER, MUCH_LATER, LATER].map(() => ({ event: UPDATED })),
		);
		await trigger.restart();
		expect(await trigger.post(share, UPDATED)).toBe(200);
		await trigger.caughtUp();
		expect(await trigger.items()).toEqual([]);
	});

	it('and creations are told apart, also where they come by event', async () => {
		await trigger.start(both);
		const [share] = await trigger.addShares(1);
		await trigger.post(share!, CREATED);
		await trigger.post(share!, UPDATED);
		await trigger.caughtUp();
		expect(await trigger.items()).toMatchObject([{ event: CREATED }, { event: UPDATED }]);
	});

	it('leave out a share that was revoked, unless ended ones are wanted', async () => {
		const [share] = await trigger.addShares(1);
		await trigger.start(both);
		trigger.kill();
		await trigger.update(share!, PAST);
		await trigger.startAgain();
		expect(await trigger.items()).toEqual([]);
		await trigger.restart({ options: { catchUpExpired: true } });
		expect(await trigger.items()).toMatchObject([{ event: UPDATED, shareId: share }]);
		await trigger.restart();
		expect(await trigger.items()).toEqual([]);
	});

	it('tell of a share that was revoked and goes on after all', async () => {
		const [share] = await trigger.addShares(1);
		await trigger.start(both);
		await trigger.update(share!, PAST);
		await trigger.restart();
		await trigger.update(share!, LATER);
		await trigger.restart();
		expect(await trigger.items()).toMatchObject([{ event: UPDATED, shareId: share }]);
	});

	it('are not looked for where they are not chosen', async () => {
		const [share] = await trigger.addShares(1);
		await trigger.start();
		trigger.kill();
		await trigger.update(share!, LATER);
		await trigger.startAgain();
		expect(await trigger.items()).toEqual([]);
	});
});

describe('what a catch-up costs', () => {
	it.each(['oldestFirst', 'newestFirst'] as const)(
		'is the whole list and one execution at each start (%s)',
		async (listOrder) => {
			await bed.admin.configure({ listOrder });
			await trigger.addShares(420);
			await trigger.start();
			// The activation asks for one share, to check the credential.
			expect(await listRequests()).toBe(1 + 9);
			trigger.kill();
			const missed = await trigger.addShares(1);
			await trigger.startAgain();
			expect(await trigger.shareIds()).toEqual(missed);
			expect(await listRequests()).toBe(9);
			expect(trigger.host.executions).toHaveLength(1);
		},
	);
});

describe('what is stored', () => {
	it('is nothing in the static data, and does not grow by what EnableNow does not confirm', async () => {
		const ids = await trigger.addShares(3);
		await trigger.start({ events: [CREATED, UPDATED] });
		for (const id of ids) await trigger.post(id);
		await trigger.caughtUp();
		const recorded = () => [...bed.engine.database.processed.values()].flat().length;
		const before = recorded();
		expect(before).toBeGreaterThan(0);
		const unknown = (index: number) => `00000000-0000-0000-0000-${String(index).padStart(12, '0')}`;
		const posts = [1, 2, 3, 4, 5].map(async (index) => await trigger.post(unknown(index)));
		expect(await Promise.all(posts)).toEqual(posts.map(() => 403));
		await trigger.caughtUp();
		expect(recorded()).toBe(before);
		expect(bed.engine.database.staticData).toBe('{}');
	});

	it('stays where the node is renamed or the credential is another of the same app', async () => {
		await trigger.start();
		trigger.kill();
		const missed = await trigger.addShares(2);
		bed.engine.credentials.save('other', bed.engine.credentials.read('receiver'));
		await trigger.startAgain({
			node: {
				name: 'Renamed',
				credentials: { enableNowOAuth2Api: { id: 'other', name: 'other' } },
			},
		});
		expect(await trigger.shareIds()).toEqual(missed);
	});

	it('begins anew where the credential is that of another app', async () => {
		await trigger.start();
		trigger.kill();
		await trigger.addShares(2, { from: 'en-app-ref-002', to: 'en-app-ref-001' });
		const sharer = { enableNowOAuth2Api: { id: 'sharer', name: 'sharer' } };
		await trigger.startAgain({ node: { credentials: sharer } });
		expect(await trigger.shareIds()).toEqual([]);
		trigger.kill();
		const missed = await trigger.addShares(1, { from: 'en-app-ref-002', to: 'en-app-ref-001' });
		await trigger.startAgain();
		expect(await trigger.shareIds()).toEqual(missed);
	});

	it('outlives a deactivation', async () => {
		await trigger.start();
		await trigger.stop();
		const missed = await trigger.addShares(2);
		await trigger.startAgain();
		expect(await trigger.shareIds()).toEqual(missed);
	});
});

it('says where the list never holds a share for the app', async () => {
	await trigger.addShares(2, { from: 'en-app-ref-002', to: 'en-app-ref-001' });
	await trigger.start();
	expect(warnings()).toContainEqual(
		expect.stringMatching(/finds no share for the app en-app-ref-002 among the 2 that EnableNow/),
	);
});

it('is on, with its options, where an expression says so', async () => {
	const [share] = await trigger.addShares(1);
	await trigger.start({ catchUp: '={{ 1 < 2 }}', options: { catchUpExisting: true } });
	expect(await trigger.shareIds()).toEqual([share]);
});

it('does nothing where it is off', async () => {
	await trigger.start({ catchUp: false });
	const [share] = await trigger.addShares(1);
	await trigger.post(share!);
	await trigger.post(share!);
	await trigger.caughtUp();
	expect(await trigger.shareIds()).toEqual([share, share]);
	expect(bed.engine.database.staticData).toBe('{}');
	expect(bed.engine.database.processed.size).toBe(0);
});
