import { SsrfProtectionService } from '@n8n/backend-network';
import { SsrfProtectionConfig } from '@n8n/config';
import { Container } from '@n8n/di';
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { FaultKindName, FaultOf } from '../../../sandbox';
import { CREATE, UNKNOWN_ID } from '../support/examples';
import {
	answerJson,
	closedAddress,
	type OtherServer,
	startOtherEnableNow,
	startOtherServer,
} from '../support/other-server';
import { SHARES_PATH, TestBed, TOKEN_PATH } from '../support/test-bed';
import { asPutOut } from '../support/put-out';
import { waitUntil } from '../support/wait-until';
import { errorOf, itemsOf, jsonOf, locator, SHARE } from '../support/workflows';

const bed = TestBed.prepare();

const GET: INodeParameters = { operation: 'get', shareId: locator(UNKNOWN_ID) };
const SHORT = { options: { timeout: 1, maxRetries: 0 } };

/** What is added where EnableNow may have carried out the request. */
const AMBIGUOUS = '. EnableNow may have created the share anyway';

const TRACE_ID = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00';
const SERVERS_FAULT =
	/The problem is on EnableNow's side\. Run again later; if it persists, contact/;
const CHECK_THE_ADDRESS = /Check the environment and the base URL of the credential/;

const opened: OtherServer[] = [];
afterEach(async () => {
	await Promise.all(opened.splice(0).map(async (server) => await server.close()));
});

/** A fault of the Sharing API, for every request of a test. */
type SharesFault = {
	[Kind in FaultKindName]: Omit<FaultOf<Kind>, 'match' | 'times'>;
}[FaultKindName];

const refusedWith = (status: number, words: string, ending = '') =>
	`EnableNow refused the request with status ${status}: ${words}${ending}`;

const problem = (status: number, details: IDataObject): SharesFault => ({
	kind: 'status',
	status,
	body: { type: 'https://tools.ietf.org/html/rfc9110', status, traceId: TRACE_ID, ...details },
});

const FAULTS: Array<[string, SharesFault, string, RegExp]> = [
	[
		'400 with everything that problem details can hold',
		problem(400, {
			title: 'One or more validation errors occurred.',
			errors: { ClientId: ['Unknown.', 'Too short.'], 'ConsentIds[0]': ['Not yours.'] },
			detail: 'Nothing was shared.',
		}),
		refusedWith(
			400,
			'One or more validation errors occurred. ClientId: Unknown. ClientId: Too short. ConsentIds[0]: Not yours. Nothing was shared.',
		),
		new RegExp(
			`^Correct the value that EnableNow names, then run again\\. .+\\. Trace ID: ${TRACE_ID}`,
		),
	],
	[
		'401 for ever',
		{ kind: 'status', status: 401 },
		refusedWith(401, 'Unauthorized'),
		/^EnableNow did not accept the token of this credential, nor a fresh one\. Open the credential/,
	],
	[
		'403',
		problem(403, { title: 'Forbidden', detail: 'No Sharing API.' }),
		refusedWith(403, 'Forbidden. No Sharing API.'),
		/^The app of this credential is not allowed to do this\. Only the app that created a share .* Customer Portal/,
	],
	[
		'404',
		{ kind: 'status', status: 404 },
		refusedWith(404, 'Not Found'),
		/^Check the ID, and whether/,
	],
	[
		'409',
		{ kind: 'status', status: 409 },
		refusedWith(409, 'Conflict'),
		/^Correct the value that EnableNow names/,
	],
	[
		'422',
		problem(422, { title: 'Unprocessable', errors: { '': ['Too long a time.'] } }),
		refusedWith(422, 'Unprocessable. Too long a time.'),
		/^Correct the value that EnableNow names/,
	],
	[
		'429',
		{ kind: 'status', status: 429, headers: { 'Retry-After': '3600' } },
		refusedWith(429, 'Too Many Requests', '. Gave up: EnableNow asks to wait 3600 seconds'),
		/^EnableNow's rate limit is reached\..* EnableNow asks to wait: Retry-After 3600\./,
	],
	[
		'500',
		{ kind: 'status', status: 500 },
		refusedWith(500, 'Internal Server Error', AMBIGUOUS),
		SERVERS_FAULT,
	],
	[
		'502 with a page of a proxy',
		{ kind: 'notJson', status: 502 },
		`The request was refused on the way to EnableNow with status 502: Down for maintenance${AMBIGUOUS}`,
		/Run again later\. .*proxy/,
	],
	[
		'503',
		{ kind: 'status', status: 503 },
		refusedWith(503, 'Service Unavailable', AMBIGUOUS),
		SERVERS_FAULT,
	],
	[
		'504 without body',
		{ kind: 'emptyBody', status: 504 },
		`The request was refused with status 504${AMBIGUOUS}`,
		SERVERS_FAULT,
	],
	[
		'a page instead of JSON',
		{ kind: 'notJson' },
		`The answer is a web page, so it did not come from EnableNow: its body is not JSON ("Down for maintenance")${AMBIGUOUS}`,
		/proxy.*base URL.*HTTPS_PROXY/,
	],
	[
		'JSON that is cut off',
		{ kind: 'truncatedJson' },
		`EnableNow answered in an unexpected form: its body is not JSON${AMBIGUOUS}`,
		CHECK_THE_ADDRESS,
	],
	[
		'an empty body',
		{ kind: 'emptyBody' },
		`EnableNow answered in an unexpected form: it does not contain the new share's identifier${AMBIGUOUS}`,
		CHECK_THE_ADDRESS,
	],
	[
		'JSON of another shape',
		{ kind: 'otherShape', body: { items: [{ id: UNKNOWN_ID }] } },
		`EnableNow answered in an unexpected form: it does not contain the new share's identifier${AMBIGUOUS}`,
		CHECK_THE_ADDRESS,
	],
	[
		'a reset connection',
		{ kind: 'connectionReset' },
		`EnableNow could not be reached at http://127.0.0.1:PORT: the connection was cut off (ECONNRESET)${AMBIGUOUS}`,
		CHECK_THE_ADDRESS,
	],
	[
		'no answer',
		{ kind: 'noAnswer' },
		`EnableNow did not answer within 1 seconds${AMBIGUOUS}`,
		/Run again later\. .* higher 'Timeout' in its options/,
	],
	[
		'an answer that drips',
		{ kind: 'slowDrip', bytes: 1, pause: 100 },
		`EnableNow did not answer within 1 seconds${AMBIGUOUS}`,
		/Run again later\. .* higher 'Timeout' in its options/,
	],
];

describe('creating a share that fails says what happened and how to mend it', () => {
	it.each(FAULTS)('%s', async (_name, fault, message, description) => {
		const match = { path: SHARES_PATH };
		await bed.admin.addFault({ ...fault, match, times: 10 });
		const run = await bed.runShare({ ...CREATE, ...SHORT });
		expect(errorOf(run).message.replace(/:\d{4,5}\b/, ':PORT')).toBe(message);
		expect(errorOf(run).description).toMatch(description);
		expect(errorOf(run)).toMatchObject({ name: 'NodeApiError', context: { itemIndex: 0 } });
		expect(run.status).toBe('error');
		// What creates something is sent once, but for a 401, which says that nothing was done.
		expect(await bed.calls()).toHaveLength('status' in fault && fault.status === 401 ? 2 : 1);
	});

	it("with EnableNow's own words and trace ID", async () => {
		const run = await bed.runShare({ ...CREATE, clientId: 'nobody', accountIds: UNKNOWN_ID });
		expect(errorOf(run).message).toBe(
			refusedWith(
				400,
				`One or more validation errors occurred. ClientId: There is no app with the client ID 'nobody'. AccountIds[0]: The identifier '${UNKNOWN_ID}' was not found.`,
			),
		);
		expect(errorOf(run).description).toMatch(/Trace ID: 00-[0-9a-f]{32}-[0-9a-f]{16}-00\.$/);
		expect(errorOf(run)).toMatchObject({ httpCode: '400' });
	});

	it('without repeating a token or secret that EnableNow repeats', async () => {
		await bed.runShare(CREATE);
		const [token] = await bed.admin.tokens();
		await bed.admin.addFault({
			kind: 'status',
			status: 400,
			match: { path: SHARES_PATH },
			body: {
				title: `Bad credential Bearer ${token?.accessToken}`,
				detail: `Client secret sandbox-secret-001, header Basic c2VjcmV0OnNlY3JldA==`,
				traceId: token?.accessToken,
			},
		});
		// The test bed looks for secrets in the whole record of the execution.
		const run = await bed.runShare(CREATE);
		expect(errorOf(run).message).not.toMatch(/c2VjcmV0/);
		expect(errorOf(run).message).toMatch(/\*\*\*/);
	});

	it('without repeating the token that was renewed meanwhile', async () => {
		await bed.admin.configure({ tokenFormat: 'opaque' });
		await bed.runShare(CREATE);
		const [token] = await bed.admin.tokens();
		const body = { title: `The token ${token?.accessToken} is not valid` };
		const match = { path: SHARES_PATH };
		await bed.admin.addFault({ kind: 'status', status: 401, body, match });
		await bed.admin.addFault({ kind: 'status', status: 403, body, match });
		const run = await bed.runShare(CREATE);
		expect(errorOf(run).message).toMatch(/status 403: The token \*\*\* is not valid$/);
	});
});

it('says of an answer to Get that it is another share', async () => {
	const [share, other] = await bed.admin.addShares({
		count: 2,
		from: 'en-app-ref-001',
		to: 'en-app-ref-002',
	});
	await bed.admin.addFault({
		kind: 'otherShape',
		body: { data: other },
		match: { path: SHARES_PATH },
	});
	const run = await bed.runShare({ operation: 'get', shareId: locator(share?.id) });
	expect(errorOf(run).message).toContain(
		`it does not contain the requested share, but ${other?.id}`,
	);
});

describe('a successful answer that holds an error', () => {
	const UPDATE = {
		operation: 'update',
		shareId: locator(UNKNOWN_ID),
		expirationDateUtc: '2099-04-30T12:00:00Z',
	};
	it.each<[string, INodeParameters]>([
		['Create', CREATE],
		['Get', GET],
		['Get Many', { operation: 'getAll' }],
		['Update', UPDATE],
	])('fails %s with its words', async (_name, parameters) => {
		const body = { title: 'Forbidden', status: 403, detail: 'No Sharing API.' };
		await bed.admin.addFault({ kind: 'otherShape', body, match: { path: SHARES_PATH } });
		const run = await bed.runShare(parameters);
		expect(errorOf(run).message).toBe(refusedWith(403, 'Forbidden. No Sharing API.'));
		expect(errorOf(run).description).not.toMatch(/may have/);
	});

	it('leaves open whether the share was created where it does not say', async () => {
		const body = { success: false, message: 'Oops' };
		await bed.admin.addFault({ kind: 'otherShape', body, match: { path: SHARES_PATH } });
		expect(errorOf(await bed.runShare(CREATE)).message).toBe(
			`EnableNow refused the request: Oops${AMBIGUOUS}`,
		);
	});

	it('is asked for again if it says that it will pass', async () => {
		const body = { title: 'Busy', status: 503 };
		await bed.admin.addFault({ kind: 'otherShape', body, match: { path: SHARES_PATH } });
		expect(errorOf(await bed.runShare(GET)).message).toMatch(/status 404/);
		expect(await bed.calls('GET')).toHaveLength(2);
	});
});

it('quotes an answer that it cannot read', async () => {
	const body = { message: 'Try\nagain' };
	await bed.admin.addFault({ kind: 'otherShape', body, match: { path: SHARES_PATH }, times: 3 });
	const quotation = '("Try again")';
	expect(errorOf(await bed.runShare(CREATE)).message).toContain(quotation);
	expect(errorOf(await bed.runShare(GET)).message).toContain(quotation);
	expect(errorOf(await bed.runShare({ operation: 'getAll' })).message).toContain(quotation);
});

it('says of a list that it is none', async () => {
	await bed.admin.addFault({
		kind: 'otherShape',
		body: { data: {} },
		match: { path: SHARES_PATH },
	});
	const run = await bed.runShare({ operation: 'getAll' });
	expect(errorOf(run).message).toMatch(/unexpected form: it does not contain a list/);
});

it.each<[string, INodeParameters]>([
	['Get', GET],
	['the search of Prevent Duplicates', { ...CREATE, additionalFields: { reference: 'a' } }],
])(
	'says of %s that nothing was done, whatever became of its request',
	async (_name, parameters) => {
		const match = { method: 'GET', path: SHARES_PATH };
		await bed.admin.addFault({ kind: 'connectionReset', match, times: 2 });
		const options = { maxRetries: 1, preventDuplicates: parameters !== GET };
		const { description } = errorOf(await bed.runShare({ ...parameters, options }));
		expect(description).toMatch(/Nothing was done for this item, so it can be run again later\.$/);
		expect(await bed.calls('POST')).toEqual([]);
	},
);

describe('a redirect', () => {
	it.each([301, 302, 303, 307, 308])(
		'%i is not followed, and takes no token along',
		async (status) => {
			const elsewhere = await startOtherServer();
			opened.push(elsewhere);
			const location = `${elsewhere.url}/shares`;
			await bed.admin.addFault({
				kind: 'redirect',
				status,
				location,
				match: { path: SHARES_PATH },
			});
			const run = await bed.runShare(CREATE);
			expect(errorOf(run).message).toBe(
				`EnableNow answered with a redirect (status ${status}), which is not followed${status === 303 ? AMBIGUOUS : ''}`,
			);
			expect(errorOf(run).description).toMatch(/could take its token to another host/);
			expect(elsewhere.requests).toEqual([]);
		},
	);
});

it('gives up an answer that is too large', async () => {
	let sent = 0;
	const huge = await startOtherEnableNow(
		'opaque-token-of-a-huge-enablenow',
		(_request, response) => {
			const piece = Buffer.alloc(1024 * 1024, ' ');
			response.writeHead(200, { 'content-type': 'application/json' });
			const write = (): void => {
				while (sent < 50 && !response.destroyed) {
					sent += 1;
					if (!response.write(piece)) return void response.once('drain', write);
				}
				response.end();
			};
			write();
		},
	);
	opened.push(huge);
	bed.saveCredential('sharer', { baseUrl: huge.url });
	bed.furtherSecrets.push('opaque-token-of-a-huge-enablenow');
	const run = await bed.runShare(GET);
	expect(errorOf(run).message).toBe(
		'EnableNow answered in an unexpected form: it is larger than 20 MiB',
	);
	expect(sent).toBeLessThan(50);
});

it('does not repeat a token that was fetched for the request', async () => {
	const token = 'opaque-token-that-enablenow-repeats';
	const repeating = await startOtherEnableNow(token, (_request, response) => {
		response.writeHead(403, { 'content-type': 'application/json' });
		response.end(JSON.stringify({ title: `The token ${token} is not valid` }));
	});
	opened.push(repeating);
	bed.saveCredential('sharer', { baseUrl: repeating.url });
	bed.furtherSecrets.push(token);
	const run = await bed.runShare(CREATE);
	expect(errorOf(run).message).toMatch(/status 403: The token \*\*\* is not valid$/);
});

it('says of an answer labelled gzip that it could not be read', async () => {
	const token = 'opaque-token-of-an-enablenow-that-mislabels';
	const mislabelling = await startOtherEnableNow(token, (_request, response) => {
		response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
		response.end('{"data":"af86536d-34e3-4ebc-6c64-08db56ccef25"}');
	});
	opened.push(mislabelling);
	bed.saveCredential('sharer', { baseUrl: mislabelling.url });
	bed.furtherSecrets.push(token);
	expect(errorOf(await bed.runShare(CREATE)).message).toBe(
		`EnableNow answered in an unexpected form: it could not be read (Z_DATA_ERROR)${AMBIGUOUS}`,
	);
	expect(mislabelling.requests.filter(({ url }) => url === '/shares')).toHaveLength(1);
});

describe('a proxy on the way', () => {
	const page = '<html><head><title>Access denied</title></head></html>';
	let status = 407;
	let blocked = /^/;

	beforeEach(async () => {
		const proxy = await startOtherServer((request, response) => {
			if (blocked.test(request.url ?? '')) {
				response.writeHead(status, { 'content-type': 'text/html' }).end(page);
			} else answerJson(response, { access_token: 'opaque-token-via-a-proxy' });
		});
		opened.push(proxy);
		process.env['HTTP_PROXY'] = proxy.url;
		bed.saveCredential('sharer', { baseUrl: 'http://api.enablenow.example' });
		bed.furtherSecrets.push('opaque-token-via-a-proxy');
	});
	afterEach(() => delete process.env['HTTP_PROXY']);

	it.each([403, 407, 502])('that answers %i to a request is told as one', async (code) => {
		[status, blocked] = [code, /shares/];
		const run = await bed.runShare({ ...CREATE, ...SHORT });
		const ending = code === 502 ? AMBIGUOUS : '';
		expect(errorOf(run).message).toBe(
			`The request was refused on the way to EnableNow with status ${code}: Access denied${ending}`,
		);
		expect(errorOf(run).description).toMatch(/proxy.*base URL.*HTTPS_PROXY/);
	});

	it.each([403, 407])('that answers %i to a request for a token is told as one', async (code) => {
		[status, blocked] = [code, /token/];
		const run = await bed.runShare({ ...CREATE, ...SHORT });
		expect(errorOf(run).message).toBe(
			`No token came from http://api.enablenow.example: its answer is not JSON (status ${code})`,
		);
		expect(errorOf(run).description).toMatch(/proxy.*base URL.*HTTPS_PROXY/);
		expect(errorOf(run).description).not.toMatch(/client secret/);
	});
});

describe("n8n's SSRF protection", () => {
	const config = Container.get(SsrfProtectionConfig);
	beforeEach(() => {
		config.enabled = true;
		const additionalData = bed.engine.additionalData.bind(bed.engine);
		// As n8n does where the protection is on.
		const ssrfBridge = Container.get(SsrfProtectionService);
		jest
			.spyOn(bed.engine, 'additionalData')
			.mockImplementation((...args) => ({ ...additionalData(...args), ssrfBridge }));
	});
	afterEach(() => (config.enabled = false));

	it.each(['with a stored token', 'without a token', 'with the token of another app'])(
		'is told as its own: %s',
		async (token) => {
			if (token !== 'without a token') {
				config.enabled = false;
				await bed.runShare(GET);
				config.enabled = true;
			}
			if (token === 'with the token of another app') {
				const { oauthTokenData = {} } = bed.engine.credentials.read('sharer');
				bed.saveCredential('sharer', { clientId: 'en-app-ref-009', oauthTokenData });
			}
			const run = await bed.runShare(CREATE);
			expect(errorOf(run).message).toBe(
				'n8n did not send the request to EnableNow: The request was blocked because it resolves to a restricted IP address',
			);
			expect(errorOf(run).description).toMatch(
				/administrator to allowlist .* N8N_SSRF_ALLOWED_HOSTNAMES and N8N_SSRF_ALLOWED_IP_RANGES\.$/,
			);
			expect(errorOf(run)).toMatchObject({ context: { itemIndex: 0 } });
			expect(await bed.calls('POST')).toEqual([]);
		},
	);
});

describe('an EnableNow that is not there', () => {
	it('refuses the connection', async () => {
		const baseUrl = await closedAddress();
		bed.saveCredential('sharer', { baseUrl });
		const run = await bed.runShare({ ...CREATE, ...SHORT });
		expect(errorOf(run).message).toBe(
			`EnableNow could not be reached at ${baseUrl}: nothing listens at this address (ECONNREFUSED)`,
		);
		expect(errorOf(run).description).toMatch(CHECK_THE_ADDRESS);
	});

	it('has an unknown host', async () => {
		bed.saveCredential('sharer', { baseUrl: 'http://no-such-host.invalid' });
		const run = await bed.runShare({ ...CREATE, ...SHORT });
		expect(errorOf(run).message).toMatch(
			/^EnableNow could not be reached at http:\/\/no-such-host\.invalid: its host name (is not known|could not be looked up) \((ENOTFOUND|EAI_AGAIN)\)$/,
		);
		expect(errorOf(run).description).toMatch(CHECK_THE_ADDRESS);
	});
});

it('ends at once when the workflow is stopped', async () => {
	await bed.admin.addFault({ kind: 'noAnswer', match: { path: SHARES_PATH } });
	const stop = new AbortController();
	const run = bed.runShare(CREATE, { stopSignal: stop.signal });
	await waitUntil(async () => (await bed.calls()).length > 0);
	const started = Date.now();
	stop.abort();
	await run;
	expect(Date.now() - started).toBeLessThan(15_000);
});

it('takes the default time-out where none is set', async () => {
	const [share] = await bed.admin.addShares({
		count: 1,
		from: 'en-app-ref-001',
		to: 'en-app-ref-002',
	});
	await bed.admin.configure({ latency: 1100 });
	const get = { operation: 'get', shareId: locator(share?.id) };
	expect(jsonOf(await bed.runShare(get), SHARE)).toEqual([asPutOut(share!)]);
	expect(itemsOf(await bed.runShare({ ...get, ...SHORT }), SHARE)).toEqual([]);
});

describe('no token', () => {
	it('since the client secret is wrong', async () => {
		bed.saveCredential('sharer', { clientSecret: 'a-wrong-client-secret' });
		bed.furtherSecrets.push('a-wrong-client-secret');
		const run = await bed.runShare(CREATE);
		expect(errorOf(run).message).toMatch(
			/^EnableNow gave no token for this credential: .*\bclient\b.*$/i,
		);
		expect(errorOf(run).description).toMatch(
			/^Open the credential, check client ID, client secret and environment/,
		);
		expect(await bed.calls()).toEqual([]);
	});

	it.each<[string, SharesFault, RegExp]>([
		['the endpoint is down', { kind: 'status', status: 503 }, /^No token came from .*: status 503/],
		['a proxy answers', { kind: 'notJson', status: 502 }, /^No token came from .*: status 502/],
		['it is another server', { kind: 'emptyBody', status: 404 }, /^No token came from .*: .*404/],
		['a firewall answers', { kind: 'notJson', status: 403 }, /^No token came from .*: .*403/],
		['the answer is a page', { kind: 'notJson' }, /^No token came from .*: its answer is not JSON/],
		['the answer is empty', { kind: 'emptyBody' }, /^No token came from .*: its answer/],
		['the answer is cut off', { kind: 'truncatedJson' }, /its answer is not JSON$/],
		[
			'the answer ends in the middle',
			{ kind: 'partialAnswer', ending: 'disconnection' },
			/^EnableNow could not be reached at .*: the connection was cut off/,
		],
		[
			'the answer holds none',
			{ kind: 'otherShape', body: { ok: true } },
			/: its answer contains no token$/,
		],
		[
			'the connection is reset',
			{ kind: 'connectionReset' },
			/^EnableNow could not be reached at .*ECONNRESET/,
		],
	])('since %s', async (_name, fault, message) => {
		const match = { path: TOKEN_PATH };
		await bed.admin.addFault({ ...fault, match, times: 10 });
		const run = await bed.runShare({ ...CREATE, ...SHORT });
		expect(errorOf(run).message).toMatch(message);
		expect(errorOf(run).message).not.toMatch(/may have created/);
		expect(errorOf(run).description).toMatch(/credential|Run again later/);
		expect(errorOf(run).description).not.toMatch(/client secret/);
		expect(await bed.calls()).toEqual([]);
	});

	it.each(['base64/like+secret==', 'sëcrét-ключ-🔑'])(
		'without the client secret %s in the form in which it was sent',
		async (clientSecret) => {
			const sent = new URLSearchParams({ client_secret: clientSecret }).toString();
			bed.saveCredential('sharer', { clientSecret });
			bed.furtherSecrets.push(clientSecret, sent.slice('client_secret='.length));
			await bed.admin.addFault({
				kind: 'status',
				status: 400,
				body: { error: 'unknown_app', error_description: `No such app: ${sent}` },
				match: { path: TOKEN_PATH },
				times: 10,
			});
			const run = await bed.runShare(CREATE);
			expect(errorOf(run).message).toContain('No such app: client_secret=***');
		},
	);

	// n8n waits five minutes for a token, and joins later requests for it to the one that waits.
	it('as long as n8n waits for one, and nothing that waits with it is called sent', async () => {
		await bed.admin.addFault({ kind: 'noAnswer', match: { path: TOKEN_PATH } });
		for (let execution = 1; execution <= 2; execution++) {
			const { message, description } = errorOf(await bed.runShare({ ...CREATE, ...SHORT }));
			expect(message).toMatch(/^EnableNow did not answer within 1 seconds/);
			expect(description).not.toMatch(/may have/);
		}
		expect(await bed.calls()).toEqual([]);
	});
});
