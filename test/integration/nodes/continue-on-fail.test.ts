import type { INode } from 'n8n-workflow';

import { CONSENT_ID, CREATE, UNKNOWN_ID } from '../support/examples';
import { closedAddress } from '../support/other-server';
import { TestBed } from '../support/test-bed';
import {
	chain,
	itemsNode,
	itemsOf,
	jsonOf,
	locator,
	passNode,
	SHARE,
	shareNode,
	taskOf,
} from '../support/workflows';

const bed = TestBed.prepare();

const REGULAR: Partial<INode> = { onError: 'continueRegularOutput' };
const ERROR_OUTPUT: Partial<INode> = { onError: 'continueErrorOutput' };

const BAD_INPUT = `'Consents' contains "bad", which is not an EnableNow identifier`;
const NO_SUCH_CONSENT = `EnableNow refused the request with status 400: One or more validation errors occurred. ConsentIds[0]: The identifier '${UNKNOWN_ID}' was not found.`;

/** Two that work, one that is refused before it is sent, and one that EnableNow refuses. */
const ITEMS_OF_ALL_KINDS = [
	{ name: 'bad', consent: 'bad' },
	{ name: 'good', consent: CONSENT_ID },
	{ name: 'unknown', consent: UNKNOWN_ID },
	{ name: 'good too', consent: CONSENT_ID },
];
const CREATE_EACH = {
	...CREATE,
	consentIds: locator('={{ $json.consent }}'),
	additionalFields: { reference: '={{ $json.name }}' },
};

it('lets each item fail alone on the regular output', async () => {
	const run = await bed.runShare(CREATE_EACH, { items: ITEMS_OF_ALL_KINDS, node: REGULAR });
	expect(run.status).toBe('success');
	expect(itemsOf(run, SHARE)).toMatchObject([
		{ json: { error: `${BAD_INPUT} [item 0]` }, pairedItem: { item: 0 } },
		{ json: { reference: 'good' }, pairedItem: { item: 1 } },
		{ json: { error: `${NO_SUCH_CONSENT} [item 2]` }, pairedItem: { item: 2 } },
		{ json: { reference: 'good too' }, pairedItem: { item: 3 } },
	]);
	expect(await bed.createBodies()).toHaveLength(3);
});

it('sends what failed to the error output, with its input and the reason', async () => {
	const run = await bed.runShare(CREATE_EACH, { items: ITEMS_OF_ALL_KINDS, node: ERROR_OUTPUT });
	expect(run.status).toBe('success');
	expect(itemsOf(run, SHARE, 0)).toMatchObject([
		{ json: { reference: 'good' }, pairedItem: { item: 1 } },
		{ json: { reference: 'good too' }, pairedItem: { item: 3 } },
	]);
	expect(itemsOf(run, SHARE, 1)).toMatchObject([
		{
			json: { name: 'bad', consent: 'bad', error: `${BAD_INPUT} [item 0]` },
			pairedItem: { item: 0 },
		},
		{
			json: { name: 'unknown', consent: UNKNOWN_ID, error: `${NO_SUCH_CONSENT} [item 2]` },
			pairedItem: { item: 2 },
		},
	]);
});

it('pairs with the right item after a Get Many that gives several of each', async () => {
	const batch = { from: 'en-app-ref-001', to: 'en-app-ref-002' };
	await bed.admin.addShares({ ...batch, count: 2, reference: 'a' });
	await bed.admin.addShares({ ...batch, count: 3, reference: 'b' });
	const { nodes, connections } = chain(
		itemsNode,
		shareNode(
			{ operation: 'getAll', filters: { reference: '={{ $json.reference }}' } },
			{ name: 'Many' },
		),
		shareNode(
			{
				...CREATE,
				consentIds: locator("={{ $itemIndex % 2 ? 'bad' : $json.consentIds }}"),
				additionalFields: { reference: "={{ $('Items').item.json.note }}" },
			},
			ERROR_OUTPUT,
		),
		shareNode(
			{
				operation: 'update',
				shareId: locator('={{ $json.id }}'),
				expirationDateUtc: "={{ $('Items').item.json.until }}",
			},
			{ name: 'Update' },
		),
		passNode('Failed'),
	);
	connections[SHARE]?.['main']?.push([{ node: 'Failed', type: 'main', index: 0 }]);
	const items = [
		{ reference: 'a', note: 'of a', until: '2031-01-01' },
		{ reference: 'b', note: 'of b', until: '2032-01-01' },
	];
	const run = await bed.run({ nodes, connections }, { items });
	const pairs = (node: string, output?: number) =>
		itemsOf(run, node, output).map(({ pairedItem }) => (pairedItem as { item: number }).item);
	expect(pairs('Many')).toEqual([0, 0, 1, 1, 1]);
	expect(pairs(SHARE, 0)).toEqual([0, 2, 4]);
	expect(pairs(SHARE, 1)).toEqual([1, 3]);
	expect(jsonOf(run, SHARE, 0)).toMatchObject([
		{ reference: 'of a' },
		{ reference: 'of b' },
		{ reference: 'of b' },
	]);
	expect(jsonOf(run, 'Update').map(({ expirationDateUtc }) => expirationDateUtc)).toEqual([
		'2031-01-01T00:00:00Z',
		'2032-01-01T00:00:00Z',
		'2032-01-01T00:00:00Z',
	]);
	expect(jsonOf(run, SHARE, 1)).toMatchObject([
		{ reference: 'a', clientId: 'en-app-ref-002', error: `${BAD_INPUT} [item 1]` },
		{ reference: 'b', clientId: 'en-app-ref-002', error: `${BAD_INPUT} [item 3]` },
	]);
});

describe('a credential that cannot be used fails each item alone', () => {
	const THREE = [{ name: 'a' }, { name: 'b' }, { name: 'c' }];

	it.each<[string, () => Promise<unknown> | void, RegExp]>([
		[
			'it is gone',
			() => bed.engine.credentials.remove('sharer'),
			/Credential with ID "sharer" does not exist/,
		],
		[
			'it has no base URL',
			() => bed.saveCredential('sharer', { baseUrl: '' }),
			/^The credential's 'Base URL' is empty \[item \d\]$/,
		],
		[
			'its secret is wrong',
			() => bed.saveCredential('sharer', { clientSecret: 'a-wrong-one' }),
			/^EnableNow gave no token for this credential: .* \[item \d\]$/,
		],
		[
			'EnableNow is not there',
			async () => bed.saveCredential('sharer', { baseUrl: await closedAddress() }),
			/^EnableNow could not be reached at .*ECONNREFUSED\) \[item \d\]$/,
		],
	])('%s', async (_name, spoil, message) => {
		await spoil();
		for (const node of [REGULAR, ERROR_OUTPUT]) {
			const parameters = { ...CREATE, options: { maxRetries: 0 } };
			const run = await bed.runShare(parameters, { items: THREE, node });
			const output = node === REGULAR ? 0 : 1;
			expect(run.status).toBe('success');
			expect(itemsOf(run, SHARE, output)).toMatchObject(
				THREE.map((_item, item) => ({
					json: { error: expect.stringMatching(message) as string },
					pairedItem: { item },
				})),
			);
			expect(itemsOf(run, SHARE, 1 - output)).toEqual([]);
		}
		expect(await bed.calls()).toEqual([]);
	});
});

it('stops at the first item that fails where nothing else is said', async () => {
	const oneByOne = { ...CREATE_EACH, options: { maxConcurrentRequests: 1 } };
	const run = await bed.runShare(oneByOne, { items: ITEMS_OF_ALL_KINDS.slice(1) });
	expect(run.status).toBe('error');
	expect(taskOf(run, SHARE).error?.message).toBe(`${NO_SUCH_CONSENT} [item 1]`);
	expect(await bed.admin.shares()).toHaveLength(1);
});
