import type { ServerResponse } from 'node:http';
import { Problem, writeProblemDetails } from '../problem-details';
import type { CapturedAnswer } from './captured-answer';

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
	 * and the answer would be sent. Kinds that alter the answer strike after in any case.
	 */
	when?: 'before' | 'after';
	/** How many requests are struck. 1 if absent. */
	times?: number;
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
	/** The real answer, cut off in the middle, but complete as HTTP goes. */
	truncatedJson: object;
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

/** How a kind of fault strikes. */
interface FaultKind<Parameters> {
	/** Whether it alters the real answer, and so always has to wait for it. */
	readonly altersAnswer?: true;
	/**
	 * Strikes.
	 *
	 * @param response - Untouched so far
	 * @param parameters - The fault's parameters
	 * @param answer - The real answer; empty for a fault that strikes before there is one
	 */
	strike(response: ServerResponse, parameters: Parameters, answer: CapturedAnswer): void;
}

/** All kinds of fault. To add one: its parameters above, and an entry here. */
export const FAULT_KINDS: { readonly [Kind in FaultKindName]: FaultKind<FaultParameters[Kind]> } = {
	status: {
		strike(response, { status, headers = {}, body }) {
			const content = body ?? writeProblemDetails(new Problem(status));
			const contentType = typeof body === 'string' ? 'text/plain' : 'application/problem+json';
			response
				.writeHead(status, { 'content-type': contentType, ...lowerCaseNames(headers) })
				.end(typeof content === 'string' ? content : JSON.stringify(content));
		},
	},
	notJson: {
		strike(response, { status = 200 }) {
			response
				.writeHead(status, { 'content-type': 'text/html; charset=utf-8' })
				.end('<!DOCTYPE html><html><body><h1>Down for maintenance</h1></body></html>');
		},
	},
	otherShape: {
		strike(response, { body, status = 200 }) {
			response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
		},
	},
	emptyBody: {
		strike(response, { status = 200 }) {
			response.writeHead(status, { 'content-length': 0 }).end();
		},
	},
	redirect: {
		strike(response, { location, status = 302 }) {
			response.writeHead(status, { location }).end();
		},
	},
	connectionReset: {
		strike(response) {
			response.socket?.resetAndDestroy();
		},
	},
	noAnswer: {
		strike() {
			// Doing nothing is the fault.
		},
	},
	truncatedJson: {
		altersAnswer: true,
		strike(response, _parameters, { status, headers, body }) {
			const half = body.subarray(0, Math.floor(body.length / 2));
			response.writeHead(status, { ...headers, 'content-length': half.length }).end(half);
		},
	},
	slowDrip: {
		altersAnswer: true,
		strike(response, { bytes = 1, pause = 50 }, { status, headers, body }) {
			response.writeHead(status, headers).flushHeaders();
			let sent = 0;
			const timer = setInterval(() => {
				response.write(body.subarray(sent, sent + bytes));
				sent += bytes;
				if (sent >= body.length) response.end();
			}, pause);
			response.once('close', () => clearInterval(timer));
			response.once('finish', () => clearInterval(timer));
		},
	},
};

/** Lets a fault strike. */
export function strike<Kind extends FaultKindName>(
	response: ServerResponse,
	fault: FaultOf<Kind>,
	answer: CapturedAnswer,
): void {
	FAULT_KINDS[fault.kind].strike(response, fault, answer);
}

function lowerCaseNames(headers: Record<string, string>): Record<string, string> {
	return Object.fromEntries(
		Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
	);
}
