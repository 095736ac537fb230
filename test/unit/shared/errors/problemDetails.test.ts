import { parseProblemDetails } from '../../../../nodes/shared/errors/problemDetails';

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
	['blank sentences', { title: '  ', detail: '\u0000', errors: { A: [' '] } }, ''],
	['text of other scripts', { title: 'Geldigheid één jaar – 期限' }, 'Geldigheid één jaar – 期限'],
])('%s', (_case, body, words) => {
	expect(parseProblemDetails(body).text).toBe(words);
});

test.each<[string, unknown]>([
	['nothing', undefined],
	['null', null],
	['a text', 'Internal Server Error'],
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
	expect(parseProblemDetails(body)).toEqual({ text: '', traceId: undefined });
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
