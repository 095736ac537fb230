import fc from 'fast-check';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';

import { InputError } from '../../nodes/shared/errors/inputError';
import { toNodeError } from '../../nodes/shared/errors/nodeError';
import { RequestError } from '../../nodes/shared/errors/requestError';
import { helperError } from '../../nodes/shared/errors/helperError';
import { node } from '../unit/support';
import { jsonValues, texts, values } from './support/arbitraries';
import { property } from './support/cases';

/** Errors as others throw them, with anything in any place. */
const errors = fc
	.tuple(
		texts,
		fc.record(
			{
				code: fc.oneof(fc.constantFrom('ECONNRESET', 'EAUTH', 'ESTATUS', '401'), jsonValues),
				httpCode: fc.oneof(fc.constantFrom('401', 'ENOTFOUND'), jsonValues),
				status: fc.oneof(fc.nat({ max: 600 }), jsonValues),
				response: fc.oneof(jsonValues, fc.record({ status: fc.oneof(fc.nat(), jsonValues) })),
				messages: fc.oneof(fc.array(texts), jsonValues),
				message: fc.oneof(texts, jsonValues),
				cause: values,
			},
			{ requiredKeys: [] },
		),
	)
	.map(([message, fields]) => Object.assign(new Error(message), fields));

/** Whatever can be thrown. */
const thrown = fc.oneof(
	values,
	errors,
	fc.tuple(errors, errors).map(([error, cause]) => Object.assign(error, { cause })),
);

property('any error of n8n is told in one line, and none is thrown', thrown, (error) => {
	const failure = helperError(error, 'https://api.enablenow.nl', []);
	expect(failure).toBeInstanceOf(RequestError);
	for (const text of [failure.message, failure.description]) {
		expect(text).toMatch(/^[^\p{Cc}\p{Cf}\p{Cs}]+$/u);
		expect(text.length).toBeLessThan(700);
	}
	expect(['number', 'undefined']).toContain(typeof failure.status);
});

property(
	"whatever is thrown becomes n8n's kind of error, with the item",
	fc.tuple(thrown, fc.nat({ max: 1000 })),
	([error, itemIndex]) => {
		const nodeError = toNodeError(node, error, itemIndex);
		expect(nodeError instanceof NodeApiError || nodeError instanceof NodeOperationError).toBe(true);
		expect(typeof nodeError.message).toBe('string');
		expect(nodeError.context['itemIndex']).toBe(itemIndex);
	},
);

property(
	'the words of a refusal are those that a person sees',
	fc.tuple(texts, texts, fc.boolean(), fc.nat({ max: 1000 })),
	([message, advice, isInput, itemIndex]) => {
		const description = `Do this. ${advice}`;
		const error = isInput
			? new InputError(message, description)
			: new RequestError('refused', message, description, {
					outcome: 'rejected',
					isTemporary: false,
					status: 400,
				});
		const nodeError = toNodeError(node, error, itemIndex);
		expect(nodeError.message).toBe(`${message} [item ${itemIndex}]`);
		expect(nodeError.description).toBe(description);
	},
);
