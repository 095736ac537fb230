import type { INodeParameters, INodeProperties, INodeType } from 'n8n-workflow';

import { CREATE, UNKNOWN_ID } from '../integration/support/examples';
import { TestBed } from '../integration/support/test-bed';
import { post, Triggers } from '../integration/support/trigger';
import { errorOf, locator, shareNode, triggerNode } from '../integration/support/workflows';
import { loadBuiltPackage, optionsOf } from './support';

const bed = TestBed.prepare();
const triggers = Triggers.prepare(bed);
const { share, trigger } = loadBuiltPackage();

/** The names that a node's fields have; those of a collection's fields as `collection.field`. */
function describedNames(fields: INodeProperties[]): string[] {
	return fields
		.filter(({ type }) => type !== 'notice')
		.flatMap((field) => {
			if (field.type !== 'collection') return [field.name];
			return optionsOf(field).fields.map(({ name }) => `${field.name}.${name}`);
		})
		.sort();
}

/** A node's `this` that notes which parameters are read, and otherwise is as n8n made it. */
function recording<Context extends object>(
	context: Context,
	fields: INodeProperties[],
	read: Set<string>,
): Context {
	const readParameter = (name: string, ...rest: unknown[]): unknown => {
		const get = Reflect.get(context, 'getNodeParameter') as (...values: unknown[]) => unknown;
		const value = get.call(context, name, ...rest);
		const field = fields.find((candidate) => candidate.name === name);
		if (field?.type !== 'collection') {
			read.add(name);
			return value;
		}
		return new Proxy(Object(value) as object, {
			get(target, key) {
				read.add(`${name}.${String(key)}`);
				return Reflect.get(target, key) as unknown;
			},
		});
	};
	return new Proxy(context, {
		get(target, key) {
			if (key === 'getNodeParameter') return readParameter;
			const value = Reflect.get(target, key) as unknown;
			return typeof value === 'function' ? (value.bind(target) as unknown) : value;
		},
	});
}

/** Notes what one of a node's functions reads while the engine runs it. */
function record(node: INodeType, method: 'execute' | 'trigger' | 'webhook'): Set<string> {
	const read = new Set<string>();
	const original = Reflect.get(node, method) as (this: object) => Promise<unknown>;
	const recorded = async function (this: object): Promise<unknown> {
		return await original.call(recording(this, node.description.properties, read));
	};
	Object.assign(node, { [method]: recorded });
	return read;
}

/** Each resource with each of its operations. */
const OPERATIONS = share.description.properties
	.filter(({ name }) => name === 'operation')
	.flatMap((field) =>
		(field.displayOptions?.show?.['resource'] ?? []).flatMap((resource) =>
			optionsOf(field).values.map((operation) => [resource, operation] as [string, string]),
		),
	);

/** What the operations need, to come so far as to read everything. */
const PARAMETERS: INodeParameters = {
	...CREATE,
	shareId: locator(UNKNOWN_ID),
	reference: 'reference',
};

function isShown({ displayOptions }: INodeProperties, parameters: INodeParameters): boolean {
	// What a tool has in addition is read by n8n.
	return Object.entries(displayOptions?.show ?? {}).every(
		([name, values]) =>
			name !== '@tool' && (!(name in parameters) || values?.includes(parameters[name] as string)),
	);
}

describe('each operation reads what its description offers, and nothing else', () => {
	it.each(OPERATIONS)('%s: %s', async (resource, operation) => {
		const { type, typeVersion } = shareNode({});
		const node = bed.engine.nodeTypes.getByNameAndVersion(type, typeVersion);
		const read = record(node, 'execute');
		for (const expirationMode of ['date', 'duration']) {
			await bed.runShare({ ...PARAMETERS, resource, operation, expirationMode });
		}
		const fields = share.description.properties.filter((field) =>
			isShown(field, { resource, operation }),
		);
		expect([...read].sort()).toEqual(describedNames(fields));
	});
});

it('the trigger reads what its description offers, and nothing else', async () => {
	const { type, typeVersion } = triggerNode();
	const node = bed.engine.nodeTypes.getByNameAndVersion(type, typeVersion);
	const methods = ['trigger', 'webhook'] as const;
	const read = methods.map((method) => record(node, method));
	const host = await triggers.start();
	await post(host.productionUrl, { event: 'databridge.share.created', data: UNKNOWN_ID });
	const names = new Set(read.flatMap((each) => [...each]));
	expect([...names].sort()).toEqual(describedNames(trigger.description.properties));
});

it('what is no operation is refused', async () => {
	const run = await bed.runShare({ operation: 'nonsense' });
	expect(errorOf(run).message).toBe('There is no operation "nonsense" for the resource share');
});

it('there is a search behind each picker, and a picker for each search', () => {
	const methods = share.description.properties
		.flatMap(({ modes = [] }) => modes)
		.map(({ typeOptions }) => typeOptions?.searchListMethod)
		.filter((method) => method !== undefined);
	expect([...new Set(methods)].sort()).toEqual(Object.keys(share.methods?.listSearch ?? {}).sort());
});

it('n8n finds the functions that it calls', () => {
	expect(share).toHaveProperty('execute');
	expect(trigger).toHaveProperty('webhook');
	expect(Object.keys(trigger.webhookMethods?.['default'] ?? {}).sort()).toEqual([
		'checkExists',
		'create',
		'delete',
	]);
});
