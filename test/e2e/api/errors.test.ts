import type { INodeParameters } from 'n8n-workflow';
import { SANDBOX_CUSTOMERS, type Fault } from '../../../sandbox';
import type { Credential, Execution } from '../../../scripts/n8n';
import { CREATE, UNKNOWN_ID } from '../../integration/support/examples';
import { closedAddress, startOtherServer } from '../../integration/support/other-server';
import { locator } from '../../integration/support/workflows';
import { sharedN8n } from '../support/attached-n8n';
import type { CredentialFields, N8nUnderTest } from '../support/n8n-under-test';
import { chain, manualTrigger, shareNode } from '../support/nodes';

let n8n: N8nUnderTest;
let sharer: Credential;

beforeAll(async () => {
	n8n = await sharedN8n();
	sharer = await n8n.addCredential('Sharer', SANDBOX_CUSTOMERS.sharer);
});
beforeEach(async () => await n8n.admin.reset());

const ONE_SECOND = { options: { timeout: 1 } };

async function runCreate(credential: Credential = sharer): Promise<Execution> {
	const parameters = { ...CREATE, ...ONE_SECOND };
	return await n8n.runNew(chain(manualTrigger(), shareNode(credential, parameters)));
}

function expectError(execution: Execution, message: RegExp, description: RegExp): void {
	expect(execution.status).toBe('error');
	expect(execution.data.resultData.error).toMatchObject({
		message: expect.stringMatching(message) as string,
		description: expect.stringMatching(description) as string,
		context: expect.objectContaining({ itemIndex: 0 }) as object,
	});
}

describe("says what happened, in EnableNow's own words, and how to mend it", () => {
	it.each<[string, Fault, RegExp, RegExp]>([
		[
			'400',
			{
				kind: 'status',
				status: 400,
				body: { title: 'Bad.', errors: { ConsentIds: ['No such consent.'] }, traceId: '00-trace' },
			},
			/status 400: Bad\. ConsentIds: No such consent\.$/,
			/^Correct the value .* Trace ID: 00-trace\.$/,
		],
		['403', { kind: 'status', status: 403 }, /status 403: /, /Customer Portal/],
		[
			'429',
			{ kind: 'status', status: 429, headers: { 'Retry-After': '700' } },
			/status 429: .*EnableNow asks to wait 700 seconds/,
			/Retry-After 700/,
		],
		['503', { kind: 'status', status: 503 }, /status 503: /, /The problem is on EnableNow's side/],
		[
			'a page',
			{ kind: 'notJson' },
			/did not come from EnableNow: its body is not JSON/,
			/base URL/,
		],
		['another shape', { kind: 'otherShape', body: {} }, /unexpected form: /, /newer version/],
		[
			'a reset',
			{ kind: 'connectionReset' },
			/^EnableNow could not be reached at .*ECONNRESET/,
			/network/,
		],
		['no answer', { kind: 'noAnswer' }, /did not answer within 1 seconds/, /'Timeout'/],
		[
			'a slow drip',
			{ kind: 'slowDrip', pause: 200 },
			/did not answer within 1 seconds/,
			/'Timeout'/,
		],
		['cut-off JSON', { kind: 'truncatedJson' }, /unexpected form/, /base URL/],
		[
			'401 even with a fresh token',
			{ kind: 'status', status: 401, times: 2 },
			/status 401: /,
			/nor a fresh one/,
		],
	])('%s', async (_name, fault, message, description) => {
		// With a valid token, so that the fault strikes the answer that is meant.
		await runCreate();
		const requestsBefore = await n8n.admin.requests({ method: 'POST', path: '/shares' });
		expect(requestsBefore.at(-1)?.status).toBe(200);
		await n8n.admin.addFault({ ...fault, match: { path: '^/shares' } });
		expectError(await runCreate(), message, description);
		// Nothing is sent again but what was surely not carried out.
		const requests = await n8n.admin.requests({ method: 'POST', path: '/shares' });
		expect(requests).toHaveLength(requestsBefore.length + (fault.times ?? 1));
	});

	it('a share that there is not', async () => {
		const get = shareNode(sharer, { operation: 'get', shareId: locator(UNKNOWN_ID) });
		expectError(
			await n8n.runNew(chain(manualTrigger(), get)),
			/status 404: .*There is no share with the identifier/,
			/^Check the ID/,
		);
	});
});

it.each<[string, INodeParameters, RegExp]>([
	['no expiration', { expirationDateUtc: '={{ undefined }}' }, /'Expiration Date \(UTC\)'/],
	['an expiration that is past', { expirationDateUtc: '2020-01-01' }, /already past/],
	[
		'a number for an expiration',
		{ expirationDateUtc: '={{ 1777550400 }}' },
		/is the number 1777550400/,
	],
	['nothing to share', { consentIds: locator('') }, /nothing to share/],
	['an identifier that is none', { consentIds: locator('x') }, /'Consents'/],
])('sends nothing: %s', async (_name, parameters, message) => {
	const share = shareNode(sharer, { ...CREATE, ...parameters });
	const execution = await n8n.runNew(chain(manualTrigger(), share));
	expectError(execution, message, /./);
	expect(await n8n.admin.requests()).toEqual([]);
});

it('does not follow a redirect, and so takes the token to no other host', async () => {
	const elsewhere = await startOtherServer();
	try {
		const location = `${elsewhere.url}/shares`;
		await n8n.admin.addFault({ kind: 'redirect', location, match: { path: '^/shares' } });
		expectError(
			await runCreate(),
			/redirect \(status 302\), which is not followed/,
			/another host/,
		);
		expect(elsewhere.requests).toEqual([]);
	} finally {
		await elsewhere.close();
	}
});

describe('a credential that does not work', () => {
	it.each<[string, () => Promise<Partial<CredentialFields>>, RegExp, RegExp]>([
		[
			'a wrong secret',
			async () => await Promise.resolve({ clientSecret: 'a-wrong-secret' }),
			/gave no token for this credential/,
			/check client ID, client secret and environment/,
		],
		[
			'an address where nothing listens',
			async () => ({ baseUrl: await closedAddress() }),
			/could not be reached at .*ECONNREFUSED/,
			/base URL/,
		],
		[
			'an address of another kind',
			async () => await Promise.resolve({ baseUrl: 'ftp://enablenow.example' }),
			/not an http or https address/,
			/'Base URL'/,
		],
	])('is named: %s', async (_name, change, message, description) => {
		const fields = { ...SANDBOX_CUSTOMERS.sharer, ...(await change()) };
		const credential = await n8n.addCredential('Broken', fields);
		expectError(await runCreate(credential), message, description);
		expect((await n8n.credentials.test(credential.id)).status).toBe('Error');
	});
});
