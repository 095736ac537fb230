import { writeShare } from '../sharing/share-model';
import type { ShareRecord } from '../sharing/share-store';
import type { SandboxSettings } from '../options';
import type { SandboxState } from '../state';
import type { ShareEvent } from './webhook';

/**
 * Tells the app that a share targets about it, at each address that it registered for the event.
 * Returns at once; the deliveries go on by themselves.
 */
export function announceShare(state: SandboxState, event: ShareEvent, share: ShareRecord): void {
	const body = { event, data: writeEventData(state.settings.eventData, share) };
	for (const { url, events } of state.webhooks.get(share.clientId) ?? []) {
		if (!events.includes(event)) continue;
		state.counters.deliveries += 1;
		void state.deliveries.send(url, body);
	}
}

/** The data of a share event, in the form that was chosen. */
function writeEventData(form: SandboxSettings['eventData'], share: ShareRecord): unknown {
	switch (form) {
		case 'shareId':
			return { shareId: share.id };
		case 'id':
			return { id: share.id };
		case 'string':
			return share.id;
		case 'share':
			return writeShare(share);
	}
}
