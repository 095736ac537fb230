import axios from 'axios';
import type { BackgroundWork } from '../background-work';

/** A receiver that takes longer is given up, milliseconds. */
const TIMEOUT = 30_000;

/** How much of an answer is kept, in characters. */
const EXCERPT_LENGTH = 1_000;

/** How many deliveries are kept. */
const KEPT_DELIVERIES = 20_000;

/** An event that was sent to an address, and what became of it. */
export interface Delivery {
	/** When it was sent, ISO 8601 in UTC. */
	at: string;
	url: string;
	/** What was posted, as JSON. */
	body: unknown;
	/** The HTTP status of the answer; null while there is none. */
	status: number | null;
	/** The beginning of the answer's body. */
	answer: string | null;
	/** Milliseconds until the answer or the error; null while it is under way. */
	duration: number | null;
	/** What went wrong on the network, or null. */
	error: string | null;
}

/**
 * Sends events. As with EnableNow, each is sent once: what is refused or does not get through is
 * not sent again. Redirects are not followed.
 */
export class Deliveries {
	private readonly cancellation = new AbortController();
	private log: Delivery[] = [];

	/**
	 * @param backgroundWork - Learns of each delivery that is under way
	 * @param report - Gets each delivery when it is over
	 */
	constructor(
		private readonly backgroundWork: BackgroundWork,
		private readonly report: (delivery: Delivery) => void,
	) {}

	/**
	 * Sends an event, once the present turn of the event loop is over, so that an answer that is
	 * being written goes first.
	 *
	 * @param url - Where to post it
	 * @param body - What to post, as JSON
	 * @returns What became of it; never rejected
	 */
	send(url: string, body: unknown): Promise<Delivery> {
		const delivery: Delivery = {
			at: new Date().toISOString(),
			url,
			body,
			status: null,
			answer: null,
			duration: null,
			error: null,
		};
		this.log.push(delivery);
		if (this.log.length > KEPT_DELIVERIES) this.log.shift();
		return this.backgroundWork.track(this.post(delivery));
	}

	/** All deliveries since the last reset, those under way included, oldest first. */
	all(): Delivery[] {
		return this.log;
	}

	/** Forgets all deliveries; those under way go on, but are not in the log any more. */
	clear(): void {
		this.log = [];
	}

	/** Gives up the deliveries under way. */
	cancel(): void {
		this.cancellation.abort();
	}

	private async post(delivery: Delivery): Promise<Delivery> {
		await new Promise((resolve) => setImmediate(resolve));
		const start = performance.now();
		try {
			const response = await axios.post<string>(delivery.url, JSON.stringify(delivery.body), {
				headers: { 'Content-Type': 'application/json; charset=utf-8' },
				maxRedirects: 0,
				proxy: false,
				responseType: 'text',
				signal: this.cancellation.signal,
				timeout: TIMEOUT,
				transformResponse: (text: string) => text,
				validateStatus: () => true,
			});
			delivery.status = response.status;
			delivery.answer = response.data.slice(0, EXCERPT_LENGTH);
		} catch (error) {
			delivery.error = error instanceof Error ? error.message : String(error);
		}
		delivery.duration = Math.round(performance.now() - start);
		this.report(delivery);
		return delivery;
	}
}
