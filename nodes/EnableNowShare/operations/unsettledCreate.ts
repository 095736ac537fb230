import { formatDate } from '../../shared/input/dates';
import { isAmbiguous } from '../../shared/api/retryPolicy';
import { RequestError } from '../../shared/errors/requestError';
import { joinSentences } from '../../shared/errors/text';
import type { NewShare } from '../../shared/api/shares';

/** A create whose answer was lost, so that EnableNow may have created the share all the same. */
export function isUnsettled(error: unknown): error is RequestError {
	return error instanceof RequestError && isAmbiguous('POST', error);
}

/** Tells all that is known of a create that nobody looked for. */
export function unsettledCreate(failure: RequestError, share: NewShare): RequestError {
	return worded(
		failure,
		'EnableNow may have created the share all the same',
		`${sentAs(failure, share)} Look for it with Get Many before you run this item again; a second run could make it twice. With 'Prevent Duplicates' in its options, this node looks for it by itself.`,
	);
}

/** Tells all that is known of a create that could not be looked for. */
export function unfoundCreate(
	failure: RequestError,
	share: NewShare,
	reason: string,
): RequestError {
	return worded(
		failure,
		`EnableNow may have created the share all the same: it could not be looked for (${reason})`,
		`${sentAs(failure, share)} Run this item again, with 'Prevent Duplicates' still on: it is looked for first.`,
	);
}

/** Tells of a create that was sent as often as allowed, and was not carried out. */
export function missingCreate(failure: RequestError, share: NewShare, sent: number): RequestError {
	const times = sent === 1 ? 'once' : `${sent} times`;
	return worded(
		failure,
		`The share was sent ${times} and is not in EnableNow's list`,
		`${sentAs(failure, share)} It was looked for until ${formatDate(new Date())}. Run this item again, with 'Prevent Duplicates' still on. To have the node itself try more often, raise 'Max Retries'.`,
	);
}

function worded(failure: RequestError, known: string, advice: string): RequestError {
	return failure.with({
		message: joinSentences(failure.message, known),
		description: `${failure.description} ${advice}`,
	});
}

function sentAs(
	{ sentAt = new Date() }: RequestError,
	{ clientId, reference, consentIds, accountIds, analysisIds }: NewShare,
): string {
	const named = reference === '' ? 'without a reference' : `with the reference "${reference}"`;
	const contents = [
		counted(consentIds, 'consent', 'consents'),
		counted(accountIds, 'account', 'accounts'),
		counted(analysisIds, 'analysis', 'analyses'),
	].filter((text) => text !== '');
	return `It was last sent at ${formatDate(sentAt)}: ${contents.join(', ')} for ${clientId}, ${named}.`;
}

function counted(ids: string[], one: string, several: string): string {
	if (ids.length === 0) return '';
	return `${ids.length} ${ids.length === 1 ? one : several}`;
}
