import type { INodeExecutionData } from 'n8n-workflow';

import type { TriggerItem } from '../webhook/decision';
import type { StoredMemory } from './storedMemory';

/** Under what the note stands in the item that carries it. */
const NOTE = '$enableNowDelivery';

/** What a running trigger tells the execution that it starts. */
export interface DeliveryNote {
	/** What is to be remembered once the execution is over. */
	memory: StoredMemory;
}

/**
 * The items with which an execution begins. The note is in the first of them: with "Execute Once", n8n
 * keeps that one alone. Where there is none, it is an item of its own.
 */
export function withNote(items: TriggerItem[], note: DeliveryNote): INodeExecutionData[] {
	const [first, ...others] = items;
	return [{ ...first, [NOTE]: note }, ...others].map((json) => ({ json }));
}

/** What an execution was started with: the note, where a running trigger started it, and the items. */
export function readNote(input: INodeExecutionData[]): {
	note: DeliveryNote | undefined;
	items: INodeExecutionData[];
} {
	const [first, ...others] = input;
	const { [NOTE]: note, ...json } = first?.json ?? {};
	if (note === undefined) return { note, items: input };
	const isItem = Object.keys(json).length > 0;
	const items = isItem ? [{ ...first, json }, ...others] : others;
	return { note: note as unknown as DeliveryNote, items };
}
