import { errorMessage } from '../../../../nodes/shared/errors/message';

const NO_REASON = 'something went wrong that gives no reason';

test.each<[string, unknown, string]>([
	['an error', new TypeError('No.'), 'No.'],
	['what looks like an error, as one of another realm does', { message: 'No.' }, 'No.'],
	['a text', 'No.', 'No.'],
	[
		'an error whose message is no text',
		Object.assign(new Error(), { message: { a: 1 } }),
		NO_REASON,
	],
	['an object, which may hold a token', { headers: { Authorization: 'Bearer 1' } }, NO_REASON],
	['an object that cannot be written as text', Object.create(null), NO_REASON],
	['a symbol', Symbol('secret'), NO_REASON],
	['nothing', undefined, NO_REASON],
	['null', null, NO_REASON],
])('%s', (_case, thrown, message) => {
	expect(errorMessage(thrown)).toBe(message);
});
