import type { IConnections, INode, INodeExecutionData } from 'n8n-workflow';
import { SANDBOX_CUSTOMERS, SandboxAdmin } from '../../../sandbox';
import {
	executionError,
	outputItems,
	signIn,
	waitFor,
	waitForWebhook,
	webhookUrl,
	type Credential,
	type Execution,
	type N8nClient,
	type Workflow,
} from '../../../scripts/n8n';
import { expectNoSecrets } from '../../integration/support/secrecy';
import { MANUAL_TRIGGER } from './nodes';

/** Nodes and how they are connected. */
export interface WorkflowContent {
	nodes: INode[];
	connections: IConnections;
}

/** Fields of an EnableNow credential; the base URL is the sandbox's if there is none. */
export interface CredentialFields {
	clientId: string;
	clientSecret: string;
	webhookSecret?: string;
	baseUrl?: string;
	environment?: string;
}

/** A real n8n with a sandbox beside it, and what a person would do in it. */
export class N8nUnderTest {
	private readonly secrets = new Set<string>();
	private workflowCount = 0;

	private constructor(
		readonly url: string,
		readonly sandboxUrl: string,
		readonly admin: SandboxAdmin,
		private client: N8nClient,
	) {
		for (const { clientSecret } of Object.values(SANDBOX_CUSTOMERS)) this.secrets.add(clientSecret);
	}

	/** Signs in to an n8n that runs. */
	static async signIn(
		n8n: { url: string; version: string },
		sandboxUrl: string,
	): Promise<N8nUnderTest> {
		const admin = new SandboxAdmin(sandboxUrl);
		return new N8nUnderTest(n8n.url, sandboxUrl, admin, await signIn(n8n));
	}

	get executions(): N8nClient['executions'] {
		return this.client.executions;
	}

	get workflows(): N8nClient['workflows'] {
		return this.client.workflows;
	}

	get credentials(): N8nClient['credentials'] {
		return this.client.credentials;
	}

	get session(): N8nClient['session'] {
		return this.client.session;
	}

	/** Saves a new credential; its token has not been fetched yet. */
	async addCredential(name: string, fields: CredentialFields): Promise<Credential> {
		const content = this.credentialContent(name, fields);
		return await this.client.credentials.create(content);
	}

	/** Replaces the fields of a credential, as a person does in its dialog. */
	async changeCredential({ id, name }: Credential, fields: CredentialFields): Promise<void> {
		await this.client.credentials.update(id, this.credentialContent(name, fields));
	}

	/** The consents that the node's picker offers for a search. */
	async consentsToPick({ id, name }: Credential, filter: string): Promise<string[]> {
		const found = await this.session.call<{ results: Array<{ value: string }> }>(
			'POST',
			'/dynamic-node-parameters/resource-locator-results',
			{
				path: 'parameters.consentIds',
				methodName: 'searchConsents',
				filter,
				nodeTypeAndVersion: { name: 'n8n-nodes-enablenow.enableNowShare', version: 1 },
				currentNodeParameters: { operation: 'create' },
				credentials: { enableNowOAuth2Api: { id, name } },
			},
		);
		return found.results.map(({ value }) => value);
	}

	/** Saves a new workflow. */
	async addWorkflow(content: WorkflowContent, name = 'Workflow'): Promise<Workflow> {
		this.workflowCount += 1;
		return await this.client.workflows.create({
			...content,
			name: `${name} ${this.workflowCount}`,
			settings: { executionOrder: 'v1' },
		});
	}

	/** Activates a workflow and waits until its trigger is served. */
	async activate(workflow: Workflow, triggerName: string): Promise<string> {
		await this.client.workflows.activate(workflow.id);
		const url = webhookUrl(this, workflow, triggerName);
		await waitForWebhook(url);
		return url;
	}

	/** Runs a saved workflow from its manual trigger to the end. No secret may be in its record. */
	async run(workflow: Workflow): Promise<Execution> {
		return await this.endOf(await this.client.workflows.run(workflow.id, MANUAL_TRIGGER));
	}

	/** Saves and runs a workflow. */
	async runNew(content: WorkflowContent): Promise<Execution> {
		return await this.run(await this.addWorkflow(content));
	}

	/** Waits for the end of an execution. No secret may be in its record. */
	async endOf(executionId: string): Promise<Execution> {
		const ended = await this.client.executions.waitForEnd(executionId);
		const execution = await waitFor(`the record of execution ${executionId}`, async () => {
			const { executions } = this.client;
			const candidate = hasRecord(ended) ? ended : await executions.get(executionId);
			return hasRecord(candidate) && candidate;
		});
		await this.expectSecrecy(execution);
		return execution;
	}

	/** No token, client secret or webhook secret may be in an execution or anything else. */
	async expectSecrecy(value: unknown): Promise<void> {
		for (const { accessToken } of await this.admin.tokens()) this.secrets.add(accessToken);
		expectNoSecrets(value, [...this.secrets]);
	}

	private credentialContent(name: string, { baseUrl, ...fields }: CredentialFields) {
		this.secrets.add(fields.clientSecret);
		for (const secret of fields.webhookSecret?.split(/[\s,]+/) ?? []) {
			if (secret !== '') this.secrets.add(secret);
		}
		const address = { environment: 'custom', baseUrl: baseUrl ?? this.sandboxUrl };
		return {
			name,
			type: 'enableNowOAuth2Api',
			data: { webhookSecret: '', ...address, ...fields },
		};
	}
}

/** n8n 1 says that an execution has ended a moment before it has saved what it came to. */
function hasRecord({ data }: { data: Execution['data'] | undefined }): boolean {
	return data?.resultData !== undefined;
}

/** The items of a node of an execution that must have gone well. */
export function itemsOf(execution: Execution, nodeName: string, output = 0): INodeExecutionData[] {
	expect({ status: execution.status, error: executionError(execution) }).toEqual({
		status: 'success',
		error: undefined,
	});
	return outputItems(execution, nodeName, output);
}
