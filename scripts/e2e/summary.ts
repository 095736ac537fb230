import { markdownTable } from '../cli/markdown-table';
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
