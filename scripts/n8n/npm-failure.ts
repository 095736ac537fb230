import { NpmError } from './npm';
import { UserFacingError } from './user-facing-error';

/**
 * @param error what npm() threw
 * @param wanted what was to be downloaded, e.g. "Node 24"
 * @returns the error in the user's terms where its cause is known, else the same error
 */
export function explainNpmFailure(error: unknown, wanted: string): unknown {
	if (!(error instanceof NpmError)) return error;
	if (error.isNotFound) {
		return new UserFacingError(
			`npm's registry does not have ${wanted}, or lacks a part of it. Choose another version.\n\n` +
				error.message,
		);
	}
	if (error.isNetworkError) {
		return new UserFacingError(
			`npm's registry, from which ${wanted} has to be downloaded, cannot be reached.\n` +
				'Check the network, and the proxy and registry that "npm config list" shows; then start again.\n\n' +
				error.message,
		);
	}
	return error;
}
