import { addDuration, type DurationUnit } from '../../../../nodes/shared/input/dates';

describe('a duration', () => {
	test.each<[string, number, DurationUnit, string]>([
		['2026-03-28T12:00:00Z', 36, 'hours', '2026-03-30T00:00:00Z'],
		// Over the change to summer time: UTC has none.
		['2026-03-28T12:00:00Z', 2, 'days', '2026-03-30T12:00:00Z'],
		['2026-12-24T12:00:00Z', 2, 'weeks', '2027-01-07T12:00:00Z'],
		['2026-11-28T12:00:00Z', 3, 'months', '2027-02-28T12:00:00Z'],
		['2026-01-31T12:00:00Z', 1, 'months', '2026-02-28T12:00:00Z'],
		['2028-01-31T12:00:00Z', 1, 'months', '2028-02-29T12:00:00Z'],
		['2026-01-31T12:00:00Z', 3, 'months', '2026-04-30T12:00:00Z'],
		['2026-10-31T23:59:59Z', 14, 'months', '2027-12-31T23:59:59Z'],
	])('from %s of %i %s ends at %s', (start, amount, unit, end) => {
		const from = new Date(start);
		expect(addDuration(from, amount, unit)).toEqual(new Date(end));
		expect(from).toEqual(new Date(start));
	});

	test.each<DurationUnit>(['hours', 'months'])('of too many %s is no date', (unit) => {
		expect(addDuration(new Date(), Number.MAX_SAFE_INTEGER, unit).getTime()).toBeNaN();
	});
});
