import { formatCount } from '../format';
import {
	describeCounts,
	describeRatio,
	describeRuns,
	measureInterleaved,
	runCreates,
} from '../measure';
import type { Run } from '../n8n-bench';
import type { Part } from '../part';
import { createsByShare } from '../workflows';

const FULL = { count: 100, existing: [100, 1000, 10_000] };
const QUICK = { count: 10, existing: [10, 250] };

/** What it costs to prevent duplicates. */
export const duplicates: Part = {
	name: 'duplicates',
	summary: 'what the option that prevents duplicates costs',
	async run(bench) {
		const { count, existing } = bench.quick ? QUICK : FULL;
		const { credential } = bench.n8n;
		const variants = [
			{ name: 'without', workflow: createsByShare('duplicates-allowed', credential) },
			{
				name: 'with',
				workflow: createsByShare('duplicates-prevented', credential, {
					preventDuplicates: true,
				}),
			},
		];
		for (const { name, workflow } of variants) {
			bench.report(`Warming up for duplicates: ${name}`);
			await runCreates(bench, workflow, count);
		}
		const rows: string[][] = [];
		for (const existingShares of existing) {
			const runs = await measureInterleaved(
				bench,
				`${count} creates over ${formatCount(existingShares)} shares`,
				variants,
				({ workflow }) => runCreates(bench, workflow, count, { existingShares }),
			);
			const [without = [], having = []] = runs;
			const seconds = (run: Run): number => run.seconds;
			rows.push([
				formatCount(existingShares),
				describeRuns(without, seconds, 's'),
				describeRuns(having, seconds, 's'),
				describeRatio(having, without, seconds),
				describeCounts(without, listRequests),
				describeCounts(having, listRequests),
			]);
		}
		return {
			heading: 'Preventing duplicates',
			explanation: `${count} creates with references that no share has yet, at 0 ms latency, with the option Prevent Duplicates off and on. GET requests are all that the sandbox got besides the creates.`,
			tables: [
				[
					['Existing shares', 'Off', 'On', 'On ÷ off', 'GET requests, off', 'GET requests, on'],
					...rows,
				],
			],
		};
	},
};

function listRequests({ requests }: Run): number {
	return Object.entries(requests)
		.filter(([route]) => route.startsWith('GET '))
		.reduce((total, [, count]) => total + count, 0);
}
