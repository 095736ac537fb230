import {
	cancelledError,
	networkError,
	responseError,
	RequestError,
	timeoutError,
	tokenError,
	invalidResponseError,
} from '../../../nodes/shared/errors/requestError';
import type { NewShare } from '../../../nodes/shared/api/shares';
import {
	ambiguousCreateError,
	isAmbiguousCreate,
	missingCreateError,
	uncheckedCreateError,
} from '../../../nodes/EnableNowShare/operations/ambiguousCreate';
import { CONSENT_ID, SHARE_ID } from '../support';

const NOW = new Date('2026-04-30T12:00:30Z');

beforeEach(() => jest.useFakeTimers({ now: NOW }));

const SHARE: NewShare = {
	clientId: 'en-app-ref-002',
	reference: 'reference-1',
	expiration: new Date('2099-04-30T12:00:00Z'),
	consentIds: [CONSENT_ID],
	accountIds: [],
	analysisIds: [],
};

/** A create that was cut off, half a minute ago. */
const FAILURE = new RequestError('other', 'It was cut off', 'Look at the network.', {
	outcome: 'unknown',
	isTemporary: true,
	status: 503,
	sentAt: new Date('2026-04-30T12:00:00Z'),
});

/** What is told of the failure, whoever tells it. */
const TELLERS: Array<[string, (share: NewShare) => RequestError]> = [
	['nobody looked for it', (share) => ambiguousCreateError(FAILURE, share)],
	['it could not be looked for', (share) => uncheckedCreateError(FAILURE, share, 'no list')],
	['it was not carried out', (share) => missingCreateError(FAILURE, share, 1)],
];

test.each<[string, unknown, boolean]>([
	['a time-out', timeoutError(1_000), true],
	['a connection that was cut off', networkError('', 'ECONNRESET'), true],
	['status 500', responseError(500, {}), true],
	['status 503', responseError(503, {}), true],
	['an unreadable answer', invalidResponseError('it is odd'), true],
	['status 400', responseError(400, {}), false],
	['status 429', responseError(429, {}), false],
	['no connection', networkError('', 'ECONNREFUSED'), false],
	['no token', tokenError('HTTP status 503', 503), false],
	['a stopped workflow', cancelledError(true), false],
	['an error of another kind', new Error('odd'), false],
	['no error', undefined, false],
])('%s leaves it open whether the share exists: %p', (_case, error, expected) => {
	expect(isAmbiguousCreate(error)).toBe(expected);
});

describe.each(TELLERS)('where %s', (_case, tell) => {
	test('the first failure is told, and stays what it is', () => {
		const { kind, status, sentAt, message, description } = tell(SHARE);
		expect({ kind, status, sentAt }).toEqual({
			kind: 'other',
			status: 503,
			sentAt: FAILURE.sentAt,
		});
		expect(message).toMatch(/^It was cut off\. /);
		expect(description).toMatch(/ Look at the network\.$/);
	});

	test.each<[string, Partial<NewShare>, string]>([
		[
			'one consent',
			{},
			`for en-app-ref-002 with the reference "reference-1": consents ${CONSENT_ID}. `,
		],
		[
			'some of each',
			{ accountIds: [CONSENT_ID, SHARE_ID], analysisIds: [SHARE_ID] },
			`: consents ${CONSENT_ID}; accounts ${CONSENT_ID}, ${SHARE_ID}; analyses ${SHARE_ID}. `,
		],
		[
			'more than ten',
			{ consentIds: Array.from({ length: 12 }, (_id, index) => `id-${index}`) },
			': consents id-0, id-1, id-2, id-3, id-4, id-5, id-6, id-7, id-8, id-9 and 2 more. ',
		],
		['no reference', { reference: '' }, 'for en-app-ref-002 without a reference: consents '],
	])('%s', (_contents, changes, words) => {
		const { description } = tell({ ...SHARE, ...changes });
		expect(description).toContain(' It was last sent at 2026-04-30T12:00:00Z, for en-app-ref-002 ');
		expect(description).toContain(words);
	});
});

test('a failure that does not say when it was sent was sent just now', () => {
	const { description } = ambiguousCreateError(timeoutError(1_000), SHARE);
	expect(description).toContain('It was last sent at 2026-04-30T12:00:30Z, for ');
});

test('one that nobody looked for may exist, and is to be looked for', () => {
	const { message, description } = ambiguousCreateError(FAILURE, SHARE);
	expect(message).toBe('It was cut off. EnableNow may have created the share anyway');
	expect(description).toMatch(/Get Many.*before you run this item again.*'Prevent Duplicates'/);
});

test('one that could not be looked for may exist, and says why', () => {
	const { message, description } = uncheckedCreateError(FAILURE, SHARE, 'no list');
	expect(message).toMatch(/may have created the share anyway: looking for it failed \(no list\)$/);
	expect(description).toMatch(/Run this item again: the node looks for the share first/);
});

test.each([
	[1, 'The share was sent once and '],
	[2, 'The share was sent 2 times and '],
	[6, 'The share was sent 6 times and '],
])('one that was sent %i times in vain says so', (sent, words) => {
	const { message, description } = missingCreateError(FAILURE, SHARE, sent);
	expect(message).toBe(`It was cut off. ${words}is not in EnableNow's list`);
	expect(description).toContain("raise 'Max Retries'");
});
