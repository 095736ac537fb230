/** What `npm run test:e2e` tells the tests by environment variables. */

/** The version of n8n to run. */
export function n8nVersion(): string {
	return required('E2E_N8N_VERSION');
}

/** Absolute path of the packed package. */
export function packageTarball(): string {
	return required('E2E_TARBALL');
}

/** Where to put logs; kept where a test fails. Undefined where none are wanted. */
export function logFolder(): string | undefined {
	return process.env['E2E_LOG_FOLDER'];
}

function required(name: string): string {
	const value = process.env[name];
	if (value) return value;
	throw new Error(`${name} is not set: start these tests by "npm run test:e2e"`);
}
