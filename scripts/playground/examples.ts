import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { INode } from 'n8n-workflow';
import type { Credential, DataTable, NewWorkflow } from '../n8n';

const FOLDER = path.resolve(__dirname, '../../examples');

const STICKY_NOTE = 'n8n-nodes-base.stickyNote';
export const MANUAL_TRIGGER = 'n8n-nodes-base.manualTrigger';
export const ENABLENOW_SHARE = 'n8n-nodes-enablenow.enableNowShare';
export const ENABLENOW_TRIGGER = 'n8n-nodes-enablenow.enableNowShareTrigger';

/** @returns the example workflows, by file name */
export async function readExamples(): Promise<Map<string, NewWorkflow>> {
	const files = (await readdir(FOLDER)).filter((file) => file.endsWith('.json')).sort();
	return new Map(
		await Promise.all(
			files.map(async (file): Promise<[string, NewWorkflow]> => {
				const content = await readFile(path.join(FOLDER, file), 'utf8');
				return [file, withWebhookIds(JSON.parse(content) as NewWorkflow)];
			}),
		),
	);
}

/**
 * n8n's editor gives a trigger its webhook ID, and with it an address that nobody can guess, when
 * the workflow is imported; its API does not.
 */
function withWebhookIds(workflow: NewWorkflow): NewWorkflow {
	const nodes = workflow.nodes.map((node) =>
		node.type === ENABLENOW_TRIGGER ? { webhookId: randomUUID(), ...node } : node,
	);
	return { ...workflow, nodes };
}

/** @returns the first node of the type, or undefined */
export function nodeOfType(workflow: NewWorkflow, type: string): INode | undefined {
	return workflow.nodes.find((node) => node.type === type);
}

/**
 * @param credentials those of the app that shares and of the one that receives
 * @returns the workflow with n8n's own credentials in the place of those that it names
 * @throws Error when it names one for which there is none
 */
export function withCredentials(workflow: NewWorkflow, credentials: Credential[]): NewWorkflow {
	const saved = (named: string): { id: string; name: string } => {
		const credential = credentials.find(({ name }) => receives(name) === receives(named));
		if (!credential) throw new Error(`"${workflow.name}" names the credential "${named}"`);
		return { id: credential.id, name: credential.name };
	};
	return {
		...workflow,
		nodes: workflow.nodes.map((node) =>
			node.credentials
				? {
						...node,
						credentials: Object.fromEntries(
							Object.entries(node.credentials).map(([type, { name }]) => [type, saved(name)]),
						),
					}
				: node,
		),
	};
}

/** Whether a credential is the receiving app's, by its name. */
function receives(credentialName: string): boolean {
	return /receive/i.test(credentialName);
}

/**
 * @returns the columns of the data table that the workflow's note asks for; empty where it asks for
 * none
 */
export function tableColumns(workflow: NewWorkflow): string[] {
	const note = JSON.stringify(nodeOfType(workflow, STICKY_NOTE)?.parameters) ?? '';
	const [, columns = ''] = /\bcolumns? ((?:`\w+`(?:, | and |, and )?)+)/.exec(note) ?? [];
	return [...columns.matchAll(/\w+(?=`)/g)].map(([column]) => column);
}

/** @returns the workflow with the data table chosen in each node that needs one */
export function withTable(workflow: NewWorkflow, { id, name }: DataTable): NewWorkflow {
	const dataTableId = { __rl: true, mode: 'list', value: id, cachedResultName: name };
	const nodes = workflow.nodes.map((node) =>
		'dataTableId' in node.parameters
			? { ...node, parameters: { ...node.parameters, dataTableId } }
			: node,
	);
	return { ...workflow, nodes };
}
