import { SANDBOX_CUSTOMERS, SHARE_EVENTS, type SandboxCustomer } from '../../sandbox';
import {
	executionError,
	outputItems,
	waitForWebhook,
	webhookUrl,
	type Credential,
	type Execution,
	type N8nClient,
	type NewWorkflow,
	type Workflow,
} from '../n8n';
import {
	ENABLENOW_SHARE,
	ENABLENOW_TRIGGER,
	MANUAL_TRIGGER,
	nodeOfType,
	readExamples,
	withCredentials,
	withSandbox,
} from './examples';
import type { Playground } from './playground';

/** The example that is run once: it shares with the receiver, whom the sandbox tells. */
const SHARING_EXAMPLE = 'create-share.json';

/** The example that is active: it begins with a share that arrives. */
const RECEIVING_EXAMPLE = 'on-share-created.json';

/** The names by which the examples ask for the two customers' credentials. */
const SHARER_CREDENTIAL = 'EnableNow (sharer)';
const RECEIVER_CREDENTIAL = 'EnableNow (receiver)';

/** What is in n8n now, and what has happened. */
export interface Scenario {
	/** All example workflows, by file name. */
	workflows: Map<string, Workflow>;
	sharingWorkflow: Workflow;
	receivingWorkflow: Workflow;
	/** The receiving workflow's production URL, registered in the sandbox. */
	webhook: string;
	shareId: string;
	/** The execution that made the share, and the one that the share started. */
	sharing: Execution;
	receiving: Execution;
}

/**
 * Puts credentials of both customers and the example workflows into n8n, unless they are there
 * from an earlier run; activates the receiving one, and shares once.
 *
 * @throws Error when any of this does not come out as it should
 */
export async function playScenario(playground: Playground): Promise<Scenario> {
	const { n8n, client, sandbox } = playground;
	const { sharer, receiver } = SANDBOX_CUSTOMERS;
	const credentials = [
		await saveCredential(playground, SHARER_CREDENTIAL, sharer),
		await saveCredential(playground, RECEIVER_CREDENTIAL, receiver),
	];

	const workflows = new Map<string, Workflow>();
	for (const [file, example] of await readExamples()) {
		const workflow = withSandbox(withCredentials(example, credentials), sandbox.url);
		workflows.set(file, await importWorkflow(client, workflow));
	}
	const sharingWorkflow = workflows.get(SHARING_EXAMPLE);
	const receivingWorkflow = workflows.get(RECEIVING_EXAMPLE);
	if (!sharingWorkflow || !receivingWorkflow) {
		throw new Error(`${SHARING_EXAMPLE} or ${RECEIVING_EXAMPLE} is missing from the examples`);
	}

	await client.workflows.activate(receivingWorkflow.id);
	const webhook = webhookUrl(n8n, receivingWorkflow, triggerName(receivingWorkflow));
	await waitForWebhook(webhook);
	await sandbox.admin.registerWebhooks(receiver.clientId, [
		{ url: webhook, events: [...SHARE_EVENTS] },
	]);

	const executionId = await client.workflows.run(sharingWorkflow.id, triggerName(sharingWorkflow));
	const sharing = await client.executions.waitForEnd(executionId);
	assertSuccess(sharing, sharingWorkflow);
	const shareId = madeShareId(sharing, sharingWorkflow);

	const receiving = await client.executions.waitFor(receivingWorkflow.id, (execution) =>
		outputItems(execution, triggerName(receivingWorkflow)).some(
			(item) => item.json['shareId'] === shareId,
		),
	);
	assertSuccess(receiving, receivingWorkflow);
	return {
		workflows,
		sharingWorkflow,
		receivingWorkflow,
		webhook,
		shareId,
		sharing,
		receiving,
	};
}

/** An earlier run's credential may hold the address of another sandbox; all else in it is its user's. */
async function saveCredential(
	{ client, sandbox }: Playground,
	name: string,
	{ clientId, clientSecret }: SandboxCustomer,
): Promise<Credential> {
	const address = { baseUrl: sandbox.url };
	let credential = (await client.credentials.list()).find((earlier) => earlier.name === name);
	if (credential) await client.credentials.change(credential.id, address);
	else {
		const data = { environment: 'custom', ...address, clientId, clientSecret };
		credential = await client.credentials.create({ name, type: 'enableNowOAuth2Api', data });
	}

	const { status, message } = await client.credentials.test(credential.id);
	if (status !== 'OK') throw new Error(`The credential "${name}" does not work: ${message}`);
	return credential;
}

/** A workflow that is there already stays as the user may have changed it; copies are younger. */
async function importWorkflow(client: N8nClient, workflow: NewWorkflow): Promise<Workflow> {
	const [earlier] = (await client.workflows.list())
		.filter(({ name }) => name === workflow.name)
		.sort((one, other) => Date.parse(one.createdAt) - Date.parse(other.createdAt));
	return earlier ? client.workflows.get(earlier.id) : client.workflows.create(workflow);
}

function madeShareId(execution: Execution, workflow: Workflow): string {
	const node = nodeOfType(workflow, ENABLENOW_SHARE);
	const [share] = node ? outputItems(execution, node.name) : [];
	const id = share?.json['id'];
	if (typeof id !== 'string') throw new Error(`"${workflow.name}" made no share`);
	return id;
}

function triggerName(workflow: Workflow): string {
	const trigger = nodeOfType(workflow, MANUAL_TRIGGER) ?? nodeOfType(workflow, ENABLENOW_TRIGGER);
	if (!trigger) throw new Error(`"${workflow.name}" has no trigger to start from`);
	return trigger.name;
}

function assertSuccess(execution: Execution, workflow: Workflow): void {
	if (execution.status === 'success') return;
	throw new Error(
		`"${workflow.name}" ended with ${execution.status}: ${executionError(execution) ?? ''}`,
	);
}
