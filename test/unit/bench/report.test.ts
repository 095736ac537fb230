import { formatSummary } from '../../../bench/format';
import { barChartSvg, type BarChart } from '../../../bench/plot';
import { reportText } from '../../../bench/report';

const CHART: BarChart = {
	title: 'Time < space',
	description: 'One bar',
	series: ['Ours', 'Theirs'],
	groups: [
		{ label: '500 at 0 ms', bars: [{ median: 2, least: 1, most: 4 }, undefined] },
		{
			label: '500 at 50 ms',
			bars: [
				{ median: 4, least: 4, most: 4 },
				{ median: 1, least: 1, most: 1 },
			],
		},
	],
};

const SETTING = {
	machine: 'Some CPU, 2 cores, 8 GiB of memory',
	operatingSystem: 'Linux 6',
	n8nVersion: '2.41.1',
	nodeVersion: '24.1.0',
	packageVersion: '0.1.0',
	commit: 'abc1234',
	date: '2026-04-15',
	rounds: 4,
	quick: false,
};

const SECTION = {
	heading: 'Creates',
	explanation: 'What was done.',
	tables: [
		[
			['Creates', 'Time'],
			['500', 'a | b'],
		],
	],
	chart: CHART,
};

describe('the report', () => {
	it('says what it was made with, and shows picture and table', () => {
		const text = reportText(SETTING, [SECTION], 'images/benchmark.svg');
		for (const part of [
			'Some CPU, 2 cores, 8 GiB of memory',
			'2.41.1, SQLite, Node.js 24.1.0',
			'0.1.0 (commit abc1234)',
			'2026-04-15',
			'![Time < space](images/benchmark.svg)',
			'## Creates\n\nWhat was done.',
			'| Creates | Time   |\n| ------- | ------ |\n| 500     | a \\| b |\n',
		]) {
			expect(text).toContain(part);
		}
		expect(text).not.toContain('--quick');
	});

	it('warns of a quick run', () => {
		expect(reportText({ ...SETTING, quick: true }, [], undefined)).toContain('means anything');
	});
});

describe('formatSummary', () => {
	it.each([
		[{ median: 4.123, least: 3.9, most: 4.5 }, 's', '4.12 s (3.90–4.50)'],
		[{ median: 1234.5, least: 99.94, most: 2000 }, 'MiB', '1,235 MiB (99.9–2,000)'],
		[{ median: 0.5, least: 0.5, most: 0.5 }, '', '0.50'],
	])('writes %j', (summary, unit, text) => {
		expect(formatSummary(summary, unit)).toBe(text);
	});
});

describe('the picture', () => {
	const svg = barChartSvg(CHART);
	const heights = [...svg.matchAll(/<rect class="series\d" .*? height="([\d.]+)" rx="2"/g)]
		.map(([, height]) => Number(height))
		// Of the legend.
		.filter((height) => height !== 12);

	it('draws bars as high as their values', () => {
		expect(heights).toEqual([124, 248, 62]);
	});

	it('says where there is no value', () => {
		expect(svg.match(/>failed</g)).toHaveLength(1);
	});

	it('is for light and dark, and for those who do not see it', () => {
		expect(svg).toContain('prefers-color-scheme: dark');
		expect(svg).toContain('<title id="title">Time &lt; space</title>');
		expect(svg).toContain('<desc id="description">One bar</desc>');
	});
});
