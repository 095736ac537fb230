import {
	merged,
	readStoredMemory,
	storeInExecution,
	type StoredMemory,
} from '../../../../nodes/EnableNowShareTrigger/catchUp/storedMemory';
import {
	fingerprintOf,
	pairOf,
} from '../../../../nodes/EnableNowShareTrigger/catchUp/fingerprints';
import type { NodeContext } from '../../../../nodes/shared/api/credential';

const packed = (...texts: string[]) => texts.map(fingerprintOf).join('');

function memoryWith(changes: Partial<StoredMemory> = {}): StoredMemory {
	const nothing = { listed: '', emitted: '', ends: '' };
	return { app: 'app', ...nothing, hasBaseline: false, hasMatched: false, ...changes };
}

/** The context of a node, in a workflow with this data. */
function contextOf(id: string, workflowData: Record<string, unknown>, name = 'Trigger') {
	return {
		getNode: () => ({ id, name }),
		getWorkflowStaticData: (type: string) => (type === 'global' ? workflowData : {}),
	} as unknown as NodeContext;
}

describe('a part that is added to what is stored', () => {
	test('is all there is where nothing was stored', () => {
		const part = memoryWith({ listed: packed('a') });
		expect(merged(undefined, part)).toEqual(part);
	});

	test('is all there is where what was stored is about another app', () => {
		const part = memoryWith({ listed: packed('a') });
		const stored = memoryWith({ app: 'other', emitted: packed('b'), hasBaseline: true });
		expect(merged(stored, part)).toEqual(part);
	});

	test('adds to what was stored about the same app, each kind to its own', () => {
		const stored = memoryWith({
			listed: packed('a'),
			emitted: packed('b'),
			ends: pairOf('c', '1'),
		});
		const part = memoryWith({
			listed: packed('a', 'd'),
			emitted: packed('e', 'b'),
			ends: pairOf('c', '2'),
		});
		expect(merged(stored, part)).toEqual(
			memoryWith({
				listed: packed('a', 'd'),
				emitted: packed('b', 'e'),
				ends: pairOf('c', '1') + pairOf('c', '2'),
			}),
		);
	});

	test('does not change what it is made of', () => {
		const stored = Object.freeze(memoryWith({ listed: packed('a') }));
		const part = Object.freeze(memoryWith({ listed: packed('b') }));
		expect(merged(stored, part).listed).toBe(packed('a', 'b'));
	});

	test.each(['hasBaseline', 'hasMatched'] as const)('never takes %s back', (flag) => {
		for (const [before, added] of [
			[false, false],
			[false, true],
			[true, false],
			[true, true],
		]) {
			const result = merged(memoryWith({ [flag]: before }), memoryWith({ [flag]: added }));
			expect(result[flag]).toBe(before || added);
		}
	});

	test.each([
		['listed', 100_000],
		['emitted', 20_000],
	] as const)('keeps the last of %s, up to %i', (kind, most) => {
		const full = packed('oldest') + packed('old').repeat(most - 1);
		const result = merged(memoryWith({ [kind]: full }), memoryWith({ [kind]: packed('new') }));
		expect(result[kind]).toBe(packed('old').repeat(most - 1) + packed('new'));
	});

	test('keeps the last of ends, up to 100000', () => {
		const full = pairOf('oldest', '1') + pairOf('old', '1').repeat(99_999);
		const result = merged(memoryWith({ ends: full }), memoryWith({ ends: pairOf('new', '1') }));
		expect(result.ends).toBe(pairOf('old', '1').repeat(99_999) + pairOf('new', '1'));
	});
});

describe('what n8n has stored', () => {
	test('is what executions stored', () => {
		const data = {};
		expect(readStoredMemory(contextOf('1', data))).toBeUndefined();
		const one = memoryWith({ listed: packed('a') });
		const other = memoryWith({ listed: packed('b'), hasBaseline: true });
		storeInExecution(contextOf('1', data), one);
		storeInExecution(contextOf('1', data), other);
		expect(readStoredMemory(contextOf('1', data))).toEqual(merged(one, other));
	});

	test('is told apart by node, and stays where a node is renamed', () => {
		const data = {};
		storeInExecution(contextOf('1', data), memoryWith({ listed: packed('a') }));
		storeInExecution(contextOf('2', data), memoryWith({ listed: packed('b') }));
		expect(readStoredMemory(contextOf('1', data, 'Renamed'))?.listed).toBe(packed('a'));
		expect(readStoredMemory(contextOf('2', data))?.listed).toBe(packed('b'));
		expect(readStoredMemory(contextOf('3', data))).toBeUndefined();
	});

	test('leaves alone what others store with the workflow', () => {
		const data = { 'node:Other': { lastId: 7 } };
		storeInExecution(contextOf('1', data), memoryWith());
		expect(data['node:Other']).toEqual({ lastId: 7 });
		expect(Object.keys(data)).toHaveLength(2);
	});

	test('is set anew each time: n8n would not notice a change within it', () => {
		const data: Record<string, unknown> = {};
		storeInExecution(contextOf('1', data), memoryWith({ listed: packed('a') }));
		const [before] = Object.values(data);
		storeInExecution(contextOf('1', data), memoryWith({ listed: packed('b') }));
		const [after] = Object.values(data);
		expect(after).not.toBe(before);
		expect((before as StoredMemory).listed).toBe(packed('a'));
	});

	test.each<[string, unknown]>([
		['null', null],
		['a text', 'stored'],
		['a list', []],
		['an empty object', {}],
		['an object without what was emitted', { app: 'app', listed: '', ends: '' }],
		['an object with a number in place of a text', { ...memoryWith(), ends: 7 }],
	])('is taken for nothing where it is %s, and is replaced', (_case, garbage) => {
		const data: Record<string, unknown> = {};
		storeInExecution(contextOf('1', data), memoryWith());
		const [key] = Object.keys(data) as [string];
		data[key] = garbage;
		expect(readStoredMemory(contextOf('1', data))).toBeUndefined();
		storeInExecution(contextOf('1', data), memoryWith({ listed: packed('a') }));
		expect(readStoredMemory(contextOf('1', data))).toEqual(memoryWith({ listed: packed('a') }));
	});
});
