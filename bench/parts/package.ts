import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import packageJson from '../../package.json';
import { nodeRuntime, packTarball } from '../../scripts/n8n';
import { formatNumber, formatSummary } from '../format';
import { loadTime } from '../load-time';
import type { Part } from '../part';
import { summarize } from '../statistics';

const PROJECT_FOLDER = path.resolve(__dirname, '../..');
const FULL_LOADS = 30;
const QUICK_LOADS = 3;

/** What the package costs an n8n that does not use it. */
export const packagePart: Part = {
	name: 'package',
	summary: 'the size of the tarball, and how long n8n takes to load it',
	async run({ quick, report }) {
		const { executable } = await nodeRuntime();
		const { credentials, nodes } = packageJson.n8n;
		const times: number[] = [];
		const loads = quick ? QUICK_LOADS : FULL_LOADS;
		for (let load = 0; load < loads; load++) {
			report(`Loading the package: ${load + 1} of ${loads}`);
			times.push(await loadTime(executable, [...credentials, ...nodes]));
		}
		return {
			heading: 'The package itself',
			explanation: `How long the nodes and the credential take to be loaded beside n8n-workflow, which n8n has loaded before: in ${loads} fresh processes, one after the other.`,
			tables: [
				[
					['Tarball', 'Load time'],
					[
						`${formatNumber((await tarballSize()) / 1000)} kB`,
						formatSummary(summarize(times), 'ms'),
					],
				],
			],
		};
	},
};

/** In bytes. */
async function tarballSize(): Promise<number> {
	const folder = await mkdtemp(path.join(tmpdir(), 'enablenow-size-'));
	try {
		const { size } = await stat(await packTarball(PROJECT_FOLDER, folder));
		return size;
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}
