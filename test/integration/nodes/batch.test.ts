import type { INodeParameters } from 'n8n-workflow';

import { UNKNOWN_ID } from '../support/examples';
import { mostAtOnce } from '../support/most-at-once';
import { TestBed, SHARES_PATH } from '../support/test-bed';
import { errorOf, ITEMS, itemsOf, jsonOf, locator, SHARE } from '../support/workflows';

const bed = TestBed.prepare();

const CONSENT_ID = 'af86536d-34e3-4ebc-6c64-08db56ccef25';

/** A create for each item, told apart by its reference. */
const CREATE: INodeParameters = {
	operation: 'create',
	clientId: 'en-app-ref-002',
	expirationDateUtc: '2030-04-30T12:00:00',
	consentIds: locator(CONSENT_ID),
	additionalFields: { reference: '={{ $json.reference }}' },
};

const CONTINUE = { node: { onError: 'continueRegularOutput' as const } };

function references(count: number): Array<{ reference: string }> {
	return Array.from({ length: count }, (_item, index) => ({ reference: `reference-${index}` }));
}

describe('many items', () => {
	it('come out in the order in which they went in, each paired with its own', async () => {
		await bed.admin.configure({ latency: 20 });
		const items = references(60);
		const run = await bed.runShare(CREATE, { items });
		expect(jsonOf(run, SHARE)).toMatchObject(items);
		expect(itemsOf(run, SHARE).map(({ pairedItem }) => pairedItem)).toEqual(
			items.map((_item, item) => ({ item })),
		);
		expect(new Set(jsonOf(run, SHARE).map(({ id }) => id)).size).toBe(60);
	});

	it('are left as they came in, also where one fails', async () => {
		const items = [...references(2), { reference: [] }];
		const node = { onError: 'continueErrorOutput' as const };
		const run = await bed.runShare(CREATE, { items, node });
		expect(jsonOf(run, SHARE, 1)).toHaveLength(1);
		expect(jsonOf(run, ITEMS)).toEqual([...references(2), { reference: [] }]);
	});

	it('are sent several at a time', async () => {
		await bed.admin.configure({ latency: 50 });
		await bed.runShare(CREATE, { items: references(60) });
		expect(mostAtOnce(await bed.calls('POST'))).toBeGreaterThan(4);
	});

	it.each([1, 3])('are sent %i at a time where no more is allowed', async (limit) => {
		await bed.admin.configure({ latency: 100 });
		const options = { maxConcurrentRequests: limit };
		await bed.runShare({ ...CREATE, options }, { items: references(12) });
		expect(mostAtOnce(await bed.calls('POST'))).toBe(limit);
	});

	it('cause one token from cold', async () => {
		await bed.runShare(CREATE, { items: references(30) });
		expect((await bed.admin.counters()).tokensIssued).toBe(1);
	});

	it('cause one more token when it dies in their midst, and none of them is made twice', async () => {
		await bed.runShare(CREATE);
		await bed.admin.configure({ latency: 10 });
		const running = bed.runShare(CREATE, { items: references(100) });
		await waitForCalls(20);
		await bed.admin.revokeTokens();
		expect(jsonOf(await running, SHARE)).toHaveLength(100);
		expect((await bed.admin.counters()).tokensIssued).toBe(2);
		expect(await bed.admin.shares()).toHaveLength(101);
	});
});

describe('over the rate limit', () => {
	it('all items are made at the pace that EnableNow lets through', async () => {
		await bed.admin.configure({ rateLimit: { requestsPerSecond: 20, retryAfter: 1 } });
		const items = references(80);
		const run = await bed.runShare(CREATE, { items });
		expect(jsonOf(run, SHARE)).toMatchObject(items);
		expect(await bed.admin.shares()).toHaveLength(80);
		const refused = (await bed.calls('POST')).filter(({ status }) => status === 429);
		expect(refused.length).toBeLessThan(items.length);
	});

	it('an item is given up after the retries that are allowed, and says so', async () => {
		await bed.admin.addFault({
			kind: 'status',
			status: 429,
			headers: { 'Retry-After': '0' },
			match: { path: SHARES_PATH },
			times: 100,
		});
		const options = { maxRetries: 2 };
		const run = await bed.runShare({ ...CREATE, options }, { items: references(3), ...CONTINUE });
		expect(jsonOf(run, SHARE)).toHaveLength(3);
		for (const { error } of jsonOf(run, SHARE)) {
			expect(error).toMatch(/status 429.*it was sent 3 times/);
		}
		expect(await bed.calls('POST')).toHaveLength(9);
	});

	it('no item waits longer than it may, and none is sent before that time', async () => {
		await bed.admin.addFault({
			kind: 'status',
			status: 429,
			headers: { 'Retry-After': '3600' },
			match: { path: SHARES_PATH },
		});
		const options = { maxConcurrentRequests: 1, maxRetryWait: 5 };
		const run = await bed.runShare({ ...CREATE, options }, { items: references(5), ...CONTINUE });
		for (const { error } of jsonOf(run, SHARE)) {
			expect(error).toMatch(/EnableNow asks to wait 3600 seconds/);
		}
		expect(await bed.calls('POST')).toHaveLength(1);
	});

	it('without Retry-After it is tried again after a while', async () => {
		const fault = { kind: 'status', status: 429, match: { path: SHARES_PATH }, times: 2 } as const;
		await bed.admin.addFault(fault);
		const run = await bed.runShare(CREATE);
		expect(jsonOf(run, SHARE)).toHaveLength(1);
		expect(await bed.calls('POST')).toHaveLength(3);
	});
});

describe('a request that failed', () => {
	const update = async () => {
		const [share] = await bed.admin.addShares({
			count: 1,
			from: 'en-app-ref-001',
			to: 'en-app-ref-002',
		});
		return {
			operation: 'update',
			shareId: locator(share?.id),
			expirationDateUtc: '2031-01-01',
		};
	};

	it.each([502, 503, 504])('with %i is sent again where it changes nothing', async (status) => {
		await bed.admin.addFault({ kind: 'status', status, match: { path: SHARES_PATH } });
		const run = await bed.runShare({ operation: 'getAll' });
		expect(run.data.resultData.error).toBeUndefined();
		expect(await bed.calls('GET')).toHaveLength(2);
	});

	it('by a connection that broke is sent again where it sets the same once more', async () => {
		const parameters = await update();
		await bed.admin.addFault({ kind: 'connectionReset', when: 'after', match: { method: 'PUT' } });
		const run = await bed.runShare(parameters);
		expect(run.data.resultData.error).toBeUndefined();
		expect(await bed.calls('PUT')).toHaveLength(2);
	});

	it.each([
		['status 503', { kind: 'status', status: 503 }, 0],
		['status 500 after the share was made', { kind: 'status', status: 500, when: 'after' }, 1],
		['a reset after the share was made', { kind: 'connectionReset', when: 'after' }, 1],
		['no answer', { kind: 'noAnswer', when: 'after' }, 1],
		['an answer that is cut off', { kind: 'truncatedJson' }, 1],
	] as const)('with %s is not sent again where it creates', async (_name, fault, made) => {
		await bed.admin.addFault({ ...fault, match: { path: SHARES_PATH } });
		const parameters = { ...CREATE, options: { timeout: 1 } };
		const run = await bed.runShare(parameters, { items: references(1) });
		expect(errorOf(run).message).toMatch(/EnableNow may have created the share anyway$/);
		expect(errorOf(run).description).toMatch(
			/^Look for it with Get Many.*'Prevent Duplicates'.* It was last sent at \d{4}-.*Z, for en-app-ref-002 with the reference "reference-0": consents [-\w]+\./,
		);
		expect(await bed.calls('POST')).toHaveLength(1);
		expect(await bed.admin.shares()).toHaveLength(made);
	});

	it('since nothing listens is sent again as often as allowed', async () => {
		bed.saveCredential('sharer', { baseUrl: 'http://127.0.0.1:1' });
		const run = await bed.runShare({ ...CREATE, options: { maxRetries: 1 } });
		expect(errorOf(run).message).toMatch(/ECONNREFUSED.*it was sent 2 times/);
	});
});

it('asks for a token once where the client secret is wrong, however many items there are', async () => {
	bed.saveCredential('sharer', { clientSecret: 'a-wrong-client-secret' });
	bed.furtherSecrets.push('a-wrong-client-secret');
	const run = await bed.runShare(CREATE, { items: references(50), ...CONTINUE });
	expect(jsonOf(run, SHARE).map(({ error }) => error)).toEqual(
		references(50).map(
			(_item, index) =>
				expect.stringMatching(
					new RegExp(`^EnableNow gave no token for this credential: .*\\[item ${index}\\]$`),
				) as string,
		),
	);
	expect(await bed.admin.requests()).toHaveLength(1);
});

describe('where one of the items is invalid', () => {
	const consentIds = locator(`={{ $json.consent || "${CONSENT_ID}" }}`);
	const bad = (consent: string) => ({ reference: 'bad', consent });

	it('nothing is sent, and the error names each of them', async () => {
		const items = [...references(2), bad('first'), ...references(250), bad('second'), bad('third')];
		const run = await bed.runShare({ ...CREATE, consentIds }, { items });
		expect(errorOf(run).message).toMatch(/'Consents' contains "first".*\[item 2\]$/);
		expect(errorOf(run).context['itemIndex']).toBe(2);
		const { description } = errorOf(run);
		expect(description).toMatch(
			/"second".*\[item 253\]; .*"third".*\[item 254\]\. Nothing was sent\.$/,
		);
		expect(await bed.admin.requests()).toEqual([]);
	});

	it('the error names the first ten', async () => {
		const items = Array.from({ length: 14 }, (_item, index) => bad(`bad-${index}`));
		const run = await bed.runShare({ ...CREATE, consentIds }, { items });
		const { description } = errorOf(run);
		expect(description).toMatch(/"bad-9".*\[item 9\] and 4 more\. Nothing was sent\.$/);
		expect(description).not.toContain('bad-10');
	});

	it('the error names items whose expression fails, too', async () => {
		const expression = `={{ $json.isGood ? "${CONSENT_ID}" : $("Nowhere").item.json.id }}`;
		const run = await bed.runShare(
			{ ...CREATE, consentIds: locator(expression) },
			{ items: [{ isGood: true }, {}, {}] },
		);
		expect(errorOf(run).context['itemIndex']).toBe(1);
		expect(errorOf(run).description).toMatch(/\[item 2\]\. Nothing was sent\.$/);
		expect(await bed.admin.requests()).toEqual([]);
	});

	it('the other operations send nothing either', async () => {
		const [share] = await bed.admin.addShares({
			count: 1,
			from: 'en-app-ref-001',
			to: 'en-app-ref-002',
		});
		await bed.admin.requests();
		for (const operation of ['get', 'revoke', 'update']) {
			const parameters = {
				operation,
				shareId: locator('={{ $json.id }}'),
				expirationDateUtc: '2020-01-01',
			};
			const run = await bed.runShare(parameters, { items: [{ id: share?.id }, { id: 'bad' }] });
			expect(errorOf(run).message).toMatch(/'Share' contains "bad".*\[item 1\]$/);
		}
		expect(await bed.calls()).toEqual([]);
	});
});

it('names what had been sent when EnableNow refuses an item', async () => {
	await bed.admin.configure({ latency: 10 });
	const items = [...references(10), { reference: 'bad', consent: UNKNOWN_ID }, ...references(200)];
	const consentIds = locator(`={{ $json.consent || "${CONSENT_ID}" }}`);
	const options = { maxConcurrentRequests: 10 };
	const run = await bed.runShare({ ...CREATE, consentIds, options }, { items });
	const shares = await bed.admin.shares();
	expect(errorOf(run).message).toMatch(/was not found.*\[item 10\]$/);
	expect(shares.length).toBeGreaterThan(0);
	expect(shares.length).toBeLessThan(100);
	for (const { id, reference } of shares) {
		expect(errorOf(run).description).toContain(`(reference "${reference}", share ${id})`);
	}
	expect(errorOf(run).description).toMatch(
		/A second run would create these shares again, unless 'Prevent Duplicates' is on/,
	);
	const unique = { ...options, preventDuplicates: true };
	const again = await bed.runShare({ ...CREATE, consentIds, options: unique }, { items });
	expect(errorOf(again).description).not.toMatch(/second run/);
});

describe('once an item has failed', () => {
	/** Creates many, of which the second one that EnableNow sees is refused. */
	async function createMany(behaviour: Parameters<typeof bed.admin.configure>[0]) {
		// The first request of all goes ahead alone, for its token.
		await bed.runShare({ operation: 'getAll' });
		await bed.admin.configure(behaviour);
		const fault = { kind: 'status', status: 400, match: { method: 'POST' } } as const;
		await bed.admin.addFault({ ...fault, nth: [2] });
		return await bed.runShare(CREATE, { items: references(200) });
	}

	it('no create is sent that waits for its turn', async () => {
		const run = await createMany({ latency: 100 });
		// Ten are under way at first; the answers to the others may be read before that to the second one.
		expect((await bed.calls('POST')).length).toBeLessThan(40);
		expect(errorOf(run).message).toMatch(/status 400/);
		expect(errorOf(run).description).toMatch(/ other items were completed before the node stopped/);
		expect(errorOf(run).description).not.toMatch(/in progress and failed too/);
	});

	it('no create is sent again that was over the limit', async () => {
		const run = await createMany({ rateLimit: { requestsPerSecond: 2, retryAfter: 2 } });
		const sent = ((await bed.createBodies()) as Array<{ reference: string }>).map(
			({ reference }) => reference,
		);
		expect(new Set(sent).size).toBe(sent.length);
		const made = (await bed.admin.shares()).map(({ id }) => id);
		for (const id of made) expect(errorOf(run).description).toContain(id);
		expect(errorOf(run).description).not.toMatch(/in progress and failed too/);
	});
});

it('sends nothing more once the workflow is stopped', async () => {
	await bed.admin.configure({ latency: 20 });
	const stop = new AbortController();
	const running = bed.runShare(CREATE, { items: references(400), stopSignal: stop.signal });
	await waitForCalls(20);
	stop.abort();
	await running;
	// What was on its way when the workflow was stopped may still arrive.
	await new Promise((resolve) => setTimeout(resolve, 1_500));
	const sent = (await bed.calls('POST')).length;
	await new Promise((resolve) => setTimeout(resolve, 500));
	expect((await bed.calls('POST')).length).toBe(sent);
	expect(sent).toBeLessThan(200);
	// n8n drops the output of a workflow that is stopped.
	const [told] = bed.engine.log.filter(({ message }) =>
		/completed before the node stopped/.test(message),
	);
	for (const { id } of (await bed.admin.shares()).slice(0, 10)) expect(told?.message).toContain(id);
});

async function waitForCalls(count: number): Promise<void> {
	while ((await bed.calls('POST')).length < count) {
		await new Promise((resolve) => setTimeout(resolve, 5));
	}
}
