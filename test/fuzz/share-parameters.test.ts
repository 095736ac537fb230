import fc from 'fast-check';
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { locator } from '../integration/support/workflows';
import { identifiers, jsonValues, texts, timeTexts } from './support/arbitraries';
import { property } from './support/cases';
import { answerJson, type ArrivedRequest } from './support/enablenow';
import { expectFailure, ShareBed } from './support/share-bed';
import { textOf } from './support/text';

const bed = ShareBed.prepare();

/** How many items an execution has. */
const ITEMS_AT_ONCE = 20;

const GUID = /^[\da-fA-F]{8}(-[\da-fA-F]{4}){3}-[\da-fA-F]{12}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/** A value that an item gives for a field, and what it means where that is known. */
interface Given<Meaning> {
	value: unknown;
	meaning?: Meaning;
}

/** n8n itself makes text of what says to be a Luxon DateTime, before the node sees it. */
const parameterValues = jsonValues.filter(
	(value) => !JSON.stringify(value).includes('isLuxonDateTime'),
);

const unknown: fc.Arbitrary<Given<never>> = parameterValues.map((value) => ({ value }));

/** Mostly values that mean something, so that what is accepted is seen too. */
function mostly<Meaning>(known: fc.Arbitrary<Given<Meaning>>): fc.Arbitrary<Given<Meaning>> {
	return fc.oneof({ weight: 7, arbitrary: known }, { weight: 1, arbitrary: unknown });
}

const lists = fc
	.tuple(
		fc.uniqueArray(identifiers, { maxLength: 3, selector: (text) => text.toLowerCase() }),
		fc.nat({ max: 4 }),
	)
	.map(([list, form]): Given<string[]> => {
		const forms = [list, list.join(', '), JSON.stringify(list), list.map((id) => ({ id })), null];
		return { value: forms[form], meaning: form === 4 ? [] : list };
	});

const oneIdentifier = identifiers.map((id): Given<string> => ({ value: ` ${id}`, meaning: id }));

/** A text without what nobody sees at its ends. */
function trimmed(text: string): string {
	return text.replace(/^[\s\p{Cf}\p{DI}]+|[\s\p{Cf}\p{DI}]+$/gu, '');
}

const words = fc.oneof(
	texts.map((text): Given<string> => ({ value: text, meaning: trimmed(text) })),
	fc.integer().map((number): Given<string> => ({ value: number, meaning: `${number}` })),
);

/** Texts with characters within that nobody sees are refused. */
const clientIds = words.filter(
	({ meaning }) => !/[\p{Cc}\p{Cf}\p{Cs}\p{DI}]|(?! )\p{Z}/u.test(meaning!),
);

/** Times to come, to the second; the machine's clock stands before them. */
const times = fc
	.tuple(
		fc.integer({ min: Date.parse('2050-01-01'), max: Date.parse('2999-01-01') }),
		fc.constantFrom(0, 120, -210),
	)
	.map(([moment, minutes]): Given<string> => {
		const sent = `${new Date(moment).toISOString().slice(0, 19)}Z`;
		const clock = new Date(Date.parse(sent) + minutes * 60_000).toISOString().slice(0, 19);
		const offsets: Record<string, string> = { 0: '', 120: '+02:00', [-210]: '-0330' };
		return { value: clock + offsets[minutes], meaning: sent };
	});

const expirations = fc.oneof(
	{ weight: 6, arbitrary: mostly(times) },
	{ weight: 1, arbitrary: timeTexts.map((value): Given<string> => ({ value })) },
);

interface Item {
	shareId: Given<string>;
	clientId: Given<string>;
	expirationDateUtc: Given<string>;
	consentIds: Given<string[]>;
	accountIds: Given<string[]>;
	analysisIds: Given<string[]>;
	reference: Given<string>;
}

const items = fc.array(
	fc.record<Item>({
		shareId: mostly(oneIdentifier),
		clientId: mostly(clientIds),
		expirationDateUtc: expirations,
		consentIds: mostly(lists),
		accountIds: mostly(lists),
		analysisIds: mostly(lists),
		reference: mostly(words),
	}),
	{ minLength: ITEMS_AT_ONCE, maxLength: ITEMS_AT_ONCE },
);

const OPTIONS = { atOnce: ITEMS_AT_ONCE, isOfNode: true };

/** The identifier that EnableNow gives to the share of a request, or that tells the request. */
function numberedIdentifier(number: number): string {
	return `00000000-0000-0000-0000-${String(number).padStart(12, '0')}`;
}

/** What a request sent, for the outputs of the items; each request belongs to one item. */
async function requestsOf(
	parameters: INodeParameters,
	list: Item[],
): Promise<Array<{ request: ArrivedRequest | undefined; outputs: IDataObject[] }>> {
	bed.enableNow.answer = ({ method, path, body }, response) => {
		const number = bed.enableNow.requests.length;
		if (method === 'POST') return answerJson(response, { data: numberedIdentifier(number) });
		const share = {
			id: path.slice('/shares/'.length),
			clientId: '',
			// An update is done when the share has the end that was sent.
			expirationDateUtc: (Object(body) as IDataObject)['expirationDateUtc'] ?? '',
			consentIds: [numberedIdentifier(1)],
			accountIds: [],
			analysisIds: [],
			number: numberedIdentifier(number),
		};
		return answerJson(response, { data: share });
	};
	const values = list.map((item) =>
		Object.fromEntries(
			Object.entries(item).map(([name, { value }]) => [name, value as IDataObject]),
		),
	);
	const outputs = await bed.run(parameters, values);
	const { requests } = bed.enableNow;
	const answered = outputs.map((output) => {
		const number = textOf(output[0]?.['number'] ?? output[0]?.['id']);
		return { request: requests[Number(number.slice(-12)) - 1], outputs: output };
	});
	// Nothing was sent for an item that failed, and nothing twice.
	expect(answered.filter(({ request }) => request !== undefined)).toHaveLength(requests.length);
	return answered;
}

/** Expects that a value which was sent is what was meant; where that is not known, that it is valid. */
function expectMeaning<Meaning>(
	{ value, meaning }: Given<Meaning>,
	sent: Meaning,
	expectValid: (value: unknown) => void,
): void {
	if (meaning !== undefined) expect(sent).toEqual(meaning);
	else expectValid(value);
}

function expectIdentifiers(given: Given<string[]>, sent: unknown): void {
	const list = (sent ?? []) as string[];
	expectMeaning(given, list, (value) => {
		expect(list.filter((id) => !GUID.test(id) || !JSON.stringify(value).includes(id))).toEqual([]);
	});
	// A list without identifiers is left out.
	expect(sent).not.toEqual([]);
}

function expectText(given: Given<string>, sent: unknown): void {
	const text = (sent ?? '') as string;
	expectMeaning(given, text, (value) => {
		const isNumber = typeof value === 'number';
		if (isNumber) expect(Number(text) === value).toBe(true);
		else expect(typeof value === 'string' ? trimmed(value) : (value ?? '')).toBe(text);
	});
	expect(sent).not.toBe('');
}

function expectTime(given: Given<string>, sent: unknown): void {
	expect(sent).toMatch(TIME);
	expectMeaning(given, sent as string, () => {
		expect(new Date(sent as string).toISOString().slice(0, 19)).toBe(String(sent).slice(0, 19));
	});
}

const expression = (name: string) => `={{ $json.${name} }}`;
const located = (name: string) => locator(expression(name));

property(
	'Create sends what an item means, or nothing',
	fc.tuple(items, fc.boolean()),
	async ([list, isLocated]) => {
		const identifierField = isLocated ? located : expression;
		const answered = await requestsOf(
			{
				operation: 'create',
				clientId: expression('clientId'),
				expirationDateUtc: expression('expirationDateUtc'),
				consentIds: identifierField('consentIds'),
				accountIds: identifierField('accountIds'),
				analysisIds: identifierField('analysisIds'),
				additionalFields: { reference: expression('reference') },
			},
			list,
		);
		for (const [index, item] of list.entries()) {
			const { request, outputs } = answered[index]!;
			const contents = [item.consentIds, item.accountIds, item.analysisIds];
			const isGood =
				Object.values(item).every(({ meaning }: Given<unknown>) => meaning !== undefined) &&
				item.clientId.meaning !== '' &&
				contents.some(({ meaning }) => meaning!.length > 0);
			if (request === undefined) {
				expectFailure(outputs, index);
				expect(isGood).toBe(false);
				continue;
			}
			expect(request).toMatchObject({ method: 'POST', path: '/shares' });
			const body = request.body as Record<string, unknown>;
			const {
				clientId,
				expirationDateUtc,
				consentIds,
				accountIds,
				analysisIds,
				reference,
				...rest
			} = body;
			expect(rest).toEqual({});
			expectText(item.clientId, clientId);
			expectTime(item.expirationDateUtc, expirationDateUtc);
			expect(Date.parse(expirationDateUtc as string)).toBeGreaterThan(Date.now() - 10_000);
			expectIdentifiers(item.consentIds, consentIds);
			expectIdentifiers(item.accountIds, accountIds);
			expectIdentifiers(item.analysisIds, analysisIds);
			expect([consentIds, accountIds, analysisIds]).not.toEqual([undefined, undefined, undefined]);
			expectText(item.reference, reference);
		}
	},
	OPTIONS,
);

property(
	'Get asks for the share that an item names, or for none',
	items,
	async (list) => {
		const answered = await requestsOf({ operation: 'get', shareId: located('shareId') }, list);
		for (const [index, { shareId }] of list.entries()) {
			const { request, outputs } = answered[index]!;
			if (request === undefined) {
				expectFailure(outputs, index);
				expect(shareId.meaning).toBeUndefined();
				continue;
			}
			expect(request).toMatchObject({ method: 'GET', body: undefined });
			expectIdentifiers(
				{ ...shareId, ...(shareId.meaning && { meaning: [shareId.meaning] }) } as Given<string[]>,
				[request.path.slice('/shares/'.length)],
			);
		}
	},
	OPTIONS,
);

property(
	'Update sets the time that an item means, or none',
	items,
	async (list) => {
		const answered = await requestsOf(
			{
				operation: 'update',
				shareId: located('shareId'),
				expirationDateUtc: expression('expirationDateUtc'),
			},
			list,
		);
		for (const [index, { shareId, expirationDateUtc }] of list.entries()) {
			const { request, outputs } = answered[index]!;
			if (request === undefined) {
				expectFailure(outputs, index);
				expect([shareId.meaning, expirationDateUtc.meaning]).toContain(undefined);
				continue;
			}
			expect(request.method).toBe('PUT');
			expect(request.path).toMatch(/^\/shares\/[\da-fA-F-]{36}$/);
			if (shareId.meaning !== undefined) expect(request.path).toBe(`/shares/${shareId.meaning}`);
			const { expirationDateUtc: sent, ...rest } = request.body as Record<string, unknown>;
			expect(rest).toEqual({});
			expectTime(expirationDateUtc, sent);
		}
	},
	OPTIONS,
);

const listItems = fc.array(
	fc.record({
		returnAll: fc.oneof(fc.boolean(), parameterValues),
		limit: fc.oneof(fc.integer({ min: -1, max: 200 }), parameterValues),
		expired: fc.oneof(fc.constantFrom('any', 'active', 'expired'), parameterValues),
		clientId: fc.oneof(texts, parameterValues),
		reference: fc.oneof(fc.constant(null), texts, parameterValues),
	}),
	{ minLength: ITEMS_AT_ONCE, maxLength: ITEMS_AT_ONCE },
);

property(
	'Get Many asks for a page that there can be, or for none',
	listItems,
	async (list) => {
		bed.enableNow.answer = (_request, response) => answerJson(response, { data: [] });
		const outputs = await bed.run(
			{
				operation: 'getAll',
				returnAll: expression('returnAll'),
				limit: expression('limit'),
				filters: {
					expired: expression('expired'),
					clientId: expression('clientId'),
					reference: expression('reference'),
				},
			},
			list as IDataObject[],
		);
		const failed = outputs.filter(([output]) => output !== undefined);
		expect(bed.enableNow.requests).toHaveLength(list.length - failed.length);
		for (const { path, method } of bed.enableNow.requests) {
			expect(method).toBe('GET');
			expect(path).toMatch(
				/^\/shares\?page=1&pageSize=([1-9]|[1-4]\d|50)(&isExpired=(true|false))?$/,
			);
		}
		for (const [index, output] of outputs.entries()) {
			if (output.length > 0) expectFailure(output, index);
		}
	},
	OPTIONS,
);
