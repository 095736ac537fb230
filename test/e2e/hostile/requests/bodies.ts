import fc from 'fast-check';
import { identifiers, damaged, jsonValues, texts } from '../../../fuzz/support/arbitraries';

const MEBIBYTE = 1024 * 1024;

const eventNames = fc.constantFrom<unknown>(
	'databridge.share.created',
	'databridge.share.updated',
	'databridge.share.',
	'databridge.share.CREATED',
	'databridge.consent.created',
	'*',
	'__proto__',
	'constructor',
	'',
	null,
	0,
	['databridge.share.created'],
);

/** Where an identifier may be, and where it may not. */
const eventData = fc.oneof(
	identifiers,
	identifiers.map((shareId) => ({ shareId })),
	identifiers.map((id) => ({ id })),
	identifiers.map((id) => ({ share: { id } })),
	damaged(identifiers).map((shareId) => ({ shareId })),
	jsonValues,
);

const events = fc.record({ event: eventNames, data: eventData });

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

/** An event of one's own making around data that is given as JSON. */
const around = (data: string, event = 'databridge.share.created'): Buffer =>
	Buffer.from(`{"event":${JSON.stringify(event)},"data":${data}}`);

const nested = fc
	.tuple(
		fc.constantFrom(...[10, 63, 64, 65, 100, 1000, 5000, 20_000]),
		fc.constantFrom(['[', ']'], ['{"a":', '}'], ['{"__proto__":', '}'], ['{"share":', '}']),
	)
	.map(([depth, [open = '', close = '']]) => `${open.repeat(depth)}1${close.repeat(depth)}`);

const NUMBERS = ['1e999', '-1e999', '9'.repeat(400), '-0', '1e-400', '0.1e1', '9007199254740993'];

const POLLUTIONS = [
	'{"event":"databridge.share.created","data":{"__proto__":{"shareId":"polluted"}}}',
	'{"__proto__":{"event":"databridge.share.created","data":{"polluted":true}}}',
	'{"event":"*","data":{"constructor":{"prototype":{"polluted":true}}}}',
	'{"event":"*","data":{"toJSON":1,"then":1,"valueOf":1,"toString":1,"hasOwnProperty":1}}',
	'{"event":"*","data":{"length":-1,"__rl":true,"mode":"id","value":"x"},"__proto__":null}',
	'{"event":"*","data":[{"__proto__":{"isArray":true}},{"pairedItem":{"item":9},"binary":{"x":1}}]}',
	'{"event":"*","data":{"json":{"a":1},"binary":{"data":{"data":"x","mimeType":"a"}},"error":"x"}}',
	'{"event":"*","event":"databridge.share.created","data":1,"data":{"a":"={{ $env.PATH }}"}}',
];

/** Bytes of which some are no UTF-8, within a text of valid JSON. */
const brokenText = fc
	.tuple(fc.uint8Array({ maxLength: 20 }), fc.constantFrom('\\ud800', '\\udfff\\ud800', ''))
	.map(([bytes, surrogates]) => {
		const printable = bytes.filter((byte) => byte >= 0x80);
		const text = Buffer.concat([Buffer.from(surrogates), printable]);
		return Buffer.concat([Buffer.from('{"event":"*","data":{"text":"'), text, Buffer.from('"}}')]);
	});

/** Kinds of bodies that are sent as JSON, with what HTTP asks for. */
export const JSON_BODIES: Record<string, fc.Arbitrary<Buffer>> = {
	'any JSON': jsonValues.map(json),
	events: events.map(json),
	'lists of events': fc
		.tuple(fc.array(events, { maxLength: 8 }), fc.constantFrom(1, 1, 1, 20, 40))
		.map(([list, times]) => json(Array.from({ length: times }, () => list).flat())),
	'keys of prototypes': fc.constantFrom(...POLLUTIONS).map((text) => Buffer.from(text)),
	'deep nesting': fc
		.tuple(nested, fc.constantFrom('*', 'databridge.share.created'))
		.map(([data, event]) => around(data, event)),
	'extreme numbers': fc.constantFrom(...NUMBERS).map((number) => around(`{"n":[${number}]}`, '*')),
	'lone surrogates and invalid UTF-8': brokenText,
	'invalid JSON': fc.oneof(
		damaged(events.map((event) => JSON.stringify(event))).map((text) => Buffer.from(text)),
		texts.map((text) => Buffer.from(text)),
		fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
	),
	'empty bodies': fc.constantFrom('', ' ', '\n', '\0', '\ufeff').map((text) => Buffer.from(text)),
};

/** Bodies below and above n8n's limit of 16 MiB. */
export const bigBodies: fc.Arbitrary<Buffer> = fc
	.tuple(fc.constantFrom(1, 4, 15.9, 16.1, 20), fc.constantFrom('*', 'databridge.share.created'))
	.map(([mebibytes, event]) => around(JSON.stringify('x'.repeat(mebibytes * MEBIBYTE)), event));

/** An event about a share that there is not. */
export const eventBodies: fc.Arbitrary<Buffer> = events.map(json);
