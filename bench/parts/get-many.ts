import { SANDBOX_CUSTOMERS } from '../../sandbox';
import { formatCount } from '../format';
import {
	describeCounts,
	describeRatio,
	describeRuns,
	measureInterleaved,
	type Variant,
} from '../measure';
import type { Run } from '../n8n-bench';
import type { Bench, Part } from '../part';
import { listByHttpRequest, listByShare } from '../workflows';

const FULL = 10_000;
const QUICK = 250;

/** How long it takes to list all shares. */
export const getMany: Part = {
	name: 'get-many',
	summary: 'Get Many over 10,000 shares, against the pagination of HTTP Request',
	async run(bench) {
		const count = bench.quick ? QUICK : FULL;
		const { credential } = bench.n8n;
		const share: Variant = {
			name: 'EnableNow Share',
			workflow: listByShare('list-share', credential),
		};
		const request: Variant = {
			name: 'HTTP Request',
			workflow: listByHttpRequest('list-request', credential, bench.sandbox.url),
		};
		await addShares(bench, count);
		const take = async ({ workflow }: Variant): Promise<Run> => {
			const run = await bench.n8n.run(workflow, 0);
			if (run.outputCount === count) return run;
			return { ...run, failure: run.failure ?? `gave ${run.outputCount} of ${count} shares` };
		};
		for (const variant of [share, request]) {
			bench.report(`Warming up for Get Many: ${variant.name}`);
			await take(variant);
		}
		const runs = await measureInterleaved(
			bench,
			`Get Many of ${formatCount(count)} shares`,
			[share, request],
			take,
		);
		const [ours = [], others = []] = runs;
		const seconds = (run: Run): number => run.seconds;
		const both = (run: Run): number => run.seconds + run.followingSeconds;
		const requests = (run: Run): number => run.requests['GET /shares'] ?? 0;
		return {
			heading: 'Get Many',
			explanation: `All of ${formatCount(count)} shares, 50 a page, at 0 ms latency. EnableNow Share has Return All on. HTTP Request raises the parameter \`page\` until \`_pagination\` says that it is the last; it outputs one item per page, so that a Split Out node has to follow to get one item per share.`,
			tables: [
				[
					['Nodes', 'Time', 'EnableNow Share ÷ this', 'Requests'],
					[
						'EnableNow Share',
						describeRuns(ours, seconds, 's'),
						'1',
						describeCounts(ours, requests),
					],
					[
						'HTTP Request',
						describeRuns(others, seconds, 's'),
						describeRatio(ours, others, seconds),
						describeCounts(others, requests),
					],
					[
						'HTTP Request, Split Out',
						describeRuns(others, both, 's'),
						describeRatio(ours, others, both),
						describeCounts(others, requests),
					],
				],
			],
		};
	},
};

async function addShares({ sandbox }: Bench, count: number): Promise<void> {
	const { sharer, receiver } = SANDBOX_CUSTOMERS;
	await sandbox.admin.reset();
	await sandbox.admin.addShares({ count, from: sharer.clientId, to: receiver.clientId });
}
