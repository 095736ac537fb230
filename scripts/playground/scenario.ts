import type { Delivery } from '../../sandbox';
import {
	executionError,
	outputItems,
	waitForWebhook,
	webhookUrl,
	type Execution,
	type Workflow,
} from '../n8n';
import { describeDelivery } from './delivery';
import { ENABLENOW_SHARE, ENABLENOW_TRIGGER, MANUAL_TRIGGER, nodeOfType } from './examples';
import { writeMemory } from './memory';
import { registerWebhook, type OwnedPlayground } from './playground';
import { setUp, type Setup } from './setup';

/** The example that is run once: it shares with the receiver, whom the sandbox tells. */
const SHARING_EXAMPLE = 'create-share.json';

/** The example that is active: it begins with a share that arrives. */
const RECEIVING_EXAMPLE = 'on-share-created.json';

/** What has happened. */
export interface Scenario {
	sharingWorkflow: Workflow;
	receivingWorkflow: Workflow;
	/** The receiving workflow's production URL with its secret, registered in the sandbox. */
	webhook: string;
	shareId: string;
	/** The execution that made the share, and the one that the share started. */
	sharing: Execution;
	receiving: Execution;
}

/**
 * Sets n8n up, activates the receiving example, and shares once.
 *
 * @throws Error when any of this does not come out as it should
 */
export async function playScenario(playground: OwnedPlayground): Promise<Scenario> {
	const { n8n, client, memory, sandbox } = playground;
	const { workflows, credentials } = await setUp(playground);
	const sharingWorkflow = workflows.get(SHARING_EXAMPLE);
	const receivingWorkflow = workflows.get(RECEIVING_EXAMPLE);
	if (!sharingWorkflow || !receivingWorkflow) {
		throw new Error(`${SHARING_EXAMPLE} or ${RECEIVING_EXAMPLE} is missing from the examples`);
	}

	await client.workflows.activate(receivingWorkflow.id);
	const address = webhookUrl(n8n, receivingWorkflow, triggerName(receivingWorkflow));
	const webhook = `${address}?secret=${memory.webhookSecret}`;
	await waitForWebhook(address);
	await registerWebhook(sandbox, webhook);
	memory.webhook = webhook;
	await writeMemory(n8n.userFolder, memory);

	assertSandboxOnly(sharingWorkflow, credentials);
	const executionId = await client.workflows.run(sharingWorkflow.id, triggerName(sharingWorkflow));
	const sharing = await client.executions.waitForEnd(executionId);
	assertSuccess(sharing, sharingWorkflow);
	const shareId = madeShareId(sharing, sharingWorkflow);

	await sandbox.admin.idle();
	const answers = (await sandbox.admin.deliveries()).filter(({ body }) =>
		JSON.stringify(body).includes(shareId),
	);
	const receiving = await waitForReceiving(playground, receivingWorkflow, shareId, answers);
	assertSuccess(receiving, receivingWorkflow);
	return { sharingWorkflow, receivingWorkflow, webhook, shareId, sharing, receiving };
}

/**
 * @param answers - What n8n answered to the events about the share
 * @throws Error that tells them, when no execution comes
 */
async function waitForReceiving(
	{ client }: OwnedPlayground,
	workflow: Workflow,
	shareId: string,
	answers: Delivery[],
): Promise<Execution> {
	const trigger = triggerName(workflow);
	const isAccepted = answers.some(({ status }) => status === 200);
	try {
		return await client.executions.waitFor(
			workflow.id,
			(execution) =>
				outputItems(execution, trigger).some((item) => item.json['shareId'] === shareId),
			isAccepted ? {} : { timeout: 0 },
		);
	} catch (error) {
		const told = answers.map((answer) => `\n    ${describeDelivery(answer)}`).join('');
		throw new Error(
			`Share ${shareId} was created, but did not start "${workflow.name}". ` +
				(told ? `The sandbox sent these events:${told}` : 'The sandbox sent no event.'),
			{ cause: error },
		);
	}
}

/** Its user may have chosen a credential for the real EnableNow. */
function assertSandboxOnly(workflow: Workflow, credentials: Setup['credentials']): void {
	const others = workflow.nodes
		.flatMap((node) => Object.values(node.credentials ?? {}))
		.filter(({ id }) => !credentials.some((credential) => credential.id === id));
	if (others.length === 0) return;
	throw new Error(`"${workflow.name}" has another credential now, so it was not run`);
}

function madeShareId(execution: Execution, workflow: Workflow): string {
	const node = nodeOfType(workflow, ENABLENOW_SHARE);
	const [share] = node ? outputItems(execution, node.name) : [];
	const id = share?.json['id'];
	if (typeof id !== 'string') throw new Error(`"${workflow.name}" created no share`);
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
