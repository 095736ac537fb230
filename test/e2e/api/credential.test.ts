import type { INode, INodeParameters } from 'n8n-workflow';
import { SANDBOX_CUSTOMERS } from '../../../sandbox';
import {
	executionError,
	outputItems,
	type Credential,
	type Execution,
	type Workflow,
} from '../../../scripts/n8n';
import { CONSENT_ID, CREATE } from '../../integration/support/examples';
import { startOtherServer, type OtherServer } from '../../integration/support/other-server';
import { sharedN8n } from '../support/attached-n8n';
import { n8nVersion } from '../support/environment';
import { itemsOf, type N8nUnderTest } from '../support/n8n-under-test';
import {
	chain,
	itemNodes,
	manualTrigger,
	MANUAL_TRIGGER,
	node,
	referenceTo,
	SHARE,
	shareNode,
} from '../support/nodes';

let n8n: N8nUnderTest;
let credential: Credential;

beforeAll(async () => {
	n8n = await sharedN8n();
});
beforeEach(async () => {
	await n8n.admin.reset();
	// A new one for each test, so that n8n has no token for it yet.
	credential = await n8n.addCredential('Sharer', SANDBOX_CUSTOMERS.sharer);
});

const tokensIssued = async (): Promise<number> => (await n8n.admin.counters()).tokensIssued;

describe('the token', () => {
	/** A workflow that makes three shares. */
	async function threeShares(): Promise<Workflow> {
		const share = shareNode(credential, CREATE);
		return await n8n.addWorkflow(chain(manualTrigger(), ...itemNodes([{}, {}, {}]), share));
	}

	/** Starts executions at once. */
	async function runAtOnce(workflow: Workflow, count: number): Promise<Execution[]> {
		const ids = await Promise.all(
			Array.from({ length: count }, async () => {
				return await n8n.workflows.run(workflow.id, MANUAL_TRIGGER);
			}),
		);
		return await Promise.all(ids.map(async (id) => await n8n.endOf(id)));
	}

	it('is fetched once, and used by later executions', async () => {
		const workflow = await threeShares();
		for (let run = 1; run <= 2; run++) {
			expect(itemsOf(await n8n.run(workflow), SHARE)).toHaveLength(3);
		}
		expect(await tokensIssued()).toBe(1);
	});

	it('is fetched once by executions that start at the same time', async () => {
		for (const execution of await runAtOnce(await threeShares(), 5)) {
			expect(itemsOf(execution, SHARE)).toHaveLength(3);
		}
		expect(await n8n.admin.counters()).toMatchObject({ tokensIssued: 1, sharesCreated: 15 });
	});

	it.each(['jwt', 'opaque'] as const)('is renewed when it is refused, once: %s', async (form) => {
		await n8n.admin.configure({ tokenFormat: form });
		const workflow = await threeShares();
		await n8n.run(workflow);
		await n8n.admin.revokeTokens();
		for (const execution of await runAtOnce(workflow, 5)) {
			expect(itemsOf(execution, SHARE)).toHaveLength(3);
		}
		expect(await n8n.admin.counters()).toMatchObject({ tokensIssued: 2, sharesCreated: 18 });
	});

	it('of a former client is not used', async () => {
		const workflow = await n8n.addWorkflow(
			chain(manualTrigger(), shareNode(credential, { operation: 'getAll' })),
		);
		await n8n.run(workflow);
		await n8n.changeCredential(credential, SANDBOX_CUSTOMERS.receiver);
		await n8n.run(workflow);
		const requests = await n8n.admin.requests({ path: '/shares' });
		expect(requests.map(({ clientId }) => clientId)).toEqual(['en-app-ref-001', 'en-app-ref-002']);
	});
});

it('is tested by the test button', async () => {
	expect(await n8n.credentials.test(credential.id)).toMatchObject({ status: 'OK' });
	const [request] = await n8n.admin.requests({ method: 'GET' });
	expect(request).toMatchObject({ path: '/shares', clientId: 'en-app-ref-001' });
});

describe('with a field that gives nothing', () => {
	/** What n8n says of it; no version sends anything. */
	const NOT_SENT = /check-environment-and-base-url|ERR_BAD_REQUEST|Expected "client/;

	it.each([
		[{ environment: '={{ undefined }}' }, "The credential's 'Environment' is undefined"],
		[{ environment: '={{ $vars.environment }}' }, "The credential's 'Environment' is "],
		[{ environment: 'prodution' }, "The credential's 'Environment' is \"prodution\""],
		[{ baseUrl: '={{ undefined }}' }, "The credential's 'Base URL' is empty"],
		[{ clientSecret: '={{ undefined }}' }, "The credential's 'Client Secret' is empty"],
	])('%j: neither the test button nor the node sends anything', async (changes, message) => {
		await n8n.changeCredential(credential, { ...SANDBOX_CUSTOMERS.sharer, ...changes });
		const result = await n8n.credentials.test(credential.id);
		expect(result).toMatchObject({
			status: 'Error',
			message: expect.stringMatching(NOT_SENT) as string,
		});
		const share = shareNode(credential, CREATE);
		const execution = await n8n.runNew(chain(manualTrigger(), share));
		expect(executionError(execution)).toContain(message);
		expect(await n8n.admin.requests()).toEqual([]);
	});
});

it('fills the pickers of the node', async () => {
	expect(await n8n.consentsToPick(credential, CONSENT_ID.slice(-6))).toEqual([CONSENT_ID]);
});

describe("in n8n's HTTP Request node", () => {
	function requestNode(url: string): INode {
		const parameters: INodeParameters = {
			url,
			authentication: 'predefinedCredentialType',
			nodeCredentialType: 'enableNowOAuth2Api',
			options: {},
		};
		const httpRequest = node('HTTP Request', 'n8n-nodes-base.httpRequest', parameters, 4.2);
		return { ...httpRequest, credentials: referenceTo(credential) };
	}

	it('works with the host of EnableNow', async () => {
		const request = requestNode(`${n8n.sandboxUrl}/cfa/accounts`);
		const accounts = itemsOf(await n8n.runNew(chain(manualTrigger(), request)), 'HTTP Request');
		expect(accounts.length).toBeGreaterThan(1);
		expect(accounts[0]?.json).toHaveProperty('iban');
		const [sent] = await n8n.admin.requests({ path: '/cfa/accounts' });
		expect(sent).toMatchObject({ status: 200, clientId: 'en-app-ref-001' });
	});

	/** Runs a request that must be refused before it arrives at the address it is meant for. */
	async function expectRefusal(url: string, elsewhere: OtherServer): Promise<void> {
		const workflow = await n8n.addWorkflow(chain(manualTrigger(), requestNode(url)));
		// Not held to secrecy: n8n's own node records its request, with the token hidden.
		const id = await n8n.workflows.run(workflow.id, MANUAL_TRIGGER);
		const execution = await n8n.executions.waitForEnd(id);
		expect(execution.status).toBe('error');
		expect(executionError(execution)).toMatch(/domain not allowed/i);
		expect(outputItems(execution, 'HTTP Request')).toEqual([]);
		expect(elsewhere.requests).toEqual([]);
	}

	// What SECURITY.md and docs/credential.md say that n8n does not check.
	it('takes the token to another port of the host', async () => {
		const elsewhere = await startOtherServer();
		const workflow = await n8n.addWorkflow(chain(manualTrigger(), requestNode(elsewhere.url)));
		await n8n.executions.waitForEnd(await n8n.workflows.run(workflow.id, MANUAL_TRIGGER));
		await elsewhere.close();
		expect(elsewhere.requests).toHaveLength(1);
		expect(elsewhere.requests[0]?.authorization).toMatch(/^Bearer ./);
	});

	describe('cannot take the token to another host', () => {
		let elsewhere: OtherServer;
		let elsewhereUrl: string;
		beforeEach(async () => {
			elsewhere = await startOtherServer();
			elsewhereUrl = elsewhere.url.replace('127.0.0.1', 'localhost');
		});
		afterEach(async () => await elsewhere.close());

		// n8n 1 looks at the hosts of redirects only.
		if (!n8nVersion().startsWith('1.')) {
			it('by a URL', async () => await expectRefusal(elsewhereUrl, elsewhere));
		}

		it('by a redirect', async () => {
			await n8n.admin.addFault({
				kind: 'redirect',
				location: elsewhereUrl,
				match: { path: '^/cfa/accounts' },
			});
			await expectRefusal(`${n8n.sandboxUrl}/cfa/accounts`, elsewhere);
		});
	});
});
