/**
 * Mutation testing, `npm run mutation`: each change of a pure module has to make a unit test fail.
 * What sends requests or keeps time is left out: the engine's tests see it, not the unit tests alone.
 */
export default {
	mutate: [
		'nodes/shared/**/*.ts',
		'!nodes/shared/api/{client,rateLimiter,retryingClient,token}.ts',
		'!nodes/shared/async/{sleep,timeout}.ts',
		'nodes/EnableNowShare/operations/{activeShares,uniqueShares,ambiguousCreate}.ts',
		'nodes/EnableNowShareTrigger/webhook/{events,decision,secret}.ts',
	],
	testRunner: 'jest',
	jest: {
		configFile: 'jest.config.js',
		config: {
			testMatch: [
				'<rootDir>/test/unit/shared/**/!(rateLimiter|retryingClient|sleep|timeout).test.ts',
				'<rootDir>/test/unit/share/*.test.ts',
				'<rootDir>/test/unit/trigger/webhook/{events,decision,secret}.test.ts',
			],
		},
	},
	plugins: ['@stryker-mutator/jest-runner'],
	coverageAnalysis: 'perTest',
	concurrency: 2,
	timeoutMS: 20_000,
	tempDirName: '.cache/stryker',
	reporters: ['clear-text', 'json', 'progress-append-only'],
	clearTextReporter: { allowColor: false, logTests: false },
	jsonReporter: { fileName: '.cache/mutation.json' },
	thresholds: { high: 95, low: 90, break: 90 },
};
