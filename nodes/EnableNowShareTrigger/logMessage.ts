import { errorMessage, joinSentences } from '../shared/errors/text';
import { canRetry } from '../shared/api/retryPolicy';
import { RequestError } from '../shared/errors/requestError';

/** For n8n's log: what happened and how to mend it; what passes needs no mending. */
export function failureInWords(error: unknown): string {
	if (!(error instanceof RequestError)) return errorMessage(error);
	const isLasting = !canRetry('GET', error);
	const hint = isLasting ? error.description : 'Test the credential when EnableNow can be reached.';
	return joinSentences(error.message, hint);
}
