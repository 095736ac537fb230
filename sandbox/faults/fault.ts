/** What holds for a fault of any kind. */
export interface FaultRule {
	/** The requests that are meant; every one if absent. */
	match?: {
		/** In either case. */
		method?: string;
		/** A regular expression that the path, without the query, has to match. */
		path?: string;
		clientId?: string;
	};
	/**
	 * `before`, the default, strikes in place of the processing; `after` strikes when all is done
	 * and the answer would be sent. Kinds that need the processing strike after in any case.
	 */
	when?: 'before' | 'after';
	/** How many of the requests that are meant are struck. 1 if absent; with a rate, any number. */
	times?: number;
	/**
	 * The probability, from 0 to 1, with which each request that is meant is struck. There is one
	 * draw per request for all faults with a rate together, so that each of them has its own share of
	 * the requests; where the rates add up to more than 1, the last ones get what is left. The draws
	 * follow the sandbox's seed, and begin anew when the faults are cleared.
	 */
	rate?: number;
	/**
	 * Which of the requests that are meant are struck, by their number: 1 is the first one after the
	 * fault was added, and those that another fault strikes count too. Not with `rate` or `times`.
	 */
	nth?: readonly number[];
}

/** The parameters of each kind of fault. */
export interface FaultParameters {
	/** Any status; the body is problem details if absent, and a text is sent as it is. */
	status: { status: number; headers?: Record<string, string>; body?: unknown };
	/** A page of HTML, as a proxy in between would send it; 200 if no status is given. */
	notJson: { status?: number };
	/** JSON that nobody expects, as it is given; 200 if no status is given. */
	otherShape: { body: unknown; status?: number };
	/** No body at all; 200 if no status is given. */
	emptyBody: { status?: number };
	/** A redirect; 302 if no status is given. */
	redirect: { location: string; status?: number };
	/** The connection is reset (TCP RST). */
	connectionReset: object;
	/** The request is taken, and nothing ever comes back. */
	noAnswer: object;
	/**
	 * The request is taken, nothing ever comes back, and the processing begins only after a delay in
	 * milliseconds, even if the client has gone by then.
	 */
	lateCommit: { delay: number };
	/** The real answer, cut off in the middle, but complete as HTTP goes. */
	truncatedJson: object;
	/** The first half of the real answer; then either nothing more comes, or the connection ends. */
	partialAnswer: { ending: 'nothing' | 'disconnection' };
	/**
	 * The real answer, with properties of its `data` replaced: another `id`, another end. An answer
	 * whose `data` is not an object stays as it is.
	 */
	alteredAnswer: { data: Record<string, unknown> };
	/**
	 * A list without an end: every page is full, and says that there is another one. Each item has an
	 * `id` of its own and the properties given, those of a share if absent.
	 */
	endlessPages: { item?: Record<string, unknown> };
	/** JSON of so many bytes (50 MiB). */
	hugeAnswer: { bytes?: number };
	/** The real answer, a few bytes (1) at a time, with a pause of some milliseconds (50) before. */
	slowDrip: { bytes?: number; pause?: number };
}

/** The name of a kind of fault. */
export type FaultKindName = keyof FaultParameters;

/** A fault of a certain kind. */
export type FaultOf<Kind extends FaultKindName> = FaultRule & {
	kind: Kind;
} & FaultParameters[Kind];

/** A fault of any kind. */
export type Fault = { [Kind in FaultKindName]: FaultOf<Kind> }[FaultKindName];
