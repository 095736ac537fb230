/** Unit tests read the sources; integration and package tests read what `npm run build` made. */
module.exports = {
	testMatch: ['<rootDir>/test/{unit,integration,package,fuzz}/**/*.test.ts'],
	transform: { '\\.ts$': ['@swc/jest', { jsc: { target: 'es2022' } }] },
};
