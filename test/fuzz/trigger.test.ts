import { Agent, request as startRequest } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import fc from 'fast-check';
import { deepCopy, type IDataObject } from 'n8n-workflow';

import { credentialFields, Engine } from '../../scripts/engine/engine';
import { WebhookHost } from '../../scripts/engine/webhook-host';
import { chain, jsonOf, passNode, triggerNode } from '../integration/support/workflows';
import { answers, identifiers, jsonValues, texts } from './support/arbitraries';
import { property } from './support/cases';
import { answerJson, type FuzzedEnableNow, startFuzzedEnableNow } from './support/enablenow';
import { expectCleanPrototypes } from './support/prototypes';
import { textOf } from './support/text';

const SECRET = 'webhook-secret-of-the-receiver';

const CUSTOMER = { clientId: 'en-app-ref-002', clientSecret: 'client-secret-of-the-receiver' };

/** How many requests are under way at once. */
const REQUESTS_AT_ONCE = 10;

let enableNow: FuzzedEnableNow;
let engine: Engine;
let withSecret: WebhookHost;
let withoutSecret: WebhookHost;

beforeAll(async () => {
	enableNow = await startFuzzedEnableNow();
	engine = new Engine();
	engine.credentials.save('receiver', credentialFields(enableNow.url, CUSTOMER, SECRET));
	engine.credentials.save('open', credentialFields(enableNow.url, CUSTOMER));
	withSecret = await start('receiver');
	withoutSecret = await start('open');
});

afterAll(async () => {
	await withSecret.close();
	await withoutSecret.close();
	await enableNow.close();
	agent.destroy();
});

async function start(credential: string): Promise<WebhookHost> {
	const trigger = triggerNode({ events: ['*'] });
	trigger.credentials = { enableNowOAuth2Api: { id: credential, name: credential } };
	return await WebhookHost.start(engine, chain(trigger, passNode('Next')), 'init');
}

const agent = new Agent({ keepAlive: true, maxSockets: REQUESTS_AT_ONCE });

/** A request as a stranger can make it. */
interface Delivery {
	query: string;
	headers: Record<string, string[] | string>;
	body: Buffer | string;
}

/** Posts a body, byte for byte, and gives the status of the answer. */
async function post(url: string, { query, headers, body }: Delivery): Promise<number> {
	return await new Promise((resolve, reject) => {
		const request = startRequest(url + query, { method: 'POST', agent, headers }, (response) => {
			response.resume().once('end', () => resolve(response.statusCode ?? 0));
		});
		request.once('error', reject).end(body);
	});
}

const names = fc.oneof(
	fc.constantFrom('databridge.share.created', 'databridge.share.updated', 'consent.status.updated'),
	texts,
);

const data = fc.oneof(
	jsonValues,
	identifiers,
	identifiers.map((shareId) => ({ shareId })),
	identifiers.map((id) => ({ share: { id } })),
);

const events = fc.record({ event: fc.oneof({ weight: 5, arbitrary: names }, jsonValues), data });

/** Nested as deeply as it is told. */
function nested(depth: number, open: string, close: string): string {
	return open.repeat(depth) + '1' + close.repeat(depth);
}

const deepBodies = fc
	.tuple(fc.constantFrom(50, 1000, 20_000, 100_000), fc.nat({ max: 2 }))
	.map(([depth, form]) => {
		const value = form === 1 ? nested(depth, '{"a":', '}') : nested(depth, '[', ']');
		return form === 2 ? value : `{"event":"databridge.share.created","data":${value}}`;
	});

const bodies: fc.Arbitrary<Buffer | string> = fc.oneof(
	{
		weight: 12,
		arbitrary: fc
			.oneof(events, jsonValues, fc.array(fc.oneof(events, jsonValues), { maxLength: 4 }))
			.map((value) => JSON.stringify(value)),
	},
	{ weight: 2, arbitrary: texts },
	{ weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)) },
	{
		weight: 1,
		arbitrary: fc.constantFrom(
			'{"event":"a.b","data":1e999}',
			'{"event":"a.b","data":-0.0,"data":{"x":2}}',
			'\ufeff{"event":"a.b","data":1}',
			'{"event":"a.b","data":"\\ud800","__proto__":{"polluted":1}}',
			'{"__proto__":{"event":"databridge.share.created","data":"x"}}',
			'{"event":"a.b","data":{"constructor":{"prototype":{"polluted":1}}}}',
		),
	},
	{ weight: 1, arbitrary: deepBodies },
);

const contentTypes = fc.oneof(
	{ weight: 8, arbitrary: fc.constant('application/json') },
	{
		weight: 2,
		arbitrary: fc.constantFrom(
			'application/json; charset=utf-8',
			'APPLICATION/JSON',
			'application/vnd.api+json',
			'application/x-www-form-urlencoded',
			'text/plain',
			'multipart/form-data; boundary=x',
		),
	},
);

/** What Node lets through as the value of a header. */
const headerValues = fc.oneof(
	fc.stringMatching(/^[ -~]{0,20}$/),
	fc
		.string({ unit: fc.nat({ max: 0xff }).map((code) => String.fromCharCode(code)) })
		.map((text) => text.replace(/[\u0000-\u001f\u007f]/g, '')),
	fc.constant(SECRET),
);

const queries = fc.oneof(
	fc.constantFrom(
		'',
		`?secret=${SECRET}`,
		'?secret=',
		'?secret[]=x&secret[__proto__]=y',
		'?__proto__[polluted]=1&constructor[prototype][polluted]=1',
		`?secret=wrong&secret=${SECRET}`,
		'?secret=%ff%00%',
	),
	fc.stringMatching(/^[!-~]{0,20}$/).map((text) => `?${text.replace(/#/g, '')}`),
	texts.map((text) => `?secret=${encodeURIComponent(text.replace(/\p{Cs}/gu, ''))}`),
);

const deliveries: fc.Arbitrary<Delivery> = fc
	.record({
		query: queries,
		contentType: contentTypes,
		secret: fc.option(fc.oneof(headerValues, fc.array(headerValues, { maxLength: 2 }))),
		body: bodies,
	})
	.map(({ query, contentType, secret, body }) => ({
		query,
		headers: {
			'content-type': contentType,
			...(secret !== null && { 'x-webhook-secret': secret }),
		},
		body,
	}));

/** What the answer table knows, and 422, with which n8n itself answers what is no JSON. */
const STATUSES = [200, 400, 401, 403, 422, 503];

/** Whether a delivery holds the secret at all. */
function holdsSecret({ query, headers }: Delivery): boolean {
	return (query + JSON.stringify(headers)).includes(SECRET);
}

/** EnableNow's answer to a look-up: a share, that there is none, or anything. */
function answerLookUps(anything: unknown): void {
	enableNow.answer = ({ path }, response) => {
		const id = path.slice('/shares/'.length);
		if (/^[0-5]/.test(id)) {
			const lists = { consentIds: [], accountIds: [], analysisIds: [] };
			const share = { id, clientId: 'x', expirationDateUtc: '2099-04-30', ...lists };
			return answerJson(response, { data: share });
		}
		if (/^[6-9]/.test(id)) return answerJson(response, { title: 'Not Found' }, 404);
		return answerJson(response, anything);
	};
}

/** The items of the executions that were started since the last time; none may have failed. */
async function executions(host: WebhookHost): Promise<IDataObject[][]> {
	return await Promise.all(
		host.executions.splice(0).map(async ({ run }) => {
			const { status } = await run;
			expect(status).toBe('success');
			return jsonOf(await run, 'Next');
		}),
	);
}

property(
	'whatever a stranger posts is answered, and no execution fails for it',
	fc.tuple(
		fc.array(deliveries, { minLength: REQUESTS_AT_ONCE, maxLength: REQUESTS_AT_ONCE }),
		answers,
		fc.boolean(),
	),
	async ([list, anything, isSecretSet]) => {
		answerLookUps(anything);
		engine.log.length = 0;
		enableNow.requests.length = 0;
		const host = isSecretSet ? withSecret : withoutSecret;
		const statuses = await Promise.all(
			list.map(async (delivery) => await post(host.productionUrl, delivery)),
		);
		expect(statuses.filter((status) => !STATUSES.includes(status))).toEqual([]);
		if (isSecretSet) {
			for (const [index, delivery] of list.entries()) {
				if (!holdsSecret(delivery)) expect([401, 422]).toContain(statuses[index]);
			}
		}
		// As many nodes of n8n copy the items that they are given.
		const items = deepCopy((await executions(host)).flat());
		for (const { event, shareId, verified, share, reason, source } of items) {
			expect(typeof event).toBe('string');
			expect(source).toBe('webhook');
			expect(reason === null).toBe(verified);
			expect(share !== null).toBe(verified);
			if (verified) {
				const { id } = share as IDataObject;
				expect(textOf(id).toLowerCase()).toBe(textOf(shareId).toLowerCase());
			}
		}
		for (const { method, path } of enableNow.requests) {
			expect(method).toBe('GET');
			expect(path).toMatch(/^\/shares\/[\da-fA-F]{8}(-[\da-fA-F]{4}){3}-[\da-fA-F]{12}$/);
		}
		expectCleanPrototypes();
	},
	{ atOnce: REQUESTS_AT_ONCE, isOfNode: true },
);

describe('the memory', () => {
	const MEBIBYTE = 1024 * 1024;
	const REQUESTS = 100;

	/** What the process holds when all that nobody needs any more has been given back, in bytes. */
	function memoryInUse(): number {
		setFlagsFromString('--expose-gc');
		(runInNewContext('gc') as () => void)();
		return process.memoryUsage().heapUsed;
	}

	async function postMany(first: number): Promise<void> {
		for (let number = first; number < first + REQUESTS; number++) {
			const shareId = `${String(number).padStart(8, '0')}-0000-0000-0000-000000000000`;
			const body = JSON.stringify({
				event: 'databridge.share.created',
				data: { shareId, ballast: `${number} `.repeat(MEBIBYTE / 4 / 7) },
			});
			const headers = { 'content-type': 'application/json' };
			expect(await post(withoutSecret.productionUrl, { query: '', headers, body })).toBe(200);
			await executions(withoutSecret);
		}
		enableNow.requests.length = 0;
		engine.log.length = 0;
	}

	it('keeps nothing of the events that were received', async () => {
		answerLookUps({});
		await postMany(0);
		const before = memoryInUse();
		await postMany(REQUESTS);
		expect(memoryInUse() - before).toBeLessThan(5 * MEBIBYTE);
	});
});
