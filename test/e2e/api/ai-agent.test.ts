import type { INode, INodeParameters } from 'n8n-workflow';
import { SANDBOX_CUSTOMERS } from '../../../sandbox';
import {
	DEFAULT_N8N_VERSION,
	executionError,
	type Credential,
	type Execution,
} from '../../../scripts/n8n';
import {
	ACCOUNT_ID,
	ANALYSIS_ID,
	CONSENT_ID,
	OTHER_ACCOUNT_ID,
	OTHER_ANALYSIS_ID,
	OTHER_CONSENT_ID,
	UNKNOWN_ID,
} from '../../integration/support/examples';
import { locator } from '../../integration/support/workflows';
import { AGENT, agentWorkflow, fromModel, mcpWorkflow, shareTool } from '../support/agent';
import { sharedN8n } from '../support/attached-n8n';
import { n8nVersion } from '../support/environment';
import { McpClient } from '../support/mcp-client';
import { itemsOf, type N8nUnderTest } from '../support/n8n-under-test';
import { node } from '../support/nodes';
import { type ModelTurn, ScriptedModel, type ToldTool } from '../support/scripted-model';

let n8n: N8nUnderTest;
let sharer: Credential;
let model: ScriptedModel;
let modelCredential: Credential;

beforeAll(async () => {
	n8n = await sharedN8n();
	sharer = await n8n.addCredential('Sharer', SANDBOX_CUSTOMERS.sharer);
	model = await ScriptedModel.start();
	modelCredential = await n8n.credentials.create(model.credential);
});
afterAll(async () => await model.close());
beforeEach(async () => await n8n.admin.reset());

const ID_LIST = 'IDs: UUIDs, separated by commas, or a JSON array';
const END = 'When the share ends: ISO 8601 in UTC';

/** Every field of the operation that can be an expression is filled by the model. */
const CREATE: INodeParameters = {
	operation: 'create',
	clientId: fromModel('client_id', 'Client ID of the app to share with'),
	expirationDateUtc: fromModel('expiration', END),
	consentIds: locator(fromModel('consents', ID_LIST)),
	accountIds: locator(fromModel('accounts', ID_LIST)),
	analysisIds: locator(fromModel('analyses', ID_LIST)),
	additionalFields: { reference: fromModel('reference', 'Number of the case') },
	options: {
		maxConcurrentRequests: fromModel('at_once', '', 'number'),
		maxRetries: fromModel('retries', '', 'number'),
		maxRetryWait: fromModel('retry_wait', '', 'number'),
		timeout: fromModel('timeout', '', 'number'),
		preventDuplicates: fromModel('prevent_duplicates', '', 'boolean'),
	},
};
const GET: INodeParameters = {
	operation: 'get',
	shareId: locator(fromModel('share', 'ID of the share: a UUID')),
};
const LIST: INodeParameters = {
	operation: 'getAll',
	returnAll: fromModel('all', 'Whether to return all shares', 'boolean'),
	limit: fromModel('limit', 'How many at most', 'number'),
	filters: {
		direction: fromModel('direction', 'One of any, made, received'),
		status: fromModel('status', 'One of any, active, expired'),
		clientId: fromModel('client_id', 'Only shares with this app; empty: all'),
		reference: fromModel('reference', 'Only shares with this reference; empty: all'),
	},
};
const UPDATE: INodeParameters = {
	operation: 'update',
	shareId: locator(fromModel('share', 'ID of the share: a UUID')),
	expirationDateUtc: fromModel('expiration', END),
};

/** What the model fills in for a share that can be made. */
const SHARE = {
	client_id: 'en-app-ref-002',
	expiration: '2030-04-30T12:00:00Z',
	consents: CONSENT_ID,
	accounts: '',
	analyses: '',
	reference: 'dossier-1001',
	at_once: 1,
	retries: 0,
	retry_wait: 0,
	timeout: 20,
	prevent_duplicates: false,
};
const ANY_SHARE = {
	all: true,
	limit: 1,
	direction: 'any',
	status: 'any',
	client_id: '',
	reference: '',
};

/** As docs/ai-agents.md tells to set it: on every version of n8n, the model is told of an error. */
const CONTINUE: Partial<INode> = { onError: 'continueRegularOutput' };

/**
 * n8n 2.20.12 as npm installs it tells a model of the fields of no tool, whoever made it: the parts
 * of that n8n bring different versions of zod, which describes the fields.
 */
const TELLS_OF_FIELDS = n8nVersion() !== '2.20.12';
const itWhereFieldsAreTold = TELLS_OF_FIELDS ? it : it.skip;

const tools = (changes = CONTINUE): INode[] => [
	shareTool('Create share', sharer, CREATE, changes),
	shareTool('Get share', sharer, GET, changes),
	shareTool('List shares', sharer, LIST, changes),
	shareTool('Change share', sharer, UPDATE, changes),
];

const create = (changes: object = {}): ModelTurn => [
	{ tool: 'Create_share', input: { ...SHARE, ...changes } },
];

/** Has an agent work through the turns, to the end; none of its secrets may reach the model. */
async function runAgent(turns: ModelTurn[], agentTools = tools()): Promise<Execution> {
	model.play(...turns, 'Done.');
	const execution = await n8n.runNew(agentWorkflow(modelCredential, agentTools));
	expect(itemsOf(execution, AGENT)).toMatchObject([{ json: { output: 'Done.' } }]);
	expect(model.turnsLeft).toBe(0);
	await n8n.expectSecrecy(model.requests);
	return execution;
}

/** What the model is told of its calls, each as n8n's agent gives it: JSON. */
function told(): unknown[] {
	return model.toolAnswers.map((text) => JSON.parse(text) as unknown);
}

/** What EnableNow was asked to share. The token of the test before counts no more: 401, then again. */
async function sentShares(): Promise<unknown[]> {
	const requests = await n8n.admin.requests({ method: 'POST', path: '/shares' });
	return requests.filter(({ status }) => status !== 401).map(({ body }) => body);
}

describe('a model is told', () => {
	beforeAll(async () => await runAgent([]));

	const toolOf = (name: string): ToldTool | undefined =>
		model.tools.find((tool) => tool.name === name);

	it.each([
		['Create_share', /^Shares bank data .* UUIDs: .* commas, or a JSON array\. .* UTC\.$/],
		['Get_share', /^Gets one share of bank data by its ID, a UUID\.$/],
		['List_shares', /^Lists shares of bank data\.$/],
		['Change_share', /^Changes when a share of bank data ends\. .* a past time ends the share\.$/],
	])('what %s does', (name, description) => {
		expect(toolOf(name)?.description).toMatch(description);
	});

	itWhereFieldsAreTold.each<[string, Record<string, string>]>([
		[
			'Create_share',
			{
				client_id: 'string',
				expiration: 'string',
				consents: 'string',
				accounts: 'string',
				analyses: 'string',
				reference: 'string',
				at_once: 'number',
				retries: 'number',
				retry_wait: 'number',
				timeout: 'number',
				prevent_duplicates: 'boolean',
			},
		],
		['Get_share', { share: 'string' }],
		[
			'List_shares',
			{
				all: 'boolean',
				limit: 'number',
				direction: 'string',
				status: 'string',
				client_id: 'string',
				reference: 'string',
			},
		],
		['Change_share', { share: 'string', expiration: 'string' }],
	])('the fields that it fills in: %s', (name, types) => {
		const properties = Object.entries(toolOf(name)?.parameters.properties ?? {});
		expect(Object.fromEntries(properties.map(([key, { type }]) => [key, type]))).toEqual(types);
		expect(toolOf(name)?.parameters.required?.sort()).toEqual(Object.keys(types).sort());
	});

	itWhereFieldsAreTold('their formats', () => {
		expect(toolOf('Create_share')?.parameters.properties).toMatchObject({
			consents: { description: ID_LIST },
			expiration: { description: END },
		});
	});

	it("as much as of n8n's own tools", async () => {
		const url = fromModel('url', 'Address of the feed');
		await runAgent([], [node('Feed', 'n8n-nodes-base.rssFeedReadTool', { url }, 1.2)]);
		const isTold = model.tools[0]?.parameters.properties !== undefined;
		expect(isTold).toBe(TELLS_OF_FIELDS);
	});

	it('what a person has written instead', async () => {
		const toolDescription = 'Shares with our broker.';
		await runAgent([], [shareTool('Tool', sharer, { ...CREATE, toolDescription })]);
		expect(model.tools).toMatchObject([{ name: 'Tool', description: toolDescription }]);
	});
});

describe('a model shares', () => {
	it.each<[string, object, object]>([
		[
			'JSON arrays as text',
			{
				consents: JSON.stringify([CONSENT_ID, OTHER_CONSENT_ID]),
				accounts: JSON.stringify([ACCOUNT_ID]),
			},
			{ consentIds: [CONSENT_ID, OTHER_CONSENT_ID], accountIds: [ACCOUNT_ID] },
		],
		[
			'lists with commas',
			{
				consents: '',
				accounts: `${ACCOUNT_ID}, ${OTHER_ACCOUNT_ID}`,
				analyses: `${ANALYSIS_ID},${OTHER_ANALYSIS_ID}`,
			},
			{
				accountIds: [ACCOUNT_ID, OTHER_ACCOUNT_ID],
				analysisIds: [ANALYSIS_ID, OTHER_ANALYSIS_ID],
			},
		],
		[
			'a time with an offset',
			{ expiration: '2030-04-30T14:00:00+02:00' },
			{ consentIds: [CONSENT_ID] },
		],
	])('%s', async (_name, input, ids) => {
		await runAgent([create(input)]);
		const body = {
			clientId: 'en-app-ref-002',
			expirationDateUtc: '2030-04-30T12:00:00Z',
			reference: 'dossier-1001',
			...ids,
		};
		expect(await sentShares()).toEqual([body]);
		const [share, ...others] = await n8n.admin.shares();
		expect(others).toEqual([]);
		expect(share).toMatchObject({ clientId: 'en-app-ref-002', ...ids });
		expect(told()).toEqual([
			[{ consentIds: [], accountIds: [], analysisIds: [], ...body, id: share?.id }],
		]);
	});

	it('arrays, where the field takes JSON', async () => {
		const consentIds = locator(fromModel('consents', 'UUIDs', 'json'));
		const tool = shareTool('Create share', sharer, { ...CREATE, consentIds });
		await runAgent([create({ consents: [CONSENT_ID, OTHER_CONSENT_ID] })], [tool]);
		expect(await n8n.admin.shares()).toMatchObject([
			{ consentIds: [CONSENT_ID, OTHER_CONSENT_ID] },
		]);
	});

	it('once, however often it calls, with a reference that is not used twice', async () => {
		const call = { tool: 'Create_share', input: { ...SHARE, prevent_duplicates: true } };
		await runAgent([[call, call], [call]]);
		const [share, ...others] = await n8n.admin.shares();
		expect(others).toEqual([]);
		const answers = (told() as Array<[{ id: string; alreadyExisted: boolean }]>).flat();
		expect(answers.map(({ id }) => id)).toEqual([share?.id, share?.id, share?.id]);
		// Of the calls of one turn, former versions of n8n carry out the last one first.
		const flags = answers.map(({ alreadyExisted }) => alreadyExisted);
		expect(flags.sort()).toEqual([false, true, true]);
	});
});

describe('a model is told what is wrong and how to mend it, and mends it', () => {
	it.each<[string, object, RegExp]>([
		[
			'an identifier that is none',
			{ consents: 'the consent of Jansen' },
			/^'Consents' contains "the consent of Jansen".*\n\nAn identifier looks like .*takes several, separate them with commas/,
		],
		[
			'a broken JSON array',
			{ accounts: `[${ACCOUNT_ID}]` },
			/^'Accounts' begins with \[ but is not a valid JSON array.*\n\nWrite the identifiers in quotes/,
		],
		[
			'a past time',
			{ expiration: '2020-01-01' },
			/^'Expiration Date \(UTC\)' is 2020-01-01T00:00:00Z, which is already past\n\nChoose a time in the future/,
		],
		[
			'a time in words',
			{ expiration: 'next Friday' },
			/^'Expiration Date \(UTC\)' is "next Friday".*\n\nEnter a date and time such as \d{4}-\d\d-\d\dT[\d:]+Z, which is 30 days from now/,
		],
		[
			'nothing to share',
			{ consents: '' },
			/^There is nothing to share.*\n\nGive at least one identifier in 'Consents', 'Accounts' or 'Analyses'/,
		],
		[
			'no receiver',
			{ client_id: '' },
			/^'Share With \(Client ID\)' is empty.*\n\nEnter the client ID .* such as en-app-ref-002/,
		],
		[
			'fields left out',
			{ consents: undefined, expiration: undefined },
			/^'Expiration Date \(UTC\)' is empty.*\n\nEnter a date and time/,
		],
		[
			'another choice than there is',
			{ expiration: '2030-04-30', prevent_duplicates: 'sometimes' },
			/^'Prevent Duplicates' must be true or false.*\n\n/,
		],
		[
			'no reference',
			{ prevent_duplicates: true, reference: '' },
			/^'Reference' is empty, but 'Prevent Duplicates' .*\n\nGive 'Reference' a value of its own/,
		],
	])('%s: nothing is sent at first', async (_name, input, error) => {
		await runAgent([create(input), create()]);
		const [first, second] = told();
		expect(first).toEqual([{ error: expect.stringMatching(error) as string }]);
		const [share] = await n8n.admin.shares();
		expect(second).toMatchObject([{ id: share?.id }]);
		expect(await sentShares()).toHaveLength(1);
	});

	it("what EnableNow refuses, in EnableNow's words", async () => {
		await runAgent([create({ consents: UNKNOWN_ID }), create()]);
		const refusal = `status 400: .*ConsentIds.*${UNKNOWN_ID}.*\n\nCorrect the value that EnableNow names`;
		expect(told()[0]).toEqual([{ error: expect.stringMatching(refusal) as string }]);
		expect(await n8n.admin.shares()).toMatchObject([{ consentIds: [CONSENT_ID] }]);
	});

	it('a share that there is not', async () => {
		await runAgent([[{ tool: 'Get_share', input: { share: UNKNOWN_ID } }]]);
		expect(told()).toEqual([
			[{ error: expect.stringMatching(/status 404: [^]*\n\nCheck the ID/) as string }],
		]);
	});

	it('that its call may have been carried out, where the answer is lost', async () => {
		const match = { method: 'POST', path: '^/shares' };
		await n8n.admin.addFault({ kind: 'connectionReset', when: 'after', match });
		// The list has the token renewed, so that the fault strikes an answer to the create.
		await runAgent([[{ tool: 'List_shares', input: ANY_SHARE }], create()]);
		expect(told()[1]).toEqual([
			{ error: expect.stringMatching(/may have created .*\n\n.*"dossier-1001"/) as string },
		]);
		expect(await n8n.admin.shares()).toHaveLength(1);
	});

	it('that the credential does not work, without its secret', async () => {
		const fields = { ...SANDBOX_CUSTOMERS.sharer, clientSecret: 'a-wrong-secret' };
		const credential = await n8n.addCredential('Broken', fields);
		await runAgent([create()], [shareTool('Create share', credential, CREATE, CONTINUE)]);
		expect(told()).toEqual([
			[
				{
					error: expect.stringMatching(
						/gave no token[^]*\n\nTell the user: Open the credential/,
					) as string,
				},
			],
		]);
	});

	const PAST_TIME = expect.stringMatching(/past\n\nChoose a time in the future/) as string;

	/** Runs an agent whose tool fails, to which the script has no answer. */
	async function runFailure(changes: Partial<INode>): Promise<Execution> {
		model.play(create({ expiration: '2020-01-01' }), 'Done.');
		return await n8n.runNew(agentWorkflow(modelCredential, tools(changes)));
	}

	it('also where the tool is not set to continue; on former versions of n8n, the agent fails', async () => {
		const execution = await runFailure({});
		if (n8nVersion() === DEFAULT_N8N_VERSION) {
			expect(execution.status).toBe('success');
			expect(told()).toEqual([[{ error: PAST_TIME }]]);
		} else {
			expect(executionError(execution)).toEqual(PAST_TIME);
		}
	});

	it('but not where the tool is set to stop the workflow', async () => {
		const execution = await runFailure({ onError: 'stopWorkflow' });
		expect(execution.status).toBe('error');
		expect(executionError(execution)).toEqual(PAST_TIME);
		expect(model.turnsLeft).toBe(1);
	});
});

describe('a model reads and changes shares', () => {
	it('gets, lists and ends them', async () => {
		const batch = { count: 3, from: 'en-app-ref-001', to: 'en-app-ref-002' };
		const [first, second, third] = await n8n.admin.addShares(batch);
		const list = (changes: object): ModelTurn => [
			{ tool: 'List_shares', input: { ...ANY_SHARE, ...changes } },
		];
		await runAgent([
			list({}),
			list({ all: false, limit: 2 }),
			[{ tool: 'Get_share', input: { share: first?.id } }],
			[
				{
					tool: 'Change_share',
					input: { share: first?.id, expiration: '2020-01-01T00:00:00Z' },
				},
			],
			list({ status: 'expired' }),
			list({ reference: 'no such reference' }),
		]);
		const [all, some, got, changed, expired, none] = told() as Array<Array<{ id: string }>>;
		const idsOf = (shares: Array<{ id: string }> = []) => shares.map(({ id }) => id).sort();
		expect(idsOf(all)).toEqual(idsOf([first!, second!, third!]));
		expect(some).toHaveLength(2);
		expect(got).toMatchObject([{ id: first?.id, consentIds: first?.consentIds }]);
		expect(changed).toMatchObject([
			{ id: first?.id, expirationDateUtc: expect.stringMatching(/^2020-01-01T/) as string },
		]);
		expect(idsOf(expired)).toEqual([first?.id]);
		// What n8n makes of no items; the description of the tool explains it.
		expect(none).toBe('');
	});

	it('several at once', async () => {
		const [first, second] = await n8n.admin.addShares({
			count: 2,
			from: 'en-app-ref-001',
			to: 'en-app-ref-002',
		});
		const calls = [first, second].map((share) => ({
			tool: 'Get_share',
			input: { share: share?.id },
		}));
		await runAgent([calls]);
		expect(told()).toMatchObject([[{ id: first?.id }], [{ id: second?.id }]]);
	});
});

describe('an agent of version 2', () => {
	async function runFormerAgent(changes: Partial<INode>): Promise<void> {
		const tool = shareTool('Create share', sharer, CREATE, changes);
		model.play(create({ expiration: '2020-01-01' }), create(), 'Done.');
		const execution = await n8n.runNew(agentWorkflow(modelCredential, [tool], 2.2));
		expect(itemsOf(execution, AGENT)).toMatchObject([{ json: { output: 'Done.' } }]);
		expect(await n8n.admin.shares()).toHaveLength(1);
	}

	it('hides the error of a tool from its model', async () => {
		await runFormerAgent({});
		expect(model.toolAnswers[0]).toBe('');
	});

	it('tells it where the tool is set to continue on errors', async () => {
		await runFormerAgent(CONTINUE);
		expect(told()[0]).toEqual([
			{ error: expect.stringMatching(/past\n\nChoose a time in the future/) as string },
		]);
	});
});

describe('an MCP client', () => {
	it('is told of the tools, and shares with them', async () => {
		const { path, ...content } = mcpWorkflow(tools({}));
		const workflow = await n8n.addWorkflow(content);
		await n8n.workflows.activate(workflow.id);
		const client = await McpClient.connect(`${n8n.url}/mcp/${path}`);
		const listed = await client.tools();
		expect(listed.map(({ name }) => name).sort()).toEqual([
			'Change_share',
			'Create_share',
			'Get_share',
			'List_shares',
		]);
		expect(listed.find(({ name }) => name === 'Get_share')).toMatchObject({
			description: expect.stringMatching(/^Gets one share of bank data/) as string,
			...(TELLS_OF_FIELDS && { inputSchema: { properties: { share: { type: 'string' } } } }),
		});
		const failed = await client.call('Create_share', { ...SHARE, consents: 'x' });
		const made = await client.call('Create_share', SHARE);
		const [share] = await n8n.admin.shares();
		expect(JSON.parse(made.content[0]?.text ?? '')).toMatchObject([{ id: share?.id }]);
		expect(failed.content[0]?.text).toMatch(
			/'Consents' contains "x".*\n\nAn identifier looks like/,
		);
		expect(await sentShares()).toHaveLength(1);
		await n8n.expectSecrecy([listed, failed, made]);
		await n8n.workflows.deactivate(workflow.id);
	});
});
