import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { findStartedProcess } from '../../../../bench/process-usage';
import { waitFor, type RunningN8n } from '../../../../scripts/n8n';

const PROBE = path.join(__dirname, 'memory-probe.ts');

/** What n8n's process holds when the garbage has been collected, in bytes. */
export interface Memory {
	/** Objects of JavaScript. */
	heapUsed: number;
	/** The contents of buffers. */
	arrayBuffers: number;
	/** All that the process has in memory; Node gives back late what it does not need any more. */
	rss: number;
}

/** Asks a running n8n what it holds. */
export class N8nMemory {
	private constructor(
		private readonly processId: number,
		private readonly file: string,
	) {}

	/**
	 * The environment variables to start n8n with.
	 *
	 * @param folder where the probe and what it finds are put
	 */
	static async environment(folder: string): Promise<NodeJS.ProcessEnv> {
		// Not every Node that is started with these options can read TypeScript.
		const { outputText } = transpileModule(await readFile(PROBE, 'utf8'), {
			compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 },
		});
		const compiled = path.join(folder, 'memory-probe.cjs');
		await writeFile(compiled, outputText);
		return { NODE_OPTIONS: `--require ${compiled}`, MEMORY_PROBE: resultFile(folder) };
	}

	/** Of an n8n that was started so. */
	static async of({ userFolder }: RunningN8n, folder: string): Promise<N8nMemory> {
		const processId = await findStartedProcess(`N8N_USER_FOLDER=${userFolder}`);
		return new N8nMemory(processId, resultFile(folder));
	}

	async measure(): Promise<Memory> {
		await rm(this.file, { force: true });
		process.kill(this.processId, 'SIGUSR2');
		const text = await waitFor('the memory of n8n', () => readFile(this.file, 'utf8'));
		return JSON.parse(text) as Memory;
	}
}

function resultFile(folder: string): string {
	return path.join(folder, 'memory.json');
}
