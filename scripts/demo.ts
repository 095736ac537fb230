import { readFileSync } from 'node:fs';
import path from 'node:path';

import type { INodeExecutionData } from 'n8n-workflow';

import { SANDBOX_CUSTOMERS, SHARE_EVENTS, startSandbox } from '../sandbox';
import { credentialFields, credentialReference, Engine, type WorkflowJson } from './engine/engine';
import { WebhookHost } from './engine/webhook-host';

const WEBHOOK_SECRET = 'demo-webhook-secret';

/**
 * The round trip, in n8n's execution engine and against the sandbox: one customer's workflow makes a
 * share, the other customer's trigger receives the event.
 *
 * @returns whether the share that arrived is the share that was made
 */
async function demonstrate(): Promise<boolean> {
	const { sharer, receiver } = SANDBOX_CUSTOMERS;
	const sandbox = await startSandbox();
	say(`EnableNow sandbox    ${sandbox.url}`);
	const engine = new Engine();
	engine.credentials.save('sharer', credentialFields(sandbox.url, sharer));
	engine.credentials.save('receiver', credentialFields(sandbox.url, receiver, WEBHOOK_SECRET));
	const host = await WebhookHost.start(engine, example('on-share-created', 'receiver'));
	try {
		const url = `${host.productionUrl}?secret=${WEBHOOK_SECRET}`;
		await sandbox.admin.registerWebhooks(receiver.clientId, [{ url, events: [...SHARE_EVENTS] }]);
		say(`Trigger listens      ${host.productionUrl}?secret=…`);

		const run = await engine.run(example('create-share', 'sharer'));
		const failure = run.data.resultData.error;
		if (failure) throw new Error(`${failure.message}. ${String(failure.description ?? '')}`);
		const made = outputOf(run.data.resultData.runData['Share consent']?.[0]?.data?.['main']);
		show(`${sharer.clientId} created a share`, made);

		await sandbox.admin.idle();
		const received = host.executions[0]?.items[0]?.json;
		if (received === undefined) throw new Error('No event arrived at the trigger');
		show(`${receiver.clientId} received an event, and its workflow ran`, received);
		return host.executions.length === 1 && received['shareId'] === made?.['id'];
	} finally {
		await host.close();
		await sandbox.close();
	}
}

/** An example workflow, with a credential chosen as a person would. */
function example(name: string, credential: string): WorkflowJson {
	const file = path.resolve(__dirname, `../examples/${name}.json`);
	const workflow = JSON.parse(readFileSync(file, 'utf8')) as WorkflowJson;
	return {
		...workflow,
		nodes: workflow.nodes.map((node) =>
			node.credentials ? { ...node, credentials: credentialReference(credential)! } : node,
		),
	};
}

function outputOf(
	outputs: Array<INodeExecutionData[] | null> | undefined,
): INodeExecutionData['json'] | undefined {
	return outputs?.[0]?.[0]?.json;
}

function show(title: string, value: unknown): void {
	say(`\n${title}:\n${JSON.stringify(value, null, 2)}`);
}

function say(line: string): void {
	process.stdout.write(`${line}\n`);
}

demonstrate().then(
	(isRoundTrip) => {
		say(
			isRoundTrip
				? '\nThe share that arrived is the one that was created. Next: npm start, the same in a browser.'
				: '\nThe share that arrived is NOT the one that was created.',
		);
		process.exitCode = isRoundTrip ? 0 : 1;
	},
	(error: unknown) => {
		process.stderr.write(`\nThe demo failed: ${String(error)}\n`);
		process.exitCode = 1;
	},
);
