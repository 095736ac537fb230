import type { Fault } from '../../../../sandbox';
import { SECRET_WRITERS } from '../../../secret-writers';
import type { ArrivedRequest, GatewayAnswer } from './gateway';

/** Answers to a request for the API, or for a token, that repeat what was sent in some form. */
export interface Echo {
	name: string;
	answer: (request: ArrivedRequest) => GatewayAnswer;
}

/** All that a request holds, as its receiver could write it into an answer. */
function repeated({ method, url, rawHeaders, body }: ArrivedRequest): string {
	return [`${method} ${url}`, ...rawHeaders, body.toString()].join(' ');
}

/** The secrets of a request by themselves: its token, or its client secret. */
function secretOf({ authorization, body }: ArrivedRequest): string {
	const secret = new URLSearchParams(body.toString()).get('client_secret');
	return authorization?.replace(/^Bearer /, '') ?? secret ?? '';
}

const json = (status: number, body: unknown): GatewayAnswer => ({
	status,
	headers: { 'content-type': 'application/json' },
	body: JSON.stringify(body),
});

const problem = (status: number, details: object): GatewayAnswer => ({
	status,
	headers: { 'content-type': 'application/problem+json' },
	body: JSON.stringify({ status, ...details }),
});

const page = (status: number, text: string): GatewayAnswer => ({
	status,
	headers: { 'content-type': 'text/html' },
	body: `<html><body><h1>Error</h1><pre>${text}</pre></body></html>`,
});

/** The forms in which an answer may hold a secret. */
const WRITTEN: typeof SECRET_WRITERS = [
	...SECRET_WRITERS,
	['with a line break', (text) => `\n${text}\r\n`],
];

/** Answers of the API. */
export const API_ECHOES: Echo[] = [
	...WRITTEN.map(([name, write]): Echo => ({
		name: `400 that repeats the token ${name}`,
		answer: (request) =>
			problem(400, {
				title: `Token ${write(secretOf(request))} is strange.`,
				errors: { Authorization: [write(request.authorization ?? '')] },
				detail: write(repeated(request)),
				traceId: secretOf(request).slice(0, 100),
			}),
	})),
	{
		name: '401 for ever that repeats the token',
		answer: (request) => problem(401, { title: repeated(request) }),
	},
	{
		name: '403 that repeats the token',
		answer: (request) => problem(403, { detail: secretOf(request) }),
	},
	{ name: 'a page with the request in it', answer: (request) => page(502, repeated(request)) },
	{ name: 'a page with status 200', answer: (request) => page(200, repeated(request)) },
	{
		name: 'JSON of another shape with the token',
		answer: (request) => json(200, { message: repeated(request), token: secretOf(request) }),
	},
	{
		name: 'JSON that is cut off after the token',
		answer: (request) => ({
			status: 200,
			headers: { 'content-type': 'application/json' },
			body: `{"data":"${secretOf(request)}`,
		}),
	},
	{
		name: 'the token in headers and reason',
		answer: (request) => ({
			...problem(429, {}),
			statusText: `No ${secretOf(request)}`,
			headers: { 'retry-after': secretOf(request), 'set-cookie': secretOf(request) },
		}),
	},
];

/** Refuses a token, and repeats it when the same request comes again with a fresh one. */
export function echoOfFormerToken(): Echo {
	let refused: ArrivedRequest | undefined;
	return {
		name: '403 that repeats the token before',
		answer: (request) => {
			const former = refused;
			refused = former === undefined ? request : undefined;
			if (former === undefined) return problem(401, {});
			return problem(403, { title: secretOf(former), detail: repeated(former) });
		},
	};
}

/** Answers of the token endpoint. */
export const TOKEN_ECHOES: Echo[] = [
	...WRITTEN.map(([name, write]): Echo => ({
		name: `400 that repeats the client secret ${name}`,
		answer: (request) =>
			json(400, {
				error: 'invalid_client',
				error_description: `Not ${write(secretOf(request))}, ${write(request.body.toString())}`,
			}),
	})),
	{
		name: 'a page with the token request in it',
		answer: (request) => page(500, repeated(request)),
	},
	{ name: 'a page with status 200', answer: (request) => page(200, secretOf(request)) },
	{
		name: 'JSON without a token, but with the client secret',
		answer: (request) => json(200, { message: repeated(request), secret: secretOf(request) }),
	},
	{
		name: 'the client secret as the name of the error',
		answer: (request) => json(401, { error: secretOf(request), error_uri: repeated(request) }),
	},
];

/** Faults of the sandbox, at whatever is asked. */
export const FAULTS: Fault[] = [
	{ kind: 'status', status: 401 },
	{ kind: 'status', status: 403 },
	{ kind: 'status', status: 404 },
	{ kind: 'status', status: 429, headers: { 'Retry-After': '700' } },
	{ kind: 'status', status: 503 },
	{ kind: 'notJson' },
	{ kind: 'notJson', status: 502 },
	{ kind: 'otherShape', body: { unexpected: true } },
	{ kind: 'emptyBody' },
	{ kind: 'truncatedJson' },
	{ kind: 'partialAnswer', ending: 'disconnection' },
	{ kind: 'connectionReset' },
	{ kind: 'noAnswer' },
];
