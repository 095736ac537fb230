import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

const PACKAGE_NAME = 'n8n-nodes-minimal-trigger';

/** The type of its node, in a workflow. */
export const MINIMAL_TRIGGER = `${PACKAGE_NAME}.minimalTrigger`;

/** Where its webhook listens, below the node's webhook id. */
export const MINIMAL_TRIGGER_PATH = 'webhook';

/**
 * The least that a trigger of a community package does which reads a credential: EnableNow Trigger
 * cannot be faster than this one.
 */
const NODE = `
class MinimalTrigger {
	description = {
		displayName: 'Minimal Trigger',
		name: 'minimalTrigger',
		group: ['trigger'],
		version: 1,
		description: 'Reads its credential and passes the body on',
		defaults: { name: 'Minimal Trigger' },
		inputs: [],
		outputs: ['main'],
		credentials: [{ name: 'enableNowOAuth2Api', required: true }],
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				responseMode: 'onReceived',
				responseData: 'noData',
				path: '${MINIMAL_TRIGGER_PATH}',
			},
		],
		properties: [],
	};

	async webhook() {
		await this.getCredentials('enableNowOAuth2Api');
		return { workflowData: [[{ json: this.getBodyData() }]] };
	}
}
module.exports = { MinimalTrigger };
`;

/**
 * Installs a community package with a minimal trigger beside EnableNow's. An n8n that runs sees it
 * after a restart.
 *
 * @param userFolder the folder that holds n8n's `.n8n` folder
 */
export async function installMinimalTrigger(userFolder: string): Promise<void> {
	const folder = path.join(userFolder, '.n8n', 'nodes', 'node_modules', PACKAGE_NAME);
	const file = 'dist/MinimalTrigger.node.js';
	await mkdir(path.join(folder, 'dist'), { recursive: true });
	await writeFile(path.join(folder, file), NODE);
	await writeFile(
		path.join(folder, 'package.json'),
		JSON.stringify({
			name: PACKAGE_NAME,
			version: '1.0.0',
			n8n: { n8nNodesApiVersion: 1, credentials: [], nodes: [file] },
		}),
	);
}
