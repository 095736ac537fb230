/**
 * Runs a command for a parent process and ends it when the parent is gone, however it went: even a
 * killed or crashed parent closes the IPC channel to this process. Started by process.ts as the
 * leader of a process group: `supervisor.ts <command> <arguments…>`.
 */
import { spawn } from 'node:child_process';
import { killProcessTree } from './kill-process-tree';

const COMMAND_NOT_FOUND = 127;

const [command, ...commandArguments] = process.argv.slice(2);
if (command === undefined) throw new Error('No command to run');

const child = spawn(command, commandArguments, {
	stdio: ['ignore', 'inherit', 'inherit'],
	windowsHide: true,
});

process.on('disconnect', () => killProcessTree(process.pid));
process.on('SIGTERM', () => child.kill('SIGTERM'));

child.on('error', (error) => {
	console.error(error.message);
	process.exit(COMMAND_NOT_FOUND);
});
child.on('exit', (code) => process.exit(code ?? 1));
