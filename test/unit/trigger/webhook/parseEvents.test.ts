import {
	parseEvents,
	type ReceivedEvent,
} from '../../../../nodes/EnableNowShareTrigger/webhook/parseEvents';
import { CONSENT_ID, SHARE_ID } from '../../support';

const JSON_TYPE = 'application/json';
const CREATED = 'databridge.share.created';
const UPDATED = 'databridge.share.updated';

describe('an event', () => {
	test('is its name, its data untouched, and its share', () => {
		const data = { shareId: SHARE_ID, extra: { deep: [1, null] } };
		const [event] = parseEvents(JSON_TYPE, { event: CREATED, data });
		expect(event).toEqual({ name: CREATED, data, shareId: SHARE_ID });
		expect((event as ReceivedEvent).data).toBe(data);
	});

	test('may have more than name and data', () => {
		const body = { event: CREATED, data: SHARE_ID, id: 'x', event_time: 7 };
		expect(parseEvents(JSON_TYPE, body)).toEqual([
			{ name: CREATED, data: SHARE_ID, shareId: SHARE_ID },
		]);
	});

	test.each([
		'application/json',
		'application/json; charset=utf-8',
		'application/json;charset=UTF-8',
		'Application/JSON',
		' application/json ',
		'application/problem+json',
		'application/vnd.enablenow.v1+json; charset=utf-8',
	])('is JSON by its Content-Type %p', (contentType) => {
		const [event] = parseEvents(contentType, { event: CREATED, data: SHARE_ID });
		expect(event).toHaveProperty('name', CREATED);
	});

	test('is read from the raw body where n8n does not parse its type', () => {
		const json = JSON.stringify({ event: CREATED, data: { id: SHARE_ID, name: 'Zoë' } });
		const raw = Buffer.from(`\uFEFF${json}`);
		const [event] = parseEvents('application/cloudevents+json; charset=utf-8', {}, raw);
		expect(event).toEqual({
			name: CREATED,
			data: { id: SHARE_ID, name: 'Zoë' },
			shareId: SHARE_ID,
		});
		expect(parseEvents(JSON_TYPE, {}, raw)).toEqual([{ problem: expect.any(String) as string }]);
		expect(parseEvents('application/cloudevents+json', {}, Buffer.from('{"event":'))).toEqual([
			{ problem: expect.any(String) as string },
		]);
	});

	test.each([
		['application/x+json; charset=utf-16le', 'utf16le'],
		['application/x+json; CharSet="UTF-16LE"', 'utf16le'],
		['application/x+json;charset=ISO-8859-1', 'latin1'],
		['application/x+json', 'utf8'],
	] as const)('is decoded by its character set: %s', (contentType, encoding) => {
		const body = { event: CREATED, data: { id: SHARE_ID, name: 'Zoë' } };
		const [event] = parseEvents(contentType, {}, Buffer.from(JSON.stringify(body), encoding));
		expect(event).toMatchObject({ data: body.data });
	});

	test('in a character set that there is not is a problem', () => {
		const raw = Buffer.from('{}');
		expect(parseEvents('application/x+json; charset=x-none', {}, raw)).toEqual([
			{ problem: expect.any(String) as string },
		]);
	});

	test.each([
		[undefined],
		[null],
		[''],
		['text/plain'],
		['text/json'],
		['application/x-www-form-urlencoded'],
		['multipart/form-data; boundary=application/json'],
		['application/jsonp'],
		['application/json-seq'],
		['application/xml, application/json'],
		['text/plain; application/json'],
		[['application/json']],
		[7],
	])('is not JSON by its Content-Type %p', (contentType) => {
		expect(parseEvents(contentType, { event: CREATED, data: SHARE_ID })).toEqual([
			{ problem: expect.stringContaining('Content-Type') as string },
		]);
	});

	test.each<[string, unknown]>([
		['undefined, as of an empty body', undefined],
		['null', null],
		['a text', CREATED],
		['a number', 7],
		['true', true],
		['an empty object', {}],
		['no name', { data: SHARE_ID }],
		['an empty name', { event: '', data: SHARE_ID }],
		['a name that is a number', { event: 7, data: SHARE_ID }],
		['a name that is a list', { event: [CREATED], data: SHARE_ID }],
		['a name of another case', { Event: CREATED, data: SHARE_ID }],
		['no data', { event: CREATED }],
		['data that is null', { event: CREATED, data: null }],
	])('is none: %s', (_case, body) => {
		expect(parseEvents(JSON_TYPE, body)).toEqual([
			{ problem: expect.stringMatching(/\.$/) as string },
		]);
	});
});

describe('the share of an event is looked for in', () => {
	const other = CONSENT_ID;

	test.each<[string, unknown, string | null]>([
		['the data itself', SHARE_ID, SHARE_ID],
		['the data itself, with blanks around', ` ${SHARE_ID}\n`, SHARE_ID],
		['data.shareId', { shareId: SHARE_ID }, SHARE_ID],
		['data.id', { id: SHARE_ID }, SHARE_ID],
		['data.share, a text', { share: SHARE_ID }, SHARE_ID],
		['data.share.id', { share: { id: SHARE_ID } }, SHARE_ID],
		['data.shareId before data.id', { id: other, shareId: SHARE_ID }, SHARE_ID],
		['data.id before data.share', { share: other, id: SHARE_ID }, SHARE_ID],
		['data.id before data.share.id', { share: { id: other }, id: SHARE_ID }, SHARE_ID],
		['data.id where data.shareId is not usable', { shareId: 'x', id: SHARE_ID }, SHARE_ID],
		['data.share where the others are null', { shareId: null, id: 7, share: SHARE_ID }, SHARE_ID],
		['upper case, as given', { shareId: SHARE_ID.toUpperCase() }, SHARE_ID.toUpperCase()],
		['nothing: another text', 'share', null],
		['nothing: an empty object', {}, null],
		['nothing: an empty text', { shareId: '' }, null],
		['nothing: two in one text', `${SHARE_ID},${other}`, null],
		['nothing: a path', { shareId: `../shares/${SHARE_ID}` }, null],
		['nothing: a list', [SHARE_ID], null],
		['nothing: a list in shareId', { shareId: [SHARE_ID] }, null],
		['nothing: an object in shareId', { shareId: { id: SHARE_ID } }, null],
		['nothing: another name', { ShareId: SHARE_ID, share_id: SHARE_ID }, null],
		['nothing: too deep', { share: { share: { id: SHARE_ID } } }, null],
		['nothing: a share that is null', { share: null }, null],
		['nothing: a share that is a number', { share: 7 }, null],
		['nothing: a number', 7, null],
		['nothing: false', false, null],
		['nothing: zero', 0, null],
	])('%s', (_case, data, shareId) => {
		expect(parseEvents(JSON_TYPE, { event: CREATED, data })).toEqual([
			{ name: CREATED, data, shareId },
		]);
	});
});

describe('data that is nested', () => {
	const nestedIn = (levels: number, wrap: (inner: unknown) => unknown) =>
		Array.from({ length: levels }).reduce<unknown>((inner) => wrap(inner), 7);
	const asList = (inner: unknown) => [inner];
	const asObject = (inner: unknown) => ({ first: 1, inner });

	test.each([
		['lists', asList],
		['objects', asObject],
	])('64 levels of %s are read', (_case, wrap) => {
		const data = nestedIn(64, wrap);
		expect(parseEvents(JSON_TYPE, { event: CREATED, data })).toEqual([
			{ name: CREATED, data, shareId: null },
		]);
	});

	test.each([
		['65 levels of lists', 65, asList],
		['65 levels of objects', 65, asObject],
		['a million levels', 1_000_000, asList],
	])('%s are a problem', (_case, levels, wrap) => {
		expect(parseEvents(JSON_TYPE, { event: CREATED, data: nestedIn(levels, wrap) })).toEqual([
			{ problem: "The event's data is nested more than 64 levels deep." },
		]);
	});
});

describe('several events', () => {
	test('are read each by itself, in their order', () => {
		const body = [
			{ event: CREATED, data: SHARE_ID },
			{ event: CREATED },
			[{ event: CREATED, data: SHARE_ID }],
			{ event: UPDATED, data: CONSENT_ID },
		];
		expect(parseEvents(JSON_TYPE, body)).toEqual([
			{ name: CREATED, data: SHARE_ID, shareId: SHARE_ID },
			{ problem: 'The event has no data.' },
			{ problem: 'The request contains something that is not an event.' },
			{ name: UPDATED, data: CONSENT_ID, shareId: CONSENT_ID },
		]);
	});

	test('an empty list is no event', () => {
		expect(parseEvents(JSON_TYPE, [])).toEqual([
			{ problem: expect.stringContaining('empty') as string },
		]);
	});

	test.each([
		[100, 100],
		[101, 1],
		[100_000, 1],
	])('of %i, %i are judged', (count, judged) => {
		const body = Array.from({ length: count }, () => ({ event: CREATED, data: SHARE_ID }));
		expect(parseEvents(JSON_TYPE, body)).toHaveLength(judged);
	});

	test('too many of them are a problem, not events', () => {
		const body = Array.from({ length: 101 }, () => ({ event: CREATED, data: SHARE_ID }));
		expect(parseEvents(JSON_TYPE, body)[0]).toHaveProperty('problem');
	});
});
