import { messageOf } from '../shared/messageOf';
import { repetitionOf } from '../shared/repetition';
import { RequestFailure } from '../shared/requestFailure';
import { sentences } from '../shared/sentences';

/** For n8n's log: what happened and how to mend it; what passes needs no mending. */
export function failureInWords(error: unknown): string {
	if (!(error instanceof RequestFailure)) return messageOf(error);
	const isLasting = repetitionOf('GET', error) === 'final';
	const hint = isLasting ? error.description : 'Test the credential when EnableNow can be reached.';
	return sentences(error.message, hint);
}
