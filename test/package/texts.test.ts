import type { INodeParameters } from 'n8n-workflow';

import { CREATE } from '../integration/support/examples';
import { TestBed } from '../integration/support/test-bed';
import { jsonOf, locator, SHARE } from '../integration/support/workflows';
import { loadBuiltPackage } from './support';

const bed = TestBed.prepare();
const { share } = loadBuiltPackage();

const TIME_FIELDS = share.description.properties
	.filter(({ type }) => type === 'dateTime')
	.map(({ displayName, displayOptions, hint = '' }) => ({
		displayName,
		operation: displayOptions?.show?.['operation']?.[0] as string,
		hint,
	}));

describe.each(TIME_FIELDS)('the time field of $operation', ({ displayName, operation, hint }) => {
	it('says that it is UTC', () => {
		expect(displayName).toContain('(UTC)');
		expect(hint).toMatch(/\bUTC, not local time\b/);
	});

	it('names an expression that does what the hint says', async () => {
		const [expression] = /\{\{.*\}\}/.exec(hint) ?? [];
		const [created] = jsonOf(await bed.runShare(CREATE), SHARE);
		const changes: INodeParameters = {
			operation,
			shareId: locator(created?.['id']),
			expirationDateUtc: `=${expression}`,
		};
		const [output] = jsonOf(await bed.runShare({ ...CREATE, ...changes }), SHARE);
		const days = (Date.parse(output?.['expirationDateUtc'] as string) - Date.now()) / 86_400_000;
		expect(days).toBeCloseTo(operation === 'create' ? 30 : 0, 2);
	});
});

it('there are such fields', () => expect(TIME_FIELDS).toHaveLength(2));
