import type { Bench } from './bench';
import type { Finding } from './subject';

/** What differs from run to run, and what stands for it in the report. */
const VARIABLE_PARTS: Array<[RegExp, string]> = [
	[/\b00-[0-9a-f]{32}-[0-9a-f]{16}-00\b/g, '<trace ID>'],
	[/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, '<share ID>'],
	[/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>'],
	// The trigger's second request and its look-up as a whole end at about the same time.
	[/within (1\.8|4) seconds/g, 'within 4 seconds'],
	// Which of the two it is depends on the machine's name server.
	[/could not be looked up \(EAI_AGAIN\)/g, 'is not known (ENOTFOUND)'],
];

/** Texts as they are in every run: without addresses, identifiers and times of this one. */
export function normalised(texts: Finding['texts'], { baseUrl }: Bench): Finding['texts'] {
	const replaced = (text: string) =>
		VARIABLE_PARTS.reduce(
			(rest, [part, substitute]) => rest.replace(part, substitute),
			text.replaceAll(baseUrl, '<base URL>'),
		);
	return Object.fromEntries(Object.entries(texts).map(([place, text]) => [place, replaced(text)]));
}
