import type { ServerResponse } from 'node:http';

import fc from 'fast-check';
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { CONSENT_ID } from '../unit/support';
import { answers, damagedShares, shares, texts } from './support/arbitraries';
import { property } from './support/cases';
import type { ArrivedRequest } from './support/enablenow';
import { expectFailure, ShareBed } from './support/share-bed';
import { textOf } from './support/text';
import { asPutOut } from '../integration/support/put-out';

const bed = ShareBed.prepare();

/** How many items an execution has. */
const ITEMS_AT_ONCE = 10;

const GUID = /^[\da-fA-F]{8}(-[\da-fA-F]{4}){3}-[\da-fA-F]{12}$/;

/** What EnableNow answers a request with. */
interface Answer {
	status: number;
	contentType: string;
	value: unknown;
	/** The text of the body, in the place of the value's JSON. */
	text: string | undefined;
	/** Whether it repeats the Authorization header, as debuggers do. */
	isIndiscreet: boolean;
}

/** As an item's own share, with its identifier to be filled in. */
const ownShares = fc
	.oneof(shares, damagedShares)
	.map((share) => ({ data: { ...share, id: null } }));

const arbitraryAnswers: fc.Arbitrary<Answer> = fc.record({
	status: fc.oneof(
		{ weight: 4, arbitrary: fc.constantFrom(200, 200, 201, 204) },
		{
			weight: 2,
			arbitrary: fc.constantFrom(302, 304, 400, 401, 403, 404, 409, 422, 429, 500, 503),
		},
	),
	contentType: fc.constantFrom('application/json', 'application/problem+json', 'text/html', ''),
	value: fc.oneof({ weight: 2, arbitrary: answers }, { weight: 1, arbitrary: ownShares }),
	text: fc.oneof(
		{ weight: 6, arbitrary: fc.constant(undefined) },
		{ weight: 1, arbitrary: fc.oneof(texts, fc.constantFrom('', '{"data":', '<html>', 'null')) },
	),
	isIndiscreet: fc.boolean(),
});

const answerLists = fc.array(arbitraryAnswers, {
	minLength: ITEMS_AT_ONCE,
	maxLength: ITEMS_AT_ONCE,
});

const OPTIONS = { atOnce: ITEMS_AT_ONCE, isOfNode: true };

/** Nothing is waited for: an item that fails, fails at once. */
const IMPATIENT = { maxRetries: 0, maxRetryWait: 0 };

function identifierOf(index: number): string {
	return `00000000-0000-0000-0000-${String(index).padStart(12, '0')}`;
}

/** The body of an answer, as it was meant and as it is sent. */
function bodyOf(answer: Answer, index: number): { value: unknown; text: string } {
	let { value } = answer;
	const { data } = Object(value) as { data?: unknown };
	const isOwn = (Object(data) as { id?: unknown }).id === null;
	if (isOwn) value = { data: { ...(data as object), id: identifierOf(index) } };
	return { value, text: answer.text ?? JSON.stringify(value) };
}

/** What the body holds, under `data` or bare. */
function dataOf(answer: Answer, index: number): unknown {
	const { value } = bodyOf(answer, index);
	return (Object(value) as { data?: unknown }).data ?? value;
}

function send(
	answer: Answer,
	index: number,
	request: ArrivedRequest,
	response: ServerResponse,
): void {
	const headers = {
		...(answer.contentType !== '' && { 'content-type': answer.contentType }),
		...(answer.status === 302 && { location: 'http://127.0.0.1:1/elsewhere' }),
	};
	response.writeHead(answer.status, headers);
	if (answer.isIndiscreet && answer.status >= 400) {
		const { authorization } = request;
		response.end(JSON.stringify({ title: `Not for ${authorization}`, errors: { authorization } }));
	} else {
		response.end(bodyOf(answer, index).text);
	}
}

/** Whether an answer says that all is well; a body that is no JSON, or none, tells the opposite. */
function isReadable({ status, text }: Answer): boolean {
	return status < 300 && status !== 204 && text === undefined;
}

property(
	'Get puts out the share that EnableNow answers with, as it is, or a sentence',
	answerLists,
	async (list) => {
		bed.enableNow.answer = (request, response) => {
			const index = Number(request.path.slice(-12));
			send(list[index]!, index, request, response);
		};
		const outputs = await bed.run(
			{ operation: 'get', shareId: '={{ $json.id }}', options: IMPATIENT },
			list.map((_answer, index) => ({ id: identifierOf(index) })),
		);
		for (const [index, output] of outputs.entries()) {
			const [json] = output;
			if (json?.['id'] !== identifierOf(index)) {
				expectFailure(output, index);
				continue;
			}
			expect(isReadable(list[index]!)).toBe(true);
			const share = dataOf(list[index]!, index) as IDataObject;
			expect(JSON.stringify(output)).toBe(JSON.stringify([asPutOut(share)]));
		}
	},
	OPTIONS,
);

property(
	'Create puts out the identifier that EnableNow answers with, or a sentence',
	answerLists,
	async (list) => {
		bed.enableNow.answer = (request, response) => {
			const index = Number((request.body as { reference: string }).reference);
			send(list[index]!, index, request, response);
		};
		const parameters: INodeParameters = {
			operation: 'create',
			clientId: 'en-app-ref-002',
			expirationDateUtc: '2099-04-30',
			consentIds: CONSENT_ID,
			additionalFields: { reference: '={{ $json.reference }}' },
			options: IMPATIENT,
		};
		const outputs = await bed.run(
			parameters,
			list.map((_answer, index) => ({ reference: `${index}` })),
		);
		for (const [index, output] of outputs.entries()) {
			const [json] = output;
			const data = dataOf(list[index]!, index);
			const id = typeof data === 'string' ? data : (Object(data) as IDataObject)['id'];
			if (isReadable(list[index]!) && typeof id === 'string' && GUID.test(id)) {
				expect(json).toMatchObject({ id, reference: `${index}`, consentIds: [CONSENT_ID] });
			} else {
				expectFailure(output, index);
			}
		}
	},
	OPTIONS,
);

property(
	'Update puts out the share with the end that was sent, or a sentence',
	answerLists,
	async (list) => {
		bed.enableNow.answer = (request, response) => {
			const index = Number(request.path.slice(-12));
			send(list[index]!, index, request, response);
		};
		const outputs = await bed.run(
			{
				operation: 'update',
				shareId: '={{ $json.id }}',
				expirationDateUtc: '2099-04-30',
				options: IMPATIENT,
			},
			list.map((_answer, index) => ({ id: identifierOf(index) })),
		);
		for (const [index, output] of outputs.entries()) {
			const [json] = output;
			if (json?.['id'] === undefined) {
				expectFailure(output, index);
			} else {
				expect(json['id']).toBe(identifierOf(index));
				expect(json['expirationDateUtc']).toBe('2099-04-30T00:00:00Z');
				expect(list[index]!.status).toBeLessThan(300);
			}
		}
	},
	OPTIONS,
);

property(
	'Get Many puts out shares, each once, or a sentence',
	fc.tuple(
		fc.array(arbitraryAnswers, { minLength: 1, maxLength: 4 }),
		fc.constantFrom('any', 'active', 'expired'),
		fc.oneof(texts, fc.stringMatching(/^[ -~]*$/), fc.constantFrom('0', '60', 'soon 1')),
	),
	async ([list, status, retryAfter]) => {
		bed.enableNow.answer = (request, response) => {
			const page = Number(new URL(request.path, bed.enableNow.url).searchParams.get('page'));
			// What a header may hold.
			if (/^[\t -~]+$/.test(retryAfter)) response.setHeader('retry-after', retryAfter);
			const index = Math.min(page, list.length) - 1;
			send(list[index]!, index, request, response);
		};
		const [output] = await bed.run(
			{ operation: 'getAll', returnAll: true, filters: { status }, options: IMPATIENT },
			[{}],
		);
		expect(bed.enableNow.requests.length).toBeLessThan(30);
		const ids = output!.map(({ id }) => id);
		if (ids.length === 1 && ids[0] === undefined) expectFailure(output!, 0);
		else expect(ids.filter((id) => typeof id !== 'string' || !GUID.test(id))).toEqual([]);
		expect(new Set(ids.map((id) => textOf(id).toLowerCase())).size).toBe(ids.length);
	},
	{ isOfNode: true },
);
