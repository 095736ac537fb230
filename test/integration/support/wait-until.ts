import { setTimeout as pause } from 'node:timers/promises';

const INTERVAL = 10;
const LONGEST_WAIT = 45_000;

/**
 * Waits for something to come true.
 *
 * @param longest - after how many milliseconds it throws
 */
export async function waitUntil(
	condition: () => Promise<boolean> | boolean,
	longest = LONGEST_WAIT,
): Promise<void> {
	const end = Date.now() + longest;
	while (!(await condition())) {
		if (Date.now() > end) throw new Error('What was waited for did not come true');
		await pause(INTERVAL);
	}
}
