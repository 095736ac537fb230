import { invalidResponseError } from '../errors/requestError';

/**
 * The largest answer that is read, in bytes. The largest legitimate one is the list of analyses,
 * which EnableNow does not page: some 40,000 analyses fit.
 */
const MAX_BODY_BYTES = 20 * 1024 * 1024;

/** An answer's body as n8n's request helper gives it with `encoding: 'stream'`. */
interface BodyStream extends AsyncIterable<Uint8Array> {
	destroy(): void;
}

/**
 * Reads an answer's body to its end.
 *
 * @param body - the stream that n8n's request helper gave
 * @param signal - when it fires, the stream is destroyed and with it the connection
 * @throws RequestError when the body is larger than 20 MiB
 */
export async function readBody(body: unknown, signal: AbortSignal): Promise<string> {
	if (!isBodyStream(body)) return typeof body === 'string' ? body : '';
	const destroy = () => body.destroy();
	signal.addEventListener('abort', destroy);
	try {
		signal.throwIfAborted();
		const chunks: Uint8Array[] = [];
		let size = 0;
		for await (const chunk of body) {
			size += chunk.length;
			if (size > MAX_BODY_BYTES) throw invalidResponseError('it is larger than 20 MiB');
			chunks.push(chunk);
		}
		// It drops a byte order mark, which JSON.parse would not take.
		return new TextDecoder().decode(Buffer.concat(chunks));
	} finally {
		signal.removeEventListener('abort', destroy);
		body.destroy();
	}
}

/**
 * Parses an answer's body.
 *
 * @returns the JSON value, or `undefined` for an empty body
 * @throws RequestError when it is not JSON
 */
export function parseBody(text: string): unknown {
	if (text.trim() === '') return undefined;
	const value = tryParseJson(text);
	if (value === undefined) throw invalidResponseError('its body is not JSON');
	return value;
}

/** Parses JSON, or gives `undefined` where the text is none. */
export function tryParseJson(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return undefined;
	}
}

function isBodyStream(body: unknown): body is BodyStream {
	return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}
