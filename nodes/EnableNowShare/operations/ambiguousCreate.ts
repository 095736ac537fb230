import { isAmbiguous } from '../../shared/api/retryPolicy';
import type { NewShare, ShareLists } from '../../shared/api/shares';
import { RequestError } from '../../shared/errors/requestError';
import { joinFirst, joinSentences } from '../../shared/errors/text';
import { formatDate } from '../../shared/input/dates';

/** Maximum number of identifiers of one kind in a message. */
const MAX_NAMED = 10;

/** Whether a create failed in such a way that EnableNow may have created the share anyway. */
export function isAmbiguousCreate(error: unknown): error is RequestError {
	return error instanceof RequestError && isAmbiguous('POST', error);
}

/** The error of an ambiguous create whose share nobody looked for. */
export function ambiguousCreateError(error: RequestError, share: NewShare): RequestError {
	return extendError(
		error,
		share,
		'EnableNow may have created the share anyway',
		"Look for it with Get Many before you run this item again; a second run could create it twice. With 'Prevent Duplicates' in its options, this node looks for it by itself.",
	);
}

/** The error of an ambiguous create whose share could not be looked for, for the given reason. */
export function uncheckedCreateError(
	error: RequestError,
	share: NewShare,
	reason: string,
): RequestError {
	return extendError(
		error,
		share,
		`EnableNow may have created the share anyway: looking for it failed (${reason})`,
		'Run this item again: the node looks for the share first.',
	);
}

/** The error of a create that was sent as often as allowed, and whose share is not in the list. */
export function missingCreateError(
	error: RequestError,
	share: NewShare,
	attempts: number,
): RequestError {
	return extendError(
		error,
		share,
		`The share was sent ${attempts === 1 ? 'once' : `${attempts} times`} and is not in EnableNow's list`,
		`Run this item again: the node looks for the share first. To have the node itself try more often, raise 'Max Retries'.`,
	);
}

function extendError(
	error: RequestError,
	share: NewShare,
	finding: string,
	advice: string,
): RequestError {
	const { sentAt = new Date(), message, description } = error;
	const { clientId, reference } = share;
	const suffix = reference === '' ? 'without a reference' : `with the reference "${reference}"`;
	const sent = `It was last sent at ${formatDate(sentAt)}, for ${clientId} ${suffix}: ${formatContents(share)}.`;
	return error.with({
		message: joinSentences(message, finding),
		// First: what the error of the request says about running again does not hold for a create.
		description: `${advice} ${sent} ${description}`,
	});
}

/** Formats what a share holds for a message; of many identifiers of one kind, the first ones. */
export function formatContents({ consentIds, accountIds, analysisIds }: ShareLists): string {
	return Object.entries({ consents: consentIds, accounts: accountIds, analyses: analysisIds })
		.filter(([, ids]) => ids.length > 0)
		.map(([kind, ids]) => `${kind} ${joinFirst(ids, MAX_NAMED)}`)
		.join('; ');
}
