import { setTimeout as pause } from 'node:timers/promises';

/** How long a breath is, and how much longer it may take on a machine that keeps up, in milliseconds. */
const BREATH = 15;
const MOST_DELAY = 60;

/** After so many breaths the machine is taken for one that is always busy. */
const MOST_BREATHS = 20;

/**
 * Lets cells begin one by one, each when this process has caught up with those before it. All servers
 * are in this process too: if many cells began at once, answers would come too late, and faults would
 * be found that are none.
 */
export class Turnstile {
	private last: Promise<void> = Promise.resolve();

	/** Waits for one's turn. */
	async pass(): Promise<void> {
		this.last = this.last.then(untilCalm);
		await this.last;
	}
}

async function untilCalm(): Promise<void> {
	for (let breath = 0; breath < MOST_BREATHS; breath++) {
		const start = performance.now();
		await pause(BREATH);
		if (performance.now() - start < BREATH + MOST_DELAY) return;
	}
}
