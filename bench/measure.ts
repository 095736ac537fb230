import { setTimeout as sleep } from 'node:timers/promises';
import { SANDBOX_CUSTOMERS, type SandboxSettings } from '../sandbox';
import { formatCount, formatSummary } from './format';
import type { Run } from './n8n-bench';
import type { Bench } from './part';
import { orderOfRound, ratios, summarize, type Summary } from './statistics';
import type { BenchWorkflow } from './workflows';

/** After so many milliseconds the sandbox's rate limit has forgotten what was before. */
const RATE_LIMIT_WINDOW = 1000;

/** One of the ways that are compared. */
export interface Variant {
	name: string;
	workflow: BenchWorkflow;
}

/** What came of a measurement. */
export interface Outcome {
	/** Why it does not count; undefined where all was done. */
	failure: string | undefined;
}

/** What the sandbox is like while creates are measured. */
export interface Conditions {
	settings?: Partial<SandboxSettings>;
	/** How many shares there are already. */
	existingShares?: number;
}

/**
 * Takes each measurement once in each round, in the order ABBA.
 *
 * @param what names it, for the progress line
 * @returns the runs by variant, in the order of the rounds
 */
export async function measureInterleaved<OfVariant extends { name: string }, Result>(
	bench: Pick<Bench, 'report' | 'rounds'>,
	what: string,
	variants: readonly OfVariant[],
	take: (variant: OfVariant) => Promise<Result>,
): Promise<Result[][]> {
	const runs = variants.map((): Result[] => []);
	for (let round = 0; round < bench.rounds; round++) {
		for (const variant of orderOfRound(variants, round)) {
			bench.report(`${what}: round ${round + 1} of ${bench.rounds}, ${variant.name}`);
			runs[variants.indexOf(variant)]?.push(await take(variant));
		}
	}
	return runs;
}

/**
 * Runs creates in a sandbox that has been reset. One create comes before, so that the token is
 * there.
 *
 * @returns the run, as a failed one where fewer shares were made or put out than asked for
 */
export async function runCreates(
	{ n8n, sandbox }: Bench,
	workflow: BenchWorkflow,
	count: number,
	{ settings = {}, existingShares = 0 }: Conditions = {},
): Promise<Run> {
	await sandbox.admin.reset();
	await n8n.run(workflow, 1);
	if (existingShares > 0) {
		const { sharer, receiver } = SANDBOX_CUSTOMERS;
		await sandbox.admin.addShares({
			count: existingShares,
			from: sharer.clientId,
			to: receiver.clientId,
		});
	}
	await sandbox.admin.configure(settings);
	if (settings.rateLimit) await sleep(RATE_LIMIT_WINDOW);
	const run = await n8n.run(workflow, count);
	if (run.createdCount === count && run.outputCount === count) return run;
	const shortfall = `made ${run.createdCount} and put out ${run.outputCount} of ${count}`;
	return {
		...run,
		failure: run.failure === undefined ? shortfall : `${shortfall}: ${run.failure}`,
	};
}

/** The values of the runs that count; undefined for those that do not. */
function valuesOf<Result extends Outcome>(
	runs: readonly Result[],
	valueOf: (run: Result) => number,
): Array<number | undefined> {
	return runs.map((run) => (run.failure === undefined ? valueOf(run) : undefined));
}

/** The median and range of the runs that count; undefined where none does. */
export function summaryOf<Result extends Outcome>(
	runs: readonly Result[],
	valueOf: (run: Result) => number,
): Summary | undefined {
	const values = valuesOf(runs, valueOf).filter((value) => value !== undefined);
	return values.length === 0 ? undefined : summarize(values);
}

/** Writes the runs' median and range; that some of them failed, and why, is never left out. */
export function describeRuns<Result extends Outcome>(
	runs: readonly Result[],
	valueOf: (run: Result) => number,
	unit = '',
): string {
	const failures = runs.flatMap(({ failure }) => failure ?? []);
	const values = describeValues(runs, valueOf, unit);
	if (failures.length === 0) return values;
	const failed = `**failed ${failures.length} of ${runs.length}**: ${failures[0]}`;
	return failures.length === runs.length ? failed : `${values}; ${failed}`;
}

/** Writes the median and range of the runs that count, where another cell tells of the others. */
export function describeValues<Result extends Outcome>(
	runs: readonly Result[],
	valueOf: (run: Result) => number,
	unit = '',
): string {
	const summary = summaryOf(runs, valueOf);
	return summary === undefined ? '–' : formatSummary(summary, unit);
}

/** Writes the least and the most of whole numbers, whether the runs failed or not. */
export function describeCounts<Result>(
	runs: readonly Result[],
	countOf: (run: Result) => number,
): string {
	const { least, most } = summarize(runs.map(countOf));
	return least === most ? formatCount(least) : `${formatCount(least)}–${formatCount(most)}`;
}

/** Writes how many times the reference the measured value is, round by round. */
export function describeRatio<Result extends Outcome>(
	measured: readonly Result[],
	reference: readonly Result[],
	valueOf: (run: Result) => number,
): string {
	const summary = ratios(valuesOf(measured, valueOf), valuesOf(reference, valueOf));
	return summary ? formatSummary(summary) : '–';
}
