import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { formatCount, formatNumber } from '../format';
import { runCreates, type Variant } from '../measure';
import type { Run } from '../n8n-bench';
import type { Bench, Part } from '../part';
import { CODE_OWNERS, timeByOwner, timeWithin, type CodeOwner, type CpuProfile } from '../profile';
import { createsByHttpRequest, createsByShare } from '../workflows';

const PROFILER = path.join(__dirname, '..', 'profiler.ts');

const FULL = { count: 2000, warmUp: 500 };
const QUICK = { count: 50, warmUp: 10 };

/** What profiler.ts writes. */
interface WrittenProfile {
	/** Milliseconds since 1970. */
	startedAt: number;
	profile: CpuProfile;
}

/** What n8n does for both nodes, by the names of its functions. */
const HELPERS = [
	{ name: "reading the item's parameters", functionName: '_getNodeParameter' },
	{ name: 'reading the credential, its expressions included', functionName: 'getDecrypted' },
];

/** A profiled run: seconds of computing while the node ran. */
interface ProfiledRun {
	run: Run;
	times: Record<CodeOwner, number>;
	/** In the order of HELPERS. */
	helperTimes: number[];
}

/** Whose code the time goes to. */
export const profile: Part = {
	name: 'profile',
	summary: 'a CPU profile: whose code the time goes to',
	async run(bench) {
		const { count, warmUp } = bench.quick ? QUICK : FULL;
		const { credential } = bench.n8n;
		const variants = [
			{ name: 'EnableNow Share', workflow: createsByShare('profile-share', credential) },
			{
				name: 'HTTP Request',
				workflow: createsByHttpRequest('profile-request', credential, bench.sandbox.url),
			},
		];
		const folder = await mkdtemp(path.join(tmpdir(), 'enablenow-profile-'));
		try {
			const file = path.join(folder, 'profile.json');
			await bench.n8n.restart({
				NODE_OPTIONS: `--require ${await compileProfiler(folder)}`,
				BENCH_PROFILE: file,
			});
			const profiled: ProfiledRun[] = [];
			for (const variant of variants) {
				bench.report(`Profiling ${count} creates: ${variant.name}`);
				await runCreates(bench, variant.workflow, warmUp);
				profiled.push(await takeProfile(bench, variant, count, file));
			}
			return {
				heading: 'Whose code the time goes to',
				explanation: `From V8's CPU profile of n8n's process while the node made ${formatCount(count)} shares at 0 ms latency, one run for each node after a warm-up. Idle time, such as waiting for the sandbox, is left out. Time is counted for the file of the function that ran; built-in functions such as \`JSON.stringify\` count for their caller, and so does what n8n evaluates in its isolate. EnableNow Share reads four expressions an item here, HTTP Request one; for each request n8n also decrypts the credential and evaluates the expressions in it. "Native code" is what V8 cannot name: system calls, compilation, other threads' work handed over.`,
				tables: [describe(variants, profiled, count)],
			};
		} finally {
			await rm(folder, { recursive: true, force: true });
			await bench.n8n.restart();
		}
	},
};

/** Not every Node that is started with these options can read TypeScript. */
async function compileProfiler(folder: string): Promise<string> {
	const { outputText } = transpileModule(await readFile(PROFILER, 'utf8'), {
		compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 },
	});
	const compiled = path.join(folder, 'profiler.cjs');
	await writeFile(compiled, outputText);
	return compiled;
}

async function takeProfile(
	bench: Bench,
	{ workflow }: Variant,
	count: number,
	file: string,
): Promise<ProfiledRun> {
	await signalProfiler(bench, 'The profile has begun');
	const run = await runCreates(bench, workflow, count);
	await signalProfiler(bench, 'The profile is written');
	const written = JSON.parse(await readFile(file, 'utf8')) as WrittenProfile;
	const from = (run.startedAt - written.startedAt) * 1000;
	const span = { from, to: from + run.seconds * 1e6 };
	return {
		run,
		times: timeByOwner(written.profile, span),
		helperTimes: HELPERS.map(({ functionName }) => timeWithin(written.profile, functionName, span)),
	};
}

/** Begins or ends a profile, and waits until the profiler has printed that it did. */
async function signalProfiler({ n8n }: Bench, announcement: string): Promise<void> {
	const printed = n8n.log.text().split(announcement).length - 1;
	process.kill(n8n.usage.processId, 'SIGUSR2');
	await n8n.log.waitFor(new RegExp(`(${announcement}[^]*){${printed + 1}}`));
}

function describe(
	variants: readonly Variant[],
	profiled: readonly ProfiledRun[],
	count: number,
): string[][] {
	const totals = profiled.map(({ times }) => Object.values(times).reduce((a, b) => a + b, 0));
	const rows = CODE_OWNERS.map((owner) => [
		owner,
		...profiled.flatMap(({ times }, position) => cells(times[owner], totals[position] ?? 0, count)),
	]);
	const helperRows = HELPERS.map(({ name }, helper) => [
		`of this: ${name}`,
		...profiled.flatMap(({ helperTimes }, position) =>
			cells(helperTimes[helper] ?? 0, totals[position] ?? 0, count),
		),
	]);
	return [
		['Code of', ...variants.flatMap(({ name }) => [`${name}: share`, `${name}: per item`])],
		...rows,
		['all', ...totals.flatMap((total) => cells(total, total, count))],
		...helperRows,
		[
			'time of the node',
			...profiled.flatMap(({ run }) => [
				run.failure === undefined ? '' : `**failed**: ${run.failure}`,
				`${formatNumber((run.seconds * 1000) / count)} ms`,
			]),
		],
	];
}

function cells(seconds: number, total: number, count: number): [string, string] {
	return [
		`${formatNumber((seconds / total) * 100)} %`,
		`${formatNumber((seconds * 1000) / count)} ms`,
	];
}
