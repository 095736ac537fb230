import { tryParseJson } from '../../shared/api/responseBody';
import { isIdentifier } from '../../shared/input/identifiers';

/** The events that EnableNow sends about shares (EnableNow docs: "Events"). */
export const SHARE_CREATED = 'databridge.share.created';
export const SHARE_UPDATED = 'databridge.share.updated';

/** The choice that stands for every event, also those that this version does not know. */
export const ANY_EVENT = '*';

/** An event as EnableNow posts it: `{ "event": name, "data": … }`. */
export interface ReceivedEvent {
	name: string;
	/** Untouched. */
	data: unknown;
	/** The share that it is about, in the case given; null where there is no usable identifier. */
	shareId: string | null;
}

/** Why a body, or an entry of one, is no event. */
export interface NotAnEvent {
	problem: string;
}

/** More events in one request are refused: EnableNow documents one, and each costs a look-up. */
const MOST_EVENTS = 100;

/** What JSON is by its content type. */
const JSON_TYPE = /^\s*application\/([\w.+-]+\+)?json\s*(?:;|$)/i;

/**
 * Deeper data is refused: nodes that copy or write the items that they are given would fail. EnableNow,
 * by the form of its errors an ASP.NET service, writes no deeper JSON unless told to.
 */
const MOST_LEVELS = 64;

/**
 * Reads the events of a webhook request.
 *
 * @param contentType - the Content-Type header
 * @param parsedBody - one event or an array of events, as n8n parsed it; hostile input
 * @param rawBody - the same as it was sent: n8n parses `application/json` only, and not such as
 *   `application/…+json`
 * @returns one entry for each event, in their order; never an empty list
 */
export function parseEvents(
	contentType: unknown,
	parsedBody: unknown,
	rawBody?: unknown,
): Array<NotAnEvent | ReceivedEvent> {
	const type = typeof contentType === 'string' ? JSON_TYPE.exec(contentType) : null;
	if (type === null) return [{ problem: 'The request is not JSON by its Content-Type.' }];
	const isUnparsed = type[1] !== undefined && Buffer.isBuffer(rawBody);
	const body = isUnparsed ? tryParseJson(new TextDecoder().decode(rawBody)) : parsedBody;
	if (!Array.isArray(body)) return [parseEvent(body)];
	if (body.length === 0) return [{ problem: 'The request holds an empty list of events.' }];
	if (body.length > MOST_EVENTS) {
		return [{ problem: `The request holds more than ${MOST_EVENTS} events.` }];
	}
	return body.map(parseEvent);
}

/** Whether an event is about a share, by its name. */
export function isAboutShare({ name }: ReceivedEvent): boolean {
	return isShareName(name);
}

/** Whether an event is among those that were chosen; names are case-sensitive. */
export function isSelected({ name }: Pick<ReceivedEvent, 'name'>, selection: string[]): boolean {
	return selection.includes(name) || selection.includes(ANY_EVENT);
}

function parseEvent(value: unknown): NotAnEvent | ReceivedEvent {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) {
		return { problem: 'The request holds something that is not an event.' };
	}
	const { event: name, data } = value as { event?: unknown; data?: unknown };
	if (typeof name !== 'string' || name === '') return { problem: 'The event has no name.' };
	if (data === undefined || data === null) return { problem: 'The event has no data.' };
	if (isDeeper(data, MOST_LEVELS)) {
		return { problem: `The event's data is nested more than ${MOST_LEVELS} levels deep.` };
	}
	return { name, data, shareId: isShareName(name) ? shareIdOf(data) : null };
}

function isDeeper(value: unknown, levels: number): boolean {
	if (typeof value !== 'object' || value === null) return false;
	return levels === 0 || Object.values(value).some((entry) => isDeeper(entry, levels - 1));
}

function isShareName(name: string): boolean {
	return name.startsWith('databridge.share.');
}

/**
 * The identifier of the share that an event's data is about. What the data of the share events
 * holds is not documented: by the pattern of the other events an object with the identifier, or the
 * bare identifier as `POST /shares` answers.
 */
function shareIdOf(data: unknown): string | null {
	const { shareId, id, share } = Object(data) as Record<string, unknown>;
	const nestedId = typeof share === 'string' ? share : (Object(share) as { id?: unknown }).id;
	const candidates = [data, shareId, id, nestedId].map((candidate) =>
		typeof candidate === 'string' ? candidate.trim() : candidate,
	);
	return candidates.find(isIdentifier) ?? null;
}
