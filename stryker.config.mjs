/**
 * Mutation testing, `npm run mutation`: each change of a pure module has to make a unit test fail.
 * What sends requests or keeps time is left out: the engine's tests see it, not the unit tests alone.
 */
const API = '{pages,retryAfter,retryPolicy,shareList,shares,tokenOwner}';
const WEBHOOK = '{events,judgement,secret}';

export default {
	mutate: [
		'nodes/shared/{errors,input}/**/*.ts',
		`nodes/shared/api/${API}.ts`,
		`nodes/EnableNowShareTrigger/webhook/${WEBHOOK}.ts`,
	],
	testRunner: 'jest',
	jest: {
		configFile: 'jest.config.js',
		config: {
			testMatch: [
				'<rootDir>/test/unit/shared/{errors,input}/**/*.test.ts',
				`<rootDir>/test/unit/shared/api/${API}.test.ts`,
				`<rootDir>/test/unit/trigger/webhook/${WEBHOOK}.test.ts`,
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
