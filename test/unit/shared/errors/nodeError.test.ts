import { inspect } from 'node:util';
import { AxiosError, AxiosHeaders, type InternalAxiosRequestConfig } from 'axios';
import { ExpressionError, NodeApiError, NodeOperationError, type JsonObject } from 'n8n-workflow';
import { InputError } from '../../../../nodes/shared/errors/inputError';
import { toNodeError } from '../../../../nodes/shared/errors/nodeError';
import {
	cancelledError,
	networkError,
	noTokenError,
	responseError,
	type RequestError,
	timeoutError,
	tokenError,
	invalidResponseError,
} from '../../../../nodes/shared/errors/requestError';
import { node } from '../../support';

const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJjbGllbnRfaWQiOiJtaW5lIn0.c2lnbmF0dXJl';

describe('input that cannot be used', () => {
	const error = new InputError("'Consents' is empty", 'Choose one.');

	test('is an error of the node, with what to do and the item', () => {
		const nodeError = toNodeError(node, error, 3);
		expect(nodeError).toBeInstanceOf(NodeOperationError);
		expect(nodeError.message).toBe("'Consents' is empty [item 3]");
		expect(nodeError.description).toBe('Choose one.');
		expect(nodeError.context['itemIndex']).toBe(3);
		expect(nodeError.node).toBe(node);
	});

	test('of the first item names it too', () => {
		const nodeError = toNodeError(node, error, 0);
		expect(nodeError.message).toBe("'Consents' is empty [item 0]");
		expect(nodeError.context['itemIndex']).toBe(0);
	});

	test('of the only item is on the error, not in the message', () => {
		const nodeError = toNodeError(node, error, 0, 1);
		expect(nodeError.message).toBe("'Consents' is empty");
		expect(nodeError.context['itemIndex']).toBe(0);
		expect(toNodeError(node, error, 0, 2).message).toBe("'Consents' is empty [item 0]");
	});

	test('outside of items names none, and says what to do: n8n shows no description there', () => {
		const nodeError = toNodeError(node, error);
		expect(nodeError.message).toBe("'Consents' is empty. Choose one.");
		expect(nodeError.context['itemIndex']).toBeUndefined();
	});

	test.each(['ECONNREFUSED', 'connect ENOTFOUND api.example', 'eperm'])(
		'that holds the code %s keeps its message',
		(value) => {
			const message = `'Consents' contains "${value}", which is not an EnableNow identifier`;
			const nodeError = toNodeError(node, new InputError(message, 'Choose one.'), 1);
			expect(nodeError.message).toBe(`${message} [item 1]`);
			expect(nodeError.description).toBe('Choose one.');
		},
	);
});

describe('an expression that failed', () => {
	test.each<[string, number | undefined, string]>([
		['No such node', 3, 'No such node [item 2]'],
		['No such node [item 2]', 3, 'No such node [item 2]'],
		['No such node', 1, 'No such node'],
	])('"%s" of %p items is told as "%s"', (message, itemCount, expected) => {
		expect(toNodeError(node, new ExpressionError(message), 2, itemCount).message).toBe(expected);
	});
});

describe('a request that failed', () => {
	const failures: Array<[string, RequestError]> = [
		...[400, 401, 402, 403, 404, 405, 409, 410, 413, 415, 418, 422, 429, 500, 502, 503, 504].map(
			(status): [string, RequestError] => [
				`status ${status}`,
				responseError(status, { title: 'Its own words.', traceId: '00-abc-00' }, '17'),
			],
		),
		...['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ECONNABORTED', 'ETIMEDOUT'].map(
			(code): [string, RequestError] => [code, networkError('https://a.example', code)],
		),
		['a time-out', timeoutError(30_000)],
		['a token that was refused', tokenError('invalid_client')],
		['an unreadable answer', invalidResponseError('it is odd')],
		['a stopped workflow', cancelledError(true)],
		['words with a code', responseError(500, { title: 'connect ECONNREFUSED database' })],
	];

	test.each(failures)('%s keeps message and description, and names the item', (_case, failure) => {
		const nodeError = toNodeError(node, failure, 7);
		expect(nodeError).toBeInstanceOf(NodeApiError);
		expect(nodeError.message).toBe(`${failure.message} [item 7]`);
		expect(nodeError.description).toBe(failure.description);
		expect(nodeError.context['itemIndex']).toBe(7);
	});

	test('keeps the status as HTTP code', () => {
		expect(toNodeError(node, responseError(404, {}), 0)).toMatchObject({ httpCode: '404' });
	});

	test('that never was answered has no HTTP code', () => {
		expect(toNodeError(node, timeoutError(1_000), 0)).toMatchObject({ httpCode: null });
	});

	test('outside of items names none, and says what to do', () => {
		const failure = responseError(404, {});
		const { message, description } = failure;
		expect(toNodeError(node, failure).message).toBe(`${message}. ${description}`);
		expect(toNodeError(node, failure).context['itemIndex']).toBeUndefined();
	});
});

describe('of a tool of an AI agent, whose model is told the message alone', () => {
	const tool = { ...node, type: `${node.type}Tool` };

	test('input that cannot be used: the message says what to do', () => {
		const nodeError = toNodeError(tool, new InputError("'Share' is empty", 'Choose one.'), 0);
		expect(nodeError.message).toBe("'Share' is empty [item 0]\n\nChoose one.");
		expect(nodeError.description).toBe('Choose one.');
	});

	test('what only a person in the editor can do is not told to the model', () => {
		const error = new InputError("'Share' is empty", 'Give one.', 'Or choose it from the list.');
		expect(toNodeError(tool, error, 0).message).toBe("'Share' is empty [item 0]\n\nGive one.");
		expect(toNodeError(tool, error, 0).description).toBe('Give one. Or choose it from the list.');
	});

	test('a request that failed: the message says what to do', () => {
		const { message, description } = timeoutError(1_000);
		const nodeError = toNodeError(tool, timeoutError(1_000), 0);
		expect(nodeError.message).toBe(`${message} [item 0]\n\n${description}`);
	});

	test.each<[string, RequestError]>([
		['a refused token', tokenError('invalid_client')],
		['no token', noTokenError('https://a.example', 'its answer is not JSON')],
		...[401, 403, 407].map((status): [string, RequestError] => [
			`status ${status}`,
			responseError(status, {}),
		]),
	])('%s: the model is to tell the user, who can open the credential', (_case, failure) => {
		const { message, description } = failure;
		expect(toNodeError(tool, failure, 0).message).toBe(
			`${message} [item 0]\n\nTell the user: ${description}`,
		);
		expect(toNodeError(node, failure, 0).message).not.toContain('Tell the user');
	});

	test("an error of n8n's own keeps its words", () => {
		const own = new NodeOperationError(tool, 'Credentials not found', { description: 'Add one.' });
		expect(toNodeError(tool, own, 0).message).toBe('Credentials not found');
	});
});

describe('another error', () => {
	test.each<[string, unknown]>([
		['an error', new TypeError('oops')],
		['a text', 'oops'],
	])('%s becomes one of the node, with the item', (_case, error) => {
		const nodeError = toNodeError(node, error, 2);
		expect(nodeError).toBeInstanceOf(NodeOperationError);
		expect(nodeError.message).toContain('oops');
		expect(nodeError.context['itemIndex']).toBe(2);
	});

	test.each<[string, unknown]>([
		['undefined', undefined],
		['null', null],
		['a number', 7],
		['an object', { oops: true }],
	])('%s becomes one of the node', (_case, error) => {
		expect(toNodeError(node, error, 2)).toBeInstanceOf(NodeOperationError);
	});

	test("of n8n's own keeps its words", () => {
		const own = new NodeOperationError(node, 'Credentials not found', { description: 'Add one.' });
		expect(toNodeError(node, own)).toMatchObject({
			message: 'Credentials not found',
			description: 'Add one.',
		});
	});

	test("of n8n's own names the item", () => {
		const own = new NodeOperationError(node, 'Credentials not found');
		expect(toNodeError(node, own, 2).context['itemIndex']).toBe(2);
	});
});

describe("nothing of a request's headers is kept", () => {
	const config: InternalAxiosRequestConfig = {
		headers: new AxiosHeaders({ Authorization: `Bearer ${TOKEN}` }),
		method: 'post',
		url: 'https://api.enablenow.nl/shares',
	};
	const request = { _header: `POST /shares HTTP/1.1\r\nAuthorization: Bearer ${TOKEN}\r\n` };

	function axiosError(): AxiosError {
		return new AxiosError(
			'Request failed with status code 404',
			'ERR_BAD_REQUEST',
			config,
			request,
			{
				status: 404,
				statusText: 'Not Found',
				data: { title: 'Not Found' },
				headers: new AxiosHeaders(),
				config,
				request,
			},
		);
	}

	test.each<[string, () => unknown]>([
		['a refusal', () => responseError(404, { title: 'Not Found' })],
		['an unreachable EnableNow', () => networkError('https://api.enablenow.nl', 'ECONNRESET')],
		["axios's error", axiosError],
		["n8n's error of axios's", () => new NodeApiError(node, axiosError() as unknown as JsonObject)],
		['an error caused by one', () => new Error('outer', { cause: axiosError() })],
	])('%s', (_case, errorOf) => {
		const nodeError = toNodeError(node, errorOf(), 0);
		const written = JSON.stringify(nodeError);
		const inspected = inspect(nodeError, { depth: Infinity, showHidden: true });
		// Not toContain: it would print the whole error.
		expect({
			isWritten: written.includes(TOKEN),
			isInspected: inspected.includes(TOKEN),
		}).toEqual({ isWritten: false, isInspected: false });
	});
});
