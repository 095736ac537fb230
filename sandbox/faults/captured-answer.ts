import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** An answer that was held back. */
export interface CapturedAnswer {
	status: number;
	headers: OutgoingHttpHeaders;
	body: Buffer;
}

/** The answer of a request that has not been processed. */
export const NO_ANSWER: CapturedAnswer = { status: 200, headers: {}, body: Buffer.alloc(0) };

/**
 * Holds an answer back when it is about to be sent.
 *
 * @param response - A response that nothing has been written to
 * @param onAnswer - Gets the answer, and the response back without headers
 */
export function captureAnswer(
	response: ServerResponse,
	onAnswer: (answer: CapturedAnswer) => void,
): void {
	const end = response.end.bind(response);
	// The framework sends each answer whole, with one call of end().
	response.end = ((content?: string | Buffer, encoding?: BufferEncoding) => {
		response.end = end;
		const body =
			typeof content === 'string' ? Buffer.from(content, encoding) : (content ?? Buffer.alloc(0));
		const answer = { status: response.statusCode, headers: response.getHeaders(), body };
		for (const name of response.getHeaderNames()) response.removeHeader(name);
		onAnswer(answer);
		return response;
	}) as ServerResponse['end'];
}
