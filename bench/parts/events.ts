import { setTimeout as sleep } from 'node:timers/promises';
import { SANDBOX_CUSTOMERS } from '../../sandbox';
import { waitFor } from '../../scripts/n8n';
import { executedEvents } from '../executed-events';
import { postEvents } from '../flood';
import { formatCount } from '../format';
import {
	describeCounts,
	describeRatio,
	describeRuns,
	describeValues,
	measureInterleaved,
	type Outcome,
	type Variant,
} from '../measure';
import { installMinimalTrigger } from '../minimal-trigger';
import type { Bench, Part } from '../part';
import { enableNowShareTrigger, minimalTrigger, webhookNode } from '../trigger-workflows';

const FULL = { count: 200, warmUp: 100, manyShares: 20_000 };
const QUICK = { count: 30, warmUp: 10, manyShares: 500 };

/** How long n8n may go on executing after the last answer, in milliseconds. */
const EXECUTION_TIMEOUT = 60_000;

/** How long the first catch-up may take, in milliseconds. */
const CATCH_UP_TIMEOUT = 180_000;

/** How long a catch-up waits before it stores what executions at the same time left over. */
const QUIET_TIME = 3_000;

/** Which shares the events are about: each about one of its own, or all about the same. */
type EventShares = 'distinct' | 'same';

/** One of the triggers that are compared. */
interface Contender extends Variant {
	shares: EventShares;
	/** Of the sandbox, in milliseconds. */
	latency: number;
	isLookUpOn: boolean;
	/** How many shares the catch-up finds when the trigger is activated. */
	existingShares: number;
}

/** What came of a flood of events. */
interface FloodRun extends Outcome {
	/** Until all were answered and executed. */
	eventsPerSecond: number;
	/** Milliseconds. */
	medianLatency: number;
	highLatency: number;
	/** Milliseconds of computing of n8n for an event, its execution included. */
	computing: number;
	/** How many events were answered with 200. */
	acceptedCount: number;
	/** How many executions went on to the node after the trigger. */
	executionCount: number;
}

/** How many events a second the trigger takes. */
export const events: Part = {
	name: 'events',
	summary: "events a second, against n8n's Webhook node and a minimal community trigger",
	async run(bench) {
		const { count, warmUp, manyShares } = bench.quick ? QUICK : FULL;
		await installMinimalTrigger(bench.n8n.userFolder);
		// Nothing is counted that n8n has tidied away meanwhile.
		await bench.n8n.restart({ EXECUTIONS_DATA_PRUNE: 'false' });
		const contenders = await makeContenders(bench, manyShares);
		for (const contender of contenders) {
			bench.report(`Warming up for events: ${contender.name}`);
			if (contender.existingShares > 0) await letCatchUp(bench, contender);
			await flood(bench, contender, warmUp);
		}
		const runs = await measureInterleaved(bench, `${count} events`, contenders, (contender) =>
			flood(bench, contender, count),
		);
		for (const { workflow } of contenders) await bench.n8n.deactivate(workflow);
		await bench.n8n.restart();
		const [, minimal = []] = runs;
		const rate = (run: FloodRun): number => run.eventsPerSecond;
		const rows = contenders.map(({ name }, position) => {
			const ofContender = runs[position] ?? [];
			return [
				name,
				describeRuns(ofContender, rate),
				describeRatio(ofContender, minimal, rate),
				describeValues(ofContender, (run) => run.medianLatency, 'ms'),
				describeValues(ofContender, (run) => run.highLatency, 'ms'),
				describeValues(ofContender, (run) => run.computing, 'ms'),
				describeRatio(ofContender, minimal, (run) => run.computing),
				describeCounts(ofContender, (run) => run.acceptedCount),
				describeCounts(ofContender, (run) => run.executionCount),
			];
		});
		return {
			heading: 'Events',
			explanation: `${formatCount(count)} events about shares, posted by ten connections as fast as they are answered. Each trigger is followed by a node that does nothing, and n8n saves every execution. The time lasts until the last event is answered and its execution is over; n8n's database tells which shares started an execution, and a run counts as failed where an event was not answered with 200 within 30 s, its share not executed, or, with the look-up on, not looked up. The minimal trigger is a community node that reads the same credential and passes the body on, no more. Latency is the time until the answer. Computing is that of n8n's process, for an event with its execution and what follows within three seconds. The sandbox, and what posts the events, compute beside it on the same machine. The catch-up has read the list before, which is short except in the last row. With events about the same share, the first event is executed and the others are answered only.`,
			tables: [
				[
					[
						'Trigger',
						'Events a second',
						'÷ minimal trigger',
						'Median latency',
						'99th percentile',
						'Computing an event',
						'÷ minimal trigger',
						'Answered with 200',
						'Executions',
					],
					...rows,
				],
			],
		};
	},
};

async function makeContenders({ n8n }: Bench, manyShares: number): Promise<Contender[]> {
	const receiver = await n8n.addCredential(SANDBOX_CUSTOMERS.receiver);
	const lookUpOff = { lookUpShare: false, options: {} };
	const lookUp = { lookUpShare: true, options: {} };
	// So long that no catch-up falls into a measurement.
	const catchUp = { lookUpShare: true, catchUp: true, options: { catchUpInterval: 1440 } };
	const distinct = {
		shares: 'distinct',
		latency: 0,
		isLookUpOn: false,
		existingShares: 0,
	} as const;
	const lookedUp = { ...distinct, isLookUpOn: true } as const;
	return [
		{ name: 'n8n: Webhook', workflow: webhookNode('events-webhook'), ...distinct },
		{ name: 'minimal trigger', workflow: minimalTrigger('events-minimal', receiver), ...distinct },
		{
			name: 'EnableNow Trigger, look-up off',
			workflow: enableNowShareTrigger('events-off', receiver, lookUpOff),
			...distinct,
		},
		{
			name: 'look-up on',
			workflow: enableNowShareTrigger('events-look-up', receiver, lookUp),
			...lookedUp,
		},
		{
			name: 'look-up on, EnableNow takes 50 ms',
			workflow: enableNowShareTrigger('events-look-up-50', receiver, lookUp),
			...lookedUp,
			latency: 50,
		},
		{
			name: 'look-up and catch-up on',
			workflow: enableNowShareTrigger('events-catch-up', receiver, catchUp),
			...lookedUp,
		},
		{
			name: 'look-up and catch-up on, all about the same share',
			workflow: enableNowShareTrigger('events-catch-up-same', receiver, catchUp),
			...lookedUp,
			shares: 'same',
		},
		{
			name: `look-up and catch-up on, ${formatCount(manyShares)} shares there already`,
			workflow: enableNowShareTrigger('events-catch-up-many', receiver, catchUp),
			...lookedUp,
			existingShares: manyShares,
		},
	];
}

/** Activates the trigger over the shares, and waits until it has recorded that it knows them. */
async function letCatchUp(
	{ n8n, sandbox }: Bench,
	{ workflow, existingShares: count }: Contender,
): Promise<void> {
	const { sharer, receiver } = SANDBOX_CUSTOMERS;
	await sandbox.admin.addShares({ count, from: sharer.clientId, to: receiver.clientId });
	const { id } = await n8n.activate(workflow);
	await waitFor(
		'the first catch-up to be over',
		async () =>
			(await n8n.database.processedData(id)) !== '' &&
			(await n8n.database.runningExecutions()) === 0,
		{ timeout: CATCH_UP_TIMEOUT },
	);
}

async function flood(
	{ n8n, sandbox }: Bench,
	{ workflow, shares, latency, isLookUpOn }: Contender,
	count: number,
): Promise<FloodRun> {
	const { id, url } = await n8n.activate(workflow);
	const { sharer, receiver } = SANDBOX_CUSTOMERS;
	const added = await sandbox.admin.addShares({
		count: shares === 'same' ? 1 : count,
		from: sharer.clientId,
		to: receiver.clientId,
	});
	const shareIds = added.map((share) => share.id);
	const bodies = Array.from({ length: count }, (_body, index) => ({
		event: 'databridge.share.created',
		data: { shareId: shareIds[index % shareIds.length] },
	}));
	await sandbox.admin.configure({ latency });
	const { database, usage } = n8n;
	const newestBefore = await database.newestExecution();
	const cpuBefore = await usage.cpuTime();
	const posted = await postEvents(url, bodies);
	await waitFor(
		'the executions to be over',
		async () => (await database.runningExecutions()) === 0,
		{ timeout: EXECUTION_TIMEOUT },
	);
	await sleep(QUIET_TIME);
	const cpuSeconds = (await usage.cpuTime()) - cpuBefore;
	const executed = executedEvents(await database.executions(id, newestBefore), shareIds);
	const seconds = (Math.max(posted.endedAt, executed.endedAt) - posted.startedAt) / 1000;
	return {
		failure: failureOf({
			refusedCount: posted.otherCount,
			missingCount: shareIds.length - executed.shareCount,
			unverifiedCount: isLookUpOn ? executed.executionCount - executed.verifiedCount : 0,
		}),
		eventsPerSecond: count / seconds,
		medianLatency: posted.medianLatency,
		highLatency: posted.highLatency,
		computing: (cpuSeconds * 1000) / count,
		acceptedCount: posted.acceptedCount,
		executionCount: executed.executionCount,
	};
}

/** Speed that was won by refusing, dropping or not looking up does not count. */
function failureOf({
	refusedCount,
	missingCount,
	unverifiedCount,
}: Record<'missingCount' | 'refusedCount' | 'unverifiedCount', number>): string | undefined {
	if (refusedCount > 0) return `${refusedCount} events were not answered with 200`;
	if (missingCount > 0) return `${missingCount} shares were not executed`;
	if (unverifiedCount > 0) return `${unverifiedCount} events were executed without a look-up`;
	return undefined;
}
