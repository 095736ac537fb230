import type { IDataObject, IWebhookFunctions } from 'n8n-workflow';

import { readWebhookSettings } from '../../../nodes/EnableNowShareTrigger/settings';

function read(parameters: IDataObject) {
	const getNodeParameter = (name: string, fallback: unknown) => parameters[name] ?? fallback;
	return readWebhookSettings({ getNodeParameter } as unknown as IWebhookFunctions);
}

test('fields that are not set have their defaults', () => {
	expect(read({})).toEqual({ selection: [], isLookUpOn: true, onLookupUnavailable: 'emit' });
});

test('fields are read as the editor stores them', () => {
	const events = ['databridge.share.created', '*'];
	const options = { onLookupUnavailable: 'reject' };
	expect(read({ events, lookUpShare: false, options })).toEqual({
		selection: events,
		isLookUpOn: false,
		onLookupUnavailable: 'reject',
	});
});

test('an expression may give one event instead of a list', () => {
	expect(read({ events: '*' }).selection).toEqual(['*']);
});

test.each([['Reject'], [true], [['reject']], [{}], [''], [null]])(
	'no event is lost for an option that is not understood: %j',
	(onLookupUnavailable) => {
		expect(read({ options: { onLookupUnavailable } }).onLookupUnavailable).toBe('emit');
	},
);

test.each([['false'], [0], ['no'], [[]]])(
	'the look-up is off only where it is switched off, not for %j',
	(lookUpShare) => {
		expect(read({ lookUpShare }).isLookUpOn).toBe(true);
	},
);
