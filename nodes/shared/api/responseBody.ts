import { invalidResponseError } from '../errors/requestError';

/** About 40,000 analyses: their list is the largest response, since EnableNow does not page it. */
const MAX_BODY_BYTES = 20 * 1024 * 1024;

/** What n8n's request helper returns as body with `encoding: 'stream'`. */
interface BodyStream extends AsyncIterable<Uint8Array> {
	destroy(): void;
}

/**
 * Reads a response body as UTF-8 text.
 *
 * @param body - the stream from n8n's request helper
 * @param signal - destroys the stream, and with it the connection
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
		// TextDecoder removes a byte order mark, which JSON.parse refuses.
		return new TextDecoder().decode(Buffer.concat(chunks));
	} finally {
		signal.removeEventListener('abort', destroy);
		body.destroy();
	}
}

function isBodyStream(body: unknown): body is BodyStream {
	return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}
