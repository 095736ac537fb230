import type { Table } from '../scripts/cli/markdown-table';
import type { ReportProgress } from '../scripts/n8n';
import type { BenchN8n } from './n8n-bench';
import type { BarChart } from './plot';
import type { BenchSandbox } from './sandbox-process';

/** What a part measures with. */
export interface Bench {
	n8n: BenchN8n;
	sandbox: BenchSandbox;
	/** How often each measurement is taken. */
	rounds: number;
	/** Whether to take small sizes, only to see that it works. */
	quick: boolean;
	report: ReportProgress;
}

/** What a part found. */
export interface Section {
	heading: string;
	/** Markdown; what was done, and what the numbers mean. */
	explanation: string;
	tables: Table[];
	/** A picture of it, where there is one. */
	chart?: BarChart;
}

/** A question that the benchmark answers. */
export interface Part {
	/** Its name on the command line. */
	name: string;
	/** For the help text, half a line. */
	summary: string;
	run: (bench: Bench) => Promise<Section>;
}
