import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { SANDBOX_CUSTOMERS } from '../../../sandbox';
import { executionError, outputItems, type Credential, type Execution } from '../../../scripts/n8n';
import {
	ACCOUNT_ID,
	ANALYSIS_ID,
	CONSENT_ID,
	CREATE,
	CREATE_BODY,
	OTHER_CONSENT_ID,
} from '../../integration/support/examples';
import { locator } from '../../integration/support/workflows';
import { sharedN8n } from '../support/attached-n8n';
import { itemsOf, type N8nUnderTest } from '../support/n8n-under-test';
import { chain, fan, itemNodes, manualTrigger, SHARE, shareNode } from '../support/nodes';

let n8n: N8nUnderTest;
let sharer: Credential;

beforeAll(async () => {
	n8n = await sharedN8n();
	sharer = await n8n.addCredential('Sharer', SANDBOX_CUSTOMERS.sharer);
});

/** Runs the node once, after a manual trigger. */
async function runShare(parameters: INodeParameters): Promise<IDataObject[]> {
	const execution = await n8n.runNew(chain(manualTrigger(), shareNode(sharer, parameters)));
	return itemsOf(execution, SHARE).map(({ json }) => json);
}

describe('create takes identifiers as', () => {
	const [one, two] = [CONSENT_ID, OTHER_CONSENT_ID];
	const item = { ids: [one, two], objects: [{ id: one }, { id: two }], text: `${one};${two}` };
	const forms: Array<[string, INodeParameters[string], string[]]> = [
		['picked from the list', locator(one, 'list'), [one]],
		['one', locator(one), [one]],
		['several with commas', locator(`${one}, ${two}`), [one, two]],
		['several on lines', locator(`${one}\n${two}`), [one, two]],
		['a JSON array as text', locator(`["${one}","${two}"]`), [one, two]],
		['an expression that gives text', locator('={{ $json.text }}'), [one, two]],
		['an expression within text', locator('={{ $json.ids[0] }}, {{ $json.ids[1] }}'), [one, two]],
		['an expression that gives an array', locator('={{ $json.ids }}'), [one, two]],
		['an expression that gives objects', locator('={{ $json.objects }}'), [one, two]],
		['an array in list mode', locator('={{ $json.ids }}', 'list'), [one, two]],
		['an array with empty entries', locator('={{ ["", null, ...$json.ids] }}'), [one, two]],
		['the same in another case', locator(`${one},${one.toUpperCase()}`), [one]],
		['a plain text', `${one}, ${two}`, [one, two]],
		['a plain expression', '={{ $json.ids }}', [one, two]],
		['a plain array', [one, two], [one, two]],
	];

	let execution: Execution;
	let sent: Map<unknown, unknown>;

	// All of them in one execution, which is faster: a node for each, told apart by the reference.
	beforeAll(async () => {
		await n8n.admin.reset();
		const [list, items] = itemNodes([item]);
		const nodes = forms.map(([name, consentIds]) => ({
			...shareNode(sharer, { ...CREATE, consentIds, additionalFields: { reference: name } }, name),
			onError: 'continueRegularOutput' as const,
		}));
		const start = chain(manualTrigger(), list, items);
		const branches = fan(items, ...nodes);
		execution = await n8n.runNew({
			nodes: [...start.nodes, ...nodes],
			connections: { ...start.connections, ...branches.connections },
		});
		const requests = await n8n.admin.requests({ method: 'POST', path: '/shares' });
		sent = new Map(requests.map(({ body }) => [(body as IDataObject)['reference'], body]));
	});

	it.each(forms)('%s', (name, _parameter, consentIds) => {
		expect(sent.get(name)).toEqual({ ...CREATE_BODY, consentIds, reference: name });
		expect(itemsOf(execution, name)).toEqual([
			{
				json: {
					...CREATE_BODY,
					id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
					consentIds,
					accountIds: [],
					analysisIds: [],
					reference: name,
				},
				pairedItem: { item: 0 },
			},
		]);
	});

	it('and makes one share of each', async () => {
		expect((await n8n.admin.counters()).sharesCreated).toBe(forms.length);
	});
});

describe('with a fresh EnableNow', () => {
	beforeEach(async () => await n8n.admin.reset());

	it('create sends all three lists and the time in UTC', async () => {
		await runShare({
			...CREATE,
			expirationDateUtc: "={{ DateTime.fromISO('2030-04-30T12:00:00+02:00') }}",
			accountIds: locator(ACCOUNT_ID),
			analysisIds: locator(ANALYSIS_ID),
		});
		const [request] = await n8n.admin.requests({ method: 'POST', path: '/shares' });
		expect(request?.body).toEqual({
			...CREATE_BODY,
			expirationDateUtc: '2030-04-30T10:00:00Z',
			accountIds: [ACCOUNT_ID],
			analysisIds: [ANALYSIS_ID],
		});
	});

	it('create makes a share of each item, in their order, each paired with its item', async () => {
		const references = ['first', 'second', 'third'];
		const execution = await n8n.runNew(
			chain(
				manualTrigger(),
				...itemNodes(references.map((reference) => ({ reference }))),
				shareNode(sharer, {
					...CREATE,
					additionalFields: { reference: '={{ $json.reference }}' },
				}),
			),
		);
		const shares = await n8n.admin.shares();
		expect(shares).toHaveLength(references.length);
		const idOf = (reference: string) => shares.find((share) => share.reference === reference)?.id;
		expect(itemsOf(execution, SHARE)).toMatchObject(
			references.map((reference, item) => ({
				json: { id: idOf(reference), reference },
				pairedItem: { item },
			})),
		);
	});

	it('get and update work on the share that create made', async () => {
		const [created] = await runShare(CREATE);
		const shareId = locator(created?.['id']);
		expect(await runShare({ operation: 'get', shareId })).toEqual([created]);
		const past = { operation: 'update', shareId, expirationDateUtc: '2020-01-01T00:00:00' };
		expect(await runShare(past)).toMatchObject([
			{ id: created?.['id'], clientId: 'en-app-ref-002' },
		]);
		const [share] = await n8n.admin.shares();
		expect(Date.parse(share?.expirationDateUtc ?? '')).toBe(Date.UTC(2020, 0, 1));
	});

	it.each(['id', 'empty'] as const)('update gives the share for an answer: %s', async (form) => {
		const [created] = await runShare(CREATE);
		await n8n.admin.configure({ updateAnswer: form });
		const update = { operation: 'update', shareId: locator(created?.['id']) };
		expect(await runShare({ ...update, expirationDateUtc: '2031-01-01' })).toEqual([
			{ ...created, expirationDateUtc: '2031-01-01T00:00:00Z' },
		]);
	});

	it('create or update makes one share of a reference, and then changes its end', async () => {
		const upsert = { ...CREATE, operation: 'upsert', reference: 'dossier-1' };
		const [made] = await runShare(upsert);
		expect(made).toMatchObject({ reference: 'dossier-1', alreadyExisted: false });
		const duration = { expirationMode: 'duration', expirationAmount: 1, expirationUnit: 'weeks' };
		const [changed] = await runShare({ ...upsert, ...duration });
		expect(changed).toMatchObject({ id: made?.['id'], alreadyExisted: true });
		const days = (Date.parse(changed?.['expirationDateUtc'] as string) - Date.now()) / 86_400_000;
		expect(days).toBeCloseTo(7, 1);
		expect(await n8n.admin.shares()).toHaveLength(1);
	});

	it('revoke ends a share now', async () => {
		const [created] = await runShare(CREATE);
		const [revoked] = await runShare({ operation: 'revoke', shareId: locator(created?.['id']) });
		expect(revoked).toEqual({ ...created, expirationDateUtc: revoked?.['expirationDateUtc'] });
		expect(Date.parse(revoked?.['expirationDateUtc'] as string)).toBeLessThanOrEqual(Date.now());
		const active = { operation: 'getAll', filters: { status: 'active', direction: 'made' } };
		expect(await runShare(active)).toEqual([]);
	});

	it('nothing is sent while one item is invalid', async () => {
		const consents = [CONSENT_ID, 'not an identifier', OTHER_CONSENT_ID];
		const share = shareNode(sharer, { ...CREATE, consentIds: locator('={{ $json.consent }}') });
		const items = itemNodes(consents.map((consent) => ({ consent })));
		const execution = await n8n.runNew(chain(manualTrigger(), ...items, share));
		expect(executionError(execution)).toMatch(
			/'Consents' contains "not an identifier".*\[item 1\]$/,
		);
		expect((await n8n.admin.counters()).sharesCreated).toBe(0);
	});

	it('get many follows pages, keeps the limit and filters', async () => {
		const batch = { from: 'en-app-ref-001', to: 'en-app-ref-002' };
		await n8n.admin.addShares({ ...batch, count: 120 });
		const expired = { expirationDateUtc: '2020-01-01T00:00:00Z', reference: 'ended' };
		await n8n.admin.addShares({ ...batch, count: 3, ...expired });
		const all = (await n8n.admin.shares()).map(({ id }) => id);
		const getAll = async (parameters: INodeParameters): Promise<unknown[]> =>
			(await runShare({ operation: 'getAll', ...parameters })).map(({ id }) => id);

		expect(await getAll({ returnAll: true })).toEqual(all);
		expect(await getAll({})).toEqual(all.slice(0, 50));
		expect(await getAll({ limit: 70 })).toEqual(all.slice(0, 70));
		expect(await getAll({ returnAll: true, filters: { status: 'expired' } })).toEqual(
			all.slice(120),
		);
		expect(await getAll({ returnAll: true, filters: { status: 'active' } })).toEqual(
			all.slice(0, 120),
		);
		expect(await getAll({ filters: { reference: 'ended' } })).toEqual(all.slice(120));
	});

	it.each([
		['consent', { consentId: CONSENT_ID, status: 'UPDATED' }, CONSENT_ID],
		['account', { consentId: CONSENT_ID }, ACCOUNT_ID],
		['analysis', { status: 'completed' }, ANALYSIS_ID],
	])('get many lists what can be shared: %s', async (resource, filters, id) => {
		const getAll = async (parameters: INodeParameters) =>
			await runShare({ resource, operation: 'getAll', ...parameters });
		const all = await getAll({ returnAll: true });
		expect(all.length).toBeGreaterThan(200);
		expect(new Set(all.map((entry) => entry['id'])).size).toBe(all.length);
		expect(await getAll({ limit: 7 })).toEqual(all.slice(0, 7));
		const filtered = await getAll({ returnAll: true, filters });
		expect(filtered.map((entry) => entry['id'])).toContain(id);
		expect(filtered.length).toBeLessThan(all.length);
	});

	it('an item that fails goes to the error output, alone and paired', async () => {
		const consents = [CONSENT_ID, 'not an identifier', OTHER_CONSENT_ID];
		const share = shareNode(sharer, { ...CREATE, consentIds: locator('={{ $json.consent }}') });
		const execution = await n8n.runNew(
			chain(manualTrigger(), ...itemNodes(consents.map((consent) => ({ consent }))), {
				...share,
				onError: 'continueErrorOutput',
			}),
		);
		expect(itemsOf(execution, SHARE)).toMatchObject([
			{ json: { consentIds: [CONSENT_ID] }, pairedItem: { item: 0 } },
			{ json: { consentIds: [OTHER_CONSENT_ID] }, pairedItem: { item: 2 } },
		]);
		expect(outputItems(execution, SHARE, 1)).toMatchObject([
			{
				json: { error: expect.stringMatching(/'Consents'.*not.* \[item 1\]$/) as string },
				pairedItem: { item: 1 },
			},
		]);
		expect((await n8n.admin.counters()).sharesCreated).toBe(2);
	});
});
