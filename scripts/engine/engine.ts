import 'reflect-metadata';

import { Logger } from '@n8n/backend-common';
import { Container } from '@n8n/di';
import {
	ExecutionLifecycleHooks,
	HookContext,
	LoadOptionsContext,
	WorkflowExecute,
} from 'n8n-core';
import {
	type ICredentialDataDecryptedObject,
	type IExecuteData,
	type INode,
	type INodeExecutionData,
	type INodeListSearchResult,
	type INodeTypes,
	type IRun,
	type IWorkflowBase,
	type IWorkflowExecuteAdditionalData,
	createRunExecutionData,
	LoggerProxy,
	Workflow,
	type WorkflowActivateMode,
	type WorkflowExecuteMode,
} from 'n8n-workflow';

import { CredentialStore } from './credential-store';
import { EngineDatabase } from './database';
import { loadPackage } from './node-types';
import { useProcessedData } from './processed-data';

/** The credential type of the package. */
const CREDENTIAL_TYPE = 'enableNowOAuth2Api';

/** A workflow as n8n exports it. */
export type WorkflowJson = Pick<IWorkflowBase, 'connections' | 'nodes'> &
	Partial<Pick<IWorkflowBase, 'settings'>>;

/** Where an execution begins, and with what. */
export interface RunOptions {
	/** The name of the first node; a node without input where it is left out. */
	startNode?: string;
	/** The items that the first node is given. */
	input?: INodeExecutionData[];
	mode?: WorkflowExecuteMode;
	/** Stops the execution when it fires, as a person does with the stop button. */
	stopSignal?: AbortSignal;
	/** Of an execution that begins anew, since its worker died; otherwise it is given a new one. */
	executionId?: string;
}

/** A line that a node wrote to n8n's log. */
export interface LogLine {
	level: 'debug' | 'error' | 'info' | 'warn';
	message: string;
}

/**
 * n8n's own execution engine (n8n-core) in this process, with the built package. There is no editor
 * or webhook server (see `WebhookHost` for the last), and what outlives a process is in memory.
 */
export class Engine {
	readonly nodeTypes: INodeTypes;

	/** The credentials, by the ID that workflows name. */
	readonly credentials: CredentialStore;

	/** What nodes wrote to n8n's log, oldest first. */
	readonly log: LogLine[] = [];

	private isKilled = false;

	/** @param database - what an earlier engine left behind; nothing where it is left out */
	constructor(readonly database = new EngineDatabase()) {
		const { credentialType, nodeTypes } = loadPackage();
		this.nodeTypes = nodeTypes;
		this.credentials = new CredentialStore(credentialType, nodeTypes);
		this.captureLog();
	}

	/**
	 * Runs a workflow to its end.
	 *
	 * @returns n8n's own record of the execution; a failed one is no exception
	 */
	async run(json: WorkflowJson, options: RunOptions = {}): Promise<IRun> {
		const { input = [{ json: {} }], mode = 'manual', stopSignal } = options;
		const workflow = this.workflowOf(json);
		const startNode = options.startNode
			? workflow.getNode(options.startNode)
			: workflow.getStartNode();
		if (!startNode) throw new Error('The workflow has no node to start with');
		const stack: IExecuteData[] = [{ node: startNode, data: { main: [input] }, source: null }];
		const runExecutionData = createRunExecutionData({
			executionData: { nodeExecutionStack: stack },
		});
		const additionalData = this.additionalData(mode, options.executionId);
		const execution = new WorkflowExecute(additionalData, mode, runExecutionData);
		const promise = execution.processRunExecutionData(workflow);
		stopSignal?.addEventListener('abort', () => promise.cancel());
		const run = await promise;
		if (this.isKilled) return await new Promise<never>(() => undefined);
		if (mode !== 'manual') this.saveStaticData(workflow);
		return run;
	}

	/**
	 * Ends it as a SIGKILL ends n8n: what is stored by now stays as it is, and no execution ends.
	 *
	 * @returns what it leaves behind, for another engine
	 */
	kill(): EngineDatabase {
		this.isKilled = true;
		return this.database.copy();
	}

	/** Stores what nodes have changed in the static data of a workflow, all of it, as n8n does. */
	saveStaticData({ staticData }: Workflow): void {
		if (staticData['__dataChanged'] !== true || this.isKilled) return;
		this.database.staticData = JSON.stringify(staticData);
		staticData['__dataChanged'] = false;
	}

	/** Calls a search method of a node, as the editor does to fill a picker. */
	async search(
		node: INode,
		method: string,
		filter?: string,
		paginationToken?: string,
	): Promise<INodeListSearchResult> {
		const workflow = this.workflowOf({ nodes: [node], connections: {} });
		const context = new LoadOptionsContext(
			workflow,
			node,
			this.additionalData('internal'),
			'parameters',
		);
		const nodeType = this.nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
		const search = nodeType.methods?.listSearch?.[method];
		if (!search) throw new Error(`${node.type} has no search method ${method}`);
		return await search.call(context, filter, paginationToken);
	}

	/**
	 * Does what n8n does with the webhook of a trigger when its workflow is activated.
	 *
	 * @param webhookUrl - the address that n8n would give to the webhook
	 */
	async activate(
		json: WorkflowJson,
		trigger: INode,
		activation: WorkflowActivateMode,
		webhookUrl: string,
	): Promise<void> {
		const workflow = this.workflowOf(json);
		const additionalData = { ...this.additionalData('trigger'), webhookBaseUrl: webhookUrl };
		const nodeType = this.nodeTypes.getByNameAndVersion(trigger.type, trigger.typeVersion);
		// The workflow's own node has the defaults of parameters that are not saved.
		const node = workflow.getNode(trigger.name) ?? trigger;
		const context = new HookContext(workflow, node, additionalData, 'trigger', activation);
		const { checkExists, create } = nodeType.webhookMethods?.['default'] ?? {};
		if (await checkExists?.call(context)) return;
		await create?.call(context);
	}

	/** A workflow with the node types of this engine. */
	workflowOf({ nodes, connections, settings = {} }: WorkflowJson): Workflow {
		const workflow = new Workflow({
			id: this.database.workflowId,
			nodes: structuredClone(nodes),
			connections,
			active: false,
			nodeTypes: this.nodeTypes,
			staticData: this.database.readStaticData(),
			settings,
		});
		useProcessedData(workflow, this.database);
		return workflow;
	}

	/** What n8n hands to every execution. */
	additionalData(
		mode: WorkflowExecuteMode,
		executionId = this.database.nextExecutionId(),
	): IWorkflowExecuteAdditionalData {
		const { workflowId } = this.database;
		const workflowData = { id: workflowId, name: 'workflow', nodes: [], connections: {} };
		return {
			credentialsHelper: this.credentials,
			hooks: new ExecutionLifecycleHooks(mode, executionId, workflowData as never),
			currentNodeExecutionIndex: 0,
			executionId,
			variables: {},
			formWaitingBaseUrl: 'http://n8n.example/form-waiting',
			webhookBaseUrl: 'http://n8n.example/webhook',
			webhookTestBaseUrl: 'http://n8n.example/webhook-test',
			webhookWaitingBaseUrl: 'http://n8n.example/webhook-waiting',
			instanceBaseUrl: 'http://n8n.example',
			restApiUrl: 'http://n8n.example/rest',
			logAiEvent: () => {},
		} as unknown as IWorkflowExecuteAdditionalData;
	}

	/** Nodes ask n8n's container for the logger; the newest engine of a process gets their lines. */
	private captureLog(): void {
		const write = (level: LogLine['level']) => (message: string) => {
			this.log.push({ level, message });
		};
		const logger = {
			debug: write('debug'),
			info: write('info'),
			warn: write('warn'),
			error: write('error'),
			scoped: () => logger,
		};
		Container.set(Logger, logger as unknown as Logger);
		LoggerProxy.init(logger);
	}
}

/** The part of a node that names its credential. */
export function credentialReference(id: string): INode['credentials'] {
	return { [CREDENTIAL_TYPE]: { id, name: id } };
}

/** The fields of a credential for an EnableNow at a given address. */
export function credentialFields(
	baseUrl: string,
	customer: { clientId: string; clientSecret: string },
	webhookSecret = '',
): ICredentialDataDecryptedObject {
	return { environment: 'custom', baseUrl, ...customer, webhookSecret };
}
