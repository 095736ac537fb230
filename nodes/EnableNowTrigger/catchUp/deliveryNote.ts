import type { INodeExecutionData } from 'n8n-workflow';

import type { TriggerItem } from '../judgement';
import type { StoredMemory } from './storedMemory';

/** Under what the note stands in the item that carries it. */
const NOTE = '$enableNowDelivery';

/** What a running trigger tells the execution that it starts. */
export interface DeliveryNote {
	/** What is to be remembered once the execution is over. */
	memory: StoredMemory;
}

/** The items with which an execution begins; the first of them carries the note. */
export function withNote(items: TriggerItem[], note: DeliveryNote): INodeExecutionData[] {
	return [{ json: { [NOTE]: note } }, ...items.map((json) => ({ json }))];
}

/** What an execution was started with: the note, where a running trigger started it, and the items. */
export function readNote(input: INodeExecutionData[]): {
	note: DeliveryNote | undefined;
	items: INodeExecutionData[];
} {
	const [first, ...others] = input;
	const note = first?.json[NOTE] as unknown as DeliveryNote | undefined;
	return note === undefined ? { note, items: input } : { note, items: others };
}
