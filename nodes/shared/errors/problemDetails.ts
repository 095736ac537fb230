import { joinSentences, toSingleLine } from './text';

/**
 * EnableNow's explanation of an error: ASP.NET Core problem details. They are documented for one
 * endpoint only, so every part may be missing or of another type.
 */
export interface ProblemDetails {
	/** Title, field errors and detail in one line; may be empty. */
	text: string;
	/** For EnableNow's support. */
	traceId: string | undefined;
}

/** Limits the work only; {@link redact} shortens the text when no secret is left in it. */
const MAX_TEXT_LENGTH = 100_000;
const MAX_FIELD_ERRORS = 1_000;

/** A W3C trace context ID, or something like it. */
const TRACE_ID = /^[\w:|.-]{1,100}$/;

/** Parses the JSON value of a response body, which may be anything. */
export function parseProblemDetails(body: unknown): ProblemDetails {
	if (typeof body !== 'object' || body === null) return { text: '', traceId: undefined };
	const { title, errors, detail, traceId } = body as Record<string, unknown>;
	const parts = [title, ...parseFieldErrors(errors), detail].map(parseText).filter(Boolean);
	return {
		text: joinSentences(...new Set(parts)),
		traceId: typeof traceId === 'string' && TRACE_ID.test(traceId) ? traceId : undefined,
	};
}

/** `{ Field: ["message", …] }` as "Field: message" sentences. */
function parseFieldErrors(errors: unknown): string[] {
	if (typeof errors !== 'object' || errors === null) return [];
	return Object.entries(errors)
		.flatMap(([field, messages]: [string, unknown]) =>
			(Array.isArray(messages) ? messages : [messages])
				.map(parseText)
				.filter(Boolean)
				.map((message) => (field === '' ? message : `${parseText(field)}: ${message}`)),
		)
		.slice(0, MAX_FIELD_ERRORS);
}

/** Text in one line; empty for anything else. */
function parseText(value: unknown): string {
	return typeof value === 'string' ? toSingleLine(value, MAX_TEXT_LENGTH).trim() : '';
}
