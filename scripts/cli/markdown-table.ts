/** A table; the first row is the header. */
export type Table = readonly string[][];

/** Writes a table in Markdown, with columns as wide as what is in them. */
export function markdownTable(table: Table): string {
	const [header = [], ...rows] = table.map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
	const widths = header.map((cell, column) =>
		Math.max(3, cell.length, ...rows.map((row) => (row[column] ?? '').length)),
	);
	const line = (cells: readonly string[]): string =>
		`| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`;
	return [line(header), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join(
		'\n',
	);
}
