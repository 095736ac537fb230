import fc from 'fast-check';
import type { IExecuteFunctions } from 'n8n-workflow';

import { readOptions, type ShareOptions } from '../../nodes/EnableNowShare/operations/parameters';
import { jsonValues, values } from './support/arbitraries';
import { property } from './support/cases';
import { acceptedOrRefused } from './support/outcome';

/** Reads options as n8n hands them over. */
function read(options: unknown): ShareOptions | undefined {
	const context = { getNodeParameter: () => options } as unknown as IExecuteFunctions;
	return acceptedOrRefused(() => readOptions(context), "'");
}

/** What each number may be. */
const BOUNDS = {
	maxConcurrentRequests: [1, 500],
	maxRetries: [0, 100],
	maxRetryWait: [0, 3600],
	timeout: [1, 600],
} as const;

type NumberName = keyof typeof BOUNDS;

const numberNames = fc.constantFrom<NumberName>(
	'maxConcurrentRequests',
	'maxRetries',
	'maxRetryWait',
	'timeout',
);

const STANDARD: ShareOptions = {
	maxConcurrentRequests: 100,
	maxRetries: 5,
	maxRetryWait: 60,
	timeout: 30,
	preventDuplicates: false,
};

/** What stands for an option that nobody set. */
function isEmpty(value: unknown): boolean {
	return (
		value === null || value === undefined || (typeof value === 'string' && value.trim() === '')
	);
}

property(
	'a number within its bounds is taken as it is, as a number or as text',
	fc.tuple(numberNames, fc.nat({ max: 5000 }), fc.boolean()),
	([name, number, isText]) => {
		const [least, most] = BOUNDS[name];
		const options = read({ [name]: isText ? ` ${number} ` : number });
		if (number < least || number > most) expect(options).toBeUndefined();
		else expect(options).toEqual({ ...STANDARD, [name]: number });
	},
);

property(
	'whatever else is given for a number is refused, or nobody set it',
	fc.tuple(
		numberNames,
		values.filter((value) => typeof value !== 'number' && typeof value !== 'string'),
	),
	([name, value]) => {
		const isUnset = value === null || value === undefined;
		expect(read({ [name]: value })).toEqual(isUnset ? STANDARD : undefined);
	},
);

property(
	'a switch is on, off, or refused; it is never off because it was not understood',
	values,
	(value) => {
		const options = read({ preventDuplicates: value });
		if (options?.preventDuplicates === true) {
			expect(['true', true]).toContain(typeof value === 'string' ? lower(value) : value);
		}
		if (options?.preventDuplicates === false) {
			const isOff = value === false || (typeof value === 'string' && lower(value) === 'false');
			expect(isOff || isEmpty(value)).toBe(true);
		}
	},
);

function lower(text: string): string {
	return text.trim().toLowerCase();
}

const collections = fc.dictionary(
	fc.constantFrom(...Object.keys(STANDARD), '__proto__', 'valueOf'),
	fc.oneof(jsonValues, fc.nat({ max: 1000 })),
);

property('any options are within their bounds, or refused', collections, (collection) => {
	const options = read(collection);
	if (options === undefined) return;
	for (const [name, [least, most]] of Object.entries(BOUNDS)) {
		expect(options[name as NumberName]).toBeGreaterThanOrEqual(least);
		expect(options[name as NumberName]).toBeLessThanOrEqual(most);
	}
});
