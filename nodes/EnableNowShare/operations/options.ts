import type { IExecuteFunctions } from 'n8n-workflow';

import type { RetryOptions } from '../../shared/api/retryingClient';
import { InputError } from '../../shared/errors/inputError';
import { isEmpty, parseBoolean, parseNumber } from '../../shared/input/options';
import { NUMBER_OPTIONS } from '../description';

/** The options of the node, which apply to all items; durations in seconds. */
export interface ShareOptions extends RetryOptions {
	/** How long EnableNow has to respond. */
	timeout: number;
	preventDuplicates: boolean;
}

/** @throws InputError when one cannot be used */
export function readOptions(context: IExecuteFunctions): ShareOptions {
	const options = context.getNodeParameter('options', 0, {}) as Record<string, unknown>;
	const read = (name: keyof typeof NUMBER_OPTIONS) => parseOption(name, options[name]);
	return {
		maxConcurrentRequests: Math.floor(read('maxConcurrentRequests')),
		maxRetries: Math.floor(read('maxRetries')),
		maxRetryWait: read('maxRetryWait'),
		timeout: read('timeout'),
		preventDuplicates: parseBoolean(options['preventDuplicates'], 'Prevent Duplicates'),
	};
}

function parseOption(name: keyof typeof NUMBER_OPTIONS, value: unknown): number {
	const { displayName, default: defaultValue, min, max, unit } = NUMBER_OPTIONS[name];
	const number = isEmpty(value) ? defaultValue : parseNumber(value);
	if (number >= min && number <= max) return number;
	throw new InputError(
		`'${displayName}' must be between ${min} and ${max}${unit}`,
		`Correct '${displayName}' in the options of this node, or remove it.`,
	);
}
