import { parseRetryAfter } from '../../../../nodes/shared/errors/retryAfter';

const NOW = Date.parse('2026-04-30T12:00:00Z');

test.each<[string, string, number]>([
	['seconds', '17', 17_000],
	['no seconds', '0', 0],
	['blanks around', ' 17 ', 17_000],
	['leading zeros', '007', 7_000],
	['a date', 'Thu, 30 Apr 2026 12:00:30 GMT', 30_000],
	['a date that is past', 'Thu, 30 Apr 2026 11:59:00 GMT', 0],
	['this very moment', 'Thu, 30 Apr 2026 12:00:00 GMT', 0],
	['a date as RFC 850 wrote it', 'Thursday, 30-Apr-26 12:00:30 GMT', 30_000],
])('%s', (_case, header, milliseconds) => {
	expect(parseRetryAfter(header, NOW)).toBe(milliseconds);
});

test('very many seconds are waited for no less than others', () => {
	expect(parseRetryAfter('9'.repeat(30), NOW)).toBeGreaterThan(1e30);
});

test.each([
	[undefined],
	[''],
	[' '],
	['soon'],
	['17s'],
	['-5'],
	['1.5'],
	['17, 18'],
	['NaN'],
	['Infinity'],
	// For JavaScript each of these is a date.
	['soon 1'],
	['May 2099'],
	['2026-04-30T12:00:30Z'],
	['x Thu, 30 Apr 2026 12:00:30 GMT'],
])('%p says nothing', (header) => {
	expect(parseRetryAfter(header, NOW)).toBeUndefined();
});
