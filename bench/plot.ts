import { formatNumber } from './format';
import type { Summary } from './statistics';

/** Bars in groups. */
export interface BarChart {
	title: string;
	/** What the picture shows, for those who cannot see it. */
	description: string;
	/** The names of the bars of each group, at most three. */
	series: string[];
	/** A group of bars: one for each of the series, undefined where there is no value. */
	groups: Array<{ label: string; bars: Array<Summary | undefined> }>;
}

const WIDTH = 860;
const HEIGHT = 380;
const LEFT = 24;
const TOP = 88;
const BASE = 336;
const GROUP_GAP = 24;

/** Blue, orange and grey: told apart by those who do not see all colours, on light and on dark. */
const STYLE = `
	text { font: 13px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2328 }
	.title { font-size: 16px; font-weight: 600 }
	.value { font-size: 11px }
	.background { fill: #ffffff; stroke: #d1d9e0 }
	.line { stroke: #59636e }
	.series0 { fill: #2f6fd0 } .series1 { fill: #d9822b } .series2 { fill: #8c959f }
	@media (prefers-color-scheme: dark) {
		text { fill: #f0f6fc }
		.background { fill: #0d1117; stroke: #3d444d }
		.line { stroke: #9198a1 }
		.series0 { fill: #58a6ff } .series1 { fill: #f0a04b } .series2 { fill: #6e7681 }
	}`;

/** Draws the chart as SVG, from nought; a thin line over each bar shows the range. */
export function barChartSvg(chart: BarChart): string {
	const { title, description, series, groups } = chart;
	const groupWidth = (WIDTH - 2 * LEFT) / Math.max(1, groups.length);
	const barWidth = (groupWidth - GROUP_GAP) / Math.max(1, series.length);
	const most = Math.max(...groups.flatMap(({ bars }) => bars.map((bar) => bar?.most ?? 0)), 1e-9);
	const heightOf = (value: number): number => ((BASE - TOP) * value) / most;

	const drawBar = (bar: Summary | undefined, x: number, position: number): string => {
		const middle = x + barWidth / 2;
		if (!bar) return textAt(middle, BASE - 6, 'failed', 'value', 'middle');
		const top = BASE - heightOf(bar.median);
		const end = BASE - heightOf(bar.most);
		return [
			`<rect class="series${position}" x="${round(x + 2)}" y="${round(top)}" width="${round(barWidth - 4)}" height="${round(BASE - top)}" rx="2"/>`,
			`<line class="line" x1="${round(middle)}" x2="${round(middle)}" y1="${round(BASE - heightOf(bar.least))}" y2="${round(end)}"/>`,
			textAt(middle, end - 5, formatNumber(bar.median), 'value', 'middle'),
		].join('\n');
	};

	const drawnGroups = groups.map(({ label, bars }, index) => {
		const left = LEFT + index * groupWidth + GROUP_GAP / 2;
		const middle = left + (groupWidth - GROUP_GAP) / 2;
		return [
			...series.map((_, position) => drawBar(bars[position], left + position * barWidth, position)),
			textAt(middle, BASE + 20, label, '', 'middle'),
		].join('\n');
	});
	const legend = series.map((name, position) => {
		const x = LEFT + 8 + (position * (WIDTH - 2 * LEFT)) / series.length;
		return `<rect class="series${position}" x="${round(x)}" y="49" width="12" height="12" rx="2"/>
${textAt(x + 18, 60, name)}`;
	});
	return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-labelledby="title description">
<title id="title">${escape(title)}</title>
<desc id="description">${escape(description)}</desc>
<style>${STYLE}
</style>
<rect class="background" x="0.5" y="0.5" width="${WIDTH - 1}" height="${HEIGHT - 1}" rx="6"/>
${textAt(LEFT + 8, 32, title, 'title')}
${legend.join('\n')}
${drawnGroups.join('\n')}
<line class="line" x1="${LEFT}" x2="${WIDTH - LEFT}" y1="${BASE}" y2="${BASE}"/>
</svg>
`;
}

function textAt(
	x: number,
	y: number,
	text: string,
	className = '',
	anchor: 'start' | 'middle' = 'start',
): string {
	const named = className === '' ? '' : ` class="${className}"`;
	return `<text${named} x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${escape(text)}</text>`;
}

function round(value: number): string {
	return String(Math.round(value * 10) / 10);
}

function escape(text: string): string {
	return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
