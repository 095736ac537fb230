import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { Fault } from '../../../sandbox';
import { CREATE } from '../support/examples';
import { SHARES_PATH, TestBed } from '../support/test-bed';
import { jsonOf, SHARE } from '../support/workflows';
import { IS_WHOLE_MATRIX } from './faults';

const bed = TestBed.prepare();

jest.setTimeout(180_000);

const COUNT = IS_WHOLE_MATRIX ? 1000 : 150;

const ITEMS = Array.from({ length: COUNT }, (_item, index) => ({ reference: `share-${index}` }));

const CONTINUE = { node: { onError: 'continueRegularOutput' as const } };

/** What goes wrong with the creates, each at random. */
const FAULTS: Fault[] = [
	{ kind: 'status', status: 429, rate: 0.05 },
	{ kind: 'status', status: 503, rate: 0.05 },
	{ kind: 'connectionReset', when: 'after', rate: 0.05 },
	{ kind: 'noAnswer', rate: 0.01 },
	{ kind: 'noAnswer', when: 'after', rate: 0.01 },
];

beforeEach(async () => {
	const match = { method: 'POST', path: SHARES_PATH };
	await bed.admin.addFaults(FAULTS.map((fault) => ({ ...fault, match })));
});

async function create(options: INodeParameters): Promise<IDataObject[]> {
	const additionalFields = { reference: '={{ $json.reference }}' };
	const parameters = { ...CREATE, additionalFields, options: { timeout: 2, ...options } };
	return jsonOf(await bed.runShare(parameters, { items: ITEMS, ...CONTINUE }), SHARE);
}

async function idsByReference(): Promise<Map<unknown, string[]>> {
	const ids = new Map<unknown, string[]>();
	for (const { id, reference } of await bed.admin.shares()) {
		ids.set(reference, [...(ids.get(reference) ?? []), id]);
	}
	return ids;
}

it('makes each share once where duplicates are prevented, and none in a second run', async () => {
	for (const alreadyExisted of [false, true]) {
		const outputs = await create({ preventDuplicates: true });
		const ids = await idsByReference();
		expect(ids.size).toBe(COUNT);
		expect(outputs).toMatchObject(
			ITEMS.map(({ reference }) => ({
				reference,
				id: ids.get(reference)?.join(),
				alreadyExisted,
			})),
		);
	}
});

it('makes no share twice without that, and reports each of which it is not known', async () => {
	const outputs = await create({});
	const ids = await idsByReference();
	expect(outputs).toHaveLength(COUNT);
	for (const [index, { id, error }] of outputs.entries()) {
		const made = ids.get(ITEMS[index]?.reference) ?? [];
		if (error === undefined) expect([id]).toEqual(made);
		else expect(error).toMatch(/EnableNow may have created the share anyway/);
		expect(made.length).toBeLessThan(2);
	}
	const struck = (await bed.calls('POST')).filter(({ fault }) => fault !== null);
	const refused = struck.filter(({ status }) => status === 429);
	const reported = outputs.filter(({ error }) => error !== undefined);
	expect(refused.length).toBeGreaterThan(0);
	expect(reported).toHaveLength(struck.length - refused.length);
});
