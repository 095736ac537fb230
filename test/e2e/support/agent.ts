import { randomUUID } from 'node:crypto';
import type { INode, INodeParameters } from 'n8n-workflow';
import type { Credential } from '../../../scripts/n8n';
import { majorVersion } from '../../../scripts/n8n/versions';
import { n8nVersion } from './environment';
import type { WorkflowContent } from './n8n-under-test';
import { MANUAL_TRIGGER, manualTrigger, node, referenceTo } from './nodes';

export const AGENT = 'AI Agent';
export const MCP_TRIGGER = 'MCP Server Trigger';
const MODEL = 'Model';
const MODEL_TYPE = '@n8n/n8n-nodes-langchain.lmChatOpenAi';

/** The version that a new agent has in the n8n under test. */
const NEWEST_AGENT = majorVersion(n8nVersion()) === 1 ? 3 : 3.1;

/** An EnableNow Share node as a tool. */
export function shareTool(
	name: string,
	credential: Credential,
	parameters: INodeParameters,
	changes: Partial<INode> = {},
): INode {
	return {
		...node(name, 'n8n-nodes-enablenow.enableNowShareTool', parameters),
		credentials: referenceTo(credential),
		...changes,
	};
}

/** A workflow in which an agent is given a task, a model, and tools. */
export function agentWorkflow(
	model: Credential,
	tools: INode[],
	agentVersion = NEWEST_AGENT,
): WorkflowContent {
	const agent = node(
		AGENT,
		'@n8n/n8n-nodes-langchain.agent',
		{ promptType: 'define', text: 'Do your work.', options: {} },
		agentVersion,
	);
	const chatModel = node(
		MODEL,
		MODEL_TYPE,
		{
			model: { __rl: true, mode: 'id', value: 'scripted' },
			responsesApiEnabled: false,
			options: { maxRetries: 0 },
		},
		1.3,
	);
	return withModel(model, {
		nodes: [manualTrigger(), agent, chatModel, ...tools],
		connections: {
			[MANUAL_TRIGGER]: { main: [[{ node: AGENT, type: 'main', index: 0 }]] },
			[MODEL]: { ai_languageModel: [[{ node: AGENT, type: 'ai_languageModel', index: 0 }]] },
			...toolConnections(tools, AGENT),
		},
	});
}

/** A workflow that offers tools to MCP clients, and its path. */
export function mcpWorkflow(tools: INode[]): WorkflowContent & { path: string } {
	const path = randomUUID();
	const trigger: INode = {
		...node(MCP_TRIGGER, '@n8n/n8n-nodes-langchain.mcpTrigger', { path }, 2),
		webhookId: path,
	};
	return { nodes: [trigger, ...tools], connections: toolConnections(tools, MCP_TRIGGER), path };
}

/** A workflow with a credential chosen in its OpenAI Chat Model. */
export function withModel<Content extends WorkflowContent>(
	{ id, name }: Credential,
	content: Content,
): Content {
	const nodes = content.nodes.map((node) =>
		node.type === MODEL_TYPE ? { ...node, credentials: { openAiApi: { id, name } } } : node,
	);
	return { ...content, nodes };
}

function toolConnections(tools: INode[], target: string): WorkflowContent['connections'] {
	return Object.fromEntries(
		tools.map(({ name }) => [name, { ai_tool: [[{ node: target, type: 'ai_tool', index: 0 }]] }]),
	);
}

/** The expression by which a model fills a field. */
export function fromModel(
	name: string,
	description = '',
	type: 'string' | 'number' | 'boolean' | 'json' = 'string',
): string {
	return `={{ $fromAI('${name}', \`${description}\`, '${type}') }}`;
}
