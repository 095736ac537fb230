import type { SuiteResult } from './suite';

/**
 * The compatibility table, in Markdown.
 *
 * @param nodeVersion the version of the Node that n8n ran on, e.g. "v24.1.0"
 */
export function compatibilityTable(results: SuiteResult[], nodeVersion: string): string {
	const rows = results.map(({ version, suite, passed, failed, seconds }) => [
		version,
		nodeVersion.replace(/^v/, ''),
		suite,
		String(passed),
		String(failed),
		`${seconds} s`,
	]);
	return markdownTable([['n8n', 'Node.js', 'Suite', 'Passed', 'Failed', 'Time'], ...rows]);
}

/** The plain total, for the last line of the output. */
export function total(results: SuiteResult[]): string {
	const sum = (count: (result: SuiteResult) => number): number =>
		results.reduce((subtotal, result) => subtotal + count(result), 0);
	return `${sum(({ passed }) => passed)} passed, ${sum(({ failed }) => failed)} failed`;
}

function markdownTable([header = [], ...rows]: string[][]): string {
	const widths = header.map((cell, column) =>
		Math.max(cell.length, ...rows.map((row) => (row[column] ?? '').length)),
	);
	const line = (cells: string[]): string =>
		`| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
	return [line(header), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join(
		'\n',
	);
}
