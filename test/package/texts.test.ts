import { loadBuiltPackage } from './support';

const { share } = loadBuiltPackage();

const TIME_FIELDS = share.description.properties
	.filter(({ type }) => type === 'dateTime')
	.map(({ displayName, displayOptions, hint = '' }) => ({
		displayName,
		operations: displayOptions?.show?.['operation'],
		hint,
	}));

it.each(TIME_FIELDS)('the time field of $operations says that it is UTC', (field) => {
	expect(field.displayName).toContain('(UTC)');
	expect(field.hint).toMatch(/\bUTC, not local time\b/);
});

it('there are such fields', () => expect(TIME_FIELDS).toHaveLength(2));
