/** End-to-end tests: one real n8n for each suite; started by `npm run test:e2e`. */
const transform = { '\\.ts$': ['@swc/jest', { jsc: { target: 'es2022' } }] };

const suite = (name, further = {}) => ({
	displayName: name,
	testMatch: [`<rootDir>/test/e2e/${name}/**/*.test.ts`],
	setupFiles: ['<rootDir>/test/e2e/support/no-keep-alive.ts'],
	transform,
	...further,
});

module.exports = {
	projects: [
		suite('api', {
			globalSetup: '<rootDir>/test/e2e/support/start-shared-n8n.ts',
			globalTeardown: '<rootDir>/test/e2e/support/stop-shared-n8n.ts',
		}),
		suite('catch-up'),
		suite('proofs'),
		suite('queue'),
		suite('browser'),
		suite('hostile'),
	],
	// A start of n8n on a machine that is busy with other things takes its time.
	testTimeout: 180_000,
};
