import type { IDataObject } from 'n8n-workflow';

import type { Share } from '../../shared/api/shares';
import { isSelected, isShareEvent, type TriggerItem } from '../events';
import type { WebhookSettings } from '../settings';
import type { LookUpResult } from './lookUp';
import type { InvalidEvent, ReceivedEvent } from './parseEvents';

/** How to respond to one event. */
export interface Decision {
	/** HTTP status of the response. */
	status: 200 | 400 | 401 | 403 | 503;
	/**
	 * With status 200, the nodes after the trigger run with it. With another status it is shown only
	 * while a person listens for a test event.
	 */
	item: TriggerItem;
}

/** What a decision depends on, besides the event. */
export interface Rules extends Omit<WebhookSettings, 'isLookUpOn'> {
	/** Asks EnableNow for the share of an event; undefined when the look-up is off. */
	lookUp: ((shareId: string, event: string) => Promise<LookUpResult>) | undefined;
	/** Whether the request presented a valid secret. */
	isSecretPresented: boolean;
	/** When the request arrived. */
	receivedAt: Date;
}

/**
 * Decides on one event by shape, then selection, then look-up; the secret has been checked before.
 *
 * @returns null for an event that is not selected
 */
export async function decide(
	event: InvalidEvent | ReceivedEvent,
	{ selection, lookUp, onLookupUnavailable, isSecretPresented, receivedAt }: Rules,
): Promise<Decision | null> {
	const answer = (status: Decision['status'], reason: string) =>
		createDecision(event, receivedAt, status, reason);
	if ('problem' in event) return answer(400, event.problem);
	if (!isSelected(event.name, selection)) return null;
	if (!isShareEvent(event.name)) return answer(200, 'The event is not about a share.');
	if (lookUp === undefined) return answer(200, 'The look-up of the share is switched off.');
	// Whoever presents the secret is EnableNow, or somebody whom the user trusts with it.
	if (event.shareId === null) {
		const reason = 'The event contains no usable share ID.';
		return answer(isSecretPresented ? 200 : 400, reason);
	}
	const result = await lookUp(event.shareId, event.name);
	switch (result.outcome) {
		case 'found':
			return createDecision(event, receivedAt, 200, null, result.share);
		case 'denied':
			return answer(isSecretPresented ? 200 : 403, result.reason);
		case 'unavailable':
			return answer(onLookupUnavailable === 'emit' ? 200 : 503, result.reason);
	}
}

/** @param reason - why the event is not verified; null when the share verifies it */
export function createDecision(
	event: InvalidEvent | ReceivedEvent,
	receivedAt: Date,
	status: Decision['status'],
	reason: string | null,
	share: Share | null = null,
): Decision {
	const { name, data, shareId } =
		'problem' in event ? { name: null, data: null, shareId: null } : event;
	const item: TriggerItem = {
		event: name,
		shareId,
		verified: reason === null,
		reason,
		share,
		data: data as IDataObject | null,
		receivedAt: receivedAt.toISOString(),
		source: 'webhook',
	};
	return { status, item };
}
