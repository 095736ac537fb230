import type { INodeParameters } from 'n8n-workflow';

import {
	ACCOUNT_ID,
	ANALYSIS_ID,
	CONSENT_ID,
	CREATE,
	CREATE_BODY,
	OTHER_ACCOUNT_ID,
	OTHER_ANALYSIS_ID,
	OTHER_CONSENT_ID,
} from '../support/examples';
import { TestBed } from '../support/test-bed';
import { itemsOf, jsonOf, locator, SHARE, taskOf } from '../support/workflows';

const bed = TestBed.prepare();

const DOCUMENTED: INodeParameters = {
	operation: 'create',
	clientId: 'en-app-ref-002',
	expirationDateUtc: '2030-04-30T12:00:00',
	additionalFields: { reference: 'my-internal-reference-001' },
};
const DOCUMENTED_BODY = {
	clientId: 'en-app-ref-002',
	reference: 'my-internal-reference-001',
	expirationDateUtc: '2030-04-30T12:00:00Z',
};

describe("the documentation's requests", () => {
	it.each<[string, INodeParameters, object]>([
		['consents', { consentIds: locator(CONSENT_ID) }, { consentIds: [CONSENT_ID] }],
		['accounts', { accountIds: locator(ACCOUNT_ID) }, { accountIds: [ACCOUNT_ID] }],
		['analyses', { analysisIds: locator(ANALYSIS_ID) }, { analysisIds: [ANALYSIS_ID] }],
		[
			'all three combined',
			{
				consentIds: locator(`${CONSENT_ID}, ${OTHER_CONSENT_ID}`),
				accountIds: locator(OTHER_ACCOUNT_ID),
				analysisIds: locator(OTHER_ANALYSIS_ID),
			},
			{
				consentIds: [CONSENT_ID, OTHER_CONSENT_ID],
				accountIds: [OTHER_ACCOUNT_ID],
				analysisIds: [OTHER_ANALYSIS_ID],
			},
		],
	])('arrive as documented: %s', async (_name, parameters, lists) => {
		const run = await bed.runShare({ ...DOCUMENTED, ...parameters });
		expect(await bed.createBodies()).toEqual([{ ...DOCUMENTED_BODY, ...lists }]);
		expect(jsonOf(run, SHARE)).toEqual([
			{
				...DOCUMENTED_BODY,
				consentIds: [],
				accountIds: [],
				analysisIds: [],
				...lists,
				id: (await bed.admin.shares())[0]?.id,
			},
		]);
		const [request] = await bed.calls('POST');
		expect(request).toMatchObject({ path: '/shares', query: '', clientId: 'en-app-ref-001' });
		expect(request?.headers['content-type']).toMatch(/^application\/json/);
		expect(request?.headers['accept']).toMatch(/^application\/json/);
	});
});

it('makes one share of each item, in their order, each paired with its item', async () => {
	const items = ['first', 'second', 'third'].map((reference) => ({ reference }));
	const run = await bed.runShare(
		{ ...CREATE, additionalFields: { reference: '={{ $json.reference }}' } },
		{ items },
	);
	const shares = await bed.admin.shares();
	expect(shares.map(({ reference }) => reference)).toEqual(['first', 'second', 'third']);
	expect(itemsOf(run, SHARE)).toMatchObject(
		shares.map(({ id, reference }, item) => ({ json: { id, reference }, pairedItem: { item } })),
	);
	expect((await bed.admin.counters()).tokensIssued).toBe(1);
});

it('gives the shape that Get returns', async () => {
	const created = jsonOf(await bed.runShare(CREATE), SHARE);
	const id = created[0]?.['id'] as string;
	const got = jsonOf(await bed.runShare({ operation: 'get', shareId: locator(id) }), SHARE);
	expect(created).toEqual([
		{ ...CREATE_BODY, id, reference: null, accountIds: [], analysisIds: [] },
	]);
	expect(got).toEqual(created);
	expect(Object.keys(got[0] ?? {})).toEqual(Object.keys(created[0] ?? {}));
});

describe('identifiers', () => {
	const one = CONSENT_ID;
	const two = OTHER_CONSENT_ID;
	it.each<[string, INodeParameters[string], string[]]>([
		['picked from the list', locator(one, 'list'), [one]],
		['one', locator(one), [one]],
		['with blanks around it', locator(`  ${one}\n`), [one]],
		['with commas', locator(`${one},${two}`), [one, two]],
		['with semicolons', locator(`${one}; ${two};`), [one, two]],
		['with blanks', locator(`${one} ${two}`), [one, two]],
		['on lines', locator(`${one}\n${two}\r\n`), [one, two]],
		['with empty ones', locator(`,${one},,${two},`), [one, two]],
		['a JSON array as text', locator(`["${one}", "${two}"]`), [one, two]],
		['a JSON array of objects as text', locator(`[{"id":"${two}"}]`), [two]],
		['in the order given', locator(`${two},${one}`), [two, one]],
		['the same in another case', locator(`${one},${one.toUpperCase()}`), [one]],
		['the case as given', locator(one.toUpperCase()), [one.toUpperCase()]],
		['an expression in a text', locator('={{ $json.ids[0] }},{{ $json.ids[1] }}'), [one, two]],
		['an expression that gives an array', locator('={{ $json.ids }}'), [one, two]],
		['an array with empty entries', locator('={{ ["", null, ...$json.ids, " "] }}'), [one, two]],
		['an array of objects', locator('={{ $json.consents }}'), [one, two]],
		['an expression that gives JSON', locator('={{ JSON.stringify($json.ids) }}'), [one, two]],
		['an array, list mode', locator('={{ $json.ids }}', 'list'), [one, two]],
		['an array itself', locator([one, two]), [one, two]],
		['a plain value', one, [one]],
		['a plain list', `${one}, ${two}`, [one, two]],
		['a plain expression', '={{ $json.ids }}', [one, two]],
		['a plain array', [one, two], [one, two]],
	])('are taken: %s', async (_name, consentIds, expected) => {
		const consents = [
			{ id: one, status: 'ACTIVE' },
			{ id: two, status: 'ACTIVE' },
		];
		const run = await bed.runShare(
			{ ...CREATE, consentIds },
			{ items: [{ ids: [one, two], consents }] },
		);
		expect(await bed.createBodies()).toEqual([{ ...CREATE_BODY, consentIds: expected }]);
		expect(jsonOf(run, SHARE)).toMatchObject([{ consentIds: expected }]);
	});
});

describe('the expiration', () => {
	const noon = '2030-04-30T12:00:00Z';
	it.each([
		['without zone', '2030-04-30T12:00:00', noon],
		['without seconds', '2030-04-30T12:00', noon],
		['in UTC', '2030-04-30T12:00:00Z', noon],
		['with an offset', '2030-04-30T14:00:00+02:00', noon],
		['with a space', '2030-04-30 12:00:00', noon],
		['with a fraction, cut off', '2030-04-30T12:00:00.999Z', noon],
		['a date alone', '2030-04-30', '2030-04-30T00:00:00Z'],
		[
			'a DateTime with a zone',
			'={{ DateTime.fromISO("2030-04-30T14:00:00", { zone: "Europe/Amsterdam" }) }}',
			noon,
		],
		['a Date', '={{ new Date("2030-04-30T12:00:00.500Z") }}', noon],
		['a text from the item', '={{ $json.until }}', noon],
	])('is sent in UTC: %s', async (_name, expirationDateUtc, expected) => {
		const run = await bed.runShare(
			{ ...CREATE, expirationDateUtc },
			// A value without zone is UTC, whatever the zone of the workflow.
			{ items: [{ until: '2030-04-30T12:00:00' }], settings: { timezone: 'America/New_York' } },
		);
		expect(await bed.createBodies()).toEqual([{ ...CREATE_BODY, expirationDateUtc: expected }]);
		expect(jsonOf(run, SHARE)).toMatchObject([{ expirationDateUtc: expected }]);
	});

	it('can be counted from now', async () => {
		const before = Math.floor(Date.now() / 1000) * 1000;
		await bed.runShare({ ...CREATE, expirationDateUtc: '={{ $now.plus({ days: 30 }) }}' });
		const [body] = (await bed.createBodies()) as [{ expirationDateUtc: string }];
		expect(body.expirationDateUtc).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
		const days = 30 * 86_400_000;
		expect(Date.parse(body.expirationDateUtc) - days).toBeGreaterThanOrEqual(before);
		expect(Date.parse(body.expirationDateUtc) - days).toBeLessThanOrEqual(Date.now());
	});
});

describe('texts', () => {
	it.each<[string, INodeParameters, object]>([
		['are trimmed', { clientId: ' en-app-ref-002 ' }, {}],
		[
			'keep their inside',
			{ additionalFields: { reference: '  dossier 1 – é  ' } },
			{ reference: 'dossier 1 – é' },
		],
		['may be numbers', { additionalFields: { reference: '={{ 4711 }}' } }, { reference: '4711' }],
		['are not sent where they are empty', { additionalFields: { reference: '  ' } }, {}],
		['are not sent where they are null', { additionalFields: { reference: '={{ null }}' } }, {}],
	])('%s', async (_name, parameters, changes) => {
		const run = await bed.runShare({ ...CREATE, ...parameters });
		expect(await bed.createBodies()).toEqual([{ ...CREATE_BODY, ...changes }]);
		expect(jsonOf(run, SHARE)).toMatchObject([{ reference: null, ...changes }]);
	});
});

describe('the hint', () => {
	it('is given where the client ID is one’s own', async () => {
		const run = await bed.runShare({ ...CREATE, clientId: 'en-app-ref-001' });
		expect(taskOf(run, SHARE).hints).toEqual([
			{
				message: expect.stringMatching(
					/'Share With \(Client ID\)' is en-app-ref-001, the client ID of your own/,
				) as string,
				location: 'outputPane',
			},
		]);
		expect(await bed.createBodies()).toHaveLength(1);
	});

	it('is given once, however many items there are', async () => {
		const run = await bed.runShare(
			{ ...CREATE, clientId: 'en-app-ref-001' },
			{ items: [{}, {}, {}] },
		);
		expect(taskOf(run, SHARE).hints).toHaveLength(1);
		expect(await bed.createBodies()).toHaveLength(3);
	});

	it('is not given otherwise', async () => {
		expect(taskOf(await bed.runShare(CREATE), SHARE).hints ?? []).toEqual([]);
	});
});
