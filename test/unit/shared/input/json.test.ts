import { tryParseJson } from '../../../../nodes/shared/input/json';

describe('parsing', () => {
	test.each<[string, string, unknown]>([
		['an object', '{"data":"é"}', { data: 'é' }],
		['a list', '[1]', [1]],
		['null', 'null', null],
		['false', 'false', false],
		['a text', '"id"', 'id'],
	])('%s', (_case, text, expected) => {
		expect(tryParseJson(text)).toEqual(expected);
	});

	test.each(['', ' \r\n', '<html>', '{"data":', 'undefined', "{'data':1}", 'OK'])(
		'%j is not JSON',
		(text) => {
			expect(tryParseJson(text)).toBeUndefined();
		},
	);
});
