import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	INode,
	INodeParameters,
	IRun,
} from 'n8n-workflow';

import {
	SANDBOX_CUSTOMERS,
	type RequestEntry,
	type Sandbox,
	type SandboxAdmin,
	type SandboxOptions,
	startSandbox,
} from '../../../sandbox';
import type { EngineDatabase } from '../../../scripts/engine/database';
import { credentialFields, Engine, type WorkflowJson } from '../../../scripts/engine/engine';
import { expectNoSecrets } from './secrecy';
import { chain, ITEMS, itemsNode, shareNode } from './workflows';

// `jest.resetModules()` is for the package, which then begins anew. n8n's modules take long to load.
const n8nWorkflow = jest.requireActual<object>('n8n-workflow');
jest.doMock('n8n-workflow', () => n8nWorkflow);

/** The webhook secret of the credential `receiver`, where a test gives it one. */
export const WEBHOOK_SECRET = 'the-webhook-secret-of-the-receiver';

/** A path of the Sharing API, as a pattern for faults. */
export const SHARES_PATH = '^/shares';
export const TOKEN_PATH = '^/cfa/connect/token$';

/** What makes a run of the Share node special. */
export interface ShareRunOptions {
	/** The data of the input items; one empty item where it is left out. */
	items?: IDataObject[];
	/** What the node is besides its parameters. */
	node?: Partial<INode>;
	settings?: WorkflowJson['settings'];
	stopSignal?: AbortSignal;
}

/**
 * An EnableNow and an n8n for the tests of one file: one sandbox for all of them, reset before each,
 * and a new engine for each. The engine has the credentials `sharer` and `receiver`.
 */
export class TestBed {
	sandbox!: Sandbox;
	engine!: Engine;

	/** Values that must not be found in any execution, besides the sandbox's tokens and secrets. */
	readonly furtherSecrets: string[] = [];

	/** Call it at the top of a test file. */
	static prepare(options: SandboxOptions = { seedShares: false }): TestBed {
		const bed = new TestBed();
		beforeAll(async () => {
			bed.sandbox = await startSandbox(options);
			// Most of n8n is loaded when it is first used, which would take from the time of the first test.
			bed.startEngine();
			await bed.runShare({ operation: 'getAll' });
		});
		beforeEach(async () => {
			await bed.sandbox.admin.reset();
			bed.furtherSecrets.length = 0;
			bed.startEngine();
		});
		afterAll(async () => await bed.sandbox.close());
		return bed;
	}

	/** Starts an engine, which goes on where another one was if it is given what that left behind. */
	startEngine(database?: EngineDatabase): void {
		this.engine = new Engine(database);
		this.saveCredential('sharer');
		this.saveCredential('receiver');
	}

	get admin(): SandboxAdmin {
		return this.sandbox.admin;
	}

	/** Saves a credential, with some of its fields changed. */
	saveCredential(
		name: keyof typeof SANDBOX_CUSTOMERS,
		changes: ICredentialDataDecryptedObject = {},
	): void {
		const fields = credentialFields(this.sandbox.url, SANDBOX_CUSTOMERS[name]);
		this.engine.credentials.save(name, { ...fields, ...changes });
	}

	/** Runs a workflow, and makes sure that no secret is anywhere in n8n's record of it. */
	async run(
		workflow: WorkflowJson,
		{ items = [{}], stopSignal }: Pick<ShareRunOptions, 'items' | 'stopSignal'> = {},
	): Promise<IRun> {
		const run = await this.engine.run(workflow, {
			startNode: ITEMS,
			input: items.map((json) => ({ json })),
			...(stopSignal && { stopSignal }),
		});
		expectNoSecrets(run, await this.secrets());
		expectNoSecrets(this.engine.log, await this.secrets());
		return run;
	}

	/** Runs the Share node on items. */
	async runShare(parameters: INodeParameters, options: ShareRunOptions = {}): Promise<IRun> {
		const { settings, node } = options;
		const workflow = chain(itemsNode, shareNode(parameters, node));
		return await this.run({ ...workflow, ...(settings && { settings }) }, options);
	}

	/** The requests to the Sharing API and the lists, without those for tokens. */
	async calls(method?: string): Promise<RequestEntry[]> {
		const requests = await this.admin.requests(method === undefined ? {} : { method });
		return requests.filter(({ path }) => path !== '/cfa/connect/token');
	}

	/** The bodies of the requests that create a share. */
	async createBodies(): Promise<unknown[]> {
		return (await this.calls('POST')).map(({ body }) => body);
	}

	/** All that must never be seen. */
	async secrets(): Promise<string[]> {
		return [
			...(await this.admin.tokens()).map(({ accessToken }) => accessToken),
			...Object.values(SANDBOX_CUSTOMERS).map(({ clientSecret }) => clientSecret),
			WEBHOOK_SECRET,
			...this.furtherSecrets,
		];
	}
}
