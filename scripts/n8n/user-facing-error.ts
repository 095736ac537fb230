/**
 * A failure that the person at the keyboard can mend: its message says what happened and what to
 * do. Programs print the message alone, without a stack.
 */
export class UserFacingError extends Error {
	override readonly name = 'UserFacingError';
}
