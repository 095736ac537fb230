import { markdownTable } from '../scripts/cli/markdown-table';
import type { Setting } from './machine';
import type { Section } from './part';

/** The tables of a section for the terminal. */
export function sectionText({ heading, tables }: Section): string {
	return [`## ${heading}`, ...tables.map(markdownTable)].join('\n\n');
}

/**
 * The report, in Markdown.
 *
 * @param chartFile the path of the section's picture, from the report; undefined where there is none
 */
export function reportText(
	setting: Setting,
	sections: readonly Section[],
	chartFile: string | undefined,
): string {
	const parts = [
		'# Benchmark',
		introduction(setting),
		...sections.map((section) => reportSection(section, chartFile)),
	];
	return `${parts.join('\n\n')}\n`;
}

function introduction(setting: Setting): string {
	const { rounds, quick, commit } = setting;
	const facts = [
		['Machine', setting.machine],
		['System', setting.operatingSystem],
		['n8n', `${setting.n8nVersion}, SQLite, Node.js ${setting.nodeVersion}`],
		['Package', setting.packageVersion + (commit === undefined ? '' : ` (commit ${commit})`)],
		['Date', setting.date],
		['Rounds', String(rounds)],
	];
	const warning = quick ? '**Small sizes (`--quick`): no figure here means anything.**\n\n' : '';
	return `${warning}Made by \`npm run bench\`. A real n8n runs the packed package against the sandbox, which has a process of its own on the same machine. Each time is that of the node alone, by n8n's own record of the execution. What is compared is measured in turns (ABBA), after a warm-up and on an empty sandbox; a run that made fewer shares than asked for counts as failed. Figures are medians, in brackets the least and the most; ratios are medians of the ratios within each round.

${markdownTable([['What', 'Value'], ...facts])}`;
}

function reportSection(section: Section, chartFile: string | undefined): string {
	const { heading, explanation, tables, chart } = section;
	const image = chart && chartFile !== undefined ? [`![${chart.title}](${chartFile})`] : [];
	return [`## ${heading}`, explanation, ...image, ...tables.map(markdownTable)].join('\n\n');
}
