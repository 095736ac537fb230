import { RequestError } from './requestError';
import { errorMessage, joinSentences } from './text';

/** Formats an error for n8n's log: what happened and, unless it passes by itself, what to do. */
export function formatLogMessage(error: unknown): string {
	if (!(error instanceof RequestError)) return errorMessage(error);
	const hint = error.isTemporary
		? 'Test the credential when EnableNow can be reached.'
		: error.description;
	return joinSentences(error.message, hint);
}

/** Whether the same request may succeed later. */
export function isTemporary(error: unknown): boolean {
	return error instanceof RequestError && error.isTemporary;
}
