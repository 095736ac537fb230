/** Runs as a test that builds on those before it. */
export type Step = (name: string, body: () => Promise<void>) => void;

/**
 * Makes tests of the steps that a person takes one after the other. After one that fails, the rest
 * is not tried: each would only wait in vain for what is missing.
 *
 * @param afterEach is called after a step that went well so far, and may fail it
 * @param onFailure is called with the name of the step that failed
 */
export function orderedSteps(
	afterEach: () => void,
	onFailure: (name: string) => Promise<void>,
): Step {
	let failed: string | undefined;
	return (name, body) => {
		test(name, async () => {
			if (failed !== undefined) throw notTried(failed);
			try {
				await body();
				afterEach();
			} catch (error) {
				failed = name;
				await onFailure(name);
				throw error;
			}
		});
	};
}

function notTried(failedStep: string): Error {
	const error = new Error(`Not tried, since "${failedStep}" failed`);
	// The place in the code tells nothing, and there may be many of these.
	delete error.stack;
	return error;
}
