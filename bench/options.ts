import path from 'node:path';
import { parseCommandLine } from '../scripts/cli/command-line';
import { DEFAULT_N8N_VERSION, UserFacingError } from '../scripts/n8n';
import type { Part } from './part';
import { PARTS } from './parts';

const DEFAULT_ROUNDS = 4;
const QUICK_ROUNDS = 2;

/** The folder that a full run writes to. */
const DOCS_FOLDER = path.resolve(__dirname, '../docs');

const partLines = PARTS.map(({ name, summary }) => `    ${name.padEnd(12)}  ${summary}`).join('\n');

export const HELP = `npm run bench -- [options]

Measures EnableNow Share against n8n's own HTTP Request node, and EnableNow Trigger against n8n's
Webhook node, in a real n8n ${DEFAULT_N8N_VERSION} with the packed package, against the sandbox, and prints the
tables. A full run takes about an hour and writes docs/benchmark.md and docs/images/benchmark.svg.
Needs Linux, and a machine that does nothing else.

  --only PART,…    only these parts:
${partLines}
  --quick          small sizes and few rounds, to see that it works; the figures mean nothing
  --rounds N       how often each measurement is taken (${DEFAULT_ROUNDS}); best an even number
  --write          write the report even if this is not a full run
  --output FOLDER  write benchmark.md and images/benchmark.svg into this folder instead of docs
  --help           print this

Press Ctrl-C to stop everything.`;

const OPTIONS = {
	help: { type: 'boolean', short: 'h' },
	quick: { type: 'boolean' },
	write: { type: 'boolean' },
	only: { type: 'string' },
	rounds: { type: 'string' },
	output: { type: 'string' },
} as const;

/** The options of the command line. */
export interface BenchOptions {
	help: boolean;
	parts: readonly Part[];
	quick: boolean;
	rounds: number;
	/** The folder to write the report to; undefined where it is only printed. */
	output: string | undefined;
}

/**
 * @param commandLine the arguments after the script's name
 * @throws UserFacingError for what it does not understand
 */
export function parseOptions(commandLine: string[]): BenchOptions {
	const {
		help = false,
		quick = false,
		write = false,
		only,
		rounds,
		output,
	} = parseCommandLine(commandLine, OPTIONS, HELP);
	const isFullRun = !quick && only === undefined;
	const folder = output === undefined ? DOCS_FOLDER : path.resolve(output);
	return {
		help,
		quick,
		parts: only === undefined ? PARTS : toParts(only),
		rounds: rounds === undefined ? (quick ? QUICK_ROUNDS : DEFAULT_ROUNDS) : toRounds(rounds),
		output: isFullRun || write || output !== undefined ? folder : undefined,
	};
}

function toParts(text: string): Part[] {
	const names = text.split(',').map((name) => name.trim());
	const unknown = names.find((name) => !PARTS.some((part) => part.name === name));
	if (unknown !== undefined) {
		const known = PARTS.map(({ name }) => name).join(', ');
		throw new UserFacingError(`--only takes some of ${known}; not "${unknown}".`);
	}
	return PARTS.filter(({ name }) => names.includes(name));
}

function toRounds(text: string): number {
	const rounds = Number(text);
	if (Number.isInteger(rounds) && rounds > 0) return rounds;
	throw new UserFacingError(`--rounds takes a whole number from 1, not "${text}".`);
}
