import { markdownTable } from '../../../../scripts/cli/markdown-table';
import type { Cell } from '../cell';
import type { Fault } from '../fault';
import { linkTo } from './links';

const WORDS = [
	['In the tables', 'What it means'],
	['works', 'As if nothing had been wrong'],
	['fails', 'An error, with what happened and what to do'],
	['none made', 'No share was made, and nothing is said that makes one doubt it'],
	['in doubt', 'The error says that EnableNow may have made the share; it was sent once'],
	['heals', 'Where the fault strikes only once, it works'],
	['starts, unverified', 'Answered with 200; `verified` is false, and `reason` says why'],
	['answers 403 or 503', "Nothing runs; the reason is in n8n's log"],
	['tries again', "n8n's log says what is wrong, and the catch-up goes on trying until it can"],
	['active, with a warning', "The workflow is activated; n8n's log says what was wrong"],
];

const EXPLANATION = `## Overview\n\n${markdownTable(WORDS)}`;

/** The tables of what becomes of what. */
export function overviewOf(cells: readonly Cell[]): string {
	const tables = distinct(cells.map(({ subject }) => subject.table));
	return [
		EXPLANATION,
		...tables.map((table) => {
			const own = cells.filter(({ subject }) => subject.table === table);
			return `### ${table}\n\n${tableOf(own)}`;
		}),
	].join('\n\n');
}

function tableOf(cells: readonly Cell[]): string {
	const columns = distinct(cells.map(({ subject }) => subject.column));
	const rows = distinct(cells.map(({ fault }) => fault)).map((fault) => [
		linkTo(fault),
		...columns.map((column) => wordsOf(cells, fault, column)),
	]);
	return markdownTable([['Fault', ...columns], ...rows]);
}

/** What became of the subjects of a column; they have to fare alike. */
function wordsOf(cells: readonly Cell[], fault: Fault, column: string): string {
	const own = cells.filter((cell) => cell.fault === fault && cell.subject.column === column);
	const lasting = own.filter(({ duration }) => duration === 'lasting');
	const once = own.filter(({ duration }) => duration === 'once');
	const isHealed = once.length > 0 && once.every(({ finding }) => finding.isWell);
	const outcomes = distinct(lasting.map(({ finding }) => finding.outcome));
	if (outcomes.length > 1) throw new Error(`${column} do not fare alike: ${outcomes.join(', ')}`);
	const isWell = lasting.every(({ finding }) => finding.isWell);
	return `${outcomes.join()}${isHealed && !isWell ? '; heals' : ''}`;
}

function distinct<Value>(values: readonly Value[]): Value[] {
	return [...new Set(values)];
}
