import { markdownTable } from '../../../../scripts/markdown-table';
import type { Cell } from '../cell';
import type { Fault } from '../fault';
import { linkTo } from './links';

const EXPLANATION = `## Overview

**Works**: as if nothing had been wrong. **None made**: the message says, or leaves no doubt, that no share was made. **In doubt**: the message says that EnableNow may have made the share; it is never sent again blindly. **Heals**: where the fault strikes only once, it works.`;

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
