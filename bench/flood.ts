import autocannon from 'autocannon';

/** How many events are under way at once. */
const CONNECTIONS = 10;

/** How long an answer may take, in seconds. */
const TIMEOUT = 30;

/** What came of posting many events to a webhook. */
export interface Flood {
	/** When the first event was posted, in milliseconds since 1970. */
	startedAt: number;
	/** Until the last answer. */
	endedAt: number;
	/** How many were answered with 200. */
	acceptedCount: number;
	/** How many were answered with another status, or not at all. */
	otherCount: number;
	/** Milliseconds until half of the answers had come, and 99 of 100. */
	medianLatency: number;
	highLatency: number;
}

/** Posts events to a webhook, a few at once and as fast as they are answered; each of them once. */
export async function postEvents(url: string, bodies: readonly object[]): Promise<Flood> {
	const texts = bodies.map((body) => JSON.stringify(body)).values();
	const startedAt = Date.now();
	let endedAt = startedAt;
	const options: autocannon.Options = {
		url,
		connections: Math.min(CONNECTIONS, bodies.length),
		amount: bodies.length,
		timeout: TIMEOUT,
		requests: [
			{
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				// Called once for each request.
				setupRequest: (request) => ({ ...request, body: texts.next().value ?? '' }),
			},
		],
	};
	const { statusCodeStats, latency } = await new Promise<autocannon.Result>((resolve, reject) => {
		const load = autocannon(options, (error: Error | null, result) =>
			error ? reject(error) : resolve(result),
		);
		// The load itself ends at a full second.
		load.on('response', () => (endedAt = Date.now()));
	});
	const acceptedCount = statusCodeStats?.['200']?.count ?? 0;
	return {
		startedAt,
		endedAt,
		acceptedCount,
		otherCount: bodies.length - acceptedCount,
		medianLatency: latency.p50,
		highLatency: latency.p99,
	};
}
