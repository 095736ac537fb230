import { deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { texts } from '../../../fuzz/support/arbitraries';
import { bigBodies, eventBodies, JSON_BODIES } from './bodies';
import {
	bytesOf,
	headOf,
	inPieces,
	type RequestParts,
	type Step,
	type Target,
} from './raw-request';

/** A request that somebody hostile, or something broken, could send. */
export interface HostileRequest {
	/** What kind of request it is, for the table. */
	kind: string;
	steps: (target: Target) => Step[];
}

type Header = readonly [string, string];
type Kind = fc.Arbitrary<(target: Target) => Step[]>;

const JSON_TYPE: Header = ['Content-Type', 'application/json'];
const POST: RequestParts = {
	method: 'POST',
	query: '',
	headers: [JSON_TYPE],
	body: Buffer.alloc(0),
};

const whole = (target: Target, parts: Partial<RequestParts>): Step[] => [
	{ send: bytesOf(target, { ...POST, ...parts }) },
];

/** A request that is sent at once, and is as HTTP wants it. */
const wholeKind = (parts: fc.Arbitrary<Partial<RequestParts>>): Kind =>
	parts.map((given) => (target: Target) => whole(target, given));

/** What may be written in a header or a request line, and is not ours to encode. */
const headerTexts = texts.map((text) => text.replace(/[\0\r\n]/g, '').slice(0, 40));

const TYPES = [
	'application/json; charset=utf-16',
	'application/json; charset=utf-7',
	'application/json; charset=klingon',
	'application/json; charset="',
	'application/json;;;',
	'application/json, text/html',
	'application/jsonp',
	'APPLICATION/JSON',
	'application/vnd.enablenow+json',
	'application/',
	'/',
	'json',
	'*/*',
	'text/plain',
	'text/plain; charset=ucs2',
	'text/html',
	'text/xml',
	'application/xml',
	'image/svg+xml',
	'application/octet-stream',
	'application/x-www-form-urlencoded; charset=utf-32',
	'multipart/mixed; boundary=x',
	'',
];

const typed: Kind = wholeKind(
	fc
		.tuple(fc.oneof(fc.constantFrom(...TYPES), headerTexts), eventBodies, fc.boolean())
		.map(([type, body, isTwice]) => ({
			body,
			headers: [['Content-Type', type] as const, ...(isTwice ? [JSON_TYPE] : [])],
		})),
);

/** As JSON, as JSON that n8n does not parse, and as text. */
const big: Kind = wholeKind(
	fc
		.tuple(fc.constantFrom('application/json', 'application/x+json', 'text/plain'), bigBodies)
		.map(([type, body]) => ({ body, headers: [['Content-Type', type] as const] })),
);

const untyped: Kind = wholeKind(eventBodies.map((body) => ({ body, headers: [] })));

const xml: Kind = wholeKind(
	fc
		.constantFrom(
			'<event><name>databridge.share.created</name></event>',
			'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
			`<!DOCTYPE a [<!ENTITY b "${'x'.repeat(100)}">]><a>${'&b;'.repeat(1000)}</a>`,
			'<a __proto__="1"><__proto__>x</__proto__><constructor>y</constructor></a>',
			'<a><b></a>',
		)
		.map((text) => ({
			body: Buffer.from(text),
			headers: [['Content-Type', 'application/xml'] as const],
		})),
);

const form: Kind = wholeKind(
	fc
		.oneof(
			fc.constantFrom(
				'event=databridge.share.created&data=x',
				'__proto__[event]=x&constructor[prototype][data]=y',
				'event[]=a&event[]=b&data[shareId]=c',
				'%',
				'%E0%A4%A&a=%ff%fe',
				Array.from({ length: 5000 }, (_, index) => `k${index}=${index}`).join('&'),
			),
			texts,
		)
		.map((text) => ({
			body: Buffer.from(text),
			headers: [['Content-Type', 'application/x-www-form-urlencoded'] as const],
		})),
);

const PART = 'Content-Disposition: form-data; name=';
const MULTIPARTS = [
	`--x\r\n${PART}"event"\r\n\r\ndatabridge.share.created\r\n--x--\r\n`,
	`--x\r\n${PART}"__proto__"\r\n\r\ny\r\n--x--\r\n`,
	`--x\r\n${PART}"f"; filename="../../x"\r\nContent-Type: text/plain\r\n\r\nfile\r\n--x--\r\n`,
	`--x\r\n${PART}"f"; filename=""\r\n\r\n\r\n--x--\r\n`,
	'--x\r\n\r\n--x--',
	`--x\r\n${PART}"never ends"\r\n\r\ny`,
	'--y\r\n',
	'',
];

const multipart: Kind = wholeKind(
	fc
		.tuple(
			fc.constantFrom(...MULTIPARTS),
			fc.constantFrom(
				'; boundary=x',
				'; boundary="x"',
				'; boundary=',
				'',
				`; boundary=${'x'.repeat(500)}`,
			),
		)
		.map(([text, boundary]) => ({
			body: Buffer.from(text),
			headers: [['Content-Type', `multipart/form-data${boundary}`] as const],
		})),
);

const compressed: Kind = wholeKind(
	fc
		.tuple(
			fc.oneof(
				eventBodies.map((body) => gzipSync(body)),
				eventBodies.map((body) => deflateSync(body)),
				eventBodies.map((body) => gzipSync(body).subarray(0, -9)),
				eventBodies,
				// 30 MiB when it is decompressed.
				fc.constant(gzipSync(Buffer.alloc(30 * 1024 * 1024, ' '))),
			),
			fc.constantFrom('gzip', 'deflate', 'br', 'gzip, gzip', 'GZIP', 'identity', 'x'),
		)
		.map(([body, encoding]) => ({
			body,
			headers: [JSON_TYPE, ['Content-Encoding', encoding] as const],
		})),
);

const manyHeaders: Kind = wholeKind(
	fc
		.tuple(
			fc.oneof(
				fc
					.constantFrom(50, 500, 2500)
					.map((count) => Array.from({ length: count }, (_, at): Header => [`X-${at}`, 'y'])),
				fc
					.constantFrom(1000, 8000, 15_000, 20_000, 80_000)
					.map((length): Header[] => [['X-Long', 'y'.repeat(length)]]),
				fc.array(
					fc.tuple(
						fc.constantFrom(
							'__proto__',
							'constructor',
							'Cookie',
							'Origin',
							'X-Forwarded-For',
							'Host',
							'Expect',
							'Range',
							'Authorization',
							'If-None-Match',
							'n8n-auth',
						),
						headerTexts,
					),
					{ maxLength: 6 },
				),
			),
			eventBodies,
		)
		.map(([headers, body]) => ({ body, headers: [JSON_TYPE, ...headers] })),
);

/** What is presented for a secret; `right` stands for the valid one. */
const presented = fc.array(fc.oneof(fc.constantFrom('right', 'wrong', ''), headerTexts), {
	maxLength: 4,
});

const NAMES_IN_QUERY = [
	'secret',
	'secret[]',
	'secret[0]',
	'secret[x]',
	'secret[__proto__]',
	'SECRET',
	'[secret]',
];

const secrets: Kind = fc
	.tuple(presented, presented, fc.constantFrom(...NAMES_IN_QUERY), eventBodies)
	.map(([inQuery, inHeader, name, body]) => (target: Target) => {
		const value = (text: string): string => (text === 'right' ? target.secret : text);
		const query = inQuery.map((text) => `${name}=${encoded(value(text))}`).join('&');
		const headers = inHeader.map((text): Header => ['X-Webhook-Secret', value(text)]);
		return whole(target, { body, query: `?${query}`, headers: [JSON_TYPE, ...headers] });
	});

/** Halves of surrogate pairs cannot be encoded. */
function encoded(text: string): string {
	return encodeURIComponent(text.replace(/\p{Cs}/gu, '?'));
}

const QUERIES = [
	'?',
	'?secret',
	'?secret=%',
	'?secret=%ff%fe',
	'?__proto__[secret]=x',
	'?constructor[prototype][secret]=x',
	'?toString=1&hasOwnProperty=1&valueOf=1',
	`?${'a[b]'.repeat(200)}=1`,
	`?secret${'[x]'.repeat(1000)}=1`,
	`?secret=${'x'.repeat(10_000)}`,
	`?secret=${'x'.repeat(30_000)}`,
	`?${'secret=x&'.repeat(1200)}`,
	'?secret=a;secret=b#fragment',
	'??&&==',
];

const queries: Kind = wholeKind(
	fc
		.tuple(
			fc.oneof(
				fc.constantFrom(...QUERIES),
				texts.map((text) => `?${text.replace(/[\0-\x20]/g, '')}`),
				texts.map((text) => `?${encoded(text)}=${encoded(text)}`),
			),
			eventBodies,
		)
		.map(([query, body]) => ({ query, body })),
);

const METHODS = [
	'GET',
	'HEAD',
	'PUT',
	'PATCH',
	'DELETE',
	'OPTIONS',
	'TRACE',
	'PROPFIND',
	'BREW',
	'post',
];

const methods: Kind = wholeKind(
	fc.tuple(fc.constantFrom(...METHODS), eventBodies).map(([method, body]) => ({ method, body })),
);

/** Requests that no HTTP client would send, by what becomes of an ordinary one. */
const malformed: Kind = fc
	.tuple(
		eventBodies,
		fc.constantFrom<[RegExp, string]>(
			[/HTTP\/1\.1/, 'HTTP/9.9'],
			[/HTTP\/1\.1/, 'HTTP/1.0'],
			[/ HTTP\/1\.1/, ''],
			[/HTTP\/1\.1\r/, 'HTTP/1.1'],
			[/Host: .*\r\n/, ''],
			[/Host: /, 'Host : '],
			[/Host: /, 'Host: x\r\nHost: '],
			[/Content-Type/, 'Content\0Type'],
			[/Content-Type: /, 'Content-Type: \0'],
			[/Content-Type: /, 'Content-Type:\r\n '],
			[/Content-Length: /, 'Content-Length: -'],
			[/Content-Length: /, 'Content-Length: 0x'],
			[/Content-Length: /, 'Content-Length: 1\r\nContent-Length: '],
			[/Content-Length: /, 'Content-Length: 99999999999999999999'],
			[/^POST \S+/, 'POST http://elsewhere.invalid/webhook/x'],
			[/^POST \S+/, 'POST *'],
			[/^POST \S+/, 'CONNECT elsewhere.invalid:443'],
			[/^POST (\S+)/, 'POST /..$1'],
			[/^POST (\S+)/, 'POST /$1/%00'],
			[/^POST /, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nPOST '],
			[/^POST /, '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
			[/^/, '\r\n\r\n'],
		),
	)
	.map(([body, [pattern, replacement]]) => (target: Target) => {
		const bytes = bytesOf(target, { ...POST, body }).toString('latin1');
		return [
			{ send: Buffer.from(bytes.replace(pattern, replacement), 'latin1') },
			{ pause: 20 },
			{ then: 'halfClose' },
		];
	});

const pieces = fc.tuple(fc.integer({ min: 2, max: 5 }), fc.integer({ min: 5, max: 60 }));

const slowHeaders: Kind = fc
	.tuple(eventBodies, pieces)
	.map(([body, [count, pause]]) => (target) => {
		const parts = { ...POST, body };
		return [...inPieces(headOf(target, parts), count, pause), { send: body }];
	});

const slowBody: Kind = fc.tuple(eventBodies, pieces).map(([body, [count, pause]]) => (target) => {
	const parts = { ...POST, body };
	return [{ send: headOf(target, parts) }, { pause }, ...inPieces(body, count, pause)];
});

/** A Content-Length that is not that of the body. */
function claiming(target: Target, body: Buffer, length: number): Buffer {
	const headers: Header[] = [JSON_TYPE, ['Content-Length', String(length)]];
	return bytesOf(target, { ...POST, body, headers, hasOwnLength: true, isKept: true });
}

const endings = fc.constantFrom<'halfClose' | 'reset'>('halfClose', 'reset');

const tooShort: Kind = fc
	.tuple(eventBodies, fc.nat({ max: 30 }))
	.map(([body, missing]) => (target) => [
		{ send: claiming(target, body, Math.max(0, body.length - missing)) },
		{ pause: 20 },
		{ then: 'halfClose' },
	]);

const tooLong: Kind = fc
	.tuple(eventBodies, fc.constantFrom(1, 100, 100_000, 2 ** 31), endings)
	.map(([body, more, then]) => (target) => [
		{ send: claiming(target, body, body.length + more) },
		{ pause: 20 },
		{ then },
	]);

/** A body in pieces whose sizes may be wrong. */
function chunked(target: Target, body: Buffer, size: string, headers: Header[] = []): Buffer {
	const all: Header[] = [JSON_TYPE, ...headers, ['Transfer-Encoding', 'chunked']];
	const head = headOf(target, { ...POST, headers: all, hasOwnLength: true });
	return Buffer.concat([head, Buffer.from(`${size}\r\n`), body, Buffer.from('\r\n0\r\n\r\n')]);
}

const lengthAndChunks: Kind = fc
	.tuple(eventBodies, fc.constantFrom(0, 5, 100_000), fc.boolean())
	.map(([body, length, isRepeated]) => (target) => {
		const headers: Header[] = [['Content-Length', String(length)]];
		if (isRepeated) headers.push(['Transfer-Encoding', 'identity']);
		const bytes = chunked(target, body, body.length.toString(16), headers);
		return [{ send: bytes }, { pause: 20 }, { then: 'halfClose' }];
	});

const chunkSizes: Kind = fc
	.tuple(
		eventBodies,
		fc.constantFrom(
			'',
			'-1',
			'zz',
			'0',
			'1',
			'ffffffffffffffffff',
			'7fffffff',
			'5;x=y',
			' 5',
			'0x5',
		),
		endings,
	)
	.map(([body, size, then]) => (target) => [
		{ send: chunked(target, body, size) },
		{ pause: 20 },
		{ then },
	]);

const pipelined: Kind = fc
	.tuple(fc.array(eventBodies, { minLength: 2, maxLength: 4 }), fc.boolean())
	.map(([bodies, isClosedEarly]) => (target) => {
		const requests = bodies.map((body, index) =>
			bytesOf(target, { ...POST, body, isKept: index < bodies.length - 1 }),
		);
		const send: Step = { send: Buffer.concat(requests) };
		return isClosedEarly ? [send, { then: 'halfClose' }] : [send];
	});

const halfClosed: Kind = eventBodies.map((body) => (target) => [
	...whole(target, { body }),
	{ then: 'halfClose' },
]);

const resetEarly: Kind = fc
	.tuple(eventBodies, fc.double({ min: 0, max: 1, noNaN: true }))
	.map(([body, part]) => (target) => {
		const bytes = bytesOf(target, { ...POST, body });
		return [
			{ send: bytes.subarray(0, Math.ceil(bytes.length * part)) },
			{ pause: 10 },
			{ then: 'reset' },
		];
	});

const UPGRADES: Header[][] = [
	[
		['Upgrade', 'websocket'],
		['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='],
		['Sec-WebSocket-Version', '13'],
	],
	[
		['Upgrade', 'h2c'],
		['HTTP2-Settings', 'AAMAAABkAARAAAAAAAIAAAAA'],
	],
	[['Upgrade', 'x']],
];

const upgrades: Kind = fc
	.tuple(eventBodies, fc.constantFrom(...UPGRADES))
	.map(([body, upgrade]) => (target) => {
		const headers: Header[] = [JSON_TYPE, ['Connection', 'Upgrade'], ...upgrade];
		return [
			{ send: bytesOf(target, { ...POST, body, headers, isKept: true }) },
			{ pause: 50 },
			{ then: 'halfClose' },
		];
	});

const expecting: Kind = fc
	.tuple(eventBodies, fc.constantFrom('100-continue', '200-ok'))
	.map(([body, expectation]) => (target) => {
		const parts = { ...POST, body, headers: [JSON_TYPE, ['Expect', expectation] as const] };
		return [{ send: headOf(target, parts) }, { pause: 30 }, { send: body }];
	});

/** All kinds, and how many of a hundred requests are of each; the rest is of the kinds of bodies. */
const KINDS: ReadonlyArray<[name: string, weight: number, Kind]> = [
	...Object.entries(JSON_BODIES).map(([name, bodies]): [string, number, Kind] => [
		name,
		50,
		wholeKind(bodies.map((body) => ({ body }))),
	]),
	['big bodies', 2, big],
	['content types', 60, typed],
	['no content type', 10, untyped],
	['XML', 10, xml],
	['forms', 30, form],
	['multipart', 30, multipart],
	['compressed bodies', 20, compressed],
	['many, long and odd headers', 40, manyHeaders],
	['secrets, wrong and repeated', 80, secrets],
	['queries', 50, queries],
	['methods', 30, methods],
	['malformed requests', 50, malformed],
	['slow headers', 20, slowHeaders],
	['slow bodies', 20, slowBody],
	['Content-Length too short', 20, tooShort],
	['Content-Length too long', 20, tooLong],
	['Content-Length and chunks', 15, lengthAndChunks],
	['wrong chunk sizes', 20, chunkSizes],
	['pipelined requests', 20, pipelined],
	['half-closed connections', 15, halfClosed],
	['resets', 20, resetEarly],
	['upgrades', 4, upgrades],
	['Expect', 6, expecting],
];

/**
 * Makes requests; the same seed gives the same ones.
 *
 * @param count how many
 */
export function hostileRequests(seed: number, count: number): HostileRequest[] {
	const anyKind = fc.oneof(
		...KINDS.map(([kind, weight, arbitrary]) => ({
			weight,
			arbitrary: arbitrary.map((steps): HostileRequest => ({ kind, steps })),
		})),
	);
	return fc.sample(anyKind, { seed, numRuns: count });
}
