import { TestBed } from '../support/test-bed';
import { CREATE, UNKNOWN_ID } from '../support/examples';
import { asPutOut } from '../support/put-out';
import { errorOf, itemsOf, jsonOf, locator, SHARE } from '../support/workflows';

const bed = TestBed.prepare();

const shares = async (count: number) =>
	await bed.admin.addShares({ count, from: 'en-app-ref-001', to: 'en-app-ref-002' });

describe('Get', () => {
	it('gives the share of each item', async () => {
		const made = await shares(3);
		const items = made.map(({ id }) => ({ id }));
		const run = await bed.runShare(
			{ operation: 'get', shareId: locator('={{ $json.id }}') },
			{ items },
		);
		expect(itemsOf(run, SHARE)).toMatchObject(
			made.map((share, item) => ({ json: asPutOut(share), pairedItem: { item } })),
		);
		expect(jsonOf(run, SHARE)).toEqual(made.map(asPutOut));
		expect((await bed.calls()).map(({ method, path }) => `${method} ${path}`)).toEqual(
			made.map(({ id }) => `GET /shares/${id}`),
		);
	});

	it('takes a picked, plain or upper-case identifier', async () => {
		const [share] = await shares(1);
		const id = share?.id ?? '';
		for (const shareId of [locator(id, 'list'), id, locator(id.toUpperCase()), ` ${id} `]) {
			expect(jsonOf(await bed.runShare({ operation: 'get', shareId }), SHARE)).toEqual([
				asPutOut(share!),
			]);
		}
	});
});

describe('Update', () => {
	it.each([429, 503])(
		'of the same share by several items leaves it as the last one says, though the first meets a %i',
		async (status) => {
			const [share] = await shares(1);
			await bed.admin.addFault({ kind: 'status', status, match: { method: 'PUT' }, times: 1 });
			const ends = ['2031-01-02T03:04:05Z', '2020-01-01T00:00:00Z'];
			const ids = [share?.id ?? '', share?.id.toUpperCase() ?? ''];
			const run = await bed.runShare(
				{
					operation: 'update',
					shareId: locator('={{ $json.id }}'),
					expirationDateUtc: '={{ $json.end }}',
				},
				{ items: ends.map((end, index) => ({ end, id: ids[index] })) },
			);
			expect(jsonOf(run, SHARE)).toHaveLength(2);
			const [left] = await bed.admin.shares();
			expect(new Date(left?.expirationDateUtc ?? '')).toEqual(new Date(ends[1]!));
		},
	);

	const newTime = { sent: '2031-01-02T03:04:05Z', returned: '2031-01-02T04:04:05+01:00' };

	it.each(['share', 'id', 'empty'] as const)(
		'gives the share with its new end where EnableNow answers with: %s',
		async (updateAnswer) => {
			const made = await shares(2);
			await bed.admin.configure({ updateAnswer });
			const run = await bed.runShare(
				{
					operation: 'update',
					shareId: locator('={{ $json.id }}'),
					expirationDateUtc: '2031-01-02T04:04:05+01:00',
				},
				{ items: made.map(({ id }) => ({ id })) },
			);
			const expected = made.map((share) => asPutOut({ ...share, expirationDateUtc: newTime.sent }));
			expect(jsonOf(run, SHARE)).toEqual(expected);
			expect(itemsOf(run, SHARE)).toMatchObject([
				{ pairedItem: { item: 0 } },
				{ pairedItem: { item: 1 } },
			]);
			expect(await bed.calls('PUT')).toMatchObject(
				made.map(({ id }) => ({
					method: 'PUT',
					path: `/shares/${id}`,
					body: { expirationDateUtc: newTime.sent },
				})),
			);
			expect(await bed.admin.shares()).toMatchObject(
				made.map(({ id }) => ({ id, expirationDateUtc: newTime.returned })),
			);
		},
	);

	it('ends a share with a time that is past', async () => {
		const [share] = await shares(1);
		const run = await bed.runShare({
			operation: 'update',
			shareId: locator(share?.id),
			expirationDateUtc: '={{ $now.minus({ minutes: 1 }) }}',
		});
		const [updated] = jsonOf(run, SHARE);
		expect(Date.parse(updated?.['expirationDateUtc'] as string)).toBeLessThan(Date.now());
	});

	it.each([
		['hours', 36, 36 * 3_600],
		['days', 30, 30 * 86_400],
		['weeks', 2, 14 * 86_400],
	])('counts %s from when the item is sent', async (expirationUnit, expirationAmount, seconds) => {
		const [share] = await shares(1);
		const before = Date.now();
		const run = await bed.runShare({
			operation: 'update',
			shareId: locator(share?.id),
			expirationMode: 'duration',
			expirationAmount,
			expirationUnit,
		});
		const [updated] = jsonOf(run, SHARE);
		const end = Date.parse(updated?.['expirationDateUtc'] as string) - seconds * 1000;
		expect(end).toBeGreaterThanOrEqual(Math.floor(before / 1000) * 1000);
		expect(end).toBeLessThanOrEqual(Date.now());
	});
});

describe('Revoke', () => {
	it.each(['share', 'id', 'empty'] as const)(
		'ends each share now, though EnableNow answers with: %s',
		async (updateAnswer) => {
			const made = await shares(3);
			await bed.admin.configure({ updateAnswer });
			const revoked = made.slice(0, 2);
			const run = await bed.runShare(
				{ operation: 'revoke', shareId: locator('={{ $json.id }}') },
				{ items: revoked.map(({ id }) => ({ id })) },
			);
			const outputs = jsonOf(run, SHARE);
			expect(outputs.map(({ id }) => id)).toEqual(revoked.map(({ id }) => id));
			for (const { expirationDateUtc } of outputs) {
				expect(expirationDateUtc).toMatch(/Z$/);
				expect(Math.abs(Date.now() - Date.parse(expirationDateUtc as string))).toBeLessThan(10_000);
			}
			const active = await bed.runShare({ operation: 'getAll', filters: { status: 'active' } });
			expect(jsonOf(active, SHARE).map(({ id }) => id)).toEqual([made[2]?.id]);
		},
	);
});

test.each([
	['a page', { kind: 'notJson', when: 'after' }],
	['plain text', { kind: 'status', status: 200, body: 'OK', when: 'after' }],
	['JSON that is cut off', { kind: 'truncatedJson' }],
] as const)('Update looks at the share where %s is answered', async (_answer, fault) => {
	const [share] = await bed.admin.addShares({
		count: 1,
		from: 'en-app-ref-001',
		to: 'en-app-ref-002',
	});
	await bed.admin.addFault({ ...fault, match: { method: 'PUT' }, times: 1 });
	const run = await bed.runShare({
		operation: 'update',
		shareId: locator(share?.id),
		expirationDateUtc: '2099-01-01',
	});
	expect(jsonOf(run, SHARE)).toMatchObject([
		{ id: share?.id, expirationDateUtc: '2099-01-01T00:00:00Z' },
	]);
});

test('Create takes an identifier without quotes', async () => {
	const fault = { kind: 'status', status: 200, body: `${UNKNOWN_ID}\n` } as const;
	await bed.admin.addFault({ ...fault, match: { path: '^/shares' }, times: 1 });
	const run = await bed.runShare(CREATE);
	expect(jsonOf(run, SHARE)).toMatchObject([{ id: UNKNOWN_ID }]);
});

/** A gateway that answers every change as if it had made it. */
describe.each([
	['Update', { operation: 'update', expirationDateUtc: '2020-01-01' }],
	['Revoke', { operation: 'revoke' }],
])('%s is not done because it is answered', (_name, operation) => {
	it.each<[string, unknown, RegExp]>([
		['a refusal', { title: 'Forbidden', status: 403 }, /Forbidden/],
		['that it did not succeed', { success: false, message: 'not yours' }, /not yours/],
		['something else', { result: 'ok' }, /still ends at 2099-01-01T00:00:00Z/],
		['nothing', null, /still ends at 2099-01-01T00:00:00Z/],
		['a text', 'done', /still ends at 2099-01-01T00:00:00Z/],
	])('with %s', async (_answer, body, message) => {
		const [share] = await bed.admin.addShares({
			count: 1,
			from: 'en-app-ref-001',
			to: 'en-app-ref-002',
			expirationDateUtc: '2099-01-01T00:00:00Z',
		});
		await bed.admin.addFault({ kind: 'otherShape', body, match: { method: 'PUT' } });
		const run = await bed.runShare({ ...operation, shareId: locator(share?.id) });
		expect(errorOf(run).message).toMatch(message);
	});
});
