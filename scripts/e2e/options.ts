import { parseCommandLine } from '../cli/command-line';
import { DEFAULT_N8N_VERSION, isExactVersion, N8N_VERSIONS, UserFacingError } from '../n8n';
import { isSuiteName, LONG_SUITES, SUITE_NAMES, type SuiteName, type SuiteRun } from './suite';

export const HELP = `npm run test:e2e -- [options]

Runs the end-to-end tests on a real n8n, and prints a compatibility table. The suites api and catch-up
run on n8n ${N8N_VERSIONS.join(', ')}, queue and browser on ${DEFAULT_N8N_VERSION}. Two long suites run
only if you name them: proofs (crashes, floods and queue mode, with Catch Up on) and hostile (5,000
hostile requests, and a search for leaked secrets).

  --n8n VERSION   only this version of n8n, such as 2.20.12, or 2.20 for the one that is tested; can
                  be repeated
  --suite NAME    only this suite: ${SUITE_NAMES.join(', ')};
                  can be repeated. With --n8n, each named suite runs on each named version.
  --help          print this

The browser suite needs Chromium in the PATH, or its path in CHROMIUM_PATH; with E2E_IMAGES=1 it also
takes the pictures in docs/images. The queue suite needs Redis and PostgreSQL.

A version of n8n that is not in the cache is downloaded from npm, up to 2.7 GB. Logs of failures are
in test-results/e2e.`;

const OPTIONS = {
	help: { type: 'boolean', short: 'h' },
	n8n: { type: 'string', multiple: true },
	suite: { type: 'string', multiple: true },
} as const;

/** The options of the command line. */
export interface E2eOptions {
	help: boolean;
	runs: SuiteRun[];
}

/**
 * @param commandLine the arguments after the script's name
 * @throws UserFacingError for what it does not understand
 */
export function parseOptions(commandLine: string[]): E2eOptions {
	const { help = false, n8n, suite } = parseCommandLine(commandLine, OPTIONS, HELP);
	const versions = n8n?.map(toVersion) ?? [...N8N_VERSIONS];
	const suites = suite?.map(toSuite) ?? SUITE_NAMES.filter((name) => !LONG_SUITES.includes(name));
	const areSuitesChosen = suite !== undefined && n8n !== undefined;
	const runs = suites.flatMap((name) =>
		versions
			.filter((version) => areSuitesChosen || isPlanned(name, version))
			.map((version) => ({ suite: name, version })),
	);
	return { help, runs };
}

/** The slow suites run on the newest version only, unless somebody asks for more. */
function isPlanned(suite: SuiteName, version: string): boolean {
	return ['api', 'catch-up'].includes(suite) || version === DEFAULT_N8N_VERSION;
}

function toVersion(text: string): string {
	if (isExactVersion(text)) return text;
	const version = N8N_VERSIONS.find((known) => known.startsWith(`${text}.`));
	if (version !== undefined) return version;
	throw new UserFacingError(
		`--n8n takes a full version number, or the first part of one of ${N8N_VERSIONS.join(', ')}, not "${text}".`,
	);
}

function toSuite(text: string): SuiteName {
	if (isSuiteName(text)) return text;
	throw new UserFacingError(`--suite takes one of ${SUITE_NAMES.join(', ')}, not "${text}".`);
}
