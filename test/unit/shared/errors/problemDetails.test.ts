import { SHARE_ID } from '../../support';
import {
	findErrorObject,
	parseProblemDetails,
} from '../../../../nodes/shared/errors/problemDetails';

const TITLE = 'One or more validation errors occurred.';

test('title, each of the field errors and the detail, in this order, and the trace ID', () => {
	const body = {
		type: 'https://tools.ietf.org/html/rfc9110#section-15.5.1',
		title: TITLE,
		status: 400,
		detail: 'Nothing was shared.',
		errors: {
			ClientId: ['The ClientId field is required.', 'It is unknown.'],
			ExpirationDateUtc: ['It is past.'],
		},
		traceId: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00',
	};
	expect(parseProblemDetails(body)).toEqual({
		text: `${TITLE} ClientId: The ClientId field is required. ClientId: It is unknown. ExpirationDateUtc: It is past. Nothing was shared.`,
		status: 400,
		traceId: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00',
	});
});

test.each<[string, unknown, string]>([
	['a title alone', { title: 'Not Found' }, 'Not Found'],
	['a detail alone', { detail: 'No such share.' }, 'No such share.'],
	['a field error that is no list', { errors: { Field: 'It is wrong.' } }, 'Field: It is wrong.'],
	['a field error of no field', { errors: { '': ['The body is empty.'] } }, 'The body is empty.'],
	[
		'a field error in a JSON path',
		{ errors: { '$.clientId': ['No text.'] } },
		'$.clientId: No text.',
	],
	['the same sentence twice', { title: 'Gone.', detail: 'Gone.' }, 'Gone.'],
	['the same field error twice', { errors: { A: ['No.', 'No.'] } }, 'A: No.'],
	['line ends and blanks', { title: ' One\r\n\ttwo ' }, 'One two'],
	['control characters', { title: 'One\u0000\u001b[31mtwo\u007f' }, 'One [31mtwo'],
	['characters that turn the direction', { title: 'One\u202etwo\u2066' }, 'One two'],
	['control characters in a field', { errors: { 'A\u0007B\n': ['No.'] } }, 'A B: No.'],
	['the error of OAuth', { error: 'invalid', error_description: 'No app.' }, 'invalid. No app.'],
	['an error object', { error: { code: 7, message: 'Quota.' } }, 'Quota.'],
	[
		'a list of error objects',
		{ errors: [{ code: 7, message: 'Quota.' }, 'Late.'] },
		'Quota. Late.',
	],
	['a message', { message: 'Forbidden' }, 'Forbidden'],
	['plain text', ' No\r\nentry ', 'No entry'],
	['the title of a web page', '<html><TITLE id="a">No entry</title><p>Sorry</html>', 'No entry'],
	['JSON that is cut off', ' {"data":[{"iban":', ''],
	['a web page without a title', '<html><p>No</p><b>entry</b></html>', 'No entry'],
	['blank sentences', { title: '  ', detail: '\u0000', errors: { A: [' '] } }, ''],
	['text of other scripts', { title: 'Geldigheid één jaar – 期限' }, 'Geldigheid één jaar – 期限'],
])('%s', (_case, body, words) => {
	expect(parseProblemDetails(body).text).toBe(words);
});

test.each<[string, unknown]>([
	['nothing', undefined],
	['null', null],
	['a number', 500],
	['an empty object', {}],
	['an array', [{ title: 'One' }]],
	['numbers where texts belong', { title: 1, detail: 2, traceId: 3, errors: 4 }],
	['arrays where texts belong', { title: ['One'], detail: [['Two']], traceId: [] }],
	['objects where texts belong', { title: { a: 1 }, detail: {}, errors: { A: { B: ['C'] } } }],
	['errors that are numbers', { errors: { A: [1, null, true, { B: 'C' }] } }],
	['lists within lists', { errors: { A: [[['No.']]] } }],
	['errors that are null', { errors: null, title: null }],
])('%s has no words and no trace ID', (_case, body) => {
	expect(parseProblemDetails(body)).toEqual({
		text: '',
		status: undefined,
		traceId: undefined,
	});
});

test('errors as a bare list lose none of their words', () => {
	const { text } = parseProblemDetails({ errors: ['It is wrong.', 'It is late.'] });
	expect(text).toContain('It is wrong.');
	expect(text).toContain('It is late.');
});

test('a member named like one of every object is a field like another', () => {
	const body: unknown = JSON.parse('{"errors":{"__proto__":["No."],"constructor":["Never."]}}');
	expect(parseProblemDetails(body).text).toBe('__proto__: No. constructor: Never.');
});

test('very deep nesting', () => {
	let deep: unknown = 'deep';
	for (let depth = 0; depth < 100_000; depth++) deep = { errors: [deep] };
	expect(parseProblemDetails(deep).text).toBe('');
});

test.each<[string, unknown]>([
	['title', { title: 'x'.repeat(1_000_000) }],
	['detail', { detail: 'x'.repeat(1_000_000) }],
	['field error', { errors: { A: ['x'.repeat(1_000_000)] } }],
	['field name', { errors: { ['x'.repeat(1_000_000)]: ['No.'] } }],
])('a very long %s is not worked on to its end', (_case, body) => {
	expect(parseProblemDetails(body).text.length).toBeLessThan(100_010);
});

test('what is too long for a trace ID is none', () => {
	const { traceId } = parseProblemDetails({ traceId: 'x'.repeat(10_000) });
	expect(traceId).toBeUndefined();
});

test('very many field errors give no endless message', () => {
	const fields = Array.from({ length: 10_000 }, (_field, index) => [`Field${index}`, ['No.']]);
	const { text } = parseProblemDetails({ errors: Object.fromEntries(fields) as unknown });
	expect(text).toContain('Field0: No.');
	expect(text).toContain('Field999: No.');
	expect(text.length).toBeLessThan(20_000);
});

test.each<[string, unknown, number | undefined]>([
	['a number', { status: 403 }, 403],
	['text', { status: '403' }, 403],
	['under another name', { statusCode: 502 }, 502],
	['a success', { status: 200 }, undefined],
	['of a consent', { status: 'ERROR' }, undefined],
	['no error status', { status: 4030 }, undefined],
	['in an array', { status: [403] }, undefined],
])('a status that is %s', (_case, body, status) => {
	expect(parseProblemDetails(body).status).toBe(status);
});

describe('a successful response', () => {
	const problem = { title: 'Forbidden', status: 403 };
	const share = {
		id: SHARE_ID,
		clientId: 'en-app-ref-002',
		expirationDateUtc: '2099-04-30T12:00:00Z',
	};

	test.each<[string, unknown]>([
		['problem details', problem],
		['a status as text', { statusCode: '500' }],
		['an error', { error: 'Forbidden' }],
		['an error and no data', { data: null, error: { message: 'Forbidden' } }],
		['an error and an empty list', { data: [], errors: ['Forbidden'] }],
		['field errors', { errors: { ClientId: ['Unknown.'] } }],
		['no success', { success: false }],
		['no success, but data', { success: false, data: SHARE_ID }],
		['no success, but an identifier', { success: false, id: SHARE_ID }],
	])('with %s is an error', (_case, body) => {
		expect(findErrorObject(body, false)).toBe(body);
	});

	test.each([problem, { success: false }, { error: 'Forbidden' }])(
		'with %j as data is one',
		(data) => {
			expect(findErrorObject({ data }, false)).toBe(data);
		},
	);

	test.each([{ title: 'Forbidden' }, {}, { data: null }, 'Forbidden'])(
		'%j is an error by its content type only',
		(body) => {
			expect(findErrorObject(body, true)).toBe(body);
			expect(findErrorObject(body, false)).toBeUndefined();
		},
	);

	test.each<[string, unknown]>([
		['nothing', undefined],
		['an identifier', SHARE_ID],
		['an identifier as data', { data: SHARE_ID }],
		['a share', share],
		['a share as data', { data: share }],
		['a share that holds more', { ...share, status: 500, error: 'none', success: false }],
		['a list', { data: [share], _pagination: { page: 1 } }],
		['an empty list', { data: [], errors: [], error: null, success: true }],
		['a list whose answer says more', { data: [share], errors: ['old'], status: 500 }],
		['a bare list', [{ ...share, errors: ['x'] }]],
		['an account', { data: [{ id: SHARE_ID, errors: ['x'], status: 'ERROR' }] }],
	])('with %s is none', (_case, body) => {
		expect(findErrorObject(body, false)).toBeUndefined();
	});

	test('with a share is none, whatever its content type', () => {
		expect(findErrorObject(share, true)).toBeUndefined();
		expect(findErrorObject({ data: [share] }, true)).toBeUndefined();
	});
});
