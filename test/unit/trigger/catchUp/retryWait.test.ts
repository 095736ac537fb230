import { getRetryWait } from '../../../../nodes/EnableNowShareTrigger/catchUp/runningTrigger';
import {
	noTokenError,
	responseError,
	tokenError,
} from '../../../../nodes/shared/errors/requestError';

test('a catch-up is given up after a refused token only', () => {
	expect(getRetryWait(tokenError('invalid_client'), 0)).toBe(Infinity);
	expect(getRetryWait(noTokenError('', 'status 404', 404), 0)).toBe(2_000);
});

test.each([
	[0, 2_000],
	[1, 4_000],
	[3, 16_000],
	[4, 30_000],
	[20, 30_000],
])('after %i catch-ups that failed the next one waits %i ms', (failures, wait) => {
	expect(getRetryWait(responseError(500, {}), failures)).toBe(wait);
	expect(getRetryWait(undefined, failures)).toBe(wait);
});

test('a catch-up waits as long as EnableNow asks, and no shorter than otherwise', () => {
	expect(getRetryWait(responseError(429, {}, '60'), 0)).toBe(60_000);
	expect(getRetryWait(responseError(429, {}, '1'), 1)).toBe(4_000);
});

test('a catch-up goes on where a token is refused for the moment', () => {
	expect(getRetryWait(tokenError('HTTP status 503', 503), 0)).toBe(2_000);
});
