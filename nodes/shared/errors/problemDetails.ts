import { joinSentences, toSingleLine } from './text';

/**
 * What EnableNow says of a refusal: ASP.NET Core problem details, in its own words.
 * EnableNow documents them for one endpoint; that the others answer so too is an assumption, so
 * every part may be missing or of another type.
 */
export interface ProblemDetails {
	/** Title, each of the field errors and the detail, in one line; empty where there are none. */
	words: string;
	/** EnableNow's trace ID, for a question to its support. */
	traceId: string | undefined;
}

/** Only to bound the work: what a person is shown is cut off later, when no secret is left in it. */
const LONGEST_SENTENCE = 100_000;
const MOST_FIELD_ERRORS = 1_000;

/** A W3C trace context ID, or whatever else looks like one. */
const TRACE_ID = /^[\w:|.-]{1,100}$/;

/** Reads the problem details from an answer's body, which may be anything. */
export function parseProblemDetails(body: unknown): ProblemDetails {
	if (typeof body !== 'object' || body === null) return { words: '', traceId: undefined };
	const { title, errors, detail, traceId } = body as Record<string, unknown>;
	const parts = [title, ...fieldErrors(errors), detail].map(sentence).filter(Boolean);
	return {
		words: joinSentences(...new Set(parts)),
		traceId: typeof traceId === 'string' && TRACE_ID.test(traceId) ? traceId : undefined,
	};
}

/** `{ Field: ["message", …] }` as "Field: message" sentences. */
function fieldErrors(errors: unknown): string[] {
	if (typeof errors !== 'object' || errors === null) return [];
	return Object.entries(errors)
		.flatMap(([field, messages]: [string, unknown]) =>
			(Array.isArray(messages) ? messages : [messages])
				.map(sentence)
				.filter(Boolean)
				.map((message) => (field === '' ? message : `${sentence(field)}: ${message}`)),
		)
		.slice(0, MOST_FIELD_ERRORS);
}

/** Text in one line, without control characters; empty for anything else. */
function sentence(value: unknown): string {
	return typeof value === 'string' ? toSingleLine(value, LONGEST_SENTENCE).trim() : '';
}
