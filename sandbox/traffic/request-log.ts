/** How many requests are kept. */
const KEPT_REQUESTS = 20_000;

/** A request as it arrived, and how it was answered. */
export interface RequestEntry {
	/** When it arrived, ISO 8601 in UTC. */
	at: string;
	method: string;
	/** Without the query. */
	path: string;
	/** The query as it was sent, without the question mark. */
	query: string;
	/** With names in lower case, `authorization` included. */
	headers: Record<string, string | string[] | undefined>;
	/** The body; parsed where it is JSON or a form, else as text, and null where there is none. */
	body: unknown;
	/** The app whose token or client ID the request has, or null. */
	clientId: string | null;
	/** The status that was answered; null while, or if, there is no complete answer. */
	status: number | null;
	/** Milliseconds until the answer was complete or the connection ended; null while neither is. */
	duration: number | null;
	/** The kind of the fault that struck, or null. */
	fault: string | null;
}

/** Which requests to look at; what is absent does not matter. */
export interface RequestFilter {
	method?: string;
	/** The path without the query, as a whole. */
	path?: string;
	clientId?: string;
}

/** The latest requests. */
export class RequestLog {
	private entries: RequestEntry[] = [];

	/** Keeps a request. */
	add(entry: RequestEntry): void {
		this.entries.push(entry);
		if (this.entries.length > KEPT_REQUESTS) this.entries.shift();
	}

	/** The requests that fit, oldest first. */
	find(filter: RequestFilter): RequestEntry[] {
		return this.entries.filter(
			(entry) =>
				(filter.method === undefined || entry.method === filter.method.toUpperCase()) &&
				(filter.path === undefined || entry.path === filter.path) &&
				(filter.clientId === undefined || entry.clientId === filter.clientId),
		);
	}

	/** Forgets all requests. */
	clear(): void {
		this.entries = [];
	}
}
