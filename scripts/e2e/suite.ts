/** The suites; each is a folder of test/e2e and a project of jest.e2e.config.js. */
export const SUITE_NAMES = ['api', 'catch-up', 'queue', 'browser', 'hostile', 'proofs'] as const;

/** Those that take long, and run where they are named only. */
export const LONG_SUITES: readonly SuiteName[] = ['hostile', 'proofs'];

export type SuiteName = (typeof SUITE_NAMES)[number];

export function isSuiteName(text: string): text is SuiteName {
	return SUITE_NAMES.some((name) => name === text);
}

/** A suite on a version of n8n. */
export interface SuiteRun {
	suite: SuiteName;
	/** A full version number. */
	version: string;
}

/** What a suite came to. */
export interface SuiteResult extends SuiteRun {
	/** Test cases. */
	passed: number;
	/** Test cases; a file that could not be run at all counts as one. */
	failed: number;
	seconds: number;
}
