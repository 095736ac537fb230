import { InputError } from '../../../nodes/shared/errors/inputError';

/** The longest message that a person is shown of a refused value, in characters. */
const LONGEST_MESSAGE = 300;

/**
 * What a piece of work gives, or nothing where it refuses its input. It must say so as is
 * fitting: name the field, say what to do, and not repeat more than a person can read.
 */
export function acceptedOrRefused<Result>(
	work: () => Result,
	fieldName: string,
): Result | undefined {
	try {
		return work();
	} catch (error) {
		if (!(error instanceof InputError)) throw error;
		expect(error.message).toContain(fieldName);
		expect(error.message.length).toBeLessThan(LONGEST_MESSAGE);
		expect(error.message).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
		expect(error.description).toMatch(/\w.*\.$/s);
		return undefined;
	}
}
