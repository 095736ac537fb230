import axios, { type AxiosResponse } from 'axios';
import type { IDataObject, INodeParameters, WorkflowActivateMode } from 'n8n-workflow';

import type { Share } from '../../../sandbox';
import { WebhookHost } from '../../../scripts/engine/webhook-host';
import { expectNoSecrets } from './secrecy';
import type { TestBed } from './test-bed';
import { chain, jsonOf, passNode, triggerNode } from './workflows';

/** How a request presents a secret, and what it says of its body. */
export interface Delivery {
	query?: string;
	headers?: Record<string, string | string[]>;
	/** `application/json` where it is left out; none where it is empty. */
	contentType?: string;
}

/** Posts a body: text as it is, anything else as JSON. Every answer is handed back. */
export async function post(
	url: string,
	body: unknown,
	{ query = '', headers = {}, contentType = 'application/json' }: Delivery = {},
): Promise<AxiosResponse<unknown>> {
	return await axios.post(
		`${url}${query}`,
		typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
		{
			headers: { 'Content-Type': contentType === '' ? false : contentType, ...headers },
			proxy: false,
			timeout: 60_000,
			transformRequest: (data: unknown) => data,
			validateStatus: () => true,
		},
	);
}

/** A share that targets the receiver, without an event. */
export async function addShare(bed: TestBed): Promise<Share> {
	const batch = { count: 1, from: 'en-app-ref-001', to: 'en-app-ref-002' };
	const [share] = await bed.admin.addShares(batch);
	if (!share) throw new Error('The sandbox made no share');
	return share;
}

/** Triggers for the tests of a file; each is closed after its test. */
export class Triggers {
	private readonly hosts: WebhookHost[] = [];

	private constructor(private readonly bed: TestBed) {}

	/** Call it at the top of a test file. */
	static prepare(bed: TestBed): Triggers {
		const triggers = new Triggers(bed);
		afterEach(async () => {
			await Promise.all(triggers.hosts.splice(0).map(async (host) => await host.close()));
		});
		return triggers;
	}

	/** Activates a workflow of a trigger and a node after it. */
	async start(
		parameters: INodeParameters = {},
		activation: WorkflowActivateMode = 'init',
	): Promise<WebhookHost> {
		const workflow = chain(triggerNode(parameters), passNode('Next'));
		const host = await WebhookHost.start(this.bed.engine, workflow, activation);
		this.hosts.push(host);
		return host;
	}

	/**
	 * What the node after the trigger was given, by execution. No execution may have failed, and no
	 * secret be in one.
	 */
	async executions(host: WebhookHost): Promise<IDataObject[][]> {
		const runs = await Promise.all(host.executions.map(async ({ run }) => await run));
		expectNoSecrets(runs, await this.bed.secrets());
		expectNoSecrets(this.bed.engine.log, await this.bed.secrets());
		return runs.map((run) => {
			expect(run.status).toBe('success');
			return jsonOf(run, 'Next');
		});
	}
}
