import type { Cell } from '../cell';
import type { Fault } from '../fault';
import type { Subject } from '../subject';

/** The chapter of a fault: what is said, and of what it is said. */
export function chapterOf({ name, explanation }: Fault, cells: readonly Cell[]): string {
	const groups = groupedBy(cells, ({ finding }) => JSON.stringify(finding.texts));
	return [`## ${name}`, explanation, ...groups.map((group) => sectionOf(group, cells))].join(
		'\n\n',
	);
}

/** The subjects of which the same is said, and the words. */
function sectionOf(group: readonly Cell[], chapter: readonly Cell[]): string {
	const lines = groupedBy(group, resultOf).map((alike) => {
		const subjects = namesOf(
			alike.map(({ subject }) => subject),
			chapter.map(({ subject }) => subject),
		);
		return `**${subjects.join(', ')}**: ${resultOf(alike[0]!)}.`;
	});
	const texts = Object.entries(group[0]!.finding.texts).map(
		([place, text]) => `- ${place}: \`${text}\``,
	);
	return [...lines, texts.join('\n')].filter((part) => part !== '').join('\n\n');
}

/** Names; where all subjects of a column are among them, that of the column. */
function namesOf(subjects: readonly Subject[], all: readonly Subject[]): string[] {
	const names = subjects.map(({ name, column }) => {
		const isOfColumn = (other: Subject) => other.column === column;
		const isWhole = subjects.filter(isOfColumn).length === all.filter(isOfColumn).length;
		return isWhole && all.filter(isOfColumn).length > 1 ? column : name;
	});
	return [...new Set(names)];
}

function resultOf(cell: Cell): string {
	const { subject, fault, finding, tokenRequests, sharesMade } = cell;
	const isVarying = subject.isInHurry && fault.isTimeOut;
	const requests = isVarying ? `1 to ${subject.mostRequests(fault)}` : String(cell.requests);
	return [
		`${finding.outcome}; ${counted(requests, 'request')}`,
		...(tokenRequests > 0 ? [`${counted(String(tokenRequests), 'request')} for a token`] : []),
		...(subject.makesShare ? [`${counted(String(sharesMade), 'share')} made`] : []),
	].join(', ');
}

function counted(count: string, what: string): string {
	if (count === '0') return `no ${what}`;
	return `${count} ${count === '1' ? what : `${what}s`}`;
}

function groupedBy(cells: readonly Cell[], keyOf: (cell: Cell) => string): Cell[][] {
	const groups = new Map<string, Cell[]>();
	for (const cell of cells) groups.set(keyOf(cell), [...(groups.get(keyOf(cell)) ?? []), cell]);
	return [...groups.values()];
}
