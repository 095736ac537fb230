const { availableParallelism } = require('node:os');

/** Unit tests read the sources; integration and package tests read what `npm run build` made. */
module.exports = {
	testMatch: ['<rootDir>/test/{unit,integration,package,fuzz}/**/*.test.ts'],
	// For `npx jest --coverage`: what unit tests reach in the sources, and the others in what was built.
	collectCoverageFrom: ['{credentials,nodes}/**/*.ts', 'dist/**/*.js'],
	coverageProvider: 'v8',
	coverageReporters: ['text', 'html'],
	// One more than there are cores, since many tests mostly wait. Jest takes a percentage up to 99.
	maxWorkers: availableParallelism() + 1,
	// Something of each file stays in its worker, where promises and garbage collection become slow.
	workerIdleMemoryLimit: '400MB',
	// Far more than any test takes, for a machine that is busy with other things, in milliseconds.
	testTimeout: 180_000,
	// The folders of `npm start` are no modules of this project.
	modulePathIgnorePatterns: ['<rootDir>/.cache/'],
	transform: { '\\.ts$': ['@swc/jest', { jsc: { target: 'es2022' } }] },
};
