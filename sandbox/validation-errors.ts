import type { FieldErrors } from './problem-details';

/** One finding of express-openapi-validator. */
export interface ValidationError {
	/** Where, as a JSON pointer that begins with body, query or params: `/body/consentIds/0`. */
	path: string;
	/** What, in the words of the JSON schema validator. */
	message: string;
	/** The schema keyword that was broken, such as `required.openapi.validation`. */
	errorCode?: string;
}

/**
 * Words the findings of the validator as ASP.NET Core does.
 *
 * @param findings - What the validator found
 * @param request - What it looked at, to quote the values from
 * @returns The findings by field
 */
export function describeValidationErrors(
	findings: readonly ValidationError[],
	request: Record<string, unknown>,
): FieldErrors {
	const errors: FieldErrors = {};
	for (const finding of findings) {
		const steps = finding.path.split('/').filter((step) => step !== '');
		const field = fieldName(steps.slice(1));
		const messages = (errors[field] ??= []);
		const message = describe(finding, field, steps, valueAt(request, steps));
		if (!messages.includes(message)) messages.push(message);
	}
	return errors;
}

/** `['consentIds', '0']` as `ConsentIds[0]`; nothing at all, the whole body, as `$`. */
function fieldName(steps: readonly string[]): string {
	const name = steps
		.map((step) => (/^\d+$/.test(step) ? `[${step}]` : `.${capitalise(step)}`))
		.join('');
	return name === '' ? '$' : name.replace(/^\./, '');
}

function capitalise(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}

function valueAt(value: unknown, steps: readonly string[]): unknown {
	return steps.reduce<unknown>(
		(parent, step) => (parent as Record<string, unknown> | null | undefined)?.[step],
		value,
	);
}

function describe(
	{ message, errorCode }: ValidationError,
	field: string,
	steps: readonly string[],
	value: unknown,
): string {
	if (field === '$' && value === undefined) return 'A non-empty request body is required.';
	switch (errorCode?.split('.')[0]) {
		case 'required':
		case 'minLength':
			return `The ${field} field is required.`;
		case 'additionalProperties':
			return `The property '${String(steps.at(-1))}' is not known.`;
		case 'pattern':
		case 'format':
		case 'enum':
			return `The value '${String(value)}' is not valid for ${field}.`;
		case 'type':
			return `The JSON value of ${field} could not be converted: it ${message}.`;
		case undefined:
			return message;
		default:
			return `The field ${field} ${message}.`;
	}
}
