import { presentsSecret } from '../../../../nodes/EnableNowShareTrigger/webhook/secret';

const SECRET = 'correct-horse-battery-staple';
const HEADER = 'x-webhook-secret';

test.each<[string, string[], unknown, unknown, boolean]>([
	['in the query', [SECRET], { secret: SECRET }, {}, true],
	['in the header', [SECRET], {}, { [HEADER]: SECRET }, true],
	['in both', [SECRET], { secret: SECRET }, { [HEADER]: SECRET }, true],
	['in the header, another in the query', [SECRET], { secret: 'x' }, { [HEADER]: SECRET }, true],
	['in the query, another in the header', [SECRET], { secret: SECRET }, { [HEADER]: 'x' }, true],
	['nowhere', [SECRET], {}, {}, false],
	['another', [SECRET], { secret: 'another' }, { [HEADER]: 'another' }, false],
	['its beginning', [SECRET], { secret: SECRET.slice(0, -1) }, {}, false],
	['its end', [SECRET], { secret: SECRET.slice(1) }, {}, false],
	['more than it', [SECRET], { secret: `${SECRET}x` }, {}, false],
	['in another case', [SECRET], { secret: SECRET.toUpperCase() }, {}, false],
	['with blanks around it in the query', [SECRET], { secret: ` ${SECRET} ` }, {}, true],
	['with blanks around it in the header', [SECRET], {}, { [HEADER]: ` ${SECRET} ` }, true],
	['with a blank inside', [SECRET], { secret: SECRET.replace('-', ' -') }, {}, false],
	['one much longer', [SECRET], { secret: 'x'.repeat(100_000) }, {}, false],
	['empty', [SECRET], { secret: '' }, { [HEADER]: '' }, false],
	['the first of several', ['first', 'second'], { secret: 'first' }, {}, true],
	['the last of several', ['first', 'second'], {}, { [HEADER]: 'second' }, true],
	['several in one value', ['first', 'second'], { secret: 'first,second' }, {}, false],
	['two halves of two', ['ab', 'cd'], { secret: 'ad' }, {}, false],
	['twice in the query', [SECRET], { secret: [SECRET, SECRET] }, {}, true],
	['twice in the query, once right', [SECRET], { secret: ['wrong', SECRET] }, {}, true],
	['twice in the query, never right', [SECRET], { secret: ['wrong', 'x'] }, {}, false],
	['twice in the header, once right', [SECRET], {}, { [HEADER]: ['wrong', SECRET] }, true],
	['an empty array', [SECRET], { secret: [] }, {}, false],
	['an array in an array', [SECRET], { secret: [[SECRET]] }, {}, false],
	['non-ASCII in the query', ['géheim-密'], { secret: 'géheim-密' }, {}, true],
	['non-ASCII without its accent', ['géheim'], { secret: 'geheim' }, {}, false],
	['non-ASCII of the same length', ['géheim'], { secret: 'gèheim' }, {}, false],
])('presented: %s', (_case, secrets, query, headers, expected) => {
	expect(presentsSecret(secrets, query, headers)).toBe(expected);
});

test.each<[string, unknown, unknown]>([
	['under the header’s name in the query', { [HEADER]: SECRET }, {}],
	['under the parameter’s name in the header', {}, { secret: SECRET }],
	['as a header Authorization', {}, { authorization: `Bearer ${SECRET}` }],
	['in an object', { secret: { value: SECRET, toString: () => SECRET } }, {}],
	['inherited', Object.create({ secret: SECRET }), Object.create({ [HEADER]: SECRET })],
])('does not count %s', (_case, query, headers) => {
	expect(presentsSecret([SECRET], query, headers)).toBe(false);
});

describe('where no secret is set, none is presented', () => {
	test.each<[string, unknown, unknown]>([
		['nothing', {}, {}],
		['an empty parameter', { secret: '' }, {}],
		['an empty header', {}, { [HEADER]: '' }],
		['a parameter', { secret: SECRET }, {}],
		['the text undefined', { secret: 'undefined' }, {}],
		['undefined', { secret: undefined }, { [HEADER]: undefined }],
	])('%s', (_case, query, headers) => {
		expect(presentsSecret([], query, headers)).toBe(false);
	});
});

test.each<[string, unknown]>([
	['undefined', undefined],
	['null', null],
	['a text', 'secret'],
	['a number', 7],
	['an array', [SECRET]],
	['numbers', { secret: 7, [HEADER]: 7 }],
	['true', { secret: true, [HEADER]: true }],
	['null within', { secret: null, [HEADER]: null }],
	['an object without a prototype', Object.create(null)],
])('hostile query and headers pass nobody: %s', (_case, hostile) => {
	expect(presentsSecret([SECRET, '7', 'true', 'null'], hostile, hostile)).toBe(false);
});

test('an object without a prototype is read like another', () => {
	const query: unknown = Object.assign(Object.create(null) as object, { secret: SECRET });
	expect(presentsSecret([SECRET], query, {})).toBe(true);
});
