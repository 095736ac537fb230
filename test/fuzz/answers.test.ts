import fc from 'fast-check';

import { tryParseJson } from '../../nodes/shared/input/text';
import { parseProblemDetails } from '../../nodes/shared/errors/problemDetails';
import { redact } from '../../nodes/shared/errors/redaction';
import { responseError, RequestError } from '../../nodes/shared/errors/requestError';
import { parseRetryAfter } from '../../nodes/shared/errors/retryAfter';
import { type List, readList, readPage } from '../../nodes/shared/api/listReader';
import { listNewShares, selectShares, SHARES } from '../../nodes/shared/api/shareList';
import { formatDate } from '../../nodes/shared/input/dates';
import { createShare, getShare, parseShare, updateShare } from '../../nodes/shared/api/shares';
import { UniqueShares } from '../../nodes/EnableNowShare/operations/uniqueShares';
import { CONSENT_ID, fakeApi, SHARE_ID } from '../unit/support';
import { answers, identifiers, jsonValues, shares, texts, values } from './support/arbitraries';
import { property } from './support/cases';
import { textOf } from './support/text';

// A create without a usable answer is looked for after some seconds.
jest.mock('../../nodes/shared/async/abort', () => ({
	...jest.requireActual<object>('../../nodes/shared/async/abort'),
	sleepUnlessAborted: async () => await Promise.resolve(),
}));

const GUID = /^[\da-fA-F]{8}(-[\da-fA-F]{4}){3}-[\da-fA-F]{12}$/;

const NEW_SHARE = {
	clientId: 'en-app-ref-002',
	reference: 'reference',
	expiration: new Date('2099-04-30T12:00:00Z'),
	consentIds: [CONSENT_ID],
	accountIds: [],
	analysisIds: [],
};

/** An EnableNow that answers each request with the next of some answers, and with the last for ever. */
function answering(list: unknown[]): { api: ReturnType<typeof fakeApi>; count: () => number } {
	let requests = 0;
	const api = fakeApi(async () => {
		const answer = list[Math.min(requests, list.length - 1)];
		if (++requests > 1000) throw new Error('read without end');
		return await Promise.resolve(structuredClone(answer));
	});
	return { api, count: () => requests };
}

/** What a piece of work gives, or nothing where it says what is wrong with the answer. */
async function usedOrUnreadable<Result>(work: Promise<Result>): Promise<Result | undefined> {
	return await work.catch((error: unknown) => {
		if (!(error instanceof RequestError)) throw error;
		expect(error.message).toMatch(
			/ in an unexpected form| not come from EnableNow|accepted the change/,
		);
		return undefined;
	});
}

property('a problem of any form is told in one line', answers, (body) => {
	const { text, traceId } = parseProblemDetails(body);
	expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]|^\s|\s$/u);
	if (traceId !== undefined) expect(traceId).toMatch(/^[\w:|.-]{1,100}$/);
	const failure = responseError(400, body);
	const isJson = typeof body === 'object' && body !== null;
	const subject = isJson ? 'EnableNow refused the request' : 'The request was refused';
	fc.pre(text.length <= 500);
	expect(failure.message).toBe(`${subject} with status 400${text === '' ? '' : `: ${text}`}`);
});

property(
	"EnableNow's words are all told",
	fc.tuple(texts, texts, fc.dictionary(texts, fc.array(texts, { maxLength: 3 }), { maxKeys: 4 })),
	([title, detail, errors]) => {
		const { text: words } = parseProblemDetails({ title, detail, errors });
		const visible = (text: string) =>
			text
				.split(/[\p{Cc}\p{Cf}\p{Cs}\s]+/u)
				.filter((word) => word !== '')
				.join(' ');
		for (const sentence of [title, detail, ...Object.values(errors).flat()]) {
			expect(words).toContain(visible(sentence));
		}
	},
);

const secrets = fc
	.string({ unit: fc.constantFrom(...'abcXYZ019._-$&+/='), minLength: 6, maxLength: 24 })
	.filter((secret) => !secret.includes('*'));

property(
	'nothing is left of a secret, wherever a text repeats it',
	fc.tuple(fc.array(secrets, { minLength: 1, maxLength: 3 }), fc.array(texts), fc.nat()),
	([list, around, position]) => {
		const parts = [...around];
		for (const secret of list) parts.splice(position % (parts.length + 1), 0, secret);
		const redacted = redact(parts.join(' '), list);
		for (const secret of list) expect(redacted).not.toContain(secret);
	},
);

property(
	'an Authorization value is not repeated, whoever wrote it',
	fc.tuple(
		fc.constantFrom('Bearer', 'bearer', 'BEARER', 'Basic', 'basic'),
		fc.string({ unit: fc.constantFrom(...'abcXYZ019._-'), minLength: 16, maxLength: 40 }),
		texts,
	),
	([scheme, token, after]) => {
		const value = `1${token}`;
		expect(redact(`It was ${scheme} ${value} ${after}`, [])).not.toContain(value);
	},
);

property('a text without secrets is kept, up to its cut', fc.string(), (text) => {
	fc.pre(!/bearer|basic/i.test(text));
	const line = text.replace(/\s+/g, ' ');
	expect(redact(text, [])).toBe(line);
	const long = '👍'.repeat(2000);
	expect(redact(text + long, [])).not.toMatch(/\p{Cs}/u);
	expect((line + long).startsWith(redact(text + long, []).slice(0, -1))).toBe(true);
});

const NOW = Date.parse('2026-04-30T12:00:00Z');

property(
	'a Retry-After of seconds or a date is understood',
	fc.nat({ max: 10 ** 8 }),
	(seconds) => {
		expect(parseRetryAfter(String(seconds), NOW)).toBe(seconds * 1000);
		const date = new Date(NOW + seconds * 1000).toUTCString();
		expect(parseRetryAfter(date, NOW)).toBe(seconds * 1000);
	},
);

property(
	'any other Retry-After says nothing',
	fc.oneof(
		texts,
		fc.tuple(texts, fc.nat()).map((parts) => parts.join(' ')),
	),
	(header) => {
		const wait = parseRetryAfter(header, NOW);
		if (wait === undefined) return;
		expect(header).toMatch(/^\s*(\d+\s*$|(sun|mon|tue|wed|thu|fri|sat)[a-z]*[, ])/i);
		expect(wait).toBeGreaterThanOrEqual(0);
	},
);

property('what is no JSON is none, whatever it is', fc.oneof(texts, fc.json()), (text) => {
	let expected: unknown;
	try {
		expected = JSON.parse(text);
	} catch {
		expected = undefined;
	}
	expect(tryParseJson(text)).toEqual(expected);
});

/** A list of anything. */
const VALUES: List<unknown> = {
	path: '/shares',
	paging: { page: 'page', pageSize: 'pageSize', maxPageSize: 50 },
	parse: (value) => value,
	getKey: String,
};

property('a page of any form is a list, or unreadable', answers, async (answer) => {
	const { api } = answering([answer]);
	const page = await usedOrUnreadable(readPage(api, VALUES, {}, 1, 50));
	if (page === undefined) return;
	const { data } = answer as { data?: unknown };
	expect(page.entries).toEqual(Array.isArray(answer) ? answer : data);
	for (const count of [page.totalCount, page.totalPages]) {
		if (count !== undefined) expect(count).toBeGreaterThanOrEqual(0);
	}
	if (page.entries.length === 0) expect(page.hasNext).toBe(false);
});

/** What an answer holds, under `data` or bare. */
const getData = (answer: unknown) => (Object(answer) as { data?: unknown }).data ?? answer;

property('a share is got as it is, or the answer is unreadable', answers, async (answer) => {
	const { api } = answering([answer]);
	const data = getData(answer);
	const given = textOf((Object(data) as { id?: unknown }).id);
	const id = GUID.test(given) ? given : SHARE_ID;
	const share = await usedOrUnreadable(getShare(api, id));
	if (share === undefined) expect(parseShare(data)).toBeUndefined();
	else expect(share).toEqual(parseShare(data));
});

property('a create gives the identifier that EnableNow gave', answers, async (answer) => {
	const { api } = answering([answer]);
	const share = await usedOrUnreadable(createShare(api, NEW_SHARE));
	if (share === undefined) return;
	expect(share.id).toMatch(GUID);
	const data = getData(answer);
	expect(share.id).toBe(typeof data === 'string' ? data : (data as { id: unknown }).id);
});

property(
	'whatever a change is answered with, it is made only where the share says so',
	fc.tuple(answers, answers),
	async ([answer, reading]) => {
		// Only what cannot be read: a share with another end is looked at again after a second.
		fc.pre(parseShare(getData(reading)) === undefined);
		const { api } = answering([answer, reading]);
		const share = await usedOrUnreadable(updateShare(api, SHARE_ID, NEW_SHARE.expiration));
		if (share === undefined) return;
		expect(share).toEqual(parseShare(getData(answer)));
		expect(share.id.toLowerCase()).toBe(SHARE_ID);
		expect(share.expirationDateUtc).toBe(formatDate(NEW_SHARE.expiration));
	},
);

property(
	'lists of any form have an end, and hold each share once',
	fc.tuple(
		fc.array(answers, { minLength: 1, maxLength: 5 }),
		fc.constantFrom<'active' | 'any' | 'expired'>('any', 'active', 'expired'),
		fc.constantFrom<'any' | 'made' | 'received'>('any', 'made', 'received'),
		fc.oneof(fc.integer({ min: 1, max: 60 }), fc.constant(Number.POSITIVE_INFINITY)),
	),
	async ([list, status, direction, limit]) => {
		const { api, count } = answering(list);
		const filter = { status, direction, clientId: '', reference: '' };
		const found = await usedOrUnreadable(readList(api, SHARES, selectShares(api, filter), limit));
		expect(count()).toBeLessThan(60);
		if (found === undefined) return;
		expect(found.length).toBeLessThanOrEqual(limit);
		expect(found.every(parseShare)).toBe(true);
		expect(new Set(found.map(({ id }) => id.toLowerCase())).size).toBe(found.length);
	},
);

property(
	'new shares in lists of any form have an end, and are listed once',
	fc.array(answers, { minLength: 1, maxLength: 8 }),
	async (list) => {
		const { api, count } = answering(list);
		const known = new Set<string>();
		for (let reading = 0; reading < 3; reading++) {
			const before = new Set(known);
			const found = (await usedOrUnreadable(listNewShares(api, known))) ?? [];
			const ids = found.map(({ id }) => id.toLowerCase());
			expect(new Set([...before, ...ids]).size).toBe(before.size + ids.length);
			expect(ids.filter((id) => !known.has(id))).toEqual([]);
		}
		expect(count()).toBeLessThan(200);
	},
);

/** Lists with a share of the reference that is asked for. */
const listsWithReference = fc
	.tuple(
		shares,
		fc.record({
			expirationDateUtc: fc.oneof(fc.constant('2099-04-30T12:00:00Z'), texts),
			consentIds: fc.array(fc.oneof(identifiers, fc.constant(CONSENT_ID), jsonValues)),
			analysisIds: fc.array(jsonValues, { maxLength: 1 }),
		}),
	)
	.map(([share, changes]) => ({
		data: [{ ...share, ...changes, clientId: NEW_SHARE.clientId, reference: NEW_SHARE.reference }],
		_pagination: { totalCount: 1, totalPages: 1 },
	}));

property(
	'with Prevent Duplicates or Create or Update, any answers give a share or say what is wrong',
	fc.tuple(
		fc.array(fc.oneof(answers, listsWithReference), { minLength: 1, maxLength: 6 }),
		fc.constantFrom<'return' | 'update'>('return', 'update'),
	),
	async ([list, ifExists]) => {
		const { api } = answering(list);
		const uniqueShares = new UniqueShares(api, { maxRetries: 1 }, undefined);
		const outcome = await uniqueShares.create(NEW_SHARE, ifExists).catch((error: Error) => {
			expect(['InputError', 'RequestError']).toContain(error.name);
			expect(error.message).toMatch(/\w/);
		});
		if (outcome) expect(outcome.id).toMatch(GUID);
	},
);

property('what is a share has all that a share has', values, (value) => {
	const share = parseShare(value);
	if (share === undefined) return;
	expect(share.id).toMatch(GUID);
	expect(typeof share.clientId).toBe('string');
});
