import { spawnSync } from 'node:child_process';

/** ESRCH: all of it has ended already; macOS says EPERM of what has ended but was not reaped. */
const ENDED = ['ESRCH', 'EPERM'];

/**
 * Ends a process and all that it started, at once and without asking.
 *
 * @param processId a process that was started as the leader of a group of its own
 */
export function killProcessTree(processId: number): void {
	if (process.platform === 'win32') {
		spawnSync('taskkill', ['/pid', String(processId), '/T', '/F'], { windowsHide: true });
		return;
	}
	try {
		process.kill(-processId, 'SIGKILL');
	} catch (error) {
		if (!ENDED.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
	}
}
