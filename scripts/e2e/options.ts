import { parseCommandLine } from '../cli/command-line';
import { DEFAULT_N8N_VERSION, isExactVersion, N8N_VERSIONS, UserFacingError } from '../n8n';
import { isSuiteName, LONG_SUITES, SUITE_NAMES, type SuiteName, type SuiteRun } from './suite';

export const HELP = `npm run test:e2e -- [options]

Runs the end-to-end tests on real n8n: the api suite on ${N8N_VERSIONS.join(', ')}, the
queue suite and the browser suite on ${DEFAULT_N8N_VERSION}. Prints a compatibility table. Two suites
take long and run where they are named only: proofs (crashes, floods and queue mode, with the
catch-up) and hostile (5,000 hostile requests, and where secrets are).

  --n8n VERSION   only this version of n8n, such as 2.20 (the newest one of it that is tried) or
                  2.20.12; may be given several times
  --suite NAME    only this suite: ${SUITE_NAMES.join(', ')}; may be given several times. With --n8n,
                  each named suite runs on each named version.
  --help          print this

The browser suite needs Chromium in the PATH, or named by CHROMIUM_PATH; with E2E_IMAGES=1 it also
takes the images of docs/images. The queue suite needs Redis and PostgreSQL.

n8n is downloaded from npm where it is not in the cache yet: up to 2.7 GB for each version. Logs of
what failed are kept in test-results/e2e.`;

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
		`--n8n takes a full version number, or the beginning of one of ${N8N_VERSIONS.join(', ')}; not "${text}".`,
	);
}

function toSuite(text: string): SuiteName {
	if (isSuiteName(text)) return text;
	throw new UserFacingError(`--suite takes one of ${SUITE_NAMES.join(', ')}; not "${text}".`);
}
