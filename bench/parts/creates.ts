import {
	describeRatio,
	describeRuns,
	describeValues,
	measureInterleaved,
	runCreates,
	summaryOf,
} from '../measure';
import type { Run } from '../n8n-bench';
import type { Part } from '../part';
import type { Summary } from '../statistics';
import { createsByHttpRequest, createsByShare, createsOfFixedValues } from '../workflows';

const FULL = { counts: [500, 2000], latencies: [0, 50, 200], warmUp: 500 };
const QUICK = { counts: [20, 40], latencies: [0, 50], warmUp: 20 };

/** A setting that somebody might choose who knows that the service takes up to 200 ms. */
const BATCHING = { batchSize: 50, batchInterval: 200 };

const NAMES = [
	'EnableNow Share',
	'HTTP Request',
	'HTTP Request, batching',
	'EnableNow Share, fixed values',
] as const;

const seconds = (run: Run): number => run.seconds;

/** How long creates take, at several latencies. */
export const creates: Part = {
	name: 'creates',
	summary: 'creates at several latencies, against HTTP Request',
	async run(bench) {
		const { counts, latencies, warmUp } = bench.quick ? QUICK : FULL;
		const { credential } = bench.n8n;
		const { url } = bench.sandbox;
		const [share, request, batching, fixed] = NAMES;
		const variants = [
			{ name: share, workflow: createsByShare('creates-share', credential) },
			{ name: request, workflow: createsByHttpRequest('creates-request', credential, url) },
			{
				name: batching,
				workflow: createsByHttpRequest('creates-batching', credential, url, BATCHING),
			},
			{ name: fixed, workflow: createsOfFixedValues('creates-fixed', credential) },
		];
		for (const { name, workflow } of variants) {
			bench.report(`Warming up for creates: ${name}`);
			await runCreates(bench, workflow, warmUp);
		}
		const times = [
			[
				'Creates',
				'Latency',
				...NAMES,
				'Share ÷ HTTP Request',
				'Share ÷ batching',
				'Fixed ÷ HTTP Request',
			],
		];
		const computing = [['Creates', 'Latency', ...NAMES]];
		const groups: Array<{ label: string; bars: Array<Summary | undefined> }> = [];
		for (const count of counts) {
			for (const latency of latencies) {
				const what = `${count} creates at ${latency} ms`;
				const runs = await measureInterleaved(bench, what, variants, ({ workflow }) =>
					runCreates(bench, workflow, count, { settings: { latency } }),
				);
				const [ours = [], others = [], batched = [], ofFixed = []] = runs;
				const head = [String(count), `${latency} ms`];
				times.push([
					...head,
					...runs.map((ofVariant) => describeRuns(ofVariant, seconds, 's')),
					describeRatio(ours, others, seconds),
					describeRatio(ours, batched, seconds),
					describeRatio(ofFixed, others, seconds),
				]);
				computing.push([
					...head,
					...runs.map((ofVariant) =>
						describeValues(ofVariant, (run) => (run.cpuSeconds * 1000) / count, 'ms'),
					),
				]);
				groups.push({
					label: `${count} at ${latency} ms`,
					bars: runs.map((ofVariant) => perItem(ofVariant, count)),
				});
			}
		}
		return {
			heading: 'Creates',
			explanation: `Each item is a share to be made; the sandbox waits for the latency before it answers. EnableNow Share has its default options and reads four fields from the item, each by an expression, or all from fixed values. HTTP Request uses the same credential and sends the item as the JSON body, by one expression: as it is by default (all requests at once), and with its batching set to ${BATCHING.batchSize} items every ${BATCHING.batchInterval} ms. Below 1, EnableNow Share is the faster one. The second table is the computing time of n8n's process for an item, over the whole execution.`,
			tables: [times, computing],
			chart: {
				title: 'Milliseconds per share that is made (less is better)',
				description: describeChart(groups),
				series: [...NAMES],
				groups,
			},
		};
	},
};

function perItem(runs: readonly Run[], count: number): Summary | undefined {
	return summaryOf(runs, (run) => (run.seconds * 1000) / count);
}

function describeChart(
	groups: ReadonlyArray<{ label: string; bars: ReadonlyArray<Summary | undefined> }>,
): string {
	const text = groups.map(({ label, bars }) => {
		const values = bars.map((bar, position) => {
			const value = bar ? `${bar.median.toFixed(1)} ms` : 'failed';
			return `${NAMES[position]} ${value}`;
		});
		return `${label}: ${values.join(', ')}`;
	});
	return `Time per share that is made. ${text.join('; ')}.`;
}
