import { readdirSync } from 'node:fs';
import path from 'node:path';

import { loadOutputSchema } from 'n8n-core';
import type { IDataObject, INodeParameters, INodeProperties, INodeType } from 'n8n-workflow';

import {
	ACCOUNT_ID,
	ANALYSIS_ID,
	CONSENT_ID,
	CREATE,
	UNKNOWN_ID,
} from '../integration/support/examples';
import { TestBed, WEBHOOK_SECRET } from '../integration/support/test-bed';
import { addShare, post, Triggers } from '../integration/support/trigger';
import { jsonOf, locator, SHARE } from '../integration/support/workflows';
import { loadBuiltPackage, optionsOf, ROOT } from './support';

/** What the schema files use of JSON Schema. */
interface Schema {
	type: string[] | string;
	properties?: Record<string, Schema>;
	items?: Schema;
}

const bed = TestBed.prepare();
const triggers = Triggers.prepare(bed);
const { share, trigger } = loadBuiltPackage();

/** Each resource with each of its operations. */
const OPERATIONS = share.description.properties
	.filter(({ name }) => name === 'operation')
	.flatMap((property: INodeProperties) => {
		const [resource] = property.displayOptions?.show?.['resource'] as [string];
		const { values } = optionsOf(property) as { values: string[] };
		return values.map((operation) => ({ resource, operation }));
	});

/** The schema file, as n8n finds it beside a built node of version 1. */
function schemaOf(className: string, action?: { resource: string; operation: string }): Schema {
	const nodeDir = path.join(ROOT, 'dist/nodes', className);
	const schema = loadOutputSchema({ nodeDir, version: 1, ...action, versionFallback: true });
	if (schema === undefined) throw new Error(`${className} has no schema for ${action?.operation}`);
	return schema as unknown as Schema;
}

/** The schema that describes some values and nothing beyond them. */
function describeValues(values: unknown[]): Schema {
	const types = [...new Set(values.map(typeOf))].sort();
	const objects = values.filter((value) => typeOf(value) === 'object') as IDataObject[];
	const names = [...new Set(objects.flatMap((object) => Object.keys(object)))];
	const entries = values.filter(Array.isArray).flat();
	return {
		type: types,
		...(names.length > 0 && {
			properties: Object.fromEntries(
				names.map((name) => [
					name,
					describeValues(objects.filter((object) => name in object).map((object) => object[name])),
				]),
			),
		}),
		...(entries.length > 0 && { items: describeValues(entries) }),
	};
}

function typeOf(value: unknown): string {
	if (value === null) return 'null';
	return Array.isArray(value) ? 'array' : typeof value;
}

/** A schema with its types in one form, so that two of them can be compared. */
function normalized({ type, properties, items }: Schema): Schema {
	return {
		type: [type].flat().sort(),
		...(properties && {
			properties: Object.fromEntries(
				Object.entries(properties).map(([name, schema]) => [name, normalized(schema)]),
			),
		}),
		...(items && { items: normalized(items) }),
	};
}

/** A share of all three kinds with a reference, and one of a single kind without. */
const SHARES: INodeParameters[] = [
	{
		...CREATE,
		accountIds: locator(ACCOUNT_ID),
		analysisIds: locator(ANALYSIS_ID),
		additionalFields: { reference: 'dossier-1001' },
	},
	CREATE,
];

async function runAll(parameters: INodeParameters[]): Promise<IDataObject[]> {
	const outputs: IDataObject[] = [];
	for (const each of parameters) outputs.push(...jsonOf(await bed.runShare(each), SHARE));
	return outputs;
}

describe('what the editor shows before the first run is what comes', () => {
	it.each(OPERATIONS)('of $resource $operation', async (action) => {
		const created = await runAll(SHARES);
		const runOnCreated = async (parameters: INodeParameters = {}) =>
			await runAll(created.map(({ id }) => ({ ...action, ...parameters, shareId: locator(id) })));
		const outputs: Record<string, () => Promise<IDataObject[]>> = {
			create: async () => await Promise.resolve(created),
			upsert: async () => await runAll([{ ...SHARES[0], ...action, reference: 'dossier-1002' }]),
			get: async () => await runOnCreated(),
			getAll: async () => await runAll([{ ...action, returnAll: true }]),
			revoke: async () => await runOnCreated(),
			update: async () => await runOnCreated({ expirationDateUtc: '2031-01-01' }),
		};
		const schema = normalized(schemaOf('EnableNowShare', action));
		const described = describeValues((await outputs[action.operation]?.()) ?? []);
		expect(described).toEqual(schema);
	});

	it('of the trigger', async () => {
		bed.saveCredential('receiver', { webhookSecret: WEBHOOK_SECRET });
		const host = await triggers.start({ events: ['*'] });
		const event = 'databridge.share.created';
		const shares = [...(await runAll(SHARES)), await addShare(bed)];
		const events = [
			...shares.map(({ id }) => ({ event, data: { shareId: id } })),
			{ event, data: UNKNOWN_ID },
			{ event: 'transactions.fetched', data: { consentId: CONSENT_ID } },
		];
		const secret = { query: `?secret=${WEBHOOK_SECRET}` };
		for (const body of events) await post(host.productionUrl, body, secret);
		// Only what was no event has neither name nor data; it is shown while n8n listens for a test.
		await post(host.testUrl, 'no event', { ...secret, contentType: 'text/plain' });
		const outputs = (await triggers.executions(host)).flat();
		const { properties = {} } = describeValues(outputs);
		// The data of an event may be anything.
		delete properties['data']?.properties;
		expect({ type: ['object'], properties }).toEqual(normalized(schemaOf('EnableNowShareTrigger')));
	});
});

it('there is a schema for each version and operation, and none besides', () => {
	const filesOf = (className: string) =>
		readdirSync(path.join(ROOT, 'dist/nodes', className, '__schema__'), {
			recursive: true,
			encoding: 'utf8',
		})
			.filter((file) => file.endsWith('.json'))
			.sort();
	// The editor asks for exactly the version of the node, with three numbers.
	const foldersOf = ({ description }: INodeType) =>
		[description.version].flat().map((version) => {
			const numbers = String(version).split('.');
			return `v${[...numbers, '0', '0'].slice(0, 3).join('.')}`;
		});
	expect(filesOf('EnableNowShare')).toEqual(
		foldersOf(share)
			.flatMap((folder) =>
				OPERATIONS.map(({ resource, operation }) =>
					path.join(folder, resource, `${operation}.json`),
				),
			)
			.sort(),
	);
	expect(filesOf('EnableNowShareTrigger')).toEqual(
		foldersOf(trigger).map((folder) => path.join(folder, 'output.json')),
	);
});
