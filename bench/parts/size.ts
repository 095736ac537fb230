import { formatCount, toMebibytes } from '../format';
import {
	describeRatio,
	describeRuns,
	describeValues,
	measureInterleaved,
	runCreates,
} from '../measure';
import type { Part } from '../part';
import { createsByHttpRequest, createsByShare } from '../workflows';

const FULL = [100, 1000, 10_000];
const QUICK = [10, 100];

/** How time and memory grow with the number of items. */
export const size: Part = {
	name: 'size',
	summary: 'time and memory by the number of items, each time in a fresh n8n',
	async run(bench) {
		const { credential } = bench.n8n;
		const variants = [
			{ name: 'EnableNow Share', workflow: createsByShare('size-share', credential) },
			{
				name: 'HTTP Request',
				workflow: createsByHttpRequest('size-request', credential, bench.sandbox.url),
			},
		];
		const names = variants.map(({ name }) => name);
		const times = [['Creates', ...names, 'Share ÷ HTTP Request']];
		const memory = [
			['Creates', ...names.flatMap((name) => [`${name}: peak`, `${name}: above the start`])],
		];
		for (const count of bench.quick ? QUICK : FULL) {
			const what = `${formatCount(count)} creates in a fresh n8n`;
			const runs = await measureInterleaved(bench, what, variants, async ({ workflow }) => {
				await bench.n8n.restart();
				return await runCreates(bench, workflow, count);
			});
			const [ours = [], others = []] = runs;
			times.push([
				formatCount(count),
				...runs.map((ofVariant) => describeRuns(ofVariant, (run) => run.seconds, 's')),
				describeRatio(ours, others, (run) => run.seconds),
			]);
			memory.push([
				formatCount(count),
				...runs.flatMap((ofVariant) => [
					describeValues(ofVariant, (run) => toMebibytes(run.memoryPeak), 'MiB'),
					describeValues(ofVariant, (run) => toMebibytes(run.memoryPeak - run.memoryBefore), 'MiB'),
				]),
			]);
		}
		return {
			heading: 'Time and memory by the number of items',
			explanation:
				"At 0 ms latency, each measurement in an n8n that was started for it and had run one item. So the code is still cold, and times are longer than above. Memory is the peak of the resident set of n8n's main process from the start of the execution until it is saved (VmHWM), and by how much that exceeds what was in use before. It includes the making of the items and the saving of the execution, which are the same for both nodes.",
			tables: [times, memory],
		};
	},
};
