import type { INodeParameters } from 'n8n-workflow';

import type { Fault } from '../../../sandbox';
import { ACCOUNT_ID, CONSENT_ID, CREATE, OTHER_CONSENT_ID } from '../support/examples';
import { asPutOut } from '../support/put-out';
import { SHARES_PATH, TestBed } from '../support/test-bed';
import { errorOf, jsonOf, locator, SHARE } from '../support/workflows';

const bed = TestBed.prepare();

/** A create for each item, told apart by its reference. */
const PREVENT_DUPLICATES: INodeParameters = {
	...CREATE,
	additionalFields: { reference: '={{ $json.reference }}' },
	options: { preventDuplicates: true },
};

const UPSERT: INodeParameters = {
	...CREATE,
	operation: 'upsert',
	reference: '={{ $json.reference }}',
};

const CONTINUE = { node: { onError: 'continueRegularOutput' as const } };

function references(count: number, prefix = 'reference'): Array<{ reference: string }> {
	return Array.from({ length: count }, (_item, index) => ({ reference: `${prefix}-${index}` }));
}

describe.each([
	['Prevent Duplicates', PREVENT_DUPLICATES],
	['Create or Update', UPSERT],
])('with %s', (_name, UNIQUE) => {
	function unique(options: INodeParameters, changes: INodeParameters = {}): INodeParameters {
		return { ...UNIQUE, ...changes, options: { ...(UNIQUE['options'] as object), ...options } };
	}

	it('a share is made where there is none', async () => {
		const run = await bed.runShare(UNIQUE, { items: references(3) });
		expect(jsonOf(run, SHARE)).toMatchObject(
			references(3).map(({ reference }) => ({ reference, alreadyExisted: false })),
		);
		expect(await bed.admin.shares()).toHaveLength(3);
	});

	it('a second run makes none, and gives the same shares', async () => {
		const first = await bed.runShare(UNIQUE, { items: references(20) });
		const second = await bed.runShare(UNIQUE, { items: references(20) });
		expect(jsonOf(second, SHARE)).toMatchObject(
			jsonOf(first, SHARE).map(({ id, reference }) => ({ id, reference, alreadyExisted: true })),
		);
		expect(await bed.calls('POST')).toHaveLength(20);
	});

	it('two items with the same reference make one share', async () => {
		const items = [...references(10), ...references(10)];
		const run = await bed.runShare(UNIQUE, { items });
		const outputs = jsonOf(run, SHARE);
		expect(new Set(outputs.map(({ id }) => id)).size).toBe(10);
		expect(outputs.filter(({ alreadyExisted }) => alreadyExisted === true)).toHaveLength(10);
		expect(await bed.admin.shares()).toHaveLength(10);
	});

	it('a share with another receiver is another share', async () => {
		await bed.runShare(UNIQUE, { items: references(1) });
		const run = await bed.runShare(unique({}, { clientId: 'en-app-ref-001' }), {
			items: references(1),
		});
		expect(jsonOf(run, SHARE)).toMatchObject([{ alreadyExisted: false }]);
	});

	it('a share that has expired does not count', async () => {
		const [made] = jsonOf(await bed.runShare(UNIQUE, { items: references(1) }), SHARE);
		await bed.runShare({ operation: 'revoke', shareId: locator(made?.['id']) });
		const run = await bed.runShare(UNIQUE, { items: references(1) });
		expect(jsonOf(run, SHARE)).toMatchObject([{ alreadyExisted: false }]);
		expect(await bed.admin.shares()).toHaveLength(2);
	});

	it('an item that shares something else under the same reference fails', async () => {
		await bed.runShare(UNIQUE, { items: references(1) });
		for (const consentIds of [locator(OTHER_CONSENT_ID), locator([CONSENT_ID, OTHER_CONSENT_ID])]) {
			const run = await bed.runShare(unique({}, { consentIds }), { items: references(1) });
			expect(errorOf(run).message).toMatch(
				/has the same reference "reference-0" for en-app-ref-002, but shares something else/,
			);
			expect(errorOf(run).description).toMatch(/give this item another reference/);
		}
		expect(await bed.calls('POST')).toHaveLength(1);
	});

	it('the same identifiers in another order and case are the same', async () => {
		const lists = { accountIds: locator(ACCOUNT_ID) };
		const one = unique({}, { ...lists, consentIds: locator([CONSENT_ID, OTHER_CONSENT_ID]) });
		const other = unique(
			{},
			{ ...lists, consentIds: locator([OTHER_CONSENT_ID.toUpperCase(), CONSENT_ID]) },
		);
		await bed.runShare(one, { items: references(1) });
		const run = await bed.runShare(other, { items: references(1) });
		expect(jsonOf(run, SHARE)).toMatchObject([{ alreadyExisted: true }]);
	});

	it('an item without a reference is refused before anything is sent', async () => {
		const items = [{ reference: 'a' }, { reference: '' }, {}];
		const run = await bed.runShare(UNIQUE, { items, ...CONTINUE });
		expect(jsonOf(run, SHARE)).toMatchObject([
			{ reference: 'a' },
			{ error: expect.stringMatching(/^'Reference' is empty.*\[item 1\]$/) as string },
			{ error: expect.stringMatching(/\[item 2\]$/) as string },
		]);
		expect(await bed.calls('POST')).toHaveLength(1);
	});

	it('looking up costs one request for each page, however many items there are', async () => {
		await bed.admin.addShares({ count: 230, from: 'en-app-ref-001', to: 'en-app-ref-002' });
		await bed.runShare(UNIQUE, { items: references(40) });
		const queries = (await bed.calls('GET')).map(({ query }) => query);
		expect(queries).toHaveLength(5);
		expect(queries.join()).not.toContain('isExpired');
	});

	it('of several that match, the one that expires last is given', async () => {
		await bed.runShare({ ...UNIQUE, options: {} }, { items: references(1) });
		const later = { ...UNIQUE, options: {}, expirationDateUtc: '2031-01-01' };
		const [last] = jsonOf(await bed.runShare(later, { items: references(1) }), SHARE);
		await bed.runShare({ ...UNIQUE, options: {} }, { items: references(1) });
		const run = await bed.runShare(UNIQUE, { items: references(1) });
		expect(jsonOf(run, SHARE)).toMatchObject([{ id: last?.['id'], alreadyExisted: true }]);
	});

	it('a share whose empty lists EnableNow leaves out, or gives as null, is the same share', async () => {
		const id = '53520156-8459-425b-3370-08de95423420';
		const share = {
			id,
			clientId: CREATE['clientId'],
			reference: 'reference-0',
			expirationDateUtc: '2030-04-30T14:00:00+02:00',
			consentIds: [CONSENT_ID],
			accountIds: null,
		};
		await bed.admin.addFault({
			kind: 'otherShape',
			body: { data: [share], _pagination: { totalCount: 1, totalPages: 1 } },
			match: { method: 'GET', path: SHARES_PATH },
		});
		const run = await bed.runShare(UNIQUE, { items: references(1) });
		expect(jsonOf(run, SHARE)).toEqual([{ ...asPutOut(share), alreadyExisted: true }]);
		expect(await bed.calls('POST')).toEqual([]);
	});

	it('a create whose answer is lost ends in one share, however it is lost', async () => {
		/** What goes wrong with a create, and how often the share has to be sent. */
		const cases: Array<[requests: number, Fault]> = [
			[2, { kind: 'status', status: 503 }],
			[1, { kind: 'status', status: 500, when: 'after' }],
			[2, { kind: 'connectionReset' }],
			[1, { kind: 'connectionReset', when: 'after' }],
			[2, { kind: 'noAnswer' }],
			[1, { kind: 'noAnswer', when: 'after' }],
			[1, { kind: 'truncatedJson' }],
			[2, { kind: 'otherShape', body: { data: null } }],
			// It comes after the timeout.
			[1, { kind: 'lateCommit', delay: 2500 }],
		];
		const faults = cases.map(([, fault], index): Fault => {
			const match = { path: SHARES_PATH, method: 'POST' };
			return { ...fault, match, nth: [index + 1] };
		});
		await bed.admin.addShares({ count: 60, from: 'en-app-ref-001', to: 'en-app-ref-002' });
		await bed.admin.addFaults(faults);
		const items = references(cases.length);
		const run = await bed.runShare(unique({ timeout: 1 }), { items });
		const shares = await bed.admin.shares();
		expect(shares).toHaveLength(60 + items.length);
		expect(jsonOf(run, SHARE)).toMatchObject(
			items.map(({ reference }) => ({
				id: shares.find((share) => share.reference === reference)?.id,
				reference,
				alreadyExisted: false,
			})),
		);
		// The faults strike the first requests in their order, whichever items these belong to.
		const sent = ((await bed.createBodies()) as Array<{ reference: string }>).map(
			({ reference }) => reference,
		);
		const timesSent = sent
			.slice(0, cases.length)
			.map((reference) => sent.filter((other) => other === reference).length);
		expect(timesSent).toEqual(cases.map(([requests]) => requests));
	});

	it('a create that never gets through says that it is not there', async () => {
		await bed.admin.addFault({
			kind: 'status',
			status: 503,
			match: { method: 'POST', path: SHARES_PATH },
			times: 10,
		});
		const run = await bed.runShare(unique({ maxRetries: 1 }), { items: references(1) });
		expect(errorOf(run).message).toMatch(
			/The share was sent 2 times and is not in EnableNow's list/,
		);
		expect(await bed.calls('POST')).toHaveLength(2);
	});

	it('a create that cannot be looked for says so, and is not sent again', async () => {
		await bed.admin.addFaults([
			{ kind: 'connectionReset', when: 'after', match: { method: 'POST', path: SHARES_PATH } },
			{ kind: 'status', status: 500, match: { method: 'GET', path: SHARES_PATH }, nth: [2, 3, 4] },
		]);
		const run = await bed.runShare(unique({ maxRetries: 0 }), { items: references(1) });
		expect(errorOf(run).message).toMatch(
			/EnableNow may have created the share anyway: looking for it failed/,
		);
		expect(await bed.calls('POST')).toHaveLength(1);
	});

	it('nothing is sent where the shares cannot be listed', async () => {
		await bed.admin.addFault({
			kind: 'status',
			status: 500,
			match: { method: 'GET', path: SHARES_PATH },
			times: 100,
		});
		const run = await bed.runShare(unique({ maxRetries: 1 }), {
			items: references(5),
			...CONTINUE,
		});
		for (const { error } of jsonOf(run, SHARE)) expect(error).toMatch(/status 500/);
		expect(await bed.calls('POST')).toHaveLength(0);
	});
});

it('returns the share as it is with Prevent Duplicates', async () => {
	const [made] = jsonOf(await bed.runShare(PREVENT_DUPLICATES, { items: references(1) }), SHARE);
	const later = { ...PREVENT_DUPLICATES, expirationDateUtc: '2031-05-01T10:00:00Z' };
	const run = await bed.runShare(later, { items: references(1) });
	expect(jsonOf(run, SHARE)).toEqual([{ ...made, alreadyExisted: true }]);
	expect(await bed.calls('PUT')).toHaveLength(0);
});

describe('Create or Update', () => {
	const later = { ...UPSERT, expirationDateUtc: '2031-05-01T10:00:00Z' };

	it("gives the share the item's end, once", async () => {
		const [made] = jsonOf(await bed.runShare(UPSERT, { items: references(1) }), SHARE);
		const expected = { ...made, expirationDateUtc: '2031-05-01T10:00:00Z', alreadyExisted: true };
		for (let run = 0; run < 2; run++) {
			const updated = await bed.runShare(later, { items: references(1) });
			expect(jsonOf(updated, SHARE)).toEqual([expected]);
		}
		const [share] = await bed.admin.shares();
		expect(Date.parse(share?.expirationDateUtc ?? '')).toBe(Date.parse('2031-05-01T10:00:00Z'));
		expect(await bed.calls('PUT')).toHaveLength(1);
	});

	it.each(['empty', 'id', 'share'] as const)(
		'gives the share with its new end, though EnableNow answers with: %s',
		async (updateAnswer) => {
			await bed.admin.configure({ updateAnswer });
			const [made] = jsonOf(await bed.runShare(UPSERT, { items: references(1) }), SHARE);
			const [share] = jsonOf(await bed.runShare(later, { items: references(1) }), SHARE);
			expect(share).toEqual({
				...made,
				expirationDateUtc: '2031-05-01T10:00:00Z',
				alreadyExisted: true,
			});
		},
	);

	it('needs a reference', async () => {
		const run = await bed.runShare({ ...UPSERT, reference: ' ' });
		expect(errorOf(run).message).toBe("'Reference' is empty");
		expect(await bed.admin.requests()).toHaveLength(0);
	});
});
