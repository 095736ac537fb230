/**
 * Mutation testing, `npm run mutation`: each change of a module that parses, decides or makes errors has to
 * make a unit test fail. More than an hour on two cores. What sends requests or keeps time is left out: tests
 * that take long see it. So is token.ts, whose test loads modules anew: Stryker then takes the constants of
 * all of them for tested by it.
 */
export default {
	mutate: [
		'nodes/shared/{errors,input}/*.ts',
		'nodes/shared/async/keyedMutex.ts',
		'nodes/shared/api/{responseBody,retryPolicy}.ts',
		'nodes/EnableNowShare/operations/{activeShares,ambiguousCreate,uniqueShares}.ts',
		'nodes/EnableNowShareTrigger/events.ts',
		'nodes/EnableNowShareTrigger/webhook/{decision,parseEvents,secret}.ts',
	],
	ignoreStatic: true,
	testRunner: 'jest',
	jest: {
		configFile: 'jest.config.js',
		config: {
			testMatch: [
				'<rootDir>/test/unit/shared/{errors,input}/*.test.ts',
				'<rootDir>/test/unit/shared/async/keyedMutex.test.ts',
				'<rootDir>/test/unit/shared/api/{responseBody,retryPolicy,shares}.test.ts',
				'<rootDir>/test/unit/share/*.test.ts',
				'<rootDir>/test/unit/trigger/events.test.ts',
				'<rootDir>/test/unit/trigger/webhook/{decision,parseEvents,secret}.test.ts',
			],
		},
	},
	plugins: ['@stryker-mutator/jest-runner'],
	coverageAnalysis: 'perTest',
	concurrency: 2,
	timeoutMS: 20_000,
	tempDirName: 'test-results/stryker',
	reporters: ['clear-text', 'json', 'progress-append-only'],
	clearTextReporter: { allowColor: false, logTests: false },
	jsonReporter: { fileName: 'test-results/mutation.json' },
	thresholds: { high: 95, low: 90, break: 90 },
};
