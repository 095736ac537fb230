import { InputError } from '../../../nodes/shared/errors/inputError';
import {
	droppedError,
	networkError,
	responseError,
	type RequestError,
	timeoutError,
	invalidResponseError,
} from '../../../nodes/shared/errors/requestError';
import type { NewShare, Share } from '../../../nodes/shared/api/shares';
import { UniqueShares } from '../../../nodes/EnableNowShare/operations/uniqueShares';
import {
	CONSENT_ID,
	FakeEnableNow,
	inVirtualTime,
	numberedShare,
	rejectionOf,
	SHARE_ID,
} from '../support';

const NOW = Date.parse('2026-04-30T12:00:00Z');

const OPTIONS = { maxRetries: 2 };

type IfExists = 'return' | 'update';

const SHARE: NewShare = {
	clientId: 'en-app-ref-002',
	reference: 'reference-1',
	expiration: new Date('2027-04-30T12:00:00Z'),
	consentIds: [CONSENT_ID],
	accountIds: [],
	analysisIds: [],
};

/** The share as EnableNow would list it, if it were there. */
const EXISTING: Partial<Share> = {
	reference: SHARE.reference,
	expirationDateUtc: '2027-04-30T14:00:00+02:00',
};

beforeEach(() => jest.useFakeTimers({ now: NOW }));

/** An EnableNow with these shares, and what makes unique ones in it. */
function setUp(
	options: Partial<typeof OPTIONS> & { stopSignal?: AbortSignal } = {},
	...existing: Array<Partial<Share>>
) {
	const service = new FakeEnableNow();
	for (const [index, changes] of existing.entries()) {
		service.shares.push(numberedShare(index + 1, { ...EXISTING, ...changes }));
	}
	const uniqueShares = new UniqueShares(
		service.api,
		{ ...OPTIONS, ...options },
		options.stopSignal,
	);
	const create = async (changes: Partial<NewShare> = {}, ifExists: IfExists = 'return') =>
		await inVirtualTime(uniqueShares.create({ ...SHARE, ...changes }, ifExists));
	return { service, uniqueShares, create };
}

/** Fails the creates with these numbers, from 1; some before they are carried out, some after. */
function failCreates(
	service: FakeEnableNow,
	failure: RequestError,
	numbers: { before?: number[]; after?: number[] },
): void {
	const failIn = (chosen: number[] | undefined) => (request: { method: string }) => {
		const number = service.requestsWith('POST').length;
		if (request.method === 'POST' && chosen?.includes(number)) throw failure;
	};
	service.before = failIn(numbers.before);
	service.after = failIn(numbers.after);
}

/** Failures that leave it open whether a share was made. */
const AMBIGUOUS: Array<[string, RequestError]> = [
	['a time-out', timeoutError(30_000)],
	['status 503', responseError(503, {})],
	['status 500', responseError(500, {})],
	['a connection that is cut off', networkError('', 'ECONNRESET')],
	['an unreadable answer', invalidResponseError('it is odd')],
];

describe('where there is none yet', () => {
	test('it is created, once', async () => {
		const { service, create } = setUp();
		const { alreadyExisted, ...share } = await create();
		expect(alreadyExisted).toBe(false);
		expect(share).toMatchObject({ id: service.shares[0]?.id, reference: SHARE.reference });
		expect(service.shares).toHaveLength(1);
		expect(service.requests).toHaveLength(2);
	});

	test.each<[string, Partial<Share>]>([
		['one with another reference', { reference: 'reference-2' }],
		['one for another client', { clientId: 'en-app-ref-003' }],
		['one that has ended', { expirationDateUtc: '2026-04-30T11:00:00Z' }],
	])('%s does not count', async (_case, changes) => {
		const { service, create } = setUp({}, changes);
		expect(await create()).toMatchObject({ alreadyExisted: false });
		expect(service.shares).toHaveLength(2);
	});

	test('a list that cannot be read lets nothing be created', async () => {
		const { service, uniqueShares } = setUp();
		const failure = responseError(403, {});
		service.before = () => {
			throw failure;
		};
		expect(await rejectionOf(uniqueShares.create(SHARE, 'return'))).toBe(failure);
		expect(service.requestsWith('POST')).toHaveLength(0);
	});
});

describe('where there is one already', () => {
	test("it is returned as it is, with 'return'", async () => {
		const { service, create } = setUp({}, { expirationDateUtc: '2026-12-01T12:00:00Z' });
		expect(await create()).toEqual({ ...service.shares[0], alreadyExisted: true });
		expect(service.requests.map(({ method }) => method)).toEqual(['GET']);
	});

	test("it gets the item's end, with 'update'", async () => {
		const { service, create } = setUp({}, { expirationDateUtc: '2026-12-01T12:00:00Z' });
		const { alreadyExisted, ...share } = await create({}, 'update');
		expect(alreadyExisted).toBe(true);
		expect(share).toMatchObject({
			id: numberedShare(1).id,
			expirationDateUtc: '2027-04-30T12:00:00Z',
		});
		expect(service.requestsWith('PUT')).toMatchObject([
			{
				path: `/shares/${numberedShare(1).id}`,
				body: { expirationDateUtc: '2027-04-30T12:00:00Z' },
			},
		]);
		expect(service.requestsWith('POST')).toHaveLength(0);
	});

	test.each(['2027-04-30T12:00:00Z', '2027-04-30T14:00:00+02:00', '2027-04-30T12:00:00.0000000Z'])(
		"that ends at %s, as the item asks for, it is not updated, with 'update'",
		async (expirationDateUtc) => {
			const { service, create } = setUp({}, { expirationDateUtc });
			expect(await create({}, 'update')).toMatchObject({ alreadyExisted: true });
			expect(service.requestsWith('PUT')).toHaveLength(0);
		},
	);

	test("several items with other ends set it each in turn, with 'update'", async () => {
		const { service, uniqueShares } = setUp({}, {});
		const ends = ['2028-01-01T00:00:00Z', '2027-01-01T00:00:00Z', '2027-01-01T00:00:00Z'];
		await Promise.all(
			ends.map((end) => uniqueShares.create({ ...SHARE, expiration: new Date(end) }, 'update')),
		);
		expect(service.requestsWith('PUT').map(({ body }) => body?.['expirationDateUtc'])).toEqual(
			ends.slice(0, 2),
		);
	});

	test('an update that is refused fails the item', async () => {
		const { service, uniqueShares } = setUp({}, { expirationDateUtc: '2026-12-01T12:00:00Z' });
		const failure = responseError(409, {});
		service.before = ({ method }) => {
			if (method === 'PUT') throw failure;
		};
		expect(await rejectionOf(uniqueShares.create(SHARE, 'update'))).toBe(failure);
	});
});

describe('what the one that is there shares', () => {
	const OTHER_ID = numberedShare(99).id;

	test.each<[string, Partial<Share>, Partial<NewShare>]>([
		[
			'in another order',
			{ consentIds: [CONSENT_ID, SHARE_ID] },
			{ consentIds: [SHARE_ID, CONSENT_ID] },
		],
		['in another case', { consentIds: [CONSENT_ID.toUpperCase()] }, {}],
		['with one twice', { consentIds: [CONSENT_ID, CONSENT_ID] }, {}],
	])('may be written otherwise: %s', async (_case, existing, wanted) => {
		const { create } = setUp({}, existing);
		expect(await create(wanted)).toMatchObject({ alreadyExisted: true });
	});

	test.each<[string, Partial<Share>]>([
		['another one', { consentIds: [OTHER_ID] }],
		['one more', { consentIds: [CONSENT_ID, OTHER_ID] }],
		['none', { consentIds: [] }],
		['an account as well', { accountIds: [OTHER_ID] }],
		['an analysis as well', { analysisIds: [OTHER_ID] }],
		['the same one as an account', { consentIds: [], accountIds: [CONSENT_ID] }],
	])('may be nothing else: %s', async (_case, existing) => {
		for (const ifExists of ['return', 'update'] as const) {
			const { service, uniqueShares } = setUp({}, existing);
			const failure = await rejectionOf(uniqueShares.create(SHARE, ifExists));
			expect(failure).toBeInstanceOf(InputError);
			expect((failure as Error).message).toMatch(
				/"reference-1" for en-app-ref-002.*something else/,
			);
			expect((failure as InputError).description).toContain(CONSENT_ID);
			expect(service.requests.map(({ method }) => method)).toEqual(['GET']);
		}
	});
});

describe('several at once', () => {
	test('with one receiver and reference make one', async () => {
		const { service, uniqueShares } = setUp();
		service.latency = 100;
		const results = await inVirtualTime(
			Promise.all([1, 2, 3].map(async () => await uniqueShares.create(SHARE, 'return'))),
		);
		expect(results.map(({ alreadyExisted }) => alreadyExisted)).toEqual([false, true, true]);
		expect(new Set(results.map(({ id }) => id)).size).toBe(1);
		expect(service.shares).toHaveLength(1);
	});

	test('with others do not wait for each other', async () => {
		const { service, uniqueShares } = setUp();
		service.latency = 100;
		const changes = [{}, { reference: 'reference-2' }, { clientId: 'en-app-ref-003' }];
		await inVirtualTime(
			Promise.all(
				changes.map(async (change) => await uniqueShares.create({ ...SHARE, ...change }, 'return')),
			),
		);
		expect(service.shares).toHaveLength(3);
		expect(new Set(service.requestsWith('POST').map(({ at }) => at)).size).toBe(1);
	});

	test('a first one that fails lets the second try', async () => {
		const { service, uniqueShares } = setUp();
		const failure = responseError(400, {});
		failCreates(service, failure, { before: [1] });
		const first = rejectionOf(uniqueShares.create(SHARE, 'return'));
		const second = uniqueShares.create(SHARE, 'return');
		expect(await first).toBe(failure);
		expect(await second).toMatchObject({ alreadyExisted: false });
		expect(service.shares).toHaveLength(1);
	});
});

describe.each(AMBIGUOUS)('a create that ends with %s', (_case, failure) => {
	test('and was carried out is found, and is new', async () => {
		const { service, create } = setUp();
		failCreates(service, failure, { after: [1] });
		const { alreadyExisted, ...share } = await create();
		expect(alreadyExisted).toBe(false);
		expect(share.id).toBe(service.shares[0]?.id);
		expect(service.requestsWith('POST')).toHaveLength(1);
	});

	test('and is carried out while it is waited for is found', async () => {
		const { service, create } = setUp();
		service.before = ({ method }) => {
			if (method !== 'POST') return;
			const late = numberedShare(1, EXISTING);
			setTimeout(() => service.shares.push(late), 2_900);
			throw failure;
		};
		expect(await create()).toMatchObject({ alreadyExisted: false });
		expect(service.requestsWith('POST')).toHaveLength(1);
	});

	test("and was carried out is found, and not updated, with 'update'", async () => {
		const { service, create } = setUp();
		failCreates(service, failure, { after: [1] });
		expect(await create({}, 'update')).toMatchObject({ alreadyExisted: false });
		expect(service.requestsWith('PUT')).toHaveLength(0);
	});

	test('and was not carried out is sent again', async () => {
		const { service, create } = setUp();
		failCreates(service, failure, { before: [1, 2] });
		expect(await create()).toMatchObject({ alreadyExisted: false });
		expect(service.requestsWith('POST')).toHaveLength(3);
		expect(service.shares).toHaveLength(1);
	});

	test('and was not carried out at first, but then was, is found', async () => {
		const { service, create } = setUp();
		failCreates(service, failure, { before: [1], after: [2] });
		expect(await create()).toMatchObject({ alreadyExisted: false });
		expect(service.requestsWith('POST')).toHaveLength(2);
		expect(service.shares).toHaveLength(1);
	});

	test.each([0, 1, 2])('is sent again %i times at most', async (maxRetries) => {
		const { service, uniqueShares } = setUp({ maxRetries });
		failCreates(service, failure, { before: [1, 2, 3, 4] });
		const end = (await inVirtualTime(
			rejectionOf(uniqueShares.create(SHARE, 'return')),
		)) as RequestError;
		const times = maxRetries === 0 ? 'once' : `${maxRetries + 1} times`;
		expect(end.kind).toBe(failure.kind);
		expect(end.message).toBe(
			`${failure.message}. The share was sent ${times} and is not in EnableNow's list`,
		);
		expect(service.requestsWith('POST')).toHaveLength(maxRetries + 1);
		expect(service.requests.at(-1)?.method).toBe('GET');
	});

	test('and cannot be looked for says what is known, and is not sent again', async () => {
		const { service, uniqueShares } = setUp();
		service.after = ({ method }) => {
			if (method === 'POST') throw failure;
		};
		service.before = ({ method }) => {
			if (method === 'GET' && service.requests.length > 1) throw responseError(403, {});
		};
		const end = (await inVirtualTime(
			rejectionOf(uniqueShares.create(SHARE, 'return')),
		)) as RequestError;
		expect(end).toMatchObject({ kind: failure.kind, outcome: failure.outcome });
		expect(end.message).toBe(
			`${failure.message}. EnableNow may have created the share anyway: looking for it failed (${responseError(403, {}).message})`,
		);
		expect(service.requestsWith('POST')).toHaveLength(1);
	});
});

test('a look-up that was not sent is not taken for the create', async () => {
	const { service, uniqueShares } = setUp();
	service.after = ({ method }) => {
		if (method === 'POST') throw timeoutError(30_000);
	};
	service.before = ({ method }) => {
		if (method === 'GET' && service.requests.length > 1) throw droppedError('it was in vain');
	};
	const { message } = (await inVirtualTime(
		rejectionOf(uniqueShares.create(SHARE, 'return')),
	)) as RequestError;
	expect(message).toContain(
		'anyway: looking for it failed (The request was not sent: it was in vain)',
	);
});

describe('a create without an answer whose second attempt', () => {
	/** The first attempt has no answer and no effect; the second one fails. */
	async function failTwice(second: RequestError): Promise<RequestError> {
		const { service, uniqueShares } = setUp();
		const failures = [networkError('', 'ECONNRESET'), second];
		service.before = ({ method }) => {
			const failure = method === 'POST' ? failures.shift() : undefined;
			if (failure !== undefined) throw failure;
		};
		const work = rejectionOf(uniqueShares.create(SHARE, 'return'));
		return (await inVirtualTime(work)) as RequestError;
	}

	test.each<[string, RequestError]>([
		['is not sent, since another item failed', droppedError('another item has failed')],
		['is over the rate limit', responseError(429, {})],
	])('%s still says that it was sent once', async (_case, second) => {
		const { message, description } = await failTwice(second);
		expect(message).toMatch(/ECONNRESET.*was sent once and is not in EnableNow's list/);
		expect(description).not.toContain('Nothing was done');
	});

	test("is refused says so in EnableNow's words", async () => {
		expect((await failTwice(responseError(400, { title: 'No such app.' }))).message).toMatch(
			/status 400: No such app/,
		);
	});
});

describe('what is found may have come from elsewhere', () => {
	/** A create that fails, while somebody else makes a share like it. */
	function overtaken(changes: Partial<Share>) {
		const setup = setUp();
		setup.service.before = ({ method }) => {
			if (method !== 'POST') return;
			setup.service.shares.push(numberedShare(1, { ...EXISTING, ...changes }));
			throw responseError(503, {});
		};
		return setup;
	}

	test('it may share nothing else', async () => {
		const { uniqueShares } = overtaken({ consentIds: [SHARE_ID] });
		const end = await inVirtualTime(rejectionOf(uniqueShares.create(SHARE, 'return')));
		expect(end).toBeInstanceOf(InputError);
	});

	test('with another end it was there already', async () => {
		const { create } = overtaken({ expirationDateUtc: '2026-12-01T12:00:00Z' });
		expect(await create()).toMatchObject({
			alreadyExisted: true,
			expirationDateUtc: '2026-12-01T12:00:00Z',
		});
	});

	test("with another end it is updated, with 'update'", async () => {
		const changes = { expirationDateUtc: '2026-12-01T12:00:00Z' };
		const { service, create } = overtaken(changes);
		expect(await create({}, 'update')).toMatchObject({ alreadyExisted: true });
		expect(service.requestsWith('PUT')).toHaveLength(1);
	});
});

describe('a create that is not ambiguous', () => {
	test.each<[string, RequestError]>([
		['status 400', responseError(400, {})],
		['status 409', responseError(409, {})],
		['status 429', responseError(429, {})],
		['no connection', networkError('', 'ECONNREFUSED')],
	])('by %s is not looked for', async (_case, failure) => {
		const { service, uniqueShares } = setUp();
		failCreates(service, failure, { before: [1] });
		expect(await rejectionOf(uniqueShares.create(SHARE, 'return'))).toBe(failure);
		expect(service.requests.map(({ method }) => method)).toEqual(['GET', 'POST']);
		expect(Date.now()).toBe(NOW);
	});
});

describe('before it is looked for', () => {
	/** How long the create took, and how long is waited after it, in milliseconds. */
	const WAITS = [
		[0, 3_000],
		[3_000, 3_000],
		[10_000, 10_000],
		[600_000, 30_000],
	] as const;

	test.each(
		AMBIGUOUS.flatMap(([kind, failure]) =>
			WAITS.map(([took, expected]) => [kind, took, expected, failure] as const),
		),
	)('%s after %i ms is given %i ms', async (_case, took, expected, failure) => {
		const { service, create } = setUp();
		service.latency = took;
		service.after = ({ method, at }) => {
			if (method === 'POST') throw failure.with({ sentAt: new Date(at) });
		};
		await create();
		const [, sent, looked] = service.requests.map(({ at }) => at) as [number, number, number];
		expect(looked - sent - took).toBe(expected);
	});

	test('a clock that was set back shortens nothing', async () => {
		const { service, create } = setUp();
		failCreates(service, responseError(504, {}).with({ sentAt: new Date(NOW + 3_600_000) }), {
			after: [1],
		});
		await create();
		expect(service.requests[2]!.at - service.requests[1]!.at).toBe(3_000);
	});

	test('a workflow that is stopped does not wait', async () => {
		const workflow = new AbortController();
		const { service, uniqueShares } = setUp({ stopSignal: workflow.signal });
		failCreates(service, timeoutError(30_000), { after: [1] });
		setTimeout(() => workflow.abort(), 1_000);
		const work = uniqueShares.create(SHARE, 'return');
		await jest.advanceTimersByTimeAsync(1_000);
		await work;
		expect(Date.now() - NOW).toBe(1_000);
	});
});

test('several ambiguous creates at once cost a request each', async () => {
	const { service, uniqueShares } = setUp();
	service.addShares(200);
	service.latency = 100;
	service.after = ({ method }) => {
		if (method === 'POST') throw responseError(503, {});
	};
	const references = Array.from({ length: 40 }, (_reference, index) => `own-${index}`);
	const results = await inVirtualTime(
		Promise.all(
			references.map(
				async (reference) => await uniqueShares.create({ ...SHARE, reference }, 'return'),
			),
		),
	);
	expect(results.map(({ reference }) => reference)).toEqual(references);
	expect(service.shares).toHaveLength(240);
	// The whole list once.
	expect(service.requestsWith('GET').length).toBeLessThanOrEqual(4 + 40);
});
