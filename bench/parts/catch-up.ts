import { SANDBOX_CUSTOMERS } from '../../sandbox';
import type { Credential } from '../../scripts/n8n';
import { runCatchUp, type CatchUpRun } from '../catch-up-run';
import { formatCount } from '../format';
import { describeCounts, describeRuns, describeValues, measureInterleaved } from '../measure';
import type { Bench, Part } from '../part';
import { enableNowShareTrigger } from '../trigger-workflows';

const FULL = { existing: 20_000, missed: 200 };
const QUICK = { existing: 500, missed: 20 };

/** Of the sandbox, in milliseconds. */
const LATENCY = 50;

/** One of the ways to set the trigger. */
interface Setting {
	name: string;
	events: string[];
	isCatchUpOn: boolean;
}

const SETTINGS: readonly Setting[] = [
	{ name: 'off', events: ['databridge.share.created'], isCatchUpOn: false },
	{ name: 'Share Created', events: ['databridge.share.created'], isCatchUpOn: true },
	{
		name: 'Share Created and Share Updated',
		events: ['databridge.share.created', 'databridge.share.updated'],
		isCatchUpOn: true,
	},
];

/** What a round found for one setting. */
interface SettingRun {
	/** Seconds until the webhook was served. */
	activation: number;
	/** In the order of the report; none where the catch-up is off. */
	steps: CatchUpRun[];
}

/** What it costs to ask for what was missed. */
export const catchUp: Part = {
	name: 'catch-up',
	summary: 'what the first and the later catch-ups cost over 20,000 shares',
	async run(bench) {
		const { existing, missed } = bench.quick ? QUICK : FULL;
		const receiver = await bench.n8n.addCredential(SANDBOX_CUSTOMERS.receiver);
		const what = `Catch-up over ${formatCount(existing)} shares`;
		const runs = await measureInterleaved(bench, what, SETTINGS, (setting) =>
			measureSetting(bench, receiver, setting, existing, missed),
		);
		const steps = [
			'first, at the activation',
			'at an interval, nothing new',
			'at an interval, 1 new share',
			`at an interval, ${missed} new shares`,
			'after a restart of n8n, nothing new',
		];
		return {
			heading: 'Catching up',
			explanation: `The app has received ${formatCount(existing)} shares when the trigger is activated for the first time, and the sandbox takes ${LATENCY} ms for an answer. The interval is a minute. Requests are those for a page of the list; at an activation by hand, one more checks the credential. The time lasts from the first of them until the last is answered and the last execution over; new shares are executed together, and a run counts as failed where not each of them was in that one execution, or there was another. Stored is what n8n keeps of the processed shares after that.`,
			tables: [
				...SETTINGS.flatMap(({ name, isCatchUpOn }, position) =>
					isCatchUpOn ? [stepTable(name, steps, runs[position] ?? [])] : [],
				),
				[
					['Catch-up', 'From the activation until the webhook answers'],
					...SETTINGS.map(({ name }, position) => [
						name,
						describeValues(
							(runs[position] ?? []).map((run) => ({ ...run, failure: undefined })),
							(run) => run.activation,
							's',
						),
					]),
				],
			],
		};
	},
};

async function measureSetting(
	bench: Bench,
	receiver: Credential,
	{ name, events, isCatchUpOn }: Setting,
	existing: number,
	missed: number,
): Promise<SettingRun> {
	const { n8n, sandbox } = bench;
	await sandbox.admin.reset();
	await addShares(bench, existing);
	await sandbox.admin.configure({ latency: LATENCY });
	const workflow = enableNowShareTrigger(`catch-up ${name}`, receiver, {
		events,
		catchUp: isCatchUpOn,
		options: { catchUpInterval: 1 },
	});
	const activate = async (): Promise<void> => {
		await n8n.activate(workflow);
	};
	if (!isCatchUpOn) {
		const startedAt = Date.now();
		await activate();
		const activation = (Date.now() - startedAt) / 1000;
		await n8n.deactivate(workflow);
		return { activation, steps: [] };
	}
	bench.report(`Catch-up, ${name}: the first one`);
	const first = await runCatchUp(bench, workflow, [], activate);
	const steps = [first];
	for (const count of [0, 1, missed]) {
		bench.report(`Catch-up, ${name}: with ${count} new shares`);
		const shareIds = await addShares(bench, count);
		steps.push(await runCatchUp(bench, workflow, shareIds));
	}
	bench.report(`Catch-up, ${name}: after a restart of n8n`);
	steps.push(await runCatchUp(bench, workflow, [], () => n8n.restart()));
	await n8n.deactivate(workflow);
	return { activation: first.secondsUntilServed, steps };
}

async function addShares({ sandbox }: Bench, count: number): Promise<string[]> {
	if (count === 0) return [];
	const { sharer, receiver } = SANDBOX_CUSTOMERS;
	const shares = await sandbox.admin.addShares({
		count,
		from: sharer.clientId,
		to: receiver.clientId,
	});
	return shares.map(({ id }) => id);
}

function stepTable(
	name: string,
	steps: readonly string[],
	runs: readonly SettingRun[],
): string[][] {
	return [
		[`Catch-up, ${name}`, 'Requests', 'Time', 'Stored'],
		...steps.map((step, position) => {
			const ofStep = runs.flatMap(({ steps: all }) => all[position] ?? []);
			return [
				step,
				describeCounts(ofStep, (run) => run.requestCount),
				describeRuns(ofStep, (run) => run.seconds, 's'),
				describeValues(ofStep, (run) => run.storedBytes / 1000, 'kB'),
			];
		}),
	];
}
