import {
	describeCounts,
	describeRuns,
	describeValues,
	measureInterleaved,
	runCreates,
} from '../measure';
import type { Part } from '../part';
import { createsByHttpRequest, createsByShare } from '../workflows';

const FULL = { count: 500, requestsPerSecond: 20 };
const QUICK = { count: 60, requestsPerSecond: 20 };

/** How creates fare under a limit. */
export const rateLimit: Part = {
	name: 'rate-limit',
	summary: 'creates under a limit of 20 requests a second',
	async run(bench) {
		const { count, requestsPerSecond } = bench.quick ? QUICK : FULL;
		const { credential } = bench.n8n;
		const { url } = bench.sandbox;
		const batching = { batchSize: requestsPerSecond, batchInterval: 1000 };
		const variants = [
			{ name: 'EnableNow Share', workflow: createsByShare('limit-share', credential) },
			{
				name: 'HTTP Request',
				workflow: createsByHttpRequest('limit-request', credential, url),
			},
			{
				name: `HTTP Request, batches of ${batching.batchSize} every 1,000 ms`,
				workflow: createsByHttpRequest('limit-batching', credential, url, batching),
			},
		];
		const settings = { rateLimit: { requestsPerSecond, retryAfter: 1 } };
		const runs = await measureInterleaved(
			bench,
			`${count} creates at ${requestsPerSecond} a second`,
			variants,
			({ workflow }) => runCreates(bench, workflow, count, { settings }),
		);
		const best = (count - requestsPerSecond) / requestsPerSecond;
		const rows = variants.map(({ name }, position) => {
			const ofVariant = runs[position] ?? [];
			return [
				name,
				describeRuns(ofVariant, (run) => run.seconds, 's'),
				describeValues(ofVariant, (run) => run.seconds / best),
				describeCounts(ofVariant, (run) => run.createdCount),
				describeCounts(ofVariant, (run) => run.outputCount),
				describeCounts(ofVariant, (run) => (run.requests['POST /shares'] ?? 0) - run.createdCount),
			];
		});
		return {
			heading: 'Under a rate limit',
			explanation: `${count} creates, while the sandbox lets ${requestsPerSecond} requests through in any one second and answers the others with 429 and \`Retry-After: 1\`. The first ${requestsPerSecond} may be made at once, so the best possible time is (${count} − ${requestsPerSecond}) / ${requestsPerSecond} = ${best} s. The ids that a node puts out are all that the workflow knows of the shares; those of a node that failed are lost to it.`,
			tables: [
				[
					['Node', 'Time', `Time ÷ ${best} s`, 'Shares made', 'Ids put out', 'Refused requests'],
					...rows,
				],
			],
		};
	},
};
