import { isObject } from '../../shared/errors/text';
import { isIdentifier } from '../../shared/input/identifiers';
import { tryParseJson } from '../../shared/input/text';
import { isShareEvent } from '../events';

/** An event as EnableNow posts it: `{ "event": name, "data": … }`. */
export interface ReceivedEvent {
	name: string;
	/** Untouched. */
	data: unknown;
	/** The share that it is about, in the case given; null without a usable identifier. */
	shareId: string | null;
}

/** A body, or an entry of one, that is not an event. */
export interface InvalidEvent {
	problem: string;
}

/** EnableNow documents one event a request, and each costs a look-up. */
const MAX_EVENTS = 100;

/**
 * Deeper data is refused: nodes that copy or serialize their items would fail. EnableNow (an ASP.NET
 * service, to judge by its errors) writes no deeper JSON by default.
 */
const MAX_DEPTH = 64;

const JSON_TYPE = /^\s*application\/([\w.+-]+\+)?json\s*(?:;|$)/i;
const CHARSET = /;\s*charset\s*=\s*"?([\w.:-]+)/i;

/**
 * Parses the events of a webhook request.
 *
 * @param contentType - the Content-Type header
 * @param parsedBody - one event or an array of events, as n8n parsed it; hostile input
 * @param rawBody - the body as it was sent: n8n parses `application/json`, but not
 *   `application/…+json`
 * @returns one entry per event, in their order; never an empty array
 */
export function parseEvents(
	contentType: unknown,
	parsedBody: unknown,
	rawBody?: unknown,
): Array<InvalidEvent | ReceivedEvent> {
	const type = typeof contentType === 'string' ? JSON_TYPE.exec(contentType) : null;
	if (type === null) return [{ problem: 'The Content-Type of the request is not JSON.' }];
	const isUnparsed = type[1] !== undefined && Buffer.isBuffer(rawBody);
	const body = isUnparsed ? tryParseJson(decode(rawBody, contentType)) : parsedBody;
	if (!Array.isArray(body)) return [parseEvent(body)];
	if (body.length === 0) return [{ problem: 'The request contains an empty list of events.' }];
	if (body.length > MAX_EVENTS) {
		return [{ problem: `The request contains more than ${MAX_EVENTS} events.` }];
	}
	return body.map(parseEvent);
}

/** Decodes as n8n does; text in an unknown character set is not JSON. */
function decode(body: Buffer, contentType: unknown): string {
	const [, charset = 'utf-8'] = CHARSET.exec(String(contentType)) ?? [];
	try {
		return new TextDecoder(charset).decode(body);
	} catch {
		return '';
	}
}

function parseEvent(value: unknown): InvalidEvent | ReceivedEvent {
	if (!isObject(value)) {
		return { problem: 'The request contains something that is not an event.' };
	}
	const { event: name, data } = value;
	if (typeof name !== 'string' || name === '') return { problem: 'The event has no name.' };
	if (data === undefined || data === null) return { problem: 'The event has no data.' };
	if (isDeeper(data, MAX_DEPTH)) {
		return { problem: `The event's data is nested more than ${MAX_DEPTH} levels deep.` };
	}
	return { name, data, shareId: isShareEvent(name) ? findShareId(data) : null };
}

function isDeeper(value: unknown, levels: number): boolean {
	if (typeof value !== 'object' || value === null) return false;
	return levels === 0 || Object.values(value).some((entry) => isDeeper(entry, levels - 1));
}

/**
 * EnableNow does not document the data of share events: by the pattern of its other events it is an
 * object with the identifier, or the bare identifier as `POST /shares` answers.
 */
function findShareId(data: unknown): string | null {
	const { shareId, id, share } = Object(data) as Record<string, unknown>;
	const nestedId = typeof share === 'string' ? share : (Object(share) as { id?: unknown }).id;
	const candidates = [data, shareId, id, nestedId].map((candidate) =>
		typeof candidate === 'string' ? candidate.trim() : candidate,
	);
	return candidates.find(isIdentifier) ?? null;
}
