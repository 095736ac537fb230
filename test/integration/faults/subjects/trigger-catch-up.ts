import { credentialReference } from '../../../../scripts/engine/engine';
import { WebhookHost } from '../../../../scripts/engine/webhook-host';
import { waitUntil } from '../../support/wait-until';
import { chain, jsonOf, passNode, triggerNode } from '../../support/workflows';
import type { Bench } from '../bench';
import type { Duration } from '../fault';
import type { Finding, Subject } from '../subject';
import { wellDone } from './share-node';

/** A request is sent four times at most, and waits thirty seconds each time. */
const MOST_REQUESTS = 4;
const LONGEST = 180_000;

/** The trigger's catch-up, at a start of n8n. */
export const triggerCatchUp: Subject = {
	name: 'Catch-up',
	app: 'receiver',
	struck: [{ match: { path: '^/shares$' } }],
	longest: LONGEST,
	isWaiting: true,
	isInHurry: false,
	isPatient: true,
	// Where EnableNow asks for a long rest, until the next catch-up.
	triesAgain: ({ status, sentAgain }) => status !== 429 || sentAgain !== 'none',
	mostRequests: () => MOST_REQUESTS,
	makesShare: false,
	isInDoubt: () => false,
	outcomeOf: () => 'tries again',
	run: async (bench, duration) => await catchUp(bench, duration),
};

/** Starts a trigger: a fault that lasts is told of in the log, after any other it reaches the share. */
async function catchUp(bench: Bench, duration: Duration): Promise<Finding> {
	const trigger = {
		...triggerNode({ catchUp: true, options: { catchUpExisting: true } }),
		// All cells have one n8n, and what a trigger remembers is stored by its ID.
		id: bench.name,
		name: bench.name,
		credentials: credentialReference(bench.name),
	};
	const host = await WebhookHost.start(bench.engine, chain(trigger, passNode('Next')), 'init');
	const runs = async () => await Promise.all(host.executions.map(async ({ run }) => await run));
	/** The items that the node after the trigger was given. */
	const emitted = async () =>
		(await runs()).flatMap((run) =>
			run.data.resultData.runData['Next'] === undefined ? [] : jsonOf(run, 'Next'),
		);
	const failures = () => bench.logged().filter((line) => line.startsWith('could not catch up'));
	try {
		const isToldOf = () => duration === 'lasting' && failures().length > 0;
		await waitUntil(async () => (await emitted()).length > 0 || isToldOf(), LONGEST);
	} finally {
		await host.close();
	}
	for (const { status } of await runs()) expect(status).toBe('success');
	const record = { runs: await runs(), logged: bench.logged() };
	if ((await emitted()).length > 0) return { ...wellDone(record), outcome: 'works' };
	return {
		isWell: false,
		outcome: 'tries again',
		texts: { "n8n's log": failures().join(' ') },
		adviceIn: ["n8n's log"],
		isInDoubt: false,
		record,
	};
}
