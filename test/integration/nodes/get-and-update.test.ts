import { TestBed } from '../support/test-bed';
import { itemsOf, jsonOf, locator, SHARE } from '../support/workflows';

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
			made.map((share, item) => ({ json: share, pairedItem: { item } })),
		);
		expect(jsonOf(run, SHARE)).toEqual(made);
		expect((await bed.calls()).map(({ method, path }) => `${method} ${path}`)).toEqual(
			made.map(({ id }) => `GET /shares/${id}`),
		);
	});

	it('takes a picked, plain or upper-case identifier', async () => {
		const [share] = await shares(1);
		const id = share?.id ?? '';
		for (const shareId of [locator(id, 'list'), id, locator(id.toUpperCase()), ` ${id} `]) {
			expect(jsonOf(await bed.runShare({ operation: 'get', shareId }), SHARE)).toEqual([share]);
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
		'gives something useful where EnableNow answers with: %s',
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
			const expected = made.map((share) =>
				updateAnswer === 'share'
					? { ...share, expirationDateUtc: newTime.returned }
					: { id: share.id, expirationDateUtc: newTime.sent },
			);
			expect(jsonOf(run, SHARE)).toEqual(expected);
			expect(itemsOf(run, SHARE)).toMatchObject([
				{ pairedItem: { item: 0 } },
				{ pairedItem: { item: 1 } },
			]);
			expect(await bed.calls()).toMatchObject(
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

	it('revokes a share with a time that is past', async () => {
		const [share] = await shares(1);
		const run = await bed.runShare({
			operation: 'update',
			shareId: locator(share?.id),
			expirationDateUtc: '={{ $now.minus({ minutes: 1 }) }}',
		});
		const [updated] = jsonOf(run, SHARE);
		expect(Date.parse(updated?.['expirationDateUtc'] as string)).toBeLessThan(Date.now());
		const active = await bed.runShare({ operation: 'getAll', filters: { expired: 'active' } });
		expect(jsonOf(active, SHARE)).toEqual([]);
	});
});
