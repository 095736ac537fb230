import type { BackgroundWork } from '../background-work';

/** Work that is done some time after it was asked for, unless it is dropped before. */
export class PostponedWork {
	/** What has not begun: its timer, and what ends the wait for it. */
	private readonly waiting = new Map<NodeJS.Timeout, () => void>();

	/** @param backgroundWork - Learns of the work as soon as it is postponed */
	constructor(private readonly backgroundWork: BackgroundWork) {}

	/**
	 * Postpones work.
	 *
	 * @param delay - Milliseconds
	 * @param work - Is called when they are over; its promise is never rejected
	 */
	add(delay: number, work: () => Promise<void>): void {
		const done = new Promise<void>((resolve) => {
			const timer = setTimeout(() => {
				this.waiting.delete(timer);
				resolve(work());
			}, delay);
			// So that what is postponed does not keep a closed sandbox's process alive.
			timer.unref();
			this.waiting.set(timer, resolve);
		});
		void this.backgroundWork.track(done);
	}

	/** Forgets the work that has not begun. */
	drop(): void {
		for (const [timer, endWait] of this.waiting) {
			clearTimeout(timer);
			endWait();
		}
		this.waiting.clear();
	}
}
