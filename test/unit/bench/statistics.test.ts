import { orderOfRound, ratios, summarize } from '../../../bench/statistics';

describe('summarize', () => {
	it.each([
		{ values: [3, 1, 2], summary: { median: 2, least: 1, most: 3 } },
		{ values: [4, 1, 3, 2], summary: { median: 2.5, least: 1, most: 4 } },
		{ values: [10, 9], summary: { median: 9.5, least: 9, most: 10 } },
		{ values: [7], summary: { median: 7, least: 7, most: 7 } },
	])('gives median and range of $values', ({ values, summary }) => {
		expect(summarize(values)).toEqual(summary);
	});

	it('leaves the values in their order', () => {
		const values = [2, 3, 1];
		summarize(values);
		expect(values).toEqual([2, 3, 1]);
	});

	it('refuses to summarize nothing', () => {
		expect(() => summarize([])).toThrow('nothing to summarize');
	});
});

describe('ratios', () => {
	it('compares within each round, whatever slowed a round down', () => {
		expect(ratios([1, 10, 3], [2, 20, 4])).toEqual({ median: 0.5, least: 0.5, most: 0.75 });
	});

	it('leaves out a round in which one of the two failed', () => {
		expect(ratios([1, undefined, 3], [2, 4, undefined])).toEqual({
			median: 0.5,
			least: 0.5,
			most: 0.5,
		});
	});

	it('gives nothing where no round is whole', () => {
		expect(ratios([undefined], [1])).toBeUndefined();
	});
});

it('takes the measurements of every other round backwards', () => {
	const orders = [0, 1, 2, 3].map((round) => orderOfRound(['A', 'B'], round).join(''));
	expect(orders).toEqual(['AB', 'BA', 'AB', 'BA']);
});
