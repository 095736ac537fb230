import type { IExecuteFunctions } from 'n8n-workflow';

import { operations } from '../../../nodes/EnableNowShare/operations';
import { type ShareOptions } from '../../../nodes/EnableNowShare/operations/parameters';
import { refusalOf } from '../support';

/** Reads an item of Get Many with these filters. */
function readItem(resource: string, filters: object): void {
	const parameters: Record<string, unknown> = { returnAll: true, filters };
	const context = { getNodeParameter: (name: string) => parameters[name] };
	const getMany = operations.get(resource)!.get('getAll')!;
	getMany(context as unknown as IExecuteFunctions, 0, {} as ShareOptions);
}

const FILTERS = [
	['share', 'status', 'Status'],
	['share', 'direction', 'Direction'],
	['share', 'clientId', 'Receiving App (Client ID)'],
	['share', 'reference', 'Reference'],
	['consent', 'userId', 'User ID'],
	['consent', 'externalUserId', 'External User ID'],
	['consent', 'consentId', 'Consent ID'],
	['consent', 'fromDate', 'From Date (UTC)'],
	['consent', 'status', 'Status'],
	['account', 'userId', 'User ID'],
	['account', 'externalUserId', 'External User ID'],
	['account', 'consentId', 'Consent ID'],
	['analysis', 'status', 'Status'],
	['analysis', 'reference', 'Reference'],
] as const;

test.each(FILTERS)('%s: %s without a value lists nothing', (resource, name, displayName) => {
	for (const value of [undefined, null]) {
		const { message, description } = refusalOf(() => readItem(resource, { [name]: value }));
		expect(message).toBe(`The filter '${displayName}' is ${value}`);
		expect(description).toBe('Enter a value, or remove the filter.');
	}
});

test.each(FILTERS)('%s: an empty %s is none, as in the editor', (resource, name) => {
	expect(() => readItem(resource, { [name]: '' })).not.toThrow();
});
