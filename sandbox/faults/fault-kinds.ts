import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline, Readable } from 'node:stream';
import { SANDBOX_CUSTOMERS, SANDBOX_EXAMPLES } from '../customers';
import { Problem, writeProblemDetails } from '../problem-details';
import {
	ANYTHING,
	COUNT,
	isObject,
	MILLISECONDS,
	OBJECT,
	oneOf,
	required,
	TEXT,
	TEXTS,
	wholeNumber,
	type ValueCheck,
} from '../value-check';
import type { CapturedAnswer } from './captured-answer';
import type { Fault, FaultKindName, FaultOf, FaultParameters } from './fault';

const STATUS = wholeNumber(200, 599);

/** What the items of an endless list are where nothing else is asked for. */
const ENDLESS_SHARE = {
	clientId: SANDBOX_CUSTOMERS.receiver.clientId,
	reference: null,
	expirationDateUtc: '2099-04-30T12:00:00Z',
	consentIds: [SANDBOX_EXAMPLES.consentIds[0]],
	accountIds: [],
	analysisIds: [],
};

const MEBIBYTE = 1024 * 1024;

/** What a kind of fault takes, and how it strikes. */
interface FaultKind<Parameters> {
	/** Which values its parameters can have. */
	readonly parameters: { readonly [Name in keyof Required<Parameters>]: ValueCheck };
	/** Whether it needs the request to be processed, and so strikes after that in any case. */
	readonly needsProcessing?: true;
	/** For how long the processing is put off, milliseconds; not at all if absent. */
	processingDelay?(parameters: Parameters): number;
	/**
	 * Strikes.
	 *
	 * @param response - Untouched so far
	 * @param parameters - The fault's parameters
	 * @param answer - The real answer; empty for a fault that strikes before there is one
	 */
	strike(response: ServerResponse, parameters: Parameters, answer: CapturedAnswer): void;
}

/** All kinds of fault. To add one: its parameters in `FaultParameters`, and an entry here. */
export const FAULT_KINDS: { readonly [Kind in FaultKindName]: FaultKind<FaultParameters[Kind]> } = {
	status: {
		parameters: { status: required(STATUS), headers: TEXTS, body: ANYTHING },
		strike(response, { status, headers = {}, body }) {
			const content = body ?? writeProblemDetails(new Problem(status));
			const contentType = typeof body === 'string' ? 'text/plain' : 'application/problem+json';
			response
				.writeHead(status, { 'content-type': contentType, ...lowerCaseNames(headers) })
				.end(typeof content === 'string' ? content : JSON.stringify(content));
		},
	},
	notJson: {
		parameters: { status: STATUS },
		strike(response, { status = 200 }) {
			response
				.writeHead(status, { 'content-type': 'text/html; charset=utf-8' })
				.end('<!DOCTYPE html><html><body><h1>Down for maintenance</h1></body></html>');
		},
	},
	otherShape: {
		parameters: { body: required(ANYTHING), status: STATUS },
		strike(response, { body, status = 200 }) {
			response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
		},
	},
	emptyBody: {
		parameters: { status: STATUS },
		strike(response, { status = 200 }) {
			response.writeHead(status, { 'content-length': 0 }).end();
		},
	},
	redirect: {
		parameters: { location: required(TEXT), status: STATUS },
		strike(response, { location, status = 302 }) {
			response.writeHead(status, { location }).end();
		},
	},
	connectionReset: {
		parameters: {},
		strike(response) {
			response.socket?.resetAndDestroy();
		},
	},
	noAnswer: {
		parameters: {},
		strike() {
			// Doing nothing is the fault.
		},
	},
	lateCommit: {
		parameters: { delay: required(MILLISECONDS) },
		needsProcessing: true,
		processingDelay: ({ delay }) => delay,
		strike() {
			// The work is done; the answer is kept back.
		},
	},
	truncatedJson: {
		parameters: {},
		needsProcessing: true,
		strike(response, _parameters, { status, headers, body }) {
			const half = body.subarray(0, Math.floor(body.length / 2));
			response.writeHead(status, { ...headers, 'content-length': half.length }).end(half);
		},
	},
	partialAnswer: {
		parameters: { ending: required(oneOf(['nothing', 'disconnection'])) },
		needsProcessing: true,
		strike(response, { ending }, { status, headers, body }) {
			response.writeHead(status, { ...headers, 'content-length': body.length });
			response.write(body.subarray(0, Math.ceil(body.length / 2)), () => {
				if (ending === 'disconnection') response.destroy();
			});
		},
	},
	alteredAnswer: {
		parameters: { data: required(OBJECT) },
		needsProcessing: true,
		strike(response, { data }, { status, headers, body }) {
			const altered = Buffer.from(alterData(body, data));
			response.writeHead(status, { ...headers, 'content-length': altered.length }).end(altered);
		},
	},
	endlessPages: {
		parameters: { item: OBJECT },
		strike(response, { item = ENDLESS_SHARE }) {
			response
				.writeHead(200, { 'content-type': 'application/json' })
				.end(JSON.stringify(fullPage(response.req, item)));
		},
	},
	hugeAnswer: {
		parameters: { bytes: COUNT },
		strike(response, { bytes = 50 * MEBIBYTE }) {
			response.writeHead(200, { 'content-type': 'application/json' });
			// Dropped unread by a client that gives up, so what it did not read is not held in memory.
			pipeline(Readable.from(jsonOfSize(bytes)), response, () => {});
		},
	},
	slowDrip: {
		parameters: { bytes: COUNT, pause: MILLISECONDS },
		needsProcessing: true,
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

/** The real answer's JSON with properties of its `data` replaced. */
function alterData(body: Buffer, changes: Record<string, unknown>): string {
	const text = body.toString();
	const answer: unknown = text === '' ? undefined : JSON.parse(text);
	if (!isObject(answer) || !isObject(answer['data'])) return text;
	return JSON.stringify({ ...answer, data: { ...answer['data'], ...changes } });
}

/** The page that a request asks for, in the form of its list; the accounts' is bare. */
function fullPage({ url = '' }: IncomingMessage, item: Record<string, unknown>): unknown {
	const { pathname, searchParams } = new URL(url, 'http://sandbox');
	const query = new Map([...searchParams].map(([name, value]) => [name.toLowerCase(), value]));
	const page = Number(query.get('page') ?? 1);
	const size = Number(query.get('pagesize') ?? query.get('size') ?? 50);
	const data = Array.from({ length: size }, (_, position) => ({
		id: `${hexadecimal(page, 8)}-0000-4000-8000-${hexadecimal(position, 12)}`,
		...item,
	}));
	if (pathname === '/cfa/accounts') return data;
	return {
		_pagination: { page, size, totalCount: (page + 1) * size, totalPages: page + 1 },
		data,
	};
}

function hexadecimal(number: number, digits: number): string {
	return number.toString(16).padStart(digits, '0');
}

/** Whether a fault strikes when the request has been processed, not in place of that. */
export function strikesAfterProcessing({ kind, when }: Fault): boolean {
	return when === 'after' || FAULT_KINDS[kind].needsProcessing === true;
}

/** For how long a fault puts the processing of the request off, milliseconds. */
export function processingDelayOf<Kind extends FaultKindName>(fault: FaultOf<Kind>): number {
	return FAULT_KINDS[fault.kind].processingDelay?.(fault) ?? 0;
}

/** Lets a fault strike. */
export function strike<Kind extends FaultKindName>(
	response: ServerResponse,
	fault: FaultOf<Kind>,
	answer: CapturedAnswer,
): void {
	FAULT_KINDS[fault.kind].strike(response, fault, answer);
}

/** An object with a long text, in JSON, piece by piece. */
function* jsonOfSize(bytes: number): Generator<Buffer> {
	const [start, end] = [Buffer.from('{"data":"'), Buffer.from('"}')];
	yield start;
	for (let left = bytes - start.length - end.length; left > 0; left -= MEBIBYTE) {
		yield Buffer.alloc(Math.min(left, MEBIBYTE), 'x');
	}
	yield end;
}

function lowerCaseNames(headers: Record<string, string>): Record<string, string> {
	return Object.fromEntries(
		Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
	);
}
