import type { IDataObject, IExecuteFunctions, ITriggerFunctions } from 'n8n-workflow';

import { isCatchUpOn, readCatchUpSettings } from '../../../nodes/EnableNowShareTrigger/settings';

/** Reads the switch and these options, and collects what was not understood. */
function read({ catchUp, ...options }: IDataObject) {
	const problems: string[] = [];
	const parameters: IDataObject = { catchUp, options };
	const context = {
		getNodeParameter: (name: string, fallback: unknown) => parameters[name] ?? fallback,
	} as unknown as ITriggerFunctions;
	return { ...readCatchUpSettings(context, (text) => problems.push(text)), problems };
}

const DEFAULTS = {
	isOn: false,
	interval: 5 * 60_000,
	existing: false,
	expired: false,
	clientId: '',
	selection: [],
	problems: [],
};

test('options that are not set have their defaults', () => {
	expect(read({})).toEqual(DEFAULTS);
});

test.each([[null], [undefined], ['']])(
	'options without a value (%j) have their defaults',
	(none) => {
		const names = ['catchUp', 'catchUpInterval', 'catchUpClientId'];
		expect(read(Object.fromEntries(names.map((name) => [name, none])))).toEqual(DEFAULTS);
	},
);

test('options are read as they come from fields', () => {
	const options = {
		catchUp: true,
		catchUpInterval: 10,
		catchUpExisting: true,
		catchUpExpired: true,
		catchUpClientId: ' en-app-ref-001 ',
	};
	expect(read(options)).toEqual({
		isOn: true,
		interval: 10 * 60_000,
		existing: true,
		expired: true,
		clientId: 'en-app-ref-001',
		selection: [],
		problems: [],
	});
});

test('options are read as expressions give them: switches and numbers as text, and the other way round', () => {
	const options = {
		catchUp: 'true',
		catchUpInterval: '10',
		catchUpExisting: 'TRUE ',
		catchUpExpired: 'false',
		catchUpClientId: 12345,
	};
	expect(read(options)).toEqual({
		...DEFAULTS,
		isOn: true,
		interval: 10 * 60_000,
		existing: true,
		clientId: '12345',
	});
});

test.each([
	[0, 1],
	[-5, 1],
	[2000, 1440],
	[Number.POSITIVE_INFINITY, 1440],
])('an interval of %d minutes is one of %d', (minutes, used) => {
	expect(read({ catchUpInterval: minutes })).toMatchObject({
		interval: used * 60_000,
		problems: [],
	});
});

test.each([
	['catchUp', 'Catch Up', 'yes'],
	['catchUp', 'Catch Up', 1],
	['catchUpExisting', 'Catch Up: Existing Shares', 'on'],
	['catchUpExpired', 'Catch Up: Expired Shares', ['true']],
	['catchUpInterval', 'Catch Up: Interval', 'often'],
	['catchUpInterval', 'Catch Up: Interval', true],
	['catchUpInterval', 'Catch Up: Interval', []],
	['catchUpClientId', 'Catch Up: Receiving App (Client ID)', { id: 'en-app-ref-001' }],
] as const)(
	'%s that is not understood is told of by its name (%s): %j',
	(name, fieldName, value) => {
		const { problems, ...settings } = read({ [name]: value });
		expect(problems).toEqual([expect.stringContaining(`'${fieldName}'`)]);
		expect({ ...settings, problems: [] }).toEqual(DEFAULTS);
	},
);

test.each([
	[true, true],
	['true', true],
	[false, false],
	['false', false],
	[undefined, false],
	['yes', false],
])('an execution takes a catch-up that is %j for one that is on: %j', (catchUp, isOn) => {
	const context = { getNodeParameter: () => catchUp } as unknown as IExecuteFunctions;
	expect(isCatchUpOn(context)).toBe(isOn);
});
