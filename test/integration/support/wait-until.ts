import { setTimeout as pause } from 'node:timers/promises';

const INTERVAL = 10;
const LONGEST_WAIT = 10_000;

/** Waits for something to come true; it throws where that takes more than ten seconds. */
export async function waitUntil(condition: () => Promise<boolean> | boolean): Promise<void> {
	const end = Date.now() + LONGEST_WAIT;
	while (!(await condition())) {
		if (Date.now() > end) throw new Error('What was waited for did not come true');
		await pause(INTERVAL);
	}
}
