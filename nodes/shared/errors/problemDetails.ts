import { isObject, joinSentences, toSingleLine } from './text';

/**
 * EnableNow's explanation of an error: ASP.NET Core problem details. They are documented for one
 * endpoint only, so every part may be missing or of another type.
 */
export interface ProblemDetails {
	/** Title, field errors and detail in one line; may be empty. */
	text: string;
	/** The error status that the body itself names. */
	status: number | undefined;
	/** For EnableNow's support. */
	traceId: string | undefined;
}

type Fields = Record<string, unknown>;

/** Limits the work only; {@link redact} shortens the text when no secret is left in it. */
const MAX_TEXT_LENGTH = 100_000;
const MAX_FIELD_ERRORS = 1_000;

/** A W3C trace context ID, or something like it. */
const TRACE_ID = /^[\w:|.-]{1,100}$/;

/** Parses a response body: its JSON value, or its text if it is not JSON. */
export function parseProblemDetails(body: unknown): ProblemDetails {
	const fields = toFields(body);
	const { title, error, message, errors, detail, error_description: description } = fields;
	const parts = [
		typeof body === 'string' ? toPlainText(body) : '',
		...[title, error, message].map(parseMessage),
		...parseFieldErrors(errors).slice(0, MAX_FIELD_ERRORS),
		...[detail, description].map(parseText),
	].filter(Boolean);
	const { status = fields['statusCode'], traceId } = fields;
	return {
		text: joinSentences(...new Set(parts)),
		status: isErrorStatus(status) ? Number(status) : undefined,
		traceId: typeof traceId === 'string' && TRACE_ID.test(traceId) ? traceId : undefined,
	};
}

/**
 * Finds the error in a successful response: some gateways answer 200 whatever happened. A share is
 * none, whatever else it contains.
 *
 * @param value - the JSON value of the response
 * @param isProblem - whether its content type is that of problem details
 * @returns the error object, which may be under `data`
 */
export function findErrorObject(value: unknown, isProblem: boolean): unknown {
	const { data } = toFields(value);
	if (isErrorObject(data, false)) return data;
	return isErrorObject(value, isProblem) ? value : undefined;
}

function isErrorObject(value: unknown, isProblem: boolean): boolean {
	const { id, clientId, data, success, error, errors, status, statusCode } = toFields(value);
	if (typeof id === 'string' && typeof clientId === 'string') return false;
	if (success === false) return true;
	if (hasContent(data)) return false;
	return isProblem || [error, errors].some(hasContent) || [status, statusCode].some(isErrorStatus);
}

/** Whether it is more than a default value. */
function hasContent(value: unknown): boolean {
	return (
		Boolean(value) && (typeof value !== 'object' || Object.keys(Object(value) as object).length > 0)
	);
}

function isErrorStatus(value: unknown): boolean {
	return ['number', 'string'].includes(typeof value) && /^[45]\d\d$/.test(String(value));
}

/** `{ Field: ["message", …] }` as "Field: message" sentences. */
function parseFieldErrors(errors: unknown): string[] {
	if (Array.isArray(errors)) return errors.map(parseMessage);
	return Object.entries(toFields(errors)).flatMap(([field, messages]: [string, unknown]) =>
		(Array.isArray(messages) ? messages : [messages])
			.map(parseText)
			.filter(Boolean)
			.map((message) => (field === '' ? message : `${parseText(field)}: ${message}`)),
	);
}

/** A text, or the text of an error object. */
function parseMessage(value: unknown): string {
	const { message, title, detail } = toFields(value);
	return [value, message, title, detail].map(parseText).find(Boolean) ?? '';
}

/** Text in one line; empty for anything else. */
function parseText(value: unknown): string {
	return typeof value === 'string' ? toSingleLine(value, MAX_TEXT_LENGTH).trim() : '';
}

/**
 * The text of a body that is not JSON: of a web page, the title, or what stands between its tags; of
 * JSON that was cut off, nothing, since it is data.
 */
function toPlainText(body: string): string {
	const text = body.slice(0, MAX_TEXT_LENGTH);
	if (/^\s*[{[]/.test(text)) return '';
	const title = /<title[^<>]*>([^<]*)/i.exec(text)?.[1] ?? '';
	return parseText(title) || parseText(text.replace(/<[^<>]*>/g, ' '));
}

/** The fields of an object; none of anything else. */
function toFields(value: unknown): Fields {
	return isObject(value) ? value : {};
}
