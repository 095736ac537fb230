/** Something that is done on a connection, in its turn. */
export type Step =
	| { send: Buffer }
	/** Milliseconds in which nothing is done. */
	| { pause: number }
	/** `halfClose` says that nothing more comes; `reset` ends both directions at once (TCP RST). */
	| { then: 'halfClose' | 'reset' };

/** Where a request goes, and what it takes to be let in. */
export interface Target {
	/** The port of n8n on 127.0.0.1. */
	port: number;
	/** The path of the webhook. */
	path: string;
	/** A webhook secret that is valid there. */
	secret: string;
}

/** A request that HTTP knows, in the parts that it is written of. */
export interface RequestParts {
	method: string;
	/** With its question mark; or empty. */
	query: string;
	/** Names may be given twice. */
	headers: ReadonlyArray<readonly [string, string]>;
	body: Buffer;
	/** The connection is kept for further requests. */
	isKept?: boolean;
	/** Leaves the header Content-Length to `headers`. */
	hasOwnLength?: boolean;
}

const LINE_END = '\r\n';

/** The head of a request, with the empty line after it; texts are written as Latin-1. */
export function headOf(target: Target, parts: RequestParts): Buffer {
	const { method, query, headers, body, isKept = false, hasOwnLength = false } = parts;
	const lines = [
		`${method} ${target.path}${query} HTTP/1.1`,
		`Host: 127.0.0.1:${target.port}`,
		...headers.map(([name, value]) => `${name}: ${value}`),
		...(hasOwnLength ? [] : [`Content-Length: ${body.length}`]),
		...(isKept ? [] : ['Connection: close']),
	];
	return Buffer.from(lines.join(LINE_END) + LINE_END + LINE_END, 'latin1');
}

/** The bytes of a whole request. */
export function bytesOf(target: Target, parts: RequestParts): Buffer {
	return Buffer.concat([headOf(target, parts), parts.body]);
}

/** Sends bytes in so many pieces, with a pause before each but the first. */
export function inPieces(bytes: Buffer, count: number, pause: number): Step[] {
	const size = Math.max(1, Math.ceil(bytes.length / count));
	const steps: Step[] = [];
	for (let start = 0; start < bytes.length; start += size) {
		if (start > 0) steps.push({ pause });
		steps.push({ send: bytes.subarray(start, start + size) });
	}
	return steps;
}
