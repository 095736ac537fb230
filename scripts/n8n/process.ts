import { spawn } from 'node:child_process';
import path from 'node:path';
import { killProcessTree } from './kill-process-tree';
import { ProcessLog } from './process-log';

/** n8n gives running executions 30 seconds to finish when it is asked to stop. */
const STOP_TIMEOUT = 40_000;

/** A command that runs, together with all that it starts, until it ends or is made to. */
export interface RunningProcess {
	/** The process to signal; the command is its child. */
	readonly processId: number;
	readonly log: ProcessLog;
	/** The exit code, as soon as there is one; a killed process has 1. */
	readonly exited: Promise<number>;
	/** The exit code, or undefined while the command runs. */
	exitCode(): number | undefined;
	/** Asks the command to end (SIGTERM) and waits for it; kills what is left of it. */
	stop(): Promise<void>;
	/** Ends the command and all that it started at once (SIGKILL), as a power cut would. */
	kill(): Promise<void>;
}

/** Where and with what a command runs. */
export interface ProcessOptions {
	/** The working folder. */
	cwd: string;
	/** All environment variables of the command: nothing is inherited besides these. */
	env: NodeJS.ProcessEnv;
	/** Called with each piece of output. */
	onOutput?: (text: string) => void;
}

const running = new Set<RunningProcess>();

/** Kills what this process has started and what still runs, and waits for its end. */
export async function killAllProcesses(): Promise<void> {
	await Promise.all([...running].map((started) => started.kill()));
}

/**
 * Starts a command that cannot outlive this process: when this process ends, even by SIGKILL, the
 * command and all that it started is killed.
 *
 * @param command an executable, looked for in PATH; where there is none the exit code is 127
 */
export function startProcess(
	command: string,
	commandArguments: string[],
	options: ProcessOptions,
): RunningProcess {
	const supervisor = spawn(
		process.execPath,
		[
			'--require',
			require.resolve('tsx/cjs'),
			path.join(__dirname, 'supervisor.ts'),
			command,
			...commandArguments,
		],
		{
			cwd: options.cwd,
			env: options.env,
			stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
			// A process group of its own: the terminal's Ctrl-C does not reach it, and all of it can
			// be killed at once.
			detached: true,
			windowsHide: true,
		},
	);
	const processId = supervisor.pid;
	if (processId === undefined) throw new Error(`Cannot start ${process.execPath}`);

	const log = new ProcessLog();
	for (const stream of [supervisor.stdout, supervisor.stderr]) {
		stream?.setEncoding('utf8').on('data', (text: string) => {
			log.append(text);
			options.onOutput?.(text);
		});
	}

	let exitCode: number | undefined;
	const exited = new Promise<number>((resolve) => {
		supervisor.once('exit', (code) => {
			// The command has ended; what it started may not have, and would keep the outputs open.
			killProcessTree(processId);
			exitCode = code ?? 1;
		});
		// Later than "exit": all output has been read.
		supervisor.once('close', () => resolve(exitCode ?? 1));
	});

	const started: RunningProcess = {
		processId,
		log,
		exited,
		exitCode: () => exitCode,
		async stop() {
			supervisor.kill('SIGTERM');
			const overdue = setTimeout(() => killProcessTree(processId), STOP_TIMEOUT);
			await exited;
			clearTimeout(overdue);
		},
		async kill() {
			killProcessTree(processId);
			await exited;
		},
	};
	running.add(started);
	void exited.then(() => running.delete(started));
	return started;
}
