/**
 * What an error says. Of anything else that was thrown, only a text is repeated: an object may hold
 * a request, and with it the token.
 */
export function errorMessage(error: unknown): string {
	const { message } = Object(error) as { message?: unknown };
	if (typeof message === 'string') return message;
	return typeof error === 'string' ? error : 'something went wrong that gives no reason';
}
