import type { IDataObject } from 'n8n-workflow';

import type { Share } from '../../shared/api/shares';
import { isAboutShare, isSelected, type NotAnEvent, type ReceivedEvent } from './events';
import type { LookUpResult } from './lookUp';

/** What the trigger gives to the nodes after it, for one event. */
export interface TriggerItem extends IDataObject {
	/** The event's name; null only for what was no event, while n8n listens for a test event. */
	event: string | null;
	shareId: string | null;
	/** True only when EnableNow confirmed the share. */
	verified: boolean;
	/** Why it is not verified; null where it is. */
	reason: string | null;
	/** The share as EnableNow gave it, or null. */
	share: Share | null;
	/** The event's data, untouched. */
	data: IDataObject | null;
	/** When the event arrived, ISO 8601 in UTC. */
	receivedAt: string;
	source: 'catchUp' | 'webhook';
}

/** An event that is not let in: answered with the status, and nothing runs. */
export interface Refusal {
	kind: 'refused';
	status: number;
	reason: string;
	/** What a person is shown while n8n listens for a test event. */
	item: TriggerItem;
}

/** What becomes of one event. */
export type Verdict =
	| Refusal
	/** It was not chosen: nothing runs, and 200 where none of a request is let in or refused. */
	| { kind: 'ignored' }
	/** The nodes after the trigger run with the item. */
	| { kind: 'accepted'; item: TriggerItem };

/** What an event is judged by. */
export interface Rules {
	/** The events that were chosen. */
	selection: string[];
	/** Asks EnableNow for the share of an event; left out where the look-up is switched off. */
	lookUp: ((shareId: string, event: string) => Promise<LookUpResult>) | undefined;
	/** What becomes of an event whose share could not be looked up. */
	onLookupUnavailable: 'emit' | 'reject';
	/** Whether the request presented a valid secret. */
	isSecretPresented: boolean;
	/** When the request arrived. */
	receivedAt: Date;
}

/** Judges one event: shape, then selection, then look-up. The secret has been judged before. */
export async function judge(event: NotAnEvent | ReceivedEvent, rules: Rules): Promise<Verdict> {
	const item = itemOf(event, rules.receivedAt);
	if ('problem' in event) return refuse(item, 400, event.problem);
	if (!isSelected(event, rules.selection)) return { kind: 'ignored' };
	if (!isAboutShare(event)) return accept(item, 'The event is not about a share.');
	if (rules.lookUp === undefined) return accept(item, 'The look-up of the share is switched off.');
	if (event.shareId === null) {
		return acceptWithSecret(item, rules, 400, 'The event holds no usable identifier of a share.');
	}
	const result = await rules.lookUp(event.shareId, event.name);
	switch (result.outcome) {
		case 'found':
			return {
				kind: 'accepted',
				item: { ...item, verified: true, reason: null, share: result.share },
			};
		case 'denied':
			return acceptWithSecret(item, rules, 403, result.reason);
		case 'unavailable':
			return rules.onLookupUnavailable === 'emit'
				? accept(item, result.reason)
				: refuse(item, 503, result.reason);
	}
}

/** Refuses all events of a request for one reason, before they are judged one by one. */
export function refuseAll(
	events: Array<NotAnEvent | ReceivedEvent>,
	status: number,
	reason: string,
	receivedAt: Date,
): Refusal[] {
	return events.map((event) => refuse(itemOf(event, receivedAt), status, reason));
}

function itemOf(event: NotAnEvent | ReceivedEvent, receivedAt: Date): TriggerItem {
	const { name, data, shareId } =
		'problem' in event ? { name: null, data: null, shareId: null } : event;
	return {
		event: name,
		shareId,
		verified: false,
		reason: null,
		share: null,
		data: data as IDataObject | null,
		receivedAt: receivedAt.toISOString(),
		source: 'webhook',
	};
}

function accept(item: TriggerItem, reason: string): Verdict {
	return { kind: 'accepted', item: { ...item, reason } };
}

function refuse(item: TriggerItem, status: number, reason: string): Refusal {
	return { kind: 'refused', status, reason, item: { ...item, reason } };
}

/** Who presented the secret is EnableNow, or somebody whom its customer trusts. */
function acceptWithSecret(
	item: TriggerItem,
	{ isSecretPresented }: Rules,
	status: number,
	reason: string,
): Verdict {
	return isSecretPresented ? accept(item, reason) : refuse(item, status, reason);
}
