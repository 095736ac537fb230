import type { EventRequest } from './answer-table';
import { postEvent } from './post-event';

/**
 * Posts many events, as many at a time as there are connections.
 *
 * @returns the statuses of the answers, in the order of the events
 */
export async function flood(
	url: string,
	events: EventRequest[],
	connections: number,
): Promise<number[]> {
	const statuses: number[] = [];
	const queue = events.entries();
	const post = async () => {
		for (const [index, event] of queue) statuses[index] = (await postEvent(url, event)).status;
	};
	await Promise.all(Array.from({ length: connections }, post));
	return statuses;
}
