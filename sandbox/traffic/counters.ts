/** How often things happened since the last reset. */
export interface Counters {
	tokensIssued: number;
	sharesCreated: number;
	sharesUpdated: number;
	/** Share events that were sent, whatever became of them. */
	deliveries: number;
	/** Requests by method and path of the contract, such as `PUT /shares/{shareId}`. */
	requests: Record<string, number>;
}

/** Counters that stand at nought. */
export function createCounters(): Counters {
	return { tokensIssued: 0, sharesCreated: 0, sharesUpdated: 0, deliveries: 0, requests: {} };
}

/** The paths of the contract that have a parameter. */
const TEMPLATES = [
	{ pattern: /^\/shares\/[^/]+$/, path: '/shares/{shareId}' },
	{ pattern: /^\/cfa\/analysis-jobs\/[^/]+$/, path: '/cfa/analysis-jobs/{id}' },
];

/** Counts a request under the path of the contract that it is for. */
export function countRequest(counters: Counters, method: string, path: string): void {
	const template = TEMPLATES.find(({ pattern }) => pattern.test(path));
	const route = `${method} ${template?.path ?? path}`;
	counters.requests[route] = (counters.requests[route] ?? 0) + 1;
}
