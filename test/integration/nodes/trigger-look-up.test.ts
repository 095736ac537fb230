import type { INodeParameters } from 'n8n-workflow';

import type { FaultKindName, FaultOf } from '../../../sandbox';
import { closedAddress } from '../support/other-server';
import { asPutOut } from '../support/put-out';
import { mostAtOnce } from '../support/most-at-once';
import { SHARES_PATH, TestBed, TOKEN_PATH, WEBHOOK_SECRET } from '../support/test-bed';
import { addShare, post, Triggers } from '../support/trigger';

// Each test begins as n8n does: look-ups rest for a while after EnableNow was over its limit.
beforeEach(() => jest.resetModules());

const bed = TestBed.prepare();
const triggers = Triggers.prepare(bed);

/** EnableNow waits five seconds for an answer, as the trigger assumes. */
const PATIENCE = 5000;

const REJECT = { options: { onLookupUnavailable: 'reject' } };

type SharesFault = { [Kind in FaultKindName]: Omit<FaultOf<Kind>, 'match'> }[FaultKindName];

async function spoil(fault: SharesFault, path = SHARES_PATH): Promise<void> {
	await bed.admin.addFault({ ...fault, match: { path } });
}

const ALWAYS = { times: 100 };

describe('while EnableNow cannot be asked', () => {
	it.each<[string, SharesFault, RegExp, number]>([
		['a reset connection', { kind: 'connectionReset' }, /ECONNRESET/, 2],
		['no answer', { kind: 'noAnswer' }, /did not answer within/, 2],
		['500', { kind: 'status', status: 500 }, /status 500/, 2],
		['403 of a proxy', { kind: 'notJson', status: 403 }, /on the way .* status 403/, 1],
		['503 of a proxy', { kind: 'notJson', status: 503 }, /status 503/, 2],
		[
			'429 with a long wait',
			{ kind: 'status', status: 429, headers: { 'Retry-After': '3600' } },
			/status 429/,
			1,
		],
		['401 for ever', { kind: 'status', status: 401 }, /status 401/, 2],
		['a page instead of JSON', { kind: 'notJson' }, /is not JSON/, 1],
		[
			'JSON of another shape',
			{ kind: 'otherShape', body: {} },
			/does not contain the requested share/,
			1,
		],
	])('%s', async (_name, fault, said, requests) => {
		const { id } = await addShare(bed);
		await spoil({ ...fault, ...ALWAYS });
		const [emit, reject] = await Promise.all([triggers.start(), triggers.start(REJECT)]);
		const started = Date.now();
		const event = { event: 'databridge.share.created', data: { shareId: id } };
		const answers = await Promise.all([
			post(emit.productionUrl, event),
			post(reject.productionUrl, event),
			post(reject.testUrl, event),
		]);
		expect(Date.now() - started).toBeLessThan(PATIENCE);
		expect(answers.map(({ status }) => status)).toEqual([200, 503, 200]);
		expect(JSON.stringify(answers.map(({ data }) => data))).not.toMatch(/127\.0|ECONN|status|JSON/);
		const item = {
			shareId: id,
			verified: false,
			reason: expect.stringMatching(/^The share could not be looked up\. .*EnableNow/) as string,
			share: null,
			data: { shareId: id },
		};
		expect(await triggers.executions(emit)).toMatchObject([[item]]);
		// The other trigger has shown it to the person who listens for a test event, and to nobody else.
		expect(await triggers.executions(reject)).toMatchObject([[item]]);
		const [[shown]] = (await triggers.executions(emit)) as [[{ reason: string }]];
		expect(shown.reason).toMatch(said);
		expect(shown.reason).toMatch(/\. (Get the share|Check|EnableNow did not accept|The problem)/);
		expect((await bed.calls()).length).toBeGreaterThanOrEqual(requests);
		expect((await bed.calls()).length).toBeLessThanOrEqual(requests * 3);
	});

	it.each<[string, () => Promise<void>, RegExp]>([
		[
			'it is not there',
			async () => bed.saveCredential('receiver', { baseUrl: await closedAddress() }),
			/ECONNREFUSED/,
		],
		[
			'its token endpoint is down',
			async () => await spoil({ kind: 'status', status: 503, ...ALWAYS }, TOKEN_PATH),
			/EnableNow/,
		],
		[
			'it does not know the client secret any more',
			async () =>
				await Promise.resolve(bed.saveCredential('receiver', { clientSecret: 'x-wrong' })),
			/gave no token/,
		],
	])('since %s', async (_name, prepare, said) => {
		const { id } = await addShare(bed);
		await prepare();
		const [emit, reject] = await Promise.all([triggers.start(), triggers.start(REJECT)]);
		const event = { event: 'databridge.share.created', data: id };
		expect((await post(emit.productionUrl, event)).status).toBe(200);
		expect((await post(reject.productionUrl, event)).status).toBe(503);
		expect(await triggers.executions(emit)).toMatchObject([
			[{ verified: false, reason: expect.stringMatching(said) as string }],
		]);
		expect(await triggers.executions(reject)).toEqual([]);
	});
});

describe('an address that cannot be one', () => {
	it.each<[string, object, number, RegExp | null]>([
		['emit', {}, 200, /^The share could not be looked up\. .*'Base URL'.*Open the credential/],
		['reject', REJECT, 503, null],
		['no look-up', { lookUpShare: false }, 200, /switched off/],
	])('loses nothing but the look-up: %s', async (_name, parameters, status, reason) => {
		const { id } = await addShare(bed);
		const host = await triggers.start(parameters as INodeParameters);
		bed.saveCredential('receiver', { baseUrl: 'api.example.com' });
		const event = { event: 'databridge.share.created', data: id };
		expect((await post(host.productionUrl, event)).status).toBe(status);
		expect((await post(host.productionUrl, { ...event, event: 'other' })).status).toBe(200);
		expect(await triggers.executions(host)).toMatchObject(
			reason === null
				? []
				: [[{ verified: false, reason: expect.stringMatching(reason) as string }]],
		);
	});
});

describe('a single failure heals', () => {
	it.each<[string, SharesFault]>([
		['a reset connection', { kind: 'connectionReset' }],
		['500', { kind: 'status', status: 500 }],
		['503', { kind: 'status', status: 503 }],
		['504 without body', { kind: 'emptyBody', status: 504 }],
		['429 with a short wait', { kind: 'status', status: 429, headers: { 'Retry-After': '1' } }],
		['429 without a word', { kind: 'status', status: 429 }],
		['no answer', { kind: 'noAnswer' }],
		['401', { kind: 'status', status: 401 }],
		['404, since a share may be announced before it can be read', { kind: 'status', status: 404 }],
	])('%s', async (_name, fault) => {
		const share = await addShare(bed);
		await spoil(fault);
		const host = await triggers.start();
		const started = Date.now();
		const event = { event: 'databridge.share.created', data: share.id };
		expect((await post(host.productionUrl, event)).status).toBe(200);
		expect(Date.now() - started).toBeLessThan(PATIENCE);
		expect(await triggers.executions(host)).toMatchObject([
			[{ verified: true, share: asPutOut(share) }],
		]);
		expect(await bed.calls()).toHaveLength(2);
	});
});

describe('hostile requests', () => {
	const MARK = 'a-strangers-words';
	const nested = (depth: number) =>
		`{"event":"databridge.share.created","data":${'['.repeat(depth)}"${MARK}"${']'.repeat(depth)}}`;
	const share = (data: string) => `{"event":"databridge.share.created","data":${data}}`;

	const json = 'application/json';
	const form = 'application/x-www-form-urlencoded';

	it.each([
		[
			'prototype keys',
			json,
			`{"__proto__":{"event":"${MARK}"},"constructor":{"prototype":{"data":1}}}`,
		],
		['prototype keys in the data', json, share(`{"__proto__":{"shareId":"${MARK}"},"toString":1}`)],
		[
			'prototype keys in the share',
			json,
			share('{"share":{"__proto__":{"id":1},"hasOwnProperty":0}}'),
		],
		['deep nesting', json, nested(5000)],
		['a very long identifier', json, share(`"${MARK.repeat(50_000)}"`)],
		['a very long name', json, `{"event":"${MARK.repeat(50_000)}","data":{}}`],
		['an identifier with a path', json, share(`"../../${MARK}"`)],
		['control characters', json, share(`"\\u0000\\u001b[31m${MARK}"`)],
		['malformed JSON', json, `{"event":"${MARK}",`],
		['text', 'text/plain', MARK],
		['a form', form, `event=databridge.share.created&data=${MARK}`],
		['a form with hostile names', form, '__proto__[a]=1&toString=2'],
		['XML', 'application/xml', `<event>${MARK}</event>`],
		['a hostile content type', `application/json${';a'.repeat(2000)}`, '{}'],
		['an empty body', json, ''],
		['bytes that are no text', 'application/octet-stream', '\u0000\u0001\u0002'],
	])('get no 500, and their words are not in the log: %s', async (_name, contentType, body) => {
		for (const webhookSecret of ['', WEBHOOK_SECRET]) {
			bed.saveCredential('receiver', { webhookSecret });
			const host = await triggers.start();
			for (const query of ['', '?secret=x', '?__proto__[secret]=x', '?secret[]=&secret[]=']) {
				const { status } = await post(host.productionUrl, body, { contentType, query });
				expect([200, 400, 401, 403, 422]).toContain(status);
			}
			expect(await triggers.executions(host)).toEqual([]);
			expect(JSON.stringify(bed.engine.log)).not.toContain(MARK);
		}
		expect(({} as { event?: unknown }).event).toBeUndefined();
		expect(await bed.calls()).toEqual([]);
	});

	it('leave the data of an accepted event as it was sent', async () => {
		const { id } = await addShare(bed);
		const host = await triggers.start();
		const data = `{"shareId":"${id}","constructor":{"a":[null,1.5,"\\u00e9"]},"":0}`;
		expect((await post(host.productionUrl, share(data))).status).toBe(200);
		const [[item]] = (await triggers.executions(host)) as [[{ data: unknown }]];
		expect(item.data).toEqual(JSON.parse(data));
	});

	it('are told of in the log by their status and reason', async () => {
		const host = await triggers.start();
		await post(host.productionUrl, { event: 'databridge.share.created', data: { note: MARK } });
		expect(bed.engine.log).toContainEqual({
			level: 'warn',
			message:
				'EnableNow Trigger refused an event with status 400: The event contains no usable share ID.',
		});
	});

	it('are told of in one line for each status, however many come in a request', async () => {
		bed.saveCredential('receiver', { webhookSecret: WEBHOOK_SECRET });
		const host = await triggers.start();
		const events = Array.from({ length: 98 }, () => ({}));
		const named = { event: 'databridge.share.created' };
		const query = `?secret=${WEBHOOK_SECRET}`;
		await post(host.productionUrl, [...events, named, named], { query });
		expect(bed.engine.log.map(({ message }) => message)).toEqual([
			'EnableNow Trigger refused 100 events with status 400: The event has no name. The event has no data.',
		]);
	});
});

describe('a burst of events about different shares', () => {
	const eventsAbout = async (count: number) => {
		const batch = { count, from: 'en-app-ref-001', to: 'en-app-ref-002' };
		const shares = await bed.admin.addShares(batch);
		return shares.map(({ id }) => ({ event: 'databridge.share.created', data: { shareId: id } }));
	};

	it('has ten look-ups under way at most', async () => {
		const events = await eventsAbout(40);
		const host = await triggers.start();
		await post(host.productionUrl, events[0]);
		await bed.admin.configure({ latency: 150 });
		await Promise.all(events.map(async (event) => await post(host.productionUrl, event)));
		const most = mostAtOnce(await bed.calls());
		expect(most).toBeGreaterThan(4);
		expect(most).toBeLessThanOrEqual(10);
		const items = (await triggers.executions(host)).flat();
		expect(items.map(({ verified }) => verified)).toEqual(Array(41).fill(true));
	});

	it('asks no further while EnableNow is over its limit', async () => {
		const events = await eventsAbout(60);
		const host = await triggers.start();
		await post(host.productionUrl, events[0]);
		const headers = { 'Retry-After': '20' };
		await spoil({ kind: 'status', status: 429, headers, times: 1_000 });
		await Promise.all(events.map(async (event) => await post(host.productionUrl, event)));
		expect((await bed.calls()).length).toBeLessThanOrEqual(1 + 40);
		const items = (await triggers.executions(host)).flat().slice(1);
		expect(items).toHaveLength(60);
		for (const item of items) {
			expect(item).toMatchObject({
				verified: false,
				reason: expect.stringMatching(/could not be looked up.*429/) as string,
			});
		}
	});
});
