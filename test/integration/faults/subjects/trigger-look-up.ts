import type { INodeParameters } from 'n8n-workflow';

import { credentialReference } from '../../../../scripts/engine/engine';
import { WebhookHost } from '../../../../scripts/engine/webhook-host';
import { WEBHOOK_SECRET } from '../../support/test-bed';
import { post } from '../../support/trigger';
import { chain, passNode, triggerNode } from '../../support/workflows';
import type { Bench } from '../bench';
import type { Fault } from '../fault';
import type { Finding, Subject } from '../subject';

/** A look-up is tried twice at most, but after a 404 as long as there is time. */
const MOST_LOOK_UPS = 2;
const MOST_AFTER_404 = 4;

const COMMON = {
	app: 'receiver',
	struck: [{ match: { path: '^/shares/' } }],
	// Four seconds by design; the rest is for a machine that is busy.
	longest: 10_000,
	isWaiting: false,
	isInHurry: true,
	triesAgain: ({ sentAgain, status = 0 }: Fault) =>
		sentAgain !== 'none' || status >= 500 || [404, 408].includes(status),
	mostRequests: ({ status }: Fault) => (status === 404 ? MOST_AFTER_404 : MOST_LOOK_UPS),
	makesShare: false,
	isInDoubt: () => false,
} as const;

/** The statuses by which EnableNow says that there is no such share, or not for this app. */
const DENIALS = [400, 403, 404, 410, 422];

/** The trigger's look-up of the share that an event names. */
export const triggerLookUps: Subject[] = [
	{
		...COMMON,
		name: 'Trigger',
		outcomeOf: (fault) => (isDenied(fault) ? 'answers 403' : 'starts, unverified'),
		run: async (bench) => await receive(bench),
	},
	{
		...COMMON,
		name: 'Trigger (with a webhook secret)',
		hasWebhookSecret: true,
		outcomeOf: () => 'starts, unverified',
		run: async (bench) => await receive(bench),
	},
	{
		...COMMON,
		name: 'Trigger (Reject the Event)',
		outcomeOf: (fault) => (isDenied(fault) ? 'answers 403' : 'answers 503'),
		run: async (bench) => await receive(bench, { onLookupUnavailable: 'reject' }),
	},
];

function isDenied({ status = 0 }: Fault): boolean {
	return DENIALS.includes(status);
}

/** Posts an event to a trigger, and tells what it answers and starts. */
async function receive(bench: Bench, options: INodeParameters = {}): Promise<Finding> {
	const trigger = {
		...triggerNode({ options }),
		name: bench.name,
		credentials: credentialReference(bench.name),
	};
	const host = await WebhookHost.start(bench.engine, chain(trigger, passNode('Next')), 'init');
	try {
		const event = { event: 'databridge.share.created', data: { shareId: bench.share.id } };
		const answer = await post(host.productionUrl, event, { query: `?secret=${WEBHOOK_SECRET}` });
		const runs = await Promise.all(host.executions.map(async ({ run }) => await run));
		for (const { status } of runs) expect(status).toBe('success');
		const record = { answer: { status: answer.status, data: answer.data }, runs };
		const item = host.executions[0]?.items[0]?.json;
		if (item === undefined) return refused(answer.status, answer.data, bench.logged(), record);
		expect(answer.status).toBe(200);
		return started(item['verified'] === true, item['reason'], record);
	} finally {
		await host.close();
	}
}

function started(isWell: boolean, reason: unknown, record: unknown): Finding {
	return {
		isWell,
		outcome: isWell ? 'starts, verified' : 'starts, unverified',
		texts: isWell ? {} : { 'Reason in the output': String(reason) },
		adviceIn: isWell ? [] : ['Reason in the output'],
		isInDoubt: false,
		record,
	};
}

function refused(status: number, answer: unknown, logged: string[], record: unknown): Finding {
	const { message } = answer as { message: string };
	return {
		isWell: false,
		outcome: `answers ${status}`,
		texts: { "n8n's log": logged.join(' '), 'The sender is told': message },
		adviceIn: ["n8n's log"],
		isInDoubt: false,
		record,
	};
}
