import { RequestError } from './requestError';
import { errorMessage, joinSentences } from './text';

/** Formats an error for n8n's log: what happened and what to do. */
export function formatLogMessage(error: unknown): string {
	if (!(error instanceof RequestError)) return errorMessage(error);
	return joinSentences(error.message, error.description);
}
