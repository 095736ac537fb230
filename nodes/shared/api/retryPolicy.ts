import { isTlsBroken, isUntrusted, type RequestError } from '../errors/requestError';
import type { ApiRequest } from './client';

/** What may be done with a request that failed. */
export type Repetition =
	/** It was not carried out, or does no harm when it is carried out twice: send it again. */
	| 'repeatable'
	/** It may have been carried out, and would do harm twice: find out first. */
	| 'ambiguous'
	/** Sending it again would give the same. */
	| 'final';

/** The kinds of failure that make a difference. */
type Trouble =
	| 'notSent'
	| 'rateLimited'
	| 'answerLost'
	| 'temporarilyUnavailable'
	| 'unusableAnswer'
	| 'refused';

/**
 * Which request may be repeated. GET changes nothing, and PUT sets the same end of a share again;
 * POST creates a share each time that it is carried out, so only what was surely not carried out is
 * sent again.
 */
const REPETITIONS: Record<Trouble, Record<ApiRequest['method'], Repetition>> = {
	notSent: { GET: 'repeatable', PUT: 'repeatable', POST: 'repeatable' },
	rateLimited: { GET: 'repeatable', PUT: 'repeatable', POST: 'repeatable' },
	answerLost: { GET: 'repeatable', PUT: 'repeatable', POST: 'ambiguous' },
	temporarilyUnavailable: { GET: 'repeatable', PUT: 'repeatable', POST: 'ambiguous' },
	unusableAnswer: { GET: 'final', PUT: 'final', POST: 'ambiguous' },
	refused: { GET: 'final', PUT: 'final', POST: 'final' },
};

/** Codes of failures in which no connection was made, so that nothing was sent. */
const NO_CONNECTION = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

/** Whether a request that failed may be sent again. */
export function repetitionOf(method: ApiRequest['method'], failure: RequestError): Repetition {
	return REPETITIONS[troubleOf(failure)][method];
}

/** Whether a request that failed was surely not carried out. */
export function wasNotCarriedOut(failure: RequestError): boolean {
	return ['notSent', 'rateLimited', 'refused'].includes(troubleOf(failure));
}

function troubleOf(failure: RequestError): Trouble {
	const trouble = troubleOfKind(failure);
	const isOpen = trouble === 'answerLost' || trouble === 'unusableAnswer';
	return isOpen && failure.isUnsent ? 'notSent' : trouble;
}

function troubleOfKind({ kind, status = 0, code = '' }: RequestError): Trouble {
	switch (kind) {
		case 'tokenRefused':
			return status === 429 || status >= 500 ? 'notSent' : 'refused';
		case 'unreachable':
			if (NO_CONNECTION.includes(code)) return 'notSent';
			if (isUntrusted(code)) return 'refused';
			return code === '' || isTlsBroken(code) ? 'unusableAnswer' : 'answerLost';
		case 'timedOut':
			return 'answerLost';
		case 'unreadable':
			return 'unusableAnswer';
		case 'refused':
			if (status === 429) return 'rateLimited';
			if (status >= 502 && status <= 504) return 'temporarilyUnavailable';
			return status >= 500 ? 'unusableAnswer' : 'refused';
		case 'unsent':
			return 'notSent';
		case 'redirected':
		case 'cancelled':
			return 'refused';
	}
}
