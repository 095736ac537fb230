import { markdownTable } from '../../../scripts/cli/markdown-table';
import type { Cell } from './cell';
import { FAULTS } from './faults';
import { SUBJECTS } from './subjects';

/** What came of each cell, for a person to read: a table, and the messages of each fault. */
export function formatReport(cells: readonly Cell[]): string {
	const rows = FAULTS.map((fault) => [
		fault.name,
		...SUBJECTS.map((subject) => {
			const own = cells.filter((cell) => cell.fault === fault && cell.subject === subject);
			const [lasting, once] = ['lasting', 'once'].map((duration) =>
				own.find((cell) => cell.duration === duration),
			);
			return `${lasting?.finding.outcome ?? ''}${once?.finding.isWell ? '; heals' : ''}`;
		}),
	]);
	const chapters = FAULTS.flatMap((fault) => [
		`## ${fault.name}`,
		fault.explanation,
		...cells.filter((cell) => cell.fault === fault && cell.duration === 'lasting').map(formatCell),
	]);
	const table = markdownTable([['Fault', ...SUBJECTS.map(({ name }) => name)], ...rows]);
	return `${['# Fault matrix', table, ...chapters].join('\n\n')}\n`;
}

function formatCell({ subject, finding, requests, tokenRequests, sharesMade }: Cell): string {
	const counts = `requests: ${requests}, for tokens: ${tokenRequests}, shares made: ${sharesMade}`;
	const texts = Object.entries(finding.texts).map(([place, text]) => `- ${place}: \`${text}\``);
	return [`**${subject.name}**: ${finding.outcome} (${counts})`, ...texts].join('\n');
}
