import { readFile, writeFile } from 'node:fs/promises';

/** Of Linux on all the machines that n8n runs on. */
const CLOCK_TICKS_PER_SECOND = 100;

/**
 * What a process uses of the machine, as Linux tells it in /proc.
 *
 * @throws Error, from each method, when the process has ended
 */
export class ProcessUsage {
	/** @param processId of the process itself, not of what it started */
	constructor(readonly processId: number) {}

	/** Seconds of computing since the process began, in all its threads. */
	async cpuTime(): Promise<number> {
		const stat = await this.read('stat');
		// The name of the program, in brackets, may hold spaces; user and system time come 12th and
		// 13th after it.
		const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
		return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_SECOND;
	}

	/** Bytes of memory in use now (resident set). */
	async memory(): Promise<number> {
		return await this.statusBytes('VmRSS');
	}

	/** The most bytes of memory that were in use since the start, or since forgetPeak(). */
	async peakMemory(): Promise<number> {
		return await this.statusBytes('VmHWM');
	}

	/** Lets the peak begin at what is in use now. */
	async forgetPeak(): Promise<void> {
		await writeFile(`/proc/${this.processId}/clear_refs`, '5');
	}

	private async statusBytes(field: string): Promise<number> {
		const status = await this.read('status');
		const kibibytes = new RegExp(`^${field}:\\s*(\\d+) kB$`, 'm').exec(status)?.[1];
		if (kibibytes === undefined) throw new Error(`Process ${this.processId} has no ${field}`);
		return Number(kibibytes) * 1024;
	}

	private async read(file: string): Promise<string> {
		return await readFile(`/proc/${this.processId}/${file}`, 'utf8');
	}
}

/**
 * Finds a command that startProcess() started: it is the child of a supervisor, which is a child of
 * this process.
 *
 * @param environmentEntry what sets the command apart from others, e.g. "N8N_USER_FOLDER=/tmp/x"
 * @throws Error when there is no such process, or more than one
 */
export async function findStartedProcess(environmentEntry: string): Promise<number> {
	const found: number[] = [];
	for (const supervisor of await childrenOf(process.pid)) {
		const environment = await readFile(`/proc/${supervisor}/environ`, 'utf8').catch(() => '');
		if (!environment.split('\0').includes(environmentEntry)) continue;
		found.push(...(await childrenOf(supervisor)));
	}
	const [processId] = found;
	if (processId === undefined || found.length > 1) {
		throw new Error(`${found.length} processes were started with ${environmentEntry}`);
	}
	return processId;
}

async function childrenOf(processId: number): Promise<number[]> {
	const children = await readFile(`/proc/${processId}/task/${processId}/children`, 'utf8');
	return children.split(' ').filter(Boolean).map(Number);
}
