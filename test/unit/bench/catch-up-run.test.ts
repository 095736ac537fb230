import { isOfList, spanOf } from '../../../bench/catch-up-run';

describe('isOfList', () => {
	it.each([
		{ query: 'page=1&pageSize=50', status: 200, isCounted: true },
		{ query: 'page=1', status: 200, isCounted: true },
		{ query: 'page=1&pageSize=1', status: 200, isCounted: false },
		{ query: 'page=1&pageSize=50', status: 401, isCounted: false },
		{ query: 'page=1&pageSize=50', status: null, isCounted: false },
	])('of $query with $status is $isCounted', ({ query, status, isCounted }) => {
		expect(isOfList({ query, status })).toBe(isCounted);
	});
});

it('takes the time from the first request until the last answer', () => {
	const span = spanOf([
		{ at: '2026-04-30T12:00:00.100Z', duration: 500 },
		{ at: '2026-04-30T12:00:00.200Z', duration: 50 },
	]);
	expect(span.to - span.from).toBe(500);
});
