import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { InvalidInput } from '../shared/invalidInput';
import { DEFAULT_TIMEOUT } from '../shared/transport';

/** The longest time-out that can be set, in seconds. */
const LONGEST_TIMEOUT = 600;

/** What a person can set for all operations. */
export interface ShareOptions {
	/** How long one request may take, in seconds. */
	timeout: number;
}

export const optionsField: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [
		{
			displayName: 'Timeout',
			name: 'timeout',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: LONGEST_TIMEOUT },
			default: DEFAULT_TIMEOUT,
			description: 'How long to wait for EnableNow to answer one request, in seconds',
		},
	],
};

/**
 * Reads the options, which hold for all items.
 *
 * @throws InvalidInput when one is out of bounds
 */
export function readOptions(context: IExecuteFunctions): ShareOptions {
	const options = context.getNodeParameter('options', 0, {});
	const timeout = Number(options['timeout'] ?? DEFAULT_TIMEOUT);
	if (!(timeout >= 1 && timeout <= LONGEST_TIMEOUT)) {
		throw new InvalidInput(
			`'Timeout' must be between 1 and ${LONGEST_TIMEOUT} seconds`,
			"Correct 'Timeout' in the options of this node, or remove it.",
		);
	}
	return { timeout };
}
