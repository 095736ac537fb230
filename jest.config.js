const { availableParallelism } = require('node:os');

/** Unit tests read the sources; integration and package tests read what `npm run build` made. */
module.exports = {
	testMatch: ['<rootDir>/test/{unit,integration,package,fuzz}/**/*.test.ts'],
	// For `npx jest --coverage`: what unit tests reach in the sources, and the others in what was built.
	collectCoverageFrom: ['{credentials,nodes}/**/*.ts', 'dist/**/*.js'],
	coverageProvider: 'v8',
	coverageReporters: ['text', 'html'],
	// More than there are cores, since many tests mostly wait. Jest takes a percentage up to 99.
	maxWorkers: availableParallelism() + 2,
	// Something of each file stays in its worker, where promises and garbage collection become slow.
	workerIdleMemoryLimit: '400MB',
	// Far more than any test takes, for a machine that is busy with other things, in milliseconds.
	testTimeout: 180_000,
	transform: { '\\.ts$': ['@swc/jest', { jsc: { target: 'es2022' } }] },
};
